"""Our own viewer protocol, as docs/reference/protocols.md tells it."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection

from livepane import __version__
from livepane.wire import ack, frame_binary
from livepane.wire.frame_binary import BinaryFrame
from livepane.wire.messages import VIEWER_SUBPROTOCOL, Ack
from tests.contract.clients import Message, binary, closed, receive, say, silent, socket, text, viewer
from tests.pictures import decoded, jpeg
from tests.serving import Server

_numbers = itertools.count(1)


@pytest.fixture
def stream() -> str:
    """A stream that no other test uses."""
    return f"producer:bob-{next(_numbers)}"


@asynccontextmanager
async def fed(server: Server, stream: str) -> AsyncIterator[ClientConnection]:
    """The stream, with one picture in it."""
    async with socket(server, f"/ws/producer?name={stream.partition(':')[2]}") as producer:
        await producer.send(jpeg(0))
        async with socket(server, f"/ws/viewer?name={stream}") as looking:
            await binary(looking)
        yield producer


async def watch(websocket: ClientConnection, stream: str, pane: int = 1, **how: object) -> Message:
    await say(websocket, type="watch", pane=pane, stream=stream, **how)
    return await text(websocket, "pane", lambda said: said["pane"] == pane)


async def frame(websocket: ClientConnection, channel: int | None = None) -> BinaryFrame:
    message = await binary(websocket, lambda data: channel is None or frame_binary.decode(data).channel == channel)
    return frame_binary.decode(message)


async def acknowledge(websocket: ClientConnection, got: BinaryFrame, *, as_json: bool = False) -> None:
    said = Ack(channel=got.channel, epoch=got.frame.epoch, seq=got.frame.seq, age=12.5)
    await websocket.send(said.model_dump_json() if as_json else ack.encode(said))


async def test_hello_comes_first_and_the_streams_second(server: Server, stream: str) -> None:
    async with fed(server, stream), viewer(server) as looking:
        assert looking.subprotocol == VIEWER_SUBPROTOCOL
        before = time.time() * 1000
        hello = json.loads(await receive(looking))
        assert (hello["type"], hello["protocol"], hello["version"]) == ("hello", 1, __version__)
        assert abs(hello["now"] - before) < 60_000
        assert hello["roles"] == ["producer", "scraper", "viewer"]
        streams = json.loads(await receive(looking))
        assert streams["type"] == "streams"
        (mine,) = [one for one in streams["streams"] if one["id"] == stream]
        assert (mine["kind"], mine["width"], mine["height"], mine["can_close"]) == ("producer", 64, 48, False)
        assert mine["state"] in ("live", "static")


async def test_a_new_stream_and_its_changes_are_told(server: Server, stream: str) -> None:
    async with viewer(server) as looking:
        await text(looking, "streams")
        async with fed(server, stream):
            await text(looking, "stream", lambda said: said["stream"]["id"] == stream and said["stream"]["state"] == "live")
        lost = await text(looking, "stream", lambda said: said["stream"]["id"] == stream and said["stream"]["reason"])
        assert lost["stream"]["state"] == "reconnecting"


async def test_a_pane_gets_the_newest_picture_at_once_with_its_channel_and_clock(server: Server, stream: str) -> None:
    async with fed(server, stream), viewer(server) as looking:
        pane = await watch(looking, stream)
        got = await frame(looking)
        assert got.channel == pane["channel"]
        assert got.frame.picture.data == jpeg(0)
        assert (got.frame.picture.width, got.frame.picture.height, got.frame.is_key) == (64, 48, True)
        assert abs(got.frame.picture.captured_at / 1e9 - time.time()) < 60


@pytest.mark.parametrize("as_json", [True, False])
async def test_without_an_acknowledgement_no_more_than_the_window_comes(server: Server, stream: str, as_json: bool) -> None:
    async with fed(server, stream) as producer, viewer(server) as looking:
        window = (await text(looking, "hello"))["window"]
        await watch(looking, stream, fps=60)
        first = await frame(looking)
        got = 1
        for number in range(1, 6):
            await producer.send(jpeg(number))
        while not await silent(looking):
            got += 1
        assert got <= window
        await acknowledge(looking, first, as_json=as_json)
        assert (await frame(looking)).frame.picture.data == jpeg(5), "the newest, not what queued"


async def test_acknowledging_lets_every_picture_come(server: Server, stream: str) -> None:
    async with fed(server, stream) as producer, viewer(server) as looking:
        await watch(looking, stream, fps=60)
        orders = []
        for number in range(1, 10):
            got = await frame(looking)
            orders.append(got.frame.order)
            await producer.send(jpeg(number))
            await acknowledge(looking, got, as_json=number % 2 == 0)
        assert orders == sorted(set(orders))


async def test_a_far_viewer_has_two_pictures_under_way(server: Server, stream: str) -> None:
    async with fed(server, stream) as producer, viewer(server) as looking:
        await say(looking, type="ping", id=7, rtt=120)
        assert (await text(looking, "pong"))["id"] == 7
        await watch(looking, stream, fps=60)
        await frame(looking)
        await producer.send(jpeg(1))
        await frame(looking)
        await producer.send(jpeg(2))
        assert await silent(looking)


async def test_equal_panes_share_a_channel_and_different_ones_do_not(server: Server, stream: str) -> None:
    async with fed(server, stream), viewer(server) as looking:
        one = await watch(looking, stream, 1, width=32)
        same = await watch(looking, stream, 2, width=32)
        other = await watch(looking, stream, 3, width=16)
        assert one["channel"] == same["channel"] != other["channel"]
        assert decoded((await frame(looking, other["channel"])).frame.picture.data).size == (16, 12)


async def test_panes_that_share_a_channel_get_each_picture_once(server: Server, stream: str) -> None:
    async with fed(server, stream) as producer, viewer(server) as looking:
        first = await watch(looking, stream, pane=1, fps=60)
        await acknowledge(looking, await frame(looking, first["channel"]))
        await watch(looking, stream, pane=2, fps=60)
        await acknowledge(looking, again := await frame(looking, first["channel"]))  # for the one that has just come
        await producer.send(jpeg(1))
        await acknowledge(looking, new := await frame(looking, first["channel"]))
        assert new.frame.order > again.frame.order
        await producer.send(jpeg(2))
        assert (await frame(looking, first["channel"])).frame.order > new.frame.order
        assert await silent(looking)


async def test_one_of_two_panes_that_share_a_channel_can_leave_or_change(server: Server, stream: str) -> None:
    async with fed(server, stream) as producer, viewer(server) as looking:
        first = await watch(looking, stream, pane=1, fps=60)
        await acknowledge(looking, await frame(looking, first["channel"]))
        await watch(looking, stream, pane=2, fps=60)
        await acknowledge(looking, await frame(looking, first["channel"]))
        changed = await watch(looking, stream, pane=2, width=16)
        assert changed["channel"] != first["channel"]
        await say(looking, type="unwatch", pane=2)
        await say(looking, type="ping", id=1)
        await text(looking, "pong")
        await producer.send(jpeg(1))
        while decoded((got := await frame(looking, first["channel"])).frame.picture.data) != decoded(jpeg(1)):
            await acknowledge(looking, got)


async def test_watching_again_changes_the_rendition_and_no_picture_overtakes_the_announcement(
    server: Server, stream: str
) -> None:
    async with fed(server, stream), viewer(server) as looking:
        await watch(looking, stream)
        await frame(looking)  # and never acknowledged
        await say(looking, type="watch", pane=1, stream=stream, format="webp", width=32)
        announced: set[int] = set()
        while True:
            message = await receive(looking)
            if isinstance(message, str):
                said = json.loads(message)
                announced |= {said["channel"]} if said["type"] == "pane" else set()
            else:
                got = frame_binary.decode(message)
                assert got.channel in announced
                break
        assert decoded(got.frame.picture.data).format == "WEBP"
        assert decoded(got.frame.picture.data).size == (32, 24)


async def test_a_pane_that_is_closed_costs_nothing(server: Server, stream: str) -> None:
    async with fed(server, stream) as producer, viewer(server) as looking:
        await watch(looking, stream)
        await acknowledge(looking, await frame(looking))
        await say(looking, type="unwatch", pane=1)
        await say(looking, type="unwatch", pane=77)
        await text(looking, "stream", lambda said: said["stream"]["id"] == stream and said["stream"]["viewers"] == 0)
        await producer.send(jpeg(1))
        assert await silent(looking)


async def test_a_screenshot_is_sent_even_if_nothing_changed(server: Server, stream: str) -> None:
    async with fed(server, stream), viewer(server) as looking:
        await watch(looking, stream, fps=0.1)
        first = await frame(looking)
        await acknowledge(looking, first)
        await say(looking, type="screenshot", pane=1)
        assert (await frame(looking)).frame.order == first.frame.order


async def test_errors_name_the_pane_and_the_socket_stays_open(server: Server, stream: str) -> None:
    async with fed(server, stream), viewer(server) as looking:
        for message, pane, code in [
            ({"type": "watch", "pane": 5, "stream": "page:nowhere"}, 5, "not_found"),
            ({"type": "watch", "pane": 6, "stream": "nonsense"}, 6, "bad_request"),
            ({"type": "screenshot", "pane": 9}, 9, "bad_request"),
            ({"type": "watch", "pane": 1, "stream": stream, "fps": 0}, None, "bad_request"),
            ({"type": "rewind"}, None, "bad_request"),
        ]:
            await say(looking, **message)  # type: ignore[arg-type]
            error = await text(looking, "error")
            assert (error["pane"], error["code"]) == (pane, code)
        for nonsense in ("{", "[]", '"watch"', b"", b"\x01\x01short", bytes(20)):
            await looking.send(nonsense)
            assert (await text(looking, "error"))["code"] == "bad_request"
        await watch(looking, stream)
        await frame(looking)


async def test_two_hundred_panes_and_no_more_but_each_can_change(server: Server, stream: str) -> None:
    other = stream + "-other"
    async with fed(server, stream), fed(server, other), viewer(server) as looking:
        for pane in range(200):
            await say(looking, type="watch", pane=pane, stream=stream)
        await text(looking, "pane", lambda said: said["pane"] == 199)
        await say(looking, type="watch", pane=200, stream=stream)
        error = await text(looking, "error")
        assert (error["code"], error["pane"]) == ("too_many", 200)
        assert "200" in error["message"]
        await say(looking, type="watch", pane=0, stream=other)
        while (said := json.loads(await _text(looking)))["type"] not in ("pane", "error"):
            pass
        assert (said["type"], said["stream"]) == ("pane", other)


async def _text(websocket: ClientConnection) -> str:
    while not isinstance(message := await receive(websocket), str):
        pass
    return message


async def test_one_slow_pane_does_not_hold_up_the_others(server: Server, stream: str) -> None:
    other = stream + "-other"
    async with fed(server, stream) as producer, fed(server, other), viewer(server) as looking:
        slow = await watch(looking, other, 1)
        await frame(looking, slow["channel"])  # never acknowledged
        quick = await watch(looking, stream, 2, fps=60)
        for number in range(1, 6):
            got = await frame(looking, quick["channel"])
            await acknowledge(looking, got)
            await producer.send(jpeg(number))


async def test_statistics_come_while_panes_are_open(server: Server, stream: str) -> None:
    async with fed(server, stream), viewer(server) as looking:
        await watch(looking, stream, 3)
        await frame(looking)
        stats = await text(looking, "stats", lambda said: said["panes"][0]["sent"])
        assert stats["panes"][0].items() >= {"pane": 3, "sent": 1, "dropped": 0, "bytes": len(jpeg(0))}.items()


async def test_statistics_say_where_the_time_goes(server: Server, stream: str) -> None:
    async with fed(server, stream) as producer, viewer(server) as looking:
        opened = await watch(looking, stream, pane=5, fps=60, width=16)  # smaller than it is: each has to be encoded
        await acknowledge(looking, await frame(looking, opened["channel"]))
        for number in (1, 2):
            await producer.send(jpeg(number))
            await acknowledge(looking, await frame(looking, opened["channel"]))
        said = await text(looking, "stats", lambda said: said["panes"][0]["sent"] == 3)
        pane = said["panes"][0]
        assert pane["dropped"] == 0
        assert pane["source_fps"] > 0
        assert pane["encode_ms"] > 0
        assert 0 < pane["held_ms"] < 10_000
        assert pane["acked_ms"] > 0


async def test_a_stream_that_is_removed_ends_its_pane_even_without_acknowledgements(server: Server) -> None:
    async with server.http() as client, viewer(server) as looking:
        opened = await client.post("/api/pages", json={"url": f"{server.url}/healthz"}, headers=server.admin)
        assert opened.status_code == 201, opened.text
        name = opened.json()["stream"]
        await watch(looking, name)
        await frame(looking)
        assert (await client.delete(f"/api/streams/{name}", headers=server.admin)).status_code == 204
        seen: set[str] = set()
        while seen != {"error", "stream_removed"}:
            said = json.loads(await _text(looking))
            if said["type"] == "error":
                assert (said["pane"], said["code"]) == (1, "source_gone")
                seen.add("error")
            elif said["type"] == "stream_removed" and said["id"] == name:
                seen.add("stream_removed")
        assert (await client.delete(f"/api/streams/{name}", headers=server.admin)).status_code == 404


async def test_a_message_over_the_limit_closes_with_1009(server: Server) -> None:
    async with viewer(server) as looking:
        await looking.send(json.dumps({"type": "watch", "pane": 1, "stream": "x" * 70_000}))
        assert (await closed(looking))[0] == 1009
