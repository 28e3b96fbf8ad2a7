"""A server whose jobs are run by Celery, without its HTTP side: for each number that is read, so many jobs are added and done."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time

from livepane.domain.job import JobState, NewJob
from livepane.egress.egress import Egress
from livepane.hub.hub import Hub
from livepane.jobs.queue import Queue
from livepane.jobs.services import jobs_running
from livepane.settings import Settings
from livepane.store import db


async def rate(settings: Settings) -> None:
    """Seconds until all are accepted, and until the last one is done."""
    database = db.Database(db.chosen(settings))
    async with Hub() as hub, Egress() as egress, jobs_running(settings, database, hub, egress) as services:
        queue = services.queue
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            before, good_before = await _over(queue), (await queue.counts())[JobState.SUCCEEDED]
            started = time.perf_counter()
            jobs = await queue.add([NewJob("noop", str(number)) for number in range(int(line))])
            added = time.perf_counter() - started
            while (await _over(queue)) < before + len(jobs):  # noqa: ASYNC110 - what other processes do, seen as it is written
                await asyncio.sleep(0.05)  # each look takes from what is measured
            spent = {"added": added, "done": time.perf_counter() - started}
            good = (await queue.counts())[JobState.SUCCEEDED] - good_before
            print(json.dumps(spent | {"lost": len(jobs) - good}), flush=True)
    await database.close()


async def _over(queue: Queue) -> int:
    return sum(count for state, count in (await queue.counts()).items() if state.over)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    chosen = Settings()
    db.prepare(db.chosen(chosen))
    asyncio.run(rate(chosen))
