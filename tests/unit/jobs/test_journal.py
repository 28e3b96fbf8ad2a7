"""The journal: followed live or from any point, nothing is left out and nothing is told twice; the disk may be slow, or full."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing
from itertools import pairwise
from typing import Any

import pytest

from livepane.domain.errors import Unavailable
from livepane.domain.job import EventKind, Job, JobEvent, NewJob
from livepane.jobs import journal as journals
from livepane.jobs import others, recent
from livepane.jobs.backoff import Backoff
from livepane.jobs.leases import Leases
from livepane.jobs.queue import Deleted, Queue


async def running(queue: Queue, count: int = 1, group: str | None = None) -> list[Job]:
    await queue.add([NewJob("k", str(n), group=group) for n in range(count)])
    return await Leases(queue).claim(count)


async def follow(queue: Queue, until: int, job: int | None = None, group: str | None = None, after: int = 0) -> list[JobEvent]:
    """Everything up to the line in which the `until`-th item of a job is told."""
    seen = []
    async with aclosing(queue.journal.follow(job, group=group, after=after)) as events:
        async for event in events:
            seen.append(event)
            if event.kind is EventKind.ITEM and event.data["number"] == until:
                break
    return seen


def start(following: Coroutine[Any, Any, list[JobEvent]]) -> asyncio.Task[list[JobEvent]]:
    return asyncio.get_running_loop().create_task(following)


async def test_wherever_one_begins_to_follow_every_line_comes_once_and_in_order(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "MOST", 7)  # so that who lags reads from the disk, and comes back to memory
    [job] = await running(queue, group="g")
    followers = [start(follow(queue, 200, after=after)) for after in (0, 1, 2)]
    followers += [start(follow(queue, 200, job.id)), start(follow(queue, 200, group="g"))]
    for number in range(1, 201):
        queue.journal.write(job, EventKind.ITEM, {"number": number, "item": {}}, items=number)
        if number % 40 == 0:
            followers.append(start(follow(queue, 200, after=number // 2)))
        if number % 9 == 0:
            await queue.journal.flush()
    await queue.journal.flush()
    every = await asyncio.gather(*followers)
    told = await queue.journal.read()
    for seen in every:
        assert seen == [event for event in told if event.id >= seen[0].id]
        assert all(after.id == before.id + 1 for before, after in pairwise(seen))
    late = await follow(queue, 200, after=150)
    assert late == told[150:]


async def test_lines_that_another_process_writes_are_seen_too(
    queue: Queue, other: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(others, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(others, "LOOK_OFTEN", 0.02)
    await queue.add([NewJob("k", "mine"), NewJob("k", "theirs")])
    [mine] = await Leases(queue).claim(1)
    [theirs] = await Leases(other).claim(1)
    follower = start(follow(queue, 99))
    for number in range(1, 31):
        one, held = (queue, mine) if number % 3 else (other, theirs)
        one.journal.write(held, EventKind.ITEM, {"number": number, "item": {}})
        await one.journal.flush()
    other.journal.write(theirs, EventKind.ITEM, {"number": 99, "item": {}})
    seen = await follower
    assert [event.data["number"] for event in seen if event.kind is EventKind.ITEM] == [*range(1, 31), 99]
    assert [event.id for event in seen] == list(range(1, len(seen) + 1))


async def test_numbers_that_no_line_has_stop_nobody(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST", 5)
    [job, gone] = await running(queue, 2)
    follower = start(follow(queue, 40, job.id))
    for number in range(1, 41):
        queue.journal.write(gone, EventKind.ITEM, {"number": number, "item": {}})
        queue.journal.write(job, EventKind.ITEM, {"number": number, "item": {}})
        await queue.journal.flush()
        if number == 20:
            await Leases(queue).finish(gone, {})
            await queue.delete(gone.id)
    assert [event.data["number"] for event in await follower if event.kind is EventKind.ITEM] == list(range(1, 41))


async def test_what_another_process_adds_and_deletes_is_told(queue: Queue, other: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK_EVERY", "LOOK_OFTEN", "COUNT_EVERY"):
        monkeypatch.setattr(others, name, 0.02)
    [old] = await other.add([NewJob("k", "old")])
    await other.cancel(old.id)
    new: list[Job] = []
    told: list[int] = []
    async with aclosing(queue.follow(since=0)) as changes:
        async for change in changes:
            if isinstance(change, Deleted):
                assert change.id == old.id
                assert new
                return
            if change.id == old.id and not new:
                new = await other.add([NewJob("k", "new")])
            elif new and change.id == new[0].id and change.id not in told:
                await other.delete(old.id)
            told.append(change.id)


async def test_results_are_those_of_the_last_run(queue: Queue) -> None:
    [job] = await queue.add([NewJob("k", "t")])
    lease = Leases(queue, Backoff(0, 0))
    for items in (3, 2):
        [held] = await lease.claim(1)
        assert (held.items, held.progress) == (0, None)
        for number in range(1, items + 1):
            queue.journal.write(held, EventKind.ITEM, {"number": number, "item": {"run": items}}, items=number)
        await lease.release(held)
    found = await queue.journal.items(job.id)
    assert [event.data["item"]["run"] for event in found] == [2, 2]
    assert await queue.journal.items(job.id, after=found[0].id) == found[1:]
    assert len([event for event in await queue.journal.read(job.id) if event.kind is EventKind.ITEM]) == 5


async def test_a_chatty_scraper_is_cut_short_and_its_last_word_counts(queue: Queue) -> None:
    [job] = await running(queue)
    for step in range(1000):
        queue.journal.write(job, EventKind.ACTION, {"label": f"step {step}"}, action=f"step {step}")
        queue.journal.write(job, EventKind.PROGRESS, {"progress": step / 1000}, progress=step / 1000)
    await queue.journal.flush()
    told = await queue.journal.read(job.id)
    assert len(told) <= 2 + journals.MOST_ACTIONS + 1
    assert [event.data for event in told if event.kind is EventKind.ACTION][-1] == {"label": "step 999"}
    assert [event.data for event in told if event.kind is EventKind.PROGRESS] == [{"progress": 0.999}]
    now = await queue.get(job.id)
    assert (now.action, now.progress) == ("step 999", 0.999)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
async def test_what_a_full_disk_does_not_take_is_kept_in_its_order(queue: Queue) -> None:
    [job] = await running(queue)
    pages = await queue.database.write(lambda connection: connection.exec_driver_sql("PRAGMA page_count").scalar())
    await queue.database.write(lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}").scalar())
    for number in range(1, 51):
        queue.journal.write(job, EventKind.ITEM, {"number": number, "item": {"text": "x" * 4000}}, items=number)
        with pytest.raises(Unavailable, match="full"):
            await queue.journal.flush()
    assert queue.journal.waiting == 50
    await queue.database.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1000000").scalar())
    done = await Leases(queue).finish(job, {})
    assert done is not None
    assert done.items == 50
    assert queue.journal.waiting == 0
    assert [event.data["number"] for event in await queue.journal.items(job.id)] == list(range(1, 51))
