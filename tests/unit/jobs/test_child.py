"""One process of a Celery worker, without Celery: it runs what it is told, and leaves with nothing in its hands."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from livepane.domain.job import Job, JobState, NewJob
from livepane.jobs import celery_child, others
from livepane.jobs.celery_child import Child
from livepane.jobs.dispatch import Lane, Message
from livepane.jobs.queue import Queue
from livepane.settings import Settings
from livepane.store import db
from tests.services.queues import queue_in

PLUGIN = Path(__file__).parents[2] / "integration" / "workers" / "plugin.py"


@pytest.fixture
async def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Queue]:
    """The queue of a data folder, as a server has it."""
    monkeypatch.setattr(others, "LOOK_EVERY", 0.02)
    await asyncio.to_thread(db.prepare, tmp_path)
    async with queue_in(tmp_path) as queue:
        yield queue


@dataclass(slots=True)
class Process:
    """A child, and the end of the pipe by which its worker would tell it to leave."""

    child: Child
    worker: int

    async def do(self, job: Job) -> None:
        """Tell it a number, as Celery does."""
        assert await asyncio.to_thread(self.child.do, Message(job.id, Lane.of(job.priority), None))


@pytest.fixture
def process(tmp_path: Path, queue: Queue) -> Iterator[Process]:
    """One that has begun."""
    reading, writing = os.pipe()
    child = Child(Settings(data_dir=tmp_path, plugins=(str(PLUGIN),)), reading)
    child.start()
    yield Process(child, writing)
    child.end()
    os.close(reading)


async def test_jobs_that_are_over_at_once_are_done_once_each_however_often_they_are_told(queue: Queue, process: Process) -> None:
    jobs = await queue.add([NewJob("noop", str(number)) for number in range(40)])
    for job in jobs:
        await process.do(job)
        await process.do(job)
    await asyncio.to_thread(process.child.end)
    assert {(job.state, job.attempt, job.items) for job in await queue.find()} == {(JobState.SUCCEEDED, 1, 1)}
    assert process.child.undone == []
    os.close(process.worker)


async def test_a_job_of_another_database_is_not_taken_for_the_one_of_ours_with_the_same_number(
    queue: Queue, process: Process
) -> None:
    [job] = await queue.add([NewJob("noop", "t")])
    of_others = Message(job.id, Lane.DEFAULT, "another")
    assert not await asyncio.to_thread(process.child.do, of_others)
    assert (await queue.get(job.id)).state is JobState.QUEUED
    ours = of_others._replace(of=await queue.database.name())
    assert await asyncio.to_thread(process.child.do, ours)


async def test_who_is_told_to_leave_gives_back_what_he_has_and_begins_nothing(
    tmp_path: Path, queue: Queue, process: Process
) -> None:
    slow, late = await queue.add([NewJob("stepping", str(tmp_path), priority=5), NewJob("noop", "late")])
    doing = asyncio.get_running_loop().create_task(process.do(slow))
    with queue.changes.listening() as changes:
        while not (await queue.get(slow.id)).items:
            await changes.next()
    assert not doing.done()
    os.close(process.worker)
    await doing
    await process.do(late)
    await asyncio.to_thread(process.child.end)
    assert process.child.undone == [Message(slow.id, Lane.HIGH, None), Message(late.id, Lane.DEFAULT, None)]
    assert [(job.state, job.attempt) for job in await queue.find()] == [(JobState.QUEUED, 0)] * 2


async def test_who_can_run_no_jobs_any_more_says_so_instead_of_keeping_messages_from_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(settings: Settings) -> None:
        raise RuntimeError("nothing that anybody reckons with")

    monkeypatch.setattr(celery_child, "workshop", broken)
    reading, writing = os.pipe()
    failed = threading.Event()
    child = Child(Settings(data_dir=tmp_path), reading, failed.set)
    child.start()
    await asyncio.to_thread(failed.wait)
    await asyncio.to_thread(child.end)
    assert "can run no more jobs" in caplog.text
    for one in (reading, writing):
        os.close(one)
