"""A producer against a server over a real socket: demand, window, clock, words, loss and return."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
import simplejpeg

from livepane.discovery import Located
from livepane.domain.errors import LivepaneError, NameTaken, SourceGone, TooLarge, Unauthorised, Unavailable
from livepane.domain.frame import Encoding, Picture
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.domain.stream import Action, Kind
from livepane.producing.client import Happening, Producer
from livepane.producing.demand import Ceilings
from livepane.wire import messages
from tests.integration.producing.toy_server import News, ToyServer

WISH = messages.DemandModel(fps=30.0, quality=50, width=64, height=64)


class Painter:
    """A source of raw pictures, each in another grey, as fast as the loop turns."""

    def __init__(self, *, size: tuple[int, int] = (128, 96), still: bool = False) -> None:
        self.width, self.height = size
        self.still = still
        self.painted = self.captures = self.running = 0
        self.closed = False
        self.failure: Exception | None = None
        self.news = News()

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        self.captures += 1
        self.running += 1
        try:
            while True:
                if self.failure is not None:
                    failure, self.failure = self.failure, None
                    raise failure
                grey = 0 if self.still else self.painted % 256
                sink.put(
                    Picture(time.time_ns(), self.width, self.height, Encoding.RAW, bytes([grey] * 4) * self.width * self.height)
                )
                self.painted += 1
                self.news.tell()
                await asyncio.sleep(0.002)
        finally:
            self.running -= 1
            self.news.tell()

    async def close(self) -> None:
        self.closed = True


class Told(list[tuple[Happening, str]]):
    """What the producer told, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.news = News()

    def take(self, what: Happening, detail: str) -> None:
        self.append((what, detail))
        self.news.tell()

    async def hears(self, what: Happening) -> None:
        await self.news.until(lambda: what in [heard for heard, _ in self])


@asynccontextmanager
async def producing(
    source: Painter, target: Located, *, ceilings: Ceilings | None = None, name: str = "alice"
) -> AsyncIterator[tuple[Producer, Told]]:
    told = Told()

    async def locate() -> Located:
        return target

    hello = messages.ProducerHello(kind=Kind.PRODUCER, name=name, title="Alice's desk")
    producer = Producer(locate, hello, ceilings=ceilings, tell=told.take)
    task = asyncio.get_running_loop().create_task(producer.run(source), name="producer under test")
    try:
        yield producer, told
    finally:
        task.cancel()
        await asyncio.wait([task])


async def run_until_refused(source: Painter, target: Located) -> LivepaneError:
    async def locate() -> Located:
        return target

    with pytest.raises(LivepaneError) as caught:
        await Producer(locate, messages.ProducerHello(name="alice")).run(source)
    return caught.value


async def test_nothing_is_captured_until_somebody_looks_nor_afterwards() -> None:
    server, source = ToyServer(), Painter()
    async with server.running() as target, producing(source, target):
        guest = await server.guest()
        assert guest.hello == messages.ProducerHello(kind=Kind.PRODUCER, name="alice", title="Alice's desk")
        assert server.query(guest) == {"name": ["alice"]}
        await guest.demand(None)
        assert source.captures == 0
        await guest.demand(WISH)
        await server.until(lambda: len(guest.frames) >= 3)
        await guest.demand(None)
        await source.news.until(lambda: not source.running)
        await guest.demand(WISH)
        await server.until(lambda: source.captures == 2 and guest.frames)
    assert source.closed


async def test_raw_pictures_arrive_as_jpegs_that_fit_into_the_demanded_box() -> None:
    server = ToyServer()
    async with server.running() as target, producing(Painter(size=(128, 96)), target):
        guest = await server.guest()
        await guest.demand(WISH)
        await server.until(lambda: guest.frames)
        picture = guest.frames[0].picture
        assert (picture.encoding, picture.width, picture.height) == (Encoding.JPEG, 64, 48)
        assert simplejpeg.decode_jpeg_header(picture.data)[:2] == (48, 64)
        await guest.demand(messages.DemandModel(fps=30.0))
        await server.until(lambda: guest.frames[-1].picture.width == 128)


async def test_the_ceilings_of_this_side_hold_whatever_is_demanded() -> None:
    server = ToyServer()
    ceilings = Ceilings(fps=8, quality=60, max_dimension=32)
    async with server.running() as target, producing(Painter(size=(128, 96)), target, ceilings=ceilings) as (_, told):
        guest = await server.guest()
        await guest.demand(messages.DemandModel(fps=60.0, quality=100))
        await server.until(lambda: guest.frames)
        assert guest.frames[0].picture.width == 32
        assert (Happening.WATCHED, "up to 8 pictures a second") in told


