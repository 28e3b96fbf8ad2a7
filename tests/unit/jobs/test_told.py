"""The pane of a job that another process runs: what it does is shown, and why there is no picture."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from livepane.domain.job import EventKind, NewJob
from livepane.domain.stream import Kind, State
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream
from livepane.jobs import others
from livepane.jobs.leases import Leases
from livepane.jobs.past import NO_BUS, Past, PastStreams
from livepane.jobs.queue import Queue
from tests.patience import PATIENCE


@pytest.fixture
async def hub(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hub]:
    """One whose panes of jobs are told by the queue, in a process that runs none."""
    for name in ("LOOK_EVERY", "LOOK_OFTEN"):
        monkeypatch.setattr(others, name, 0.02)
    async with Hub() as hub:
        hub.opener(Kind.JOB, PastStreams(Past(), queue, here=lambda job: False, carried=False).open)
        yield hub


async def until(hub: Hub, stream: Stream, state: State, reason: str, actions: int) -> None:
    """Wait until a stream is like this."""
    with hub.changes() as changes:
        async with asyncio.timeout(PATIENCE):
            while (stream.state, stream.reason or "", len(stream.actions)) != (state, reason, actions):
                await changes.take()


async def test_a_pane_follows_a_job_through_another_process(hub: Hub, queue: Queue, other: Queue) -> None:
    [job] = await queue.add([NewJob("k", "t", max_attempts=1)])
    stream = await hub.open(f"job:{job.id}")
    with stream.subscribe():
        await until(hub, stream, State.HIDDEN, "the job waits for its turn", 0)
        elsewhere = Leases(other)
        [held] = await elsewhere.claim(1)
        await until(hub, stream, State.HIDDEN, NO_BUS, 0)
        other.journal.write(held, EventKind.ACTION, {"label": "Filling username", "selector": "#user"}, action="Filling username")
        await other.journal.flush()
        await until(hub, stream, State.HIDDEN, NO_BUS, 1)
        assert (stream.actions[0].label, stream.actions[0].selector) == ("Filling username", "#user")
        await elsewhere.release(held)
        await until(hub, stream, State.HIDDEN, "the job waits for its turn", 1)
        [held] = await elsewhere.claim(1)
        await elsewhere.finish(held, {})
        await until(hub, stream, State.GONE, "the job has succeeded", 1)


async def test_who_opens_a_pane_late_sees_what_is_done_now(hub: Hub, queue: Queue, other: Queue) -> None:
    [job] = await queue.add([NewJob("k", "t")])
    [held] = await Leases(other).claim(1)
    for label in ("first", "second"):
        other.journal.write(held, EventKind.ACTION, {"label": label}, action=label)
    await other.journal.flush()
    stream = await hub.open(f"job:{job.id}")
    with stream.subscribe():
        await until(hub, stream, State.HIDDEN, NO_BUS, 1)
    assert stream.actions[0].label == "second"
