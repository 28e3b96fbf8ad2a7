"""A source that does what a test tells it and remembers what the hub asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from livepane.domain.demand import Demand
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.domain.stream import StreamId
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream
from tests.patience import PATIENCE


class ToySource:
    """Captures until cancelled or told to fail; `until` waits for anything that it has noted."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)  # one for each capture that is to fail at once
        self.starts = self.stops = self.closes = 0
        self.demands: list[Demand] = []
        self.sink: FrameSink | None = None
        self.after_start: Callable[[FrameSink], object] | None = None
        self._ending: asyncio.Future[None] | None = None
        self._something = asyncio.Event()

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        self.starts += 1
        self.sink = sink
        self._note(demand.now)
        if self.failures:
            raise self.failures.pop(0)
        if self.after_start is not None:
            self.after_start(sink)
        self._ending = asyncio.get_running_loop().create_future()
        follower = asyncio.get_running_loop().create_task(self._follow(demand), name="toy source follows demand")
        try:
            await self._ending
        finally:
            follower.cancel()
            self.sink = None
            self.stops += 1
            self._something.set()

    async def _follow(self, demand: DemandSignal) -> None:
        while True:
            self._note(await demand.changed())

    async def close(self) -> None:
        assert self.sink is None, "closed while a capture runs"
        self.closes += 1
        self._something.set()

    def end(self, error: Exception | None = None) -> None:
        """The running capture returns, or fails."""
        assert self._ending is not None
        if error is None:
            self._ending.set_result(None)
        else:
            self._ending.set_exception(error)

    def _note(self, demand: Demand) -> None:
        self.demands.append(demand)
        self._something.set()

    async def until(self, condition: Callable[[ToySource], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition(self):
                self._something.clear()
                await self._something.wait()


async def until(stream: Stream, condition: Callable[[Stream], object], hub: Hub) -> None:
    """Wait until a stream is as wanted; looks whenever the hub says that something changed."""
    with hub.changes() as changes:
        async with asyncio.timeout(PATIENCE):
            while not condition(stream):
                await changes.take()


@asynccontextmanager
async def streaming(source: ToySource | None = None, *, grace: float = 60.0) -> AsyncIterator[tuple[Hub, Stream, ToySource]]:
    """A hub with one stream."""
    source = source or ToySource()
    async with Hub(grace=grace) as hub:
        yield hub, hub.add(StreamId.parse("page:toy"), source, title="toy"), source


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds so that people are not irritated takes hundredths of them."""
    monkeypatch.setattr("livepane.hub.capture.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("livepane.hub.truth.STATIC_AFTER", 0.05)
    monkeypatch.setattr("livepane.hub.hub._TICK", 0.02)
