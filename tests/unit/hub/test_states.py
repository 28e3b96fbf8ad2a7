"""Every stream says honestly what its newest picture is worth."""

from __future__ import annotations

import asyncio

import pytest

from livepane.domain.errors import NotFound, SourceGone, Unavailable
from livepane.domain.frame import Frame
from livepane.domain.stream import Action, Kind, State, StreamId
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream
from tests.patience import PATIENCE
from tests.pictures import picture
from tests.unit.hub.sources import ToySource, brisk, streaming, until  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("brisk")


def state_of(stream: Stream) -> State:
    return stream.state


async def test_a_stream_is_idle_then_starting_then_live_then_static() -> None:
    async with streaming(grace=0) as (hub, stream, source):
        assert state_of(stream) is State.IDLE
        with stream.subscribe():
            assert state_of(stream) is State.STARTING
            await source.until(lambda one: one.starts)
            assert state_of(stream) is State.STARTING
            stream.put(picture(1))
            assert state_of(stream) is State.LIVE
            await until(stream, lambda one: one.state is State.STATIC, hub)
            newest = stream.newest()
            assert newest is not None
            assert stream.state_since == newest.picture.captured_at  # "static for 42 s" counts from the picture
            stream.put(picture(2))
            assert state_of(stream) is State.LIVE
        await until(stream, lambda one: one.state is State.IDLE, hub)


async def test_an_equal_picture_keeps_it_static() -> None:
    async with streaming() as (hub, stream, source):
        with stream.subscribe():
            await source.until(lambda one: one.starts)
            stream.put(picture(1))
            await until(stream, lambda one: one.state is State.STATIC, hub)
            stream.put(picture(1))
            assert state_of(stream) is State.STATIC


async def test_a_hidden_source_says_so_until_it_draws_again() -> None:
    async with streaming() as (_, stream, source):
        with stream.subscribe():
            await source.until(lambda one: one.starts)
            stream.put(picture(1))
            stream.hidden("minimised")
            assert (state_of(stream), stream.reason) == (State.HIDDEN, "minimised")
            stream.visible()
            assert (state_of(stream) in (State.LIVE, State.STATIC), stream.reason) == (True, None)
            stream.hidden("minimised")
            stream.put(picture(2))
            assert state_of(stream) is State.LIVE


async def test_a_failing_capture_is_tried_again_while_viewers_see_reconnecting() -> None:
    source = ToySource(Unavailable("the screen is away"), RuntimeError("a bug"), Unavailable("still away"))
    async with streaming(source) as (hub, stream, _):
        with stream.subscribe():
            await until(stream, lambda one: one.state is State.RECONNECTING, hub)
            assert stream.reason is not None
            await source.until(lambda one: one.starts == 4)
            stream.put(picture(1))
            assert state_of(stream) is State.LIVE
            assert stream.reason is None


async def test_nobody_is_reconnecting_once_nobody_watches() -> None:
    source = ToySource(*[Unavailable("away")] * 1000)
    async with streaming(source, grace=0) as (hub, stream, _):
        with stream.subscribe():
            await until(stream, lambda one: one.state is State.RECONNECTING, hub)
        await until(stream, lambda one: one.state is State.IDLE, hub)


@pytest.mark.parametrize("error", [None, SourceGone("the window was closed")])
async def test_a_source_that_has_ended_is_gone_for_good_and_its_last_picture_stays(error: Exception | None) -> None:
    async with streaming() as (hub, stream, source):
        with stream.subscribe() as pictures:
            await source.until(lambda one: one.starts)
            stream.put(picture(1))
            source.end(error)
            await until(stream, lambda one: one.state is State.GONE, hub)
            assert stream.gone
            assert stream.reason == ("it has ended" if error is None else "the window was closed")
            async with asyncio.timeout(PATIENCE):
                assert (await pictures.next()).frame.seq == 1
        assert source.starts == 1


async def test_a_source_that_has_ended_by_itself_is_closed_once() -> None:
    async with streaming() as (hub, stream, source):
        with stream.subscribe():
            await source.until(lambda one: one.starts)
            source.end(SourceGone("closed"))
            await until(stream, lambda one: one.gone, hub)
        await hub.remove("page:toy")
        assert source.closes == 1