async def test_at_most_the_window_is_unacknowledged_and_then_the_newest_follows() -> None:
    server, source = ToyServer(), Painter()
    server.acknowledge = False
    async with server.running() as target, producing(source, target):
        guest = await server.guest()
        await guest.demand(WISH)
        await server.until(lambda: len(guest.frames) == 2)
        painted = source.painted
        await source.news.until(lambda: source.painted >= painted + 50)
        assert [frame.seq for frame in guest.frames] == [1, 2]
        server.acknowledge = True
        last = guest.frames[-1]
        await guest.websocket.send(messages.encode(messages.PictureAck(epoch=last.epoch, seq=last.seq)))
        await server.until(lambda: len(guest.frames) > 4)
        newest = simplejpeg.decode_jpeg(guest.frames[2].picture.data)
        assert int(np.median(newest)) >= (painted + 40) % 256 - 20 or painted > 200


async def test_a_picture_that_did_not_change_is_sent_once_per_look() -> None:
    server, source = ToyServer(), Painter(still=True)
    async with server.running() as target, producing(source, target):
        guest = await server.guest()
        await guest.demand(WISH)
        await source.news.until(lambda: source.painted >= 50)
        await server.until(lambda: guest.frames)
        assert len(guest.frames) == 1
        await guest.demand(None)
        await guest.demand(WISH)
        await server.until(lambda: len(guest.frames) == 2)


async def test_captured_at_is_in_the_clock_of_the_server() -> None:
    server = ToyServer()
    an_hour_ahead = 3_600_000
    server.clock = lambda: time.time() * 1e3 + an_hour_ahead
    async with server.running() as target, producing(Painter(), target):
        guest = await server.guest()
        before = time.time_ns()
        await guest.demand(WISH)
        await server.until(lambda: guest.frames)
        ahead = guest.frames[0].picture.captured_at - before
        assert abs(ahead / 1e6 - an_hour_ahead) < 60_000


async def test_words_reach_the_server_and_their_changes_too() -> None:
    server = ToyServer()
    async with server.running() as target, producing(Painter(), target) as (producer, _):
        guest = await server.guest()
        producer.outbox.describe(title="<b>Shop</b>", url="https://example.org/")
        producer.outbox.action(Action("Filling username", at=time.time_ns()))
        await server.until(lambda: len(guest.heard) >= 2)
        described, action = guest.heard[:2]
        assert isinstance(described, messages.ProducerDescribe)
        assert described.title == "<b>Shop</b>"
        assert isinstance(action, messages.ProducerAction)
        assert action.action.label == "Filling username"


async def test_a_capture_that_fails_is_told_and_tried_again() -> None:
    server, source = ToyServer(), Painter()
    source.failure = Unavailable("the page crashed")
    async with server.running() as target, producing(source, target):
        guest = await server.guest()
        await guest.demand(WISH)
        await server.until(lambda: guest.frames)
        states = [said for said in guest.heard if isinstance(said, messages.ProducerState)]
        assert (states[0].state, states[0].reason) == ("reconnecting", "the page crashed")
        await server.until(lambda: any(isinstance(said, messages.ProducerState) and said.state == "live" for said in guest.heard))


async def test_a_source_that_ends_says_so_and_the_producer_returns() -> None:
    server, source = ToyServer(), Painter()
    source.failure = SourceGone("the window was closed")
    async with server.running() as target, producing(source, target) as (_, told):
        guest = await server.guest()
        await guest.demand(WISH)
        await server.until(lambda: guest.gone)
        assert guest.heard[-1] == messages.ProducerState(state="gone", reason="the window was closed")
    assert told[-1] == (Happening.GONE, "the window was closed")
    assert source.closed


async def test_a_producer_that_is_stopped_says_farewell() -> None:
    server = ToyServer()
    async with server.running() as target:
        async with producing(Painter(), target) as (producer, told):
            guest = await server.guest()
            await told.hears(Happening.CONNECTED)
            producer.leave("sharing was stopped")
        await server.until(lambda: guest.gone)
        assert guest.heard[-1] == messages.ProducerState(state="gone", reason="sharing was stopped")
        assert guest.websocket.close_code == 1000


