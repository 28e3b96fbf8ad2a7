"""Which element is worked on: found out only for those who want to see it, and true only as long as the action lasts."""

from __future__ import annotations

from livepane.domain.demand import Demand, RenditionSpec
from livepane.domain.frame import Encoding
from livepane.domain.stream import Action, Box, Spot
from livepane.hub.stream import Stream
from tests.pictures import picture
from tests.unit.hub.sources import streaming

READING = Action("Reading", 1, "h1")
SPOT = Spot("Reading", "h1", Box(10, 10, 40, 20), 64, 48)
ELSEWHERE = Spot("Reading", "h1", Box(10, 30, 40, 10), 64, 48)
OUTLINED = RenditionSpec(Encoding.JPEG, 80, outlined=True)


def shown(stream: Stream) -> Spot | None:
    return stream.spot


async def test_nobody_is_asked_for_it_unless_a_viewer_shows_it() -> None:
    async with streaming() as (_, stream, source):
        with stream.subscribe():
            await source.until(lambda one: one.demands)
            assert not source.demands[-1].highlight
            stream.action(READING)
            stream.point(SPOT)
            assert shown(stream) is None
            with stream.subscribe(highlight=True) as other:
                await source.until(lambda one: one.demands[-1].highlight)
                stream.point(SPOT)
                assert shown(stream) == SPOT
                other.update(highlight=False)
                await source.until(lambda one: not one.demands[-1].highlight)
                assert shown(stream) is None


async def test_it_is_not_looked_for_any_more_as_soon_as_the_last_viewer_has_left() -> None:
    async with streaming(grace=60) as (_, stream, source):
        with stream.subscribe(fps=5, highlight=True):
            await source.until(lambda one: one.demands)
            stream.action(READING)
            stream.point(SPOT)
        await source.until(lambda one: one.demands[-1] == Demand(5))
        assert (source.stops, stream.spot) == (0, None)


async def test_it_can_be_switched_off_for_all_streams_while_they_are_watched() -> None:
    async with streaming() as (hub, stream, source):
        with stream.subscribe(highlight=True):
            stream.action(READING)
            stream.point(SPOT)
            hub.highlight(False)
            await source.until(lambda one: one.demands and not one.demands[-1].highlight)
            assert shown(stream) is None
            hub.highlight(True)
            await source.until(lambda one: one.demands[-1].highlight)


async def test_it_goes_with_its_action_and_one_of_an_earlier_action_is_ignored() -> None:
    async with streaming() as (_, stream, _source):
        with stream.subscribe(highlight=True) as viewer:
            moves: list[Spot | None] = []
            viewer.on_point = lambda: moves.append(stream.spot)
            stream.action(READING)
            stream.point(SPOT)
            stream.point(SPOT)
            stream.action(Action("Reading", 2, "h1"))  # the same once more: it stays where it is
            stream.action(Action("Clicking", 3, "button"))
            stream.point(SPOT)
            assert moves == [SPOT, None]


async def test_it_is_gone_when_the_source_is() -> None:
    async with streaming() as (_, stream, source):
        with stream.subscribe(highlight=True):
            await source.until(lambda one: one.sink)
            stream.action(READING)
            stream.point(SPOT)
            stream.unplug("its page is closed")
            assert shown(stream) is None


async def test_a_picture_with_an_outline_is_encoded_once_for_all_who_want_it_and_again_when_it_moves() -> None:
    async with streaming() as (_, stream, source):
        with (
            stream.subscribe(OUTLINED, 60, highlight=True) as one,
            stream.subscribe(OUTLINED, 60, highlight=True) as other,
            stream.subscribe(RenditionSpec(), 60) as plain,
        ):
            await source.until(lambda toy: toy.sink)
            stream.action(READING)
            stream.point(SPOT)
            stream.put(picture(1))
            first = await one.next()
            assert (first.spot, await other.next()) == (SPOT, first)
            untouched = await plain.next()
            assert untouched.spot is None
            assert first.frame.picture.data != untouched.frame.picture.data
            stream.point(ELSEWHERE)
            one.again()
            other.again()
            moved = await one.next()
            assert (moved.spot, await other.next()) == (ELSEWHERE, moved)
            assert stream.encodes == 2