async def test_what_has_ended_goes_from_the_list_when_nobody_looks_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livepane.hub.hub._KEPT_AFTER_END", 0.05)
    async with streaming() as (hub, stream, source):
        with hub.changes() as changes:
            with stream.subscribe():
                await source.until(lambda one: one.starts)
                source.end()
                await until(stream, lambda one: one.gone, hub)
                assert hub.list() == [stream]
            async with asyncio.timeout(PATIENCE):
                while hub.list():
                    await changes.take()


async def test_the_clock_goes_on_when_somebody_else_removes_a_stream_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(ToySource):
        async def close(self) -> None:
            await super().close()
            if self is first:
                await hub.remove("page:second")  # while the clock is still busy with the first

    monkeypatch.setattr("livepane.hub.hub._KEPT_AFTER_END", 0.0)
    async with Hub() as hub:
        first, third = Slow(), ToySource()
        hub.add(StreamId.parse("page:first"), first, title="", transient=True)
        hub.add(StreamId.parse("page:second"), ToySource(), title="", transient=True)
        await first.until(lambda one: one.closes)
        with hub.add(StreamId.parse("page:third"), third, title="").subscribe():
            await third.until(lambda one: one.starts)
            third.sink.put(picture(1))  # type: ignore[union-attr]
            await until(hub.get("page:third"), lambda one: one.state is State.STATIC, hub)


async def test_a_pushed_stream_is_starting_live_and_doubtful_when_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livepane.hub.truth.SILENT_AFTER", 0.1)
    async with Hub() as hub:
        stream = hub.add(StreamId.parse("producer:alice"), None, title="alice")
        stream.attach(None, pushed=True)
        assert state_of(stream) is State.STARTING
        stream.put(picture(1))
        assert state_of(stream) is State.LIVE
        await until(stream, lambda one: one.state is State.RECONNECTING, hub)
        assert stream.reason == "the producer is connected and sends nothing"
        stream.put(picture(1))
        assert state_of(stream) is not State.RECONNECTING
        stream.detach("its producer has left")
        assert (state_of(stream), stream.reason) == (State.RECONNECTING, "its producer has left")
        stream.attach(None, pushed=True)
        assert state_of(stream) is State.STARTING


async def test_viewers_of_a_pushed_stream_go_on_when_its_producer_comes_back() -> None:
    async with Hub() as hub:
        stream = hub.add(StreamId.parse("producer:alice"), None, title="alice")
        orders: list[tuple[int, int]] = []
        with stream.subscribe(fps=1e6) as pictures:
            for _ in range(3):
                stream.attach(None, pushed=True)
                stream.put(picture(1))
                async with asyncio.timeout(PATIENCE):
                    orders.append((await pictures.next()).frame.order)
                stream.detach("left")
        assert orders == sorted(set(orders))
        assert [seq for _, seq in orders] == [1, 1, 1]


async def test_actions_are_counted_and_the_newest_kept() -> None:
    async with streaming() as (_, stream, _):
        for number in range(250):
            stream.action(Action(f"step {number}", number))
        assert (stream.action_count, len(stream.actions)) == (250, 200)
        assert stream.actions[-1].label == "step 249"


async def test_a_stream_that_can_be_opened_is_opened_once_for_all_who_name_it() -> None:
    opened: list[ToySource] = []

    async def opener(stream_id: StreamId) -> tuple[ToySource, str]:
        await asyncio.sleep(0.01)
        opened.append(ToySource())
        return opened[-1], f"window {stream_id.name}"

    async with Hub() as hub:
        hub.opener(Kind.WINDOW, opener)
        streams = await asyncio.gather(*(hub.open("window:7") for _ in range(10)))
        assert len(opened) == 1
        assert len(set(map(id, streams))) == 1
        assert streams[0].title == "window 7"
        with pytest.raises(NotFound, match="page:nowhere"):
            await hub.open("page:nowhere")


