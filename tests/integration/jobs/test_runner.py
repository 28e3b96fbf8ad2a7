"""The runner: every way in which a scraper can end has a name, the others go on, and whoever wants one to end is heard."""

from __future__ import annotations

import asyncio
import logging

import pytest

from livepane.domain.errors import Unavailable
from livepane.domain.job import EventKind, JobState
from livepane.jobs import execute
from livepane.jobs.execute import Limits
from livepane.jobs.queue import Queue
from livepane.jobs.under_way import Rhythm
from livepane.store import db
from tests.integration.jobs.conftest import Works

FATES = {  # (state, code, items, a part of the message)
    "numbers": (JobState.SUCCEEDED, None, 3, ""),
    "bug": (JobState.FAILED, "failed", 1, "the scraper raised ZeroDivisionError: a bug of its author"),
    "half words": (JobState.FAILED, "http", 1, "the page said ?!!!"),
    "careless": (JobState.FAILED, "failed", 1, "AttributeError"),
    "leaves": (JobState.FAILED, "failed", 1, "the scraper raised SystemExit"),
    "cancels itself": (JobState.FAILED, "failed", 1, "CancelledError"),
    "nonsense": (JobState.FAILED, "bad_item", 0, "none of the 3 things"),
    "half nonsense": (JobState.SUCCEEDED, None, 2, ""),
    "no generator": (JobState.FAILED, "failed", 0, "no `async def` with a `yield`"),
    "hangs": (JobState.FAILED, "budget", 1, "longer than 1 s"),
    "not there": (JobState.FAILED, "bad_target", 0, "there is no scraper 'not there'"),
}


async def test_every_end_has_its_name_and_the_others_go_on(works: Works) -> None:
    async with works.runner(limits=Limits(seconds=1)):
        jobs = [await works.add(kind, "3", max_attempts=1) for kind in FATES]
        ended = await works.until(*jobs)
    found = {job.kind: (job.state, job.error and job.error.code, job.items) for job in ended}
    assert found == {kind: fate[:3] for kind, fate in FATES.items()}
    for job in ended:
        assert FATES[job.kind][3] in str(job.error or "")
        told = await works.queue.journal.read(job.id)
        assert [told[0].kind, told[1].kind, told[-1].kind] == [EventKind.QUEUED, EventKind.STARTED, EventKind.FINISHED]
        items = [event.data["number"] for event in told if event.kind is EventKind.ITEM]
        assert items == list(range(1, job.items + 1))
        assert told[-1].data["state"] == job.state
    numbers = ended[0]
    assert numbers.summary is not None
    assert (numbers.summary["counted"], numbers.progress, numbers.action) == (3, 1.0, "Number 2")
    warned = [
        event.data["message"]
        for event in await works.queue.journal.read(ended[list(FATES).index("half nonsense")].id)
        if event.kind is EventKind.WARNING
    ]
    assert len(warned) == 2
    assert "NoneType" in warned[0]


async def test_what_may_pass_is_tried_again_and_only_the_last_run_counts(works: Works) -> None:
    job = await works.add("flaky", str(works.folder / "runs"), max_attempts=3)
    async with works.runner():
        [ended] = await works.until(job)
    assert (ended.state, ended.attempt, ended.items, ended.error) == (JobState.SUCCEEDED, 3, 1, None)
    told = await works.queue.journal.read(job.id)
    again = [event.data for event in told if event.kind is EventKind.RETRYING]
    assert [data["message"] for data in again] == ["no answer in run 0", "no answer in run 1"]
    assert [event.data["item"]["run"] for event in await works.queue.journal.items(job.id)] == [2]


async def test_no_more_run_at_once_than_may_and_a_new_limit_holds_at_once(works: Works) -> None:
    jobs = [await works.add("hangs") for _ in range(5)]
    async with works.runner(limit=2) as runner:
        await works.until(*jobs[:2], running=True, items=1)
        assert len(runner.running) == 2
        runner.limit = 4
        await works.until(*jobs[:4], running=True, items=1)
        assert await works.queue.counts() == {JobState.RUNNING: 4, JobState.QUEUED: 1}
        await works.queue.cancel(jobs[0].id)  # its place is for the next one
        await works.until(*jobs[1:], running=True, items=1)


