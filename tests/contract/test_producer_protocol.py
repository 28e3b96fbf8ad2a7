"""Our own producer protocol: demand down; pictures, actions, titles and states up."""

from __future__ import annotations

import itertools
import json
import time

import pytest
from websockets.asyncio.client import ClientConnection

from livepane.domain.frame import Encoding, Frame, Picture
from livepane.wire import frame_binary
from livepane.wire.messages import PRODUCER_SUBPROTOCOL
from tests.contract.clients import Message, binary, closed, producer, receive, say, silent, socket, text, told_of, viewer
from tests.pictures import claiming, jpeg, without_end
from tests.serving import Server

_numbers = itertools.count(1)


@pytest.fixture
def name() -> str:
    """A producer's name that no other test uses."""
    return f"carol-{next(_numbers)}"


def picture(seq: int, number: int, epoch: int = 7, data: bytes | None = None) -> bytes:
    made = Picture(time.time_ns(), 64, 48, Encoding.JPEG, jpeg(number) if data is None else data)
    return frame_binary.encode(Frame(epoch, seq, made))


async def hello(websocket: ClientConnection, name: str, **more: object) -> Message:
    await say(websocket, type="hello", name=name, **more)
    return await text(websocket, "welcome")


async def test_welcome_answers_hello_and_demand_is_null_until_somebody_looks(server: Server, name: str) -> None:
    async with producer(server) as sending:
        assert sending.subprotocol == PRODUCER_SUBPROTOCOL
        welcome = await hello(sending, name)
        assert (welcome["protocol"], welcome["stream"], welcome["window"]) == (1, f"producer:{name}", 2)
        assert welcome["max_bytes"] == 10 * 2**20
        assert welcome["max_pixels"] == 33_177_600
        assert abs(welcome["now"] / 1000 - time.time()) < 60
        assert json.loads(await receive(sending)) == {"type": "demand", "demand": None}
        await told_of(server, f"producer:{name}", lambda one: one["state"] == "idle")


async def test_demand_follows_the_viewers(server: Server, name: str) -> None:
    async with producer(server) as sending:
        await hello(sending, name)
        assert (await text(sending, "demand"))["demand"] is None
        async with socket(server, f"/ws/viewer?name={name}&fps=5&quality=60&width=640&height=480"):
            wanted = await text(sending, "demand")
            assert wanted["demand"] == {"fps": 5, "quality": 60, "width": 640, "height": 480, "highlight": False}
            async with socket(server, f"/ws/viewer?name={name}&fps=12"):
                wanted = await text(sending, "demand")
                assert wanted["demand"] == {"fps": 12, "quality": 60, "width": None, "height": None, "highlight": False}
            wanted = await text(sending, "demand")
            assert wanted["demand"]["fps"] == 5
        assert (await text(sending, "demand"))["demand"] is None


async def test_pictures_are_acknowledged_and_shown(server: Server, name: str) -> None:
    async with producer(server) as sending, socket(server, f"/ws/viewer?name={name}") as looking:
        await hello(sending, name)
        for number in range(1, 6):
            await sending.send(picture(number, number))
            acked = await text(sending, "ack")
            assert (acked["epoch"], acked["seq"]) == (7, number)
            assert await binary(looking) == jpeg(number)


async def test_a_farewell_is_heard_though_its_producer_did_not_wait_for_what_was_said_before(server: Server, name: str) -> None:
    async with producer(server) as sending:
        await hello(sending, name)
        for number in range(1, 21):
            await sending.send(picture(number, number))
        await say(sending, type="state", state="gone", reason="all is done")
    left = await told_of(server, f"producer:{name}", lambda one: one["state"] in ("gone", "reconnecting"))
    assert (left["state"], left["reason"]) == ("gone", "all is done")


async def test_an_old_picture_never_paints_after_a_new_one(server: Server, name: str) -> None:
    async with producer(server) as sending, viewer(server) as looking:
        await hello(sending, name)
        await say(looking, type="watch", pane=1, stream=f"producer:{name}", fps=60)
        orders = []
        for epoch, seq, number in [(7, 100, 1), (8, 1, 2), (7, 101, 3), (8, 2, 4)]:
            await sending.send(picture(seq, number, epoch))
            await text(sending, "ack", lambda said, seq=seq: said["seq"] == seq)  # type: ignore[misc]
            if epoch == 7 and seq == 101:
                assert await silent(looking, 0.2)
                continue
            got = frame_binary.decode(await binary(looking))
            assert got.frame.picture.data == jpeg(number)
            orders.append(got.frame.order)
            await say(looking, type="ack", channel=got.channel, epoch=got.frame.epoch, seq=got.frame.seq)
        assert orders == sorted(set(orders))


