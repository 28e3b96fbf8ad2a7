"""A process with Livepane's queue and runner, as a server has them: `rate FOLDER` on demand, `work FOLDER` until all is done."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from livepane.domain.job import JobState, NewJob
from livepane.egress.egress import Egress
from livepane.hub.hub import Hub
from livepane.jobs.queue import Queue
from livepane.jobs.services import jobs_running
from livepane.settings import Settings
from livepane.store import db

SCRAPERS = Path(__file__).with_name("queue_scrapers.py")


@asynccontextmanager
async def running(folder: Path, **settings: int) -> AsyncIterator[Queue]:
    """The queue of a data folder, with a runner at work."""
    chosen = Settings(data_dir=folder, plugins=(str(SCRAPERS),), **settings)  # type: ignore[arg-type]
    backend = db.chosen(chosen)  # what DATABASE_URL names
    db.prepare(backend)
    database = db.Database(backend)
    async with Hub() as hub, Egress() as egress, jobs_running(chosen, database, hub, egress) as services:
        yield services.queue
    await database.close()


async def all_over(queue: Queue) -> None:
    """Wait until no job waits or runs."""
    with queue.changes.listening() as changes:
        while not all(state.over for state in await queue.counts()):
            await changes.next()


async def rate(folder: Path) -> None:
    """For each number that is read: so many jobs are added and done, in seconds."""
    async with running(folder) as queue:
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            started, cpu = time.perf_counter(), time.process_time()
            jobs = await queue.add([NewJob("noop", str(number)) for number in range(int(line))])
            added = time.perf_counter() - started
            await all_over(queue)
            spent = {"added": added, "done": time.perf_counter() - started, "cpu": time.process_time() - cpu}
            good = len(await queue.find([JobState.SUCCEEDED], limit=1_000_000))
            if good < len(jobs):
                raise SystemExit(f"{good} of {len(jobs)} jobs have succeeded")
            print(json.dumps(spent), flush=True)


async def work(folder: Path) -> None:
    """Do what is in the queue, until it is killed or all is done."""
    async with running(folder, job_concurrency=16) as queue:
        print("ready", flush=True)
        await all_over(queue)


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # each job that was lost with a process is one
    asyncio.run({"rate": rate, "work": work}[sys.argv[1]](Path(sys.argv[2])))