async def test_a_cancel_from_here_or_from_another_process_ends_a_job(works: Works) -> None:
    database = db.Database(works.folder)
    elsewhere = Queue(database)
    async with works.runner() as runner:
        jobs = [await works.add("hangs") for _ in range(3)]
        await works.until(*jobs, running=True, items=1)
        await works.queue.cancel(jobs[0].id)
        await elsewhere.cancel(jobs[1].id)
        ended = await works.until(*jobs[:2])
        assert [(job.state, job.items, job.error) for job in ended] == [(JobState.CANCELLED, 1, None)] * 2
        assert runner.running == [jobs[2].id]
    await database.close()


async def test_jobs_under_way_when_the_server_ends_go_back_and_have_lost_no_attempt(works: Works) -> None:
    jobs = [await works.add("hangs", max_attempts=1) for _ in range(3)]
    async with works.runner(limit=2):
        await works.until(*jobs[:2], running=True, items=1)
    assert {(job.state, job.attempt, job.lease_owner) for job in await works.queue.find()} == {(JobState.QUEUED, 0, None)}
    assert works.hub.find(f"job:{jobs[2].id}") is None
    async with works.runner(limits=Limits(seconds=0.5)):
        ended = await works.until(*jobs)
    assert {(job.state, job.attempt) for job in ended} == {(JobState.FAILED, 1)}


async def test_a_scraper_that_ignores_its_end_is_dropped_and_its_page_is_for_others(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute, "ENDING", 0.2)
    stubborn = await works.add("stubborn")
    waits = await works.add("page")
    async with works.runner():
        with works.queue.changes.listening() as changes:
            while (await works.queue.get(stubborn.id)).action != "here to stay":
                await changes.next()
        await works.queue.cancel(stubborn.id)
        ended, page = await works.until(stubborn, waits)
    assert (ended.state, page.state) == (JobState.CANCELLED, JobState.SUCCEEDED)
    assert ended.action == "here to stay"
    await asyncio.sleep(0)
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("scraper of")] == []


class Heard(logging.Handler):
    """Sets an event when a word is logged."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self._word = word
        self.event = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging."""
        if self._word in record.getMessage():
            self.event.set()


async def test_on_a_full_disk_jobs_fail_with_a_clear_error_and_afterwards_all_is_well(works: Works) -> None:
    async def pages(pragma: str) -> int:
        return await works.queue.database.write(lambda connection: int(connection.exec_driver_sql(pragma).scalar() or 0))

    heard = Heard("is stopped")
    logging.getLogger("livepane.jobs.under_way").addHandler(heard)
    async with works.runner(rhythm=Rhythm(look=0.05, patience=0.3)) as runner:
        unharmed = await works.add("hangs")
        await works.until(unharmed, running=True, items=1)
        await pages(f"PRAGMA max_page_count = {await pages('PRAGMA page_count') + 30}")
        job = await works.add("numbers", "100000", max_attempts=1)
        await heard.event.wait()
        with pytest.raises(Unavailable, match="Free some space"):
            await works.add("numbers", "1" * 200_000)
        assert (await works.queue.get(unharmed.id)).state is JobState.RUNNING
        await pages("PRAGMA max_page_count = 1000000")
        [ended] = await works.until(job)
        assert (ended.state, ended.error and ended.error.code) == (JobState.FAILED, "failed")
        assert "full" in str(ended.error)
        assert 0 < ended.items == len(await works.queue.journal.items(job.id, limit=100_000))
        assert unharmed.id in runner.running
        [after] = await works.until(await works.add("numbers", "2"))
        assert after.state is JobState.SUCCEEDED
    logging.getLogger("livepane.jobs.under_way").removeHandler(heard)