async def test_what_cannot_be_opened_leaves_nothing_behind() -> None:
    async def opener(stream_id: StreamId) -> tuple[ToySource, str]:
        raise NotFound(f"no {stream_id}")

    async with Hub() as hub:
        hub.opener(Kind.WINDOW, opener)
        for number in range(5):
            with pytest.raises(NotFound):
                await hub.open(f"window:{number}")
        assert hub.list() == []
        assert not hub._opening


async def test_a_window_that_has_gone_is_looked_for_again_when_somebody_names_it() -> None:
    there = [ToySource(), ToySource()]

    async def opener(stream_id: StreamId) -> tuple[ToySource, str]:
        if not there:
            raise NotFound(f"no {stream_id}")
        return there.pop(0), "window"

    async with Hub() as hub:
        hub.opener(Kind.WINDOW, opener)
        first, second = there
        for source in (first, second):
            stream = await hub.open("window:7")
            with stream.subscribe() as pictures:
                await source.until(lambda one: one.starts)
                stream.put(picture(1))
                async with asyncio.timeout(PATIENCE):
                    assert isinstance((await pictures.next()).frame, Frame)
                source.end(SourceGone("closed"))
                await until(stream, lambda one: one.gone, hub)
        with pytest.raises(NotFound):
            await hub.open("window:7")
        assert first.closes == 1


async def test_an_owner_who_begins_while_somebody_opens_its_stream_keeps_it() -> None:
    opening, may_go_on = asyncio.Event(), asyncio.Event()
    still, page = ToySource(), ToySource()

    async def opener(stream_id: StreamId) -> tuple[ToySource, str]:
        opening.set()
        await may_go_on.wait()
        return still, "waits for its turn"

    async with Hub() as hub:
        hub.opener(Kind.JOB, opener)
        asked = asyncio.get_running_loop().create_task(hub.open("job:7"), name="somebody opens it")
        async with asyncio.timeout(PATIENCE):
            await opening.wait()
            owned = hub.add(StreamId(Kind.JOB, "7"), None, title="runs", owned=True)
            may_go_on.set()
            assert await asked is owned
        with owned.subscribe():
            owned.attach(page)
            await page.until(lambda one: one.starts)
        assert (owned.title, still.starts, still.closes) == ("runs", 0, 1)


async def test_a_new_source_takes_over_from_the_one_that_is_captured() -> None:
    async with streaming() as (_, stream, before):
        after = ToySource()
        with stream.subscribe():
            await before.until(lambda one: one.starts)
            stream.attach(after)
            await after.until(lambda one: one.starts)
            assert before.stops == 1


async def test_a_source_that_cannot_be_closed_does_not_keep_the_others_open() -> None:
    class Stuck(ToySource):
        async def close(self) -> None:
            raise RuntimeError("will not close")

    other = ToySource()
    async with Hub() as hub:
        hub.add(StreamId.parse("page:stuck"), Stuck(), title="")
        hub.add(StreamId.parse("page:other"), other, title="")
    assert other.closes == 1


async def test_a_stream_with_an_owner_stays_without_a_source_and_says_why_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livepane.hub.hub._KEPT_AFTER_END", 0.0)
    async with Hub(grace=0) as hub:
        stream = hub.add(StreamId(Kind.JOB, "7"), None, title="a job", owned=True)
        stream.unplug("no browser needed")
        assert (stream.state, stream.reason) == (State.IDLE, "no browser needed")
        source = ToySource()
        with stream.subscribe() as viewer:
            stream.attach(source)  # it has a page now
            await source.until(lambda one: one.starts)
            stream.put(picture(1))
            assert (state_of(stream), stream.reason) == (State.LIVE, None)
            stream.unplug("its page is closed")
            await source.until(lambda one: one.stops)
            assert (state_of(stream), stream.reason) == (State.IDLE, "its page is closed")
            assert (await viewer.next()).frame.picture.shows_the_same_as(picture(1))  # the last picture stays
        removed = hub.add(StreamId(Kind.JOB, "8"), None, title="another job", owned=False)
        await removed.ended()  # the hub's clock has come by
        assert hub.find("job:7") is stream
        stream.end("the job has finished")
        await until(stream, lambda one: one.closed, hub)
        assert hub.find("job:7") is None