async def test_the_future_is_never_shown(server: Server, name: str) -> None:
    made = Picture(2**62, 64, 48, Encoding.JPEG, jpeg(1))
    async with producer(server) as sending, viewer(server) as looking:
        await hello(sending, name)
        await say(looking, type="watch", pane=1, stream=f"producer:{name}")
        await sending.send(frame_binary.encode(Frame(1, 1, made)))
        got = frame_binary.decode(await binary(looking))
        assert got.frame.picture.captured_at <= time.time_ns() + 60 * 10**9


async def test_titles_actions_and_states_reach_the_viewers(server: Server, name: str) -> None:
    stream = f"page:{name}"
    async with producer(server) as sending, viewer(server) as looking:
        await hello(sending, name, kind="page", title="<b>first</b>", url="https://example.org/", masked=True)
        await say(looking, type="watch", pane=1, stream=stream)
        said = await text(looking, "stream", lambda said: said["stream"]["id"] == stream and said["stream"]["masked"])
        assert (said["stream"]["title"], said["stream"]["url"]) == ("<b>first</b>", "https://example.org/")
        await say(sending, type="describe", title="second")
        said = await text(looking, "stream", lambda said: said["stream"]["title"] == "second")
        assert said["stream"]["url"] == "https://example.org/"
        box = {"x": 1, "y": 2, "width": 3, "height": 4}
        await say(sending, type="action", action={"label": "Filling username", "at": 1000.5, "selector": "#user", "box": box})
        action = await text(looking, "action")
        assert (action["stream"], action["action"]) == (
            stream,
            {
                "label": "Filling username",
                "at": 1000.5,
                "selector": "#user",
                "box": {key: float(value) for key, value in box.items()},
            },
        )
        await sending.send(picture(1, 1))
        await say(sending, type="state", state="hidden", reason="minimised")
        said = await text(looking, "stream", lambda said: said["stream"]["id"] == stream and said["stream"]["state"] == "hidden")
        assert said["stream"]["reason"] == "minimised"
        for state, shown in [("live", ("live", "static")), ("reconnecting", ("reconnecting",)), ("gone", ("gone",))]:
            await say(sending, type="state", state=state)
            await text(
                looking,
                "stream",
                lambda said, shown=shown: said["stream"]["id"] == stream and said["stream"]["state"] in shown,  # type: ignore[misc]
            )


@pytest.mark.parametrize(
    "first",
    [
        '{"type":"ping","id":1}',
        '{"type":"hello"}',
        '{"type":"hello","name":""}',
        '{"type":"hello","name":"a/b"}',
        '{"type":"hello","name":" "}',
        '{"type":"hello","name":"\\u202e"}',
        '{"type":"hello","kind":"toaster","name":"x"}',
        '{"type":"hello","kind":"desktop","name":"0"}',
        '{"type":"hello","kind":"window","name":"7"}',
        "nonsense",
        b"binary",
    ],
)
async def test_what_is_no_good_hello_closes_4400(server: Server, first: str | bytes) -> None:
    async with producer(server) as sending:
        await sending.send(first)
        code, reason = await closed(sending)
        assert code == 4400
        assert reason


async def test_a_taken_name_closes_4000_whichever_protocol_has_it(server: Server, name: str) -> None:
    async with producer(server) as first:
        await hello(first, name)
        async with producer(server) as second:
            await say(second, type="hello", name=name)
            assert (await closed(second))[0] == 4000
        async with socket(server, f"/ws/producer?name={name}") as plain:
            assert (await closed(plain))[0] == 4000
        await say(first, type="ping", id=3)
        assert (await text(first, "pong"))["id"] == 3


async def test_nobody_takes_over_a_page_that_the_server_shows(server: Server) -> None:
    async with server.http() as client:
        opened = await client.post("/api/pages", json={"url": f"{server.url}/healthz"}, headers=server.admin)
        stream = opened.json()["stream"]
        async with producer(server) as sending:
            await say(sending, type="hello", kind="page", name=stream.partition(":")[2])
            code, reason = await closed(sending)
            assert code == 4000
            assert stream in reason
        await client.delete(f"/api/streams/{stream}", headers=server.admin)


async def test_what_is_wrong_is_answered_and_the_socket_stays(server: Server, name: str) -> None:
    async with producer(server) as sending:
        await hello(sending, name)
        wrong: list[str | bytes] = [
            b"",
            b"short",
            picture(1, 1, data=b"no picture"),
            picture(1, 1, data=without_end(jpeg())),
            picture(1, 1, data=claiming(30_000, 30_000)),
            picture(1, 1, data=claiming(0, 0)),
            "nonsense",
            '{"type":"hello","name":"again"}',
            '{"type":"state","state":"sleepy"}',
            '{"type":"action","action":{"label":"x","at":1e999}}',
            '{"type":"action","action":{"label":"x","at":1e300}}',
            json.dumps({"type": "describe", "title": "x" * 501}),
        ]
        for message in wrong:
            await sending.send(message)
            assert (await text(sending, "error"))["message"]
        async with socket(server, f"/ws/viewer?name={name}") as looking:
            await sending.send(picture(2, 2))
            assert await binary(looking) == jpeg(2)
