"""Capture follows demand: the first viewer starts it, the last stops it, and in between it learns what is wanted."""

from __future__ import annotations

import asyncio

from livepane.domain.demand import Demand, RenditionSpec, merge
from livepane.domain.frame import Encoding
from livepane.domain.stream import State
from tests.pictures import picture
from tests.unit.hub.sources import ToySource, streaming, until


async def test_nothing_is_captured_while_nobody_watches() -> None:
    async with streaming() as (_, stream, source):
        await asyncio.sleep(0)
        assert (source.starts, stream.state, stream.viewers) == (0, State.IDLE, 0)
        assert stream.demand() is None


async def test_the_first_viewer_starts_the_capture_and_the_second_does_not() -> None:
    async with streaming() as (_, stream, source):
        with stream.subscribe(), stream.subscribe():
            await source.until(lambda one: one.starts)
            assert (source.starts, stream.viewers) == (1, 2)


async def test_the_last_viewer_stops_it_after_the_grace_time() -> None:
    async with streaming(grace=0.01) as (_, stream, source):
        with stream.subscribe():
            with stream.subscribe():
                await source.until(lambda one: one.starts)
            assert source.stops == 0
        await source.until(lambda one: one.stops)
        assert stream.state is State.IDLE


async def test_who_comes_back_within_the_grace_time_finds_the_capture_running() -> None:
    async with streaming(grace=60) as (_, stream, source):
        with stream.subscribe():
            await source.until(lambda one: one.starts)
        with stream.subscribe():
            await asyncio.sleep(0)
            assert (source.starts, source.stops) == (1, 0)


async def test_it_starts_again_after_it_was_stopped() -> None:
    async with streaming(grace=0) as (_, stream, source):
        for times in (1, 2, 3):
            with stream.subscribe():
                await source.until(lambda one, times=times: one.starts == times)  # type: ignore[misc]
            await source.until(lambda one, times=times: one.stops == times)  # type: ignore[misc]


async def test_a_new_capture_waits_until_the_old_one_has_let_go() -> None:
    class Reluctant(ToySource):
        letting_go = False

        async def capture(self, *arguments: object) -> None:
            assert not self.letting_go, "two captures at once"
            try:
                await super().capture(*arguments)  # type: ignore[arg-type]
            finally:
                self.letting_go = True
                await asyncio.sleep(0.05)
                self.letting_go = False

    async with streaming(Reluctant(), grace=0) as (_, stream, source):
        with stream.subscribe():
            await source.until(lambda one: one.starts)
        await source.until(lambda one: one.stops)
        with stream.subscribe():
            await source.until(lambda one: one.starts == 2)


async def test_the_source_hears_every_change_of_demand_without_a_restart() -> None:
    async with streaming() as (_, stream, source):
        with stream.subscribe(fps=5) as pictures:
            await source.until(lambda one: one.starts)
            pictures.update(fps=12)
            await source.until(lambda one: one.demands[-1].fps == 12)
            pictures.update(spec=RenditionSpec(width=320, height=200))
            await source.until(lambda one: one.demands[-1].width == 320)
            with stream.subscribe(fps=30):
                await source.until(lambda one: one.demands[-1] == Demand(30))
            await source.until(lambda one: one.demands[-1] == Demand(12, None, 320, 200))
        assert source.starts == 1


async def test_a_change_that_comes_before_the_source_asks_for_changes_is_not_lost() -> None:
    class Late(ToySource):
        ready = asyncio.Event()

        async def _follow(self, demand: object) -> None:
            await self.ready.wait()  # busy with something else first, as a source that opens a session is
            await super()._follow(demand)  # type: ignore[arg-type]

    source = Late()
    source.ready = asyncio.Event()
    async with streaming(source) as (_, stream, _):
        with stream.subscribe(fps=5) as pictures:
            await source.until(lambda one: one.starts)
            pictures.update(fps=25)
            source.ready.set()
            await source.until(lambda one: one.demands[-1].fps == 25)


async def test_a_hold_is_demand_for_a_while() -> None:
    async with streaming(grace=0) as (_, stream, source):
        stream.hold(RenditionSpec(), 2, 0.5)
        await source.until(lambda one: one.starts)
        assert (stream.viewers, stream.busy) == (0, True)
        await source.until(lambda one: one.stops)
        assert not stream.busy


async def test_a_repeated_hold_is_one_and_lasts_from_the_newest() -> None:
    async with streaming(grace=0) as (_, stream, source):
        stream.hold(RenditionSpec(), 2, 0.01)
        stream.hold(RenditionSpec(), 2, 60)
        await source.until(lambda one: one.starts)
        await asyncio.sleep(0.05)
        assert (stream.busy, source.stops) == (True, 0)


async def test_unwatched_actions_and_titles_are_kept_all_the_same() -> None:
    async with streaming() as (hub, stream, _):
        stream.describe(title="a new name")
        await until(stream, lambda one: one.title == "a new name", hub)
        stream.put(picture(1))
        assert stream.state is State.IDLE


def test_demand_is_the_least_that_serves_everybody() -> None:
    assert merge([]) is None
    assert merge([(5, RenditionSpec())]) == Demand(5)
    small, large = RenditionSpec(Encoding.JPEG, 60, 320, 200), RenditionSpec(Encoding.PNG, 80, 640, 100)
    assert merge([(5, small), (10, large)]) == Demand(10, 80, 640, 200)


def test_one_viewer_without_a_size_wants_the_size_of_the_source() -> None:
    assert merge([(5, RenditionSpec(width=320)), (1, RenditionSpec())]) == Demand(5)
    assert merge([(5, RenditionSpec(width=320, height=200)), (1, RenditionSpec(width=100))]) == Demand(5, None, 320, None)


def test_a_larger_or_better_wish_exceeds_a_smaller_one() -> None:
    little, much = Demand(5, 50, 100, 100), Demand(5, None, None, None)
    assert little.exceeds(None)
    assert Demand(5, 50, 200, 100).exceeds(little)
    assert Demand(5, 60, 100, 100).exceeds(little)
    assert Demand(5, 50, None, 100).exceeds(little)
    assert not little.exceeds(little)
    assert not Demand(60, 50, 100, 100).exceeds(little)
    assert not little.exceeds(much)
