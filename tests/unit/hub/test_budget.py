"""What all captures together may cost, on streams whose sources give what they are asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

import pytest

from livepane.domain.demand import Demand, RenditionSpec
from livepane.domain.stream import StreamId
from livepane.hub.budget import Budget, State
from livepane.hub.hub import BUDGET, Hub
from livepane.hub.stream import Stream
from tests.pictures import picture
from tests.unit.hub.sources import ToySource

FPS = 10.0
SMALL, LARGE = RenditionSpec(width=320, height=180), RenditionSpec(width=1280, height=720)


class Fleet:
    """Streams that are watched at 10 pictures a second, and one second after the other."""

    def __init__(self, hub: Hub, budget: Budget) -> None:
        self.hub, self.budget = hub, budget
        self.streams: list[Stream] = []
        self._watching = ExitStack()
        self._number = 0

    def watch(self, spec: RenditionSpec) -> Stream:
        stream = self.hub.add(StreamId.parse(f"page:{len(self.streams)}"), ToySource(), title="toy")
        self._watching.enter_context(stream.subscribe(spec, FPS))
        self.streams.append(stream)
        return stream

    def seconds(self, count: int, *still: Stream, used: float = 0.1) -> float:
        """So many seconds in which every stream gives what it may, but for those that stand still; pictures in the last."""
        taken = 0
        for _ in range(count):
            taken = 0
            for stream in self.streams:
                taken += (given := 0 if stream in still else round(rate(stream)))
                stream.captures += given
            self.budget.used = used
            self.budget.step(1.0)
        return taken

    def leave(self) -> None:
        self._watching.close()


def rate(stream: Stream) -> float:
    """What its source may take."""
    return stream.capture.now.fps


def slowed(stream: Stream) -> bool:
    """Whether viewers are told that it is."""
    return stream.slowed_to is not None


@asynccontextmanager
async def fleet(fps: float | None) -> AsyncIterator[Fleet]:
    async with Hub(grace=0) as hub:
        fleet = Fleet(hub, Budget(hub, cpu_limit=0.8, fps=fps))
        yield fleet
        fleet.leave()


async def test_without_a_limit_everybody_gets_what_viewers_ask_for() -> None:
    async with fleet(None) as streams:
        one, two = streams.watch(SMALL), streams.watch(LARGE)
        streams.seconds(10)
        assert (rate(one), rate(two)) == (FPS, FPS)
        assert streams.budget.state == State()


async def test_over_the_limit_all_are_slowed_and_the_large_one_less() -> None:
    async with fleet(12) as streams:
        small = [streams.watch(SMALL) for _ in range(4)]
        large = streams.watch(LARGE)
        streams.seconds(10)
        assert sum(rate(stream) for stream in streams.streams) <= 12
        assert rate(large) == pytest.approx(4 * rate(small[0]))
        assert len({rate(stream) for stream in small}) == 1
        assert streams.budget.state == State(slowed=5, limit="fps", allowed=12)
        assert large.slowed_to == rate(large)


async def test_the_source_learns_of_it_and_the_viewers_too() -> None:
    async with fleet(5) as streams:
        stream = streams.watch(LARGE)
        source = stream.capture.source
        assert isinstance(source, ToySource)
        await source.until(lambda source: source.demands)
        with streams.hub.changes() as changes:
            streams.seconds(3)
            assert {BUDGET, str(stream.id)} <= await changes.take()
        await source.until(lambda source: source.demands[-1].fps < 5)
        wish = stream.demand()
        assert wish is not None
        assert source.demands[-1] == Demand(stream.slowed_to or 0, wish.quality, wish.width, wish.height)


async def test_it_settles_and_changes_nothing_any_more() -> None:
    async with fleet(12) as streams:
        for spec in (SMALL, SMALL, LARGE):
            streams.watch(spec)
        streams.seconds(10)
        with streams.hub.changes() as changes:
            before = [rate(stream) for stream in streams.streams]
            streams.seconds(50)
            assert [rate(stream) for stream in streams.streams] == before
            assert not changes.waiting


async def test_what_stands_still_leaves_its_share_to_the_others() -> None:
    async with fleet(12) as streams:
        still = [streams.watch(LARGE) for _ in range(4)]
        moving = streams.watch(LARGE)
        streams.seconds(30, *still)
        assert rate(moving) > 7
        assert [stream.slowed_to for stream in still] == [None] * 4
        assert streams.seconds(10) <= 12  # all of them move now


async def test_it_recovers_when_others_leave() -> None:
    async with fleet(12) as streams:
        stream = streams.watch(SMALL)
        others = [streams.watch(LARGE) for _ in range(3)]
        streams.seconds(10)
        assert slowed(stream)
        for other in others:
            streams.streams.remove(other)
            await streams.hub.remove(str(other.id))
        streams.seconds(5)
        assert rate(stream) == FPS
        assert not slowed(stream)
        assert streams.budget.state == State()


async def test_a_busy_machine_slows_captures_until_it_is_not() -> None:
    async with fleet(None) as streams:
        one, two = streams.watch(SMALL), streams.watch(LARGE)
        streams.seconds(4, used=0.95)
        assert rate(one) < FPS
        assert streams.budget.state.limit == "cpu"
        assert streams.budget.state.allowed == 0.8
        streams.seconds(60, used=0.3)
        assert (rate(one), rate(two)) == (FPS, FPS)
        assert streams.budget.state == State()


async def test_a_stream_that_is_pushed_is_left_alone() -> None:
    async with fleet(1) as streams:
        pushed = streams.hub.add(StreamId.parse("producer:bob"), None, title="bob")
        pushed.attach(None, pushed=True)
        with pushed.subscribe(fps=FPS):
            for number in range(20):
                pushed.put(picture(number))
                streams.seconds(1)
            assert pushed.slowed_to is None
            assert streams.budget.state == State()


async def test_during_the_grace_time_the_limit_holds_too() -> None:
    async with Hub(grace=60) as hub:
        fleet = Fleet(hub, Budget(hub, cpu_limit=0.8, fps=5))
        stream = fleet.watch(LARGE)
        fleet.leave()
        fleet.seconds(5)
        assert rate(stream) < 5