async def test_a_producer_that_is_stopped_before_it_is_welcome_says_farewell() -> None:
    server = ToyServer()
    server.welcomes = False
    async with server.running() as target:
        async with producing(Painter(), target) as (producer, _):
            guest = await server.guest()
            producer.leave("sharing was stopped")
        await server.until(lambda: guest.gone)
        assert guest.heard == [messages.ProducerState(state="gone", reason="sharing was stopped")]


async def test_a_lost_server_is_said_once_and_the_pictures_come_back() -> None:
    server, source = ToyServer(), Painter()
    async with server.running() as target, producing(source, target) as (_, told):
        guest = await server.guest()
        await guest.demand(WISH)
        await server.until(lambda: guest.frames)
        guest.websocket.transport.abort()
        back = await server.guest(1)
        await back.demand(WISH)
        await server.until(lambda: back.frames)
        assert back.frames[0].epoch > guest.frames[-1].epoch
    assert [what for what, _ in told].count(Happening.LOST) == 1
    assert (Happening.BACK, "producer:alice") in told


async def test_a_server_that_comes_later_is_found() -> None:
    server, source = ToyServer(), Painter()
    async with server.running() as target:
        pass
    async with producing(source, target) as (_, told):
        await told.hears(Happening.LOST)
        async with server.running():
            guest = await server.guest()
            await guest.demand(WISH)
            await server.until(lambda: guest.frames)
    assert [what for what, _ in told][:2] == [Happening.LOST, Happening.BACK]


@pytest.mark.parametrize(("code", "error"), [(4000, NameTaken), (4401, Unauthorised)])
async def test_a_refusal_for_good_is_not_tried_again(code: int, error: type[LivepaneError]) -> None:
    server, source = ToyServer(), Painter()
    server.refuse_with = code
    async with server.running() as target:
        assert isinstance(await run_until_refused(source, target), error)
    assert source.closed


async def test_our_own_ghost_does_not_keep_us_out() -> None:
    server, source = ToyServer(), Painter()
    async with server.running() as target, producing(source, target) as (_, told):
        guest = await server.guest()
        server.refuse_with = 4000  # the server has not yet noticed that the first connection is dead
        guest.websocket.transport.abort()
        await told.hears(Happening.LOST)
        server.refuse_with = None
        await server.guest(1)


async def test_a_picture_over_the_limits_of_the_server_is_an_error_with_the_mend() -> None:
    server, source = ToyServer(), Painter(size=(600, 600))
    server.max_pixels = 300_000
    async with server.running() as target, asyncio.TaskGroup() as tasks:
        refused = tasks.create_task(run_until_refused(source, target))
        guest = await server.guest()
        await guest.demand(messages.DemandModel(fps=1.0))
        error = await refused
    assert isinstance(error, TooLarge)
    assert "600 x 600" in str(error)
    assert "--max-dimension" in str(error)


async def test_a_server_without_our_protocol_gets_plain_jpegs_all_the_time() -> None:
    server = ToyServer()
    ceilings = Ceilings(fps=8, quality=60, max_dimension=50)
    async with (
        server.running(subprotocols=False) as target,
        producing(Painter(still=True), target, ceilings=ceilings) as (_, told),
    ):
        guest = await server.guest()
        await server.until(lambda: len(guest.plain) >= 2)  # the second one is the repeat for those who come later
        assert max(simplejpeg.decode_jpeg_header(guest.plain[0])[:2]) == 50
        assert told[0] == (Happening.PLAIN, target.url)


async def test_a_server_that_agrees_to_everything_is_served_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livepane.producing.link.WELCOME_WITHIN", 0.1)
    server = ToyServer()
    server.speaks = False
    async with server.running() as target, producing(Painter(), target):
        await server.until(lambda: len(server.guests) == 2)
        plain = server.guests[1]
        await server.until(lambda: plain.plain)
        assert plain.websocket.subprotocol is None
        assert simplejpeg.decode_jpeg_header(plain.plain[0])


async def test_noise_from_the_server_does_no_harm() -> None:
    server = ToyServer()
    async with server.running() as target, producing(Painter(), target):
        guest = await server.guest()
        for noise in ("", "{}", '{"type":"demand","demand":{"fps":"x"}}', b"\x00\x01", '{"type":"future"}', "[" * 5000):
            await guest.websocket.send(noise)
        await guest.demand(WISH)
        await server.until(lambda: guest.frames)
