"""Processes that are killed in the middle of their work: no job is lost, and none is ever run twice at the same time."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from livepane.domain.job import EventKind, JobState, NewJob
from livepane.jobs.queue import Queue
from livepane.store import db
from tests.serving import SOURCES, environment

JOBS, KILLS, AT_ONCE = 32, 2, 8


async def worker(folder: Path) -> asyncio.subprocess.Process:
    """One more process that does jobs; it is at work when this returns."""
    paths = f"{SOURCES}:{SOURCES.parent}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.integration.jobs.worker", str(folder)),
        env=environment(folder, PYTHONPATH=paths),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def at_work(queue: Queue, count: int) -> None:
    """Wait until so many jobs run."""
    with queue.changes.listening() as changes:
        while (await queue.counts())[JobState.RUNNING] < count:
            await changes.next()


def end(processes: list[asyncio.subprocess.Process]) -> None:
    """Leave no worker behind."""
    for one in processes:
        if one.returncode is None:
            one.kill()


async def test_with_kill_9_in_between_every_job_is_done_once_and_none_by_two(tmp_path: Path) -> None:
    await asyncio.to_thread(db.prepare, tmp_path)
    database = db.Database(tmp_path)
    queue = Queue(database)
    locks = tmp_path / "locks"
    locks.mkdir()
    added = await queue.add([NewJob("alone", str(locks / str(n)), max_attempts=1) for n in range(JOBS)])
    async with queue.journal, AsyncExitStack() as stack:
        processes: list[asyncio.subprocess.Process] = []
        stack.callback(end, processes)
        for _ in range(2):
            processes.append(await worker(tmp_path))
        for _ in range(KILLS):
            await at_work(queue, 2 * AT_ONCE)
            killed = processes.pop(0)
            killed.kill()
            await killed.wait()
            processes.append(await worker(tmp_path))
        await at_work(queue, 2 * AT_ONCE)
        (locks / "gate").touch()
        for one in processes:
            assert await one.wait() == 0
        ended = await queue.find(limit=JOBS)
        assert {(job.state, job.items, str(job.error)) for job in ended} == {(JobState.SUCCEEDED, 1, "None")}
        assert [job.id for job in reversed(ended)] == [job.id for job in added]
        assert sorted(path.name for path in locks.glob("*.doubled")) == []
        told = await queue.journal.read(limit=100_000)
        finished = [event.job for event in told if event.kind is EventKind.FINISHED]
        assert sorted(finished) == [job.id for job in added]
        assert sum(event.kind is EventKind.RETRYING for event in told) == KILLS * AT_ONCE
    await database.close()
