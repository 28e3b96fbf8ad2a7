"""One machine shares, many watch: `/ws/producer` and `/ws/viewer`, one binary message per JPEG."""

from __future__ import annotations

import asyncio
import itertools
import socket as sockets
from contextlib import suppress
from urllib.parse import quote

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.contract.clients import binary, closed, receive, silent, socket, told_of
from tests.pictures import claiming, decoded, image, jpeg, png_claiming, without_end
from tests.serving import Server

_numbers = itertools.count(1)


@pytest.fixture
def name() -> str:
    """A producer's name that no other test uses."""
    return f"alice-{next(_numbers)}"


async def shows(producer: ClientConnection, viewer: ClientConnection, number: int) -> None:
    """What the producer sends now arrives, byte for byte."""
    await producer.send(jpeg(number))
    assert await binary(viewer, lambda data: data == jpeg(number)) == jpeg(number)


async def test_the_names_default_to_default(server: Server) -> None:
    async with socket(server, "/ws/producer") as producer, socket(server, "/ws/viewer") as viewer:
        await shows(producer, viewer, 1)
        async with socket(server, "/ws/viewer?name=producer:default") as other:
            assert await binary(other) == jpeg(1)


async def test_pictures_go_out_byte_for_byte_and_nothing_else_comes(server: Server, name: str) -> None:
    async with socket(server, f"/ws/producer?name={name}") as producer, socket(server, f"/ws/viewer?name={name}") as viewer:
        await producer.send(jpeg(0))
        assert await receive(viewer) == jpeg(0)
        for number in range(1, 20):
            await producer.send(jpeg(number))
            assert await receive(viewer) == jpeg(number)


@pytest.mark.parametrize("kind", ["png", "webp"])
async def test_other_images_go_out_byte_for_byte_too_unless_a_size_is_asked_for(server: Server, name: str, kind: str) -> None:
    async with (
        socket(server, f"/ws/viewer?name={name}") as viewer,
        socket(server, f"/ws/viewer?name={name}&width=32") as other,
        socket(server, f"/ws/producer?name={name}") as producer,
    ):
        await producer.send(image(kind, 3))
        assert await receive(viewer) == image(kind, 3)
        assert decoded(await binary(other)).format == "JPEG"


async def test_a_producer_may_have_any_name_that_fits_into_an_address(server: Server, name: str) -> None:
    wild = quote(f"Ada's screen? #1 – {name}")
    async with socket(server, f"/ws/viewer?name={wild}") as viewer, socket(server, f"/ws/producer?name={wild}") as producer:
        await shows(producer, viewer, 5)


async def test_a_viewer_may_be_there_before_the_producer(server: Server, name: str) -> None:
    async with socket(server, f"/ws/viewer?name={name}") as viewer:
        assert await silent(viewer, 0.2)
        async with socket(server, f"/ws/producer?name={name}") as producer:
            await shows(producer, viewer, 1)


async def test_viewers_stay_when_the_producer_leaves_and_go_on_when_it_comes_back(server: Server, name: str) -> None:
    async with socket(server, f"/ws/viewer?name={name}") as viewer:
        for number in range(3):
            async with socket(server, f"/ws/producer?name={name}") as producer:
                await shows(producer, viewer, 10 + number)
                await shows(producer, viewer, 20)
            await told_of(server, f"producer:{name}", lambda one: one["state"] == "reconnecting")
        assert await silent(viewer, 0.2)


async def test_a_second_producer_of_one_name_is_refused_with_4000_and_the_first_goes_on(server: Server, name: str) -> None:
    async with socket(server, f"/ws/producer?name={name}") as producer, socket(server, f"/ws/viewer?name={name}") as viewer:
        await shows(producer, viewer, 1)
        async with socket(server, f"/ws/producer?name={name}") as second:
            code, reason = await closed(second)
            assert code == 4000
            assert repr(name) in reason
        await shows(producer, viewer, 2)
    async with socket(server, f"/ws/producer?name={name}") as third, socket(server, f"/ws/viewer?name={name}") as viewer:
        await shows(third, viewer, 3)


async def test_a_plain_producer_is_sent_nothing(server: Server, name: str) -> None:
    async with socket(server, f"/ws/producer?name={name}") as producer, socket(server, f"/ws/viewer?name={name}") as viewer:
        assert producer.subprotocol is None
        await shows(producer, viewer, 1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await producer.recv()


@pytest.mark.parametrize("bad", ["text", "truncated", "oversized", "huge jpeg", "huge png", "no picture", "gif", "empty"])
async def test_what_is_no_picture_ends_its_producer_with_a_reason_and_nobody_else_is_disturbed(
    server: Server, name: str, bad: str
) -> None:
    pictures: dict[str, str | bytes] = {
        "text": "hello",
        "truncated": without_end(jpeg()),
        "oversized": b"\xff\xd8" + bytes(10 * 2**20),
        "huge jpeg": claiming(30_000, 30_000),
        "huge png": png_claiming(30_000, 30_000),
        "no picture": b"no picture at all",
        "gif": image("gif"),
        "empty": b"",
    }
    message = pictures[bad]
    async with (
        socket(server, f"/ws/producer?name={name}-other") as other,
        socket(server, f"/ws/viewer?name={name}-other") as watching_other,
        socket(server, f"/ws/viewer?name={name}") as viewer,
    ):
        async with socket(server, f"/ws/producer?name={name}") as producer:
            await shows(producer, viewer, 1)
            await producer.send(message)
            code, reason = await closed(producer)
            assert code == (1009 if bad in ("oversized", "huge jpeg", "huge png") else 4400)
            assert reason
            if bad.startswith("huge"):
                assert "30000 x 30000" in reason
        await shows(other, watching_other, 2)
        async with socket(server, f"/ws/producer?name={name}") as producer:
            await shows(producer, viewer, 3)


async def test_more_than_any_picture_may_have_ends_with_1009(server: Server, name: str) -> None:
    async with socket(server, f"/ws/producer?name={name}") as producer:
        with suppress(ConnectionClosed):
            await producer.send(bytes(12 * 2**20))
        # The server does not read what it has refused: the kernel may cut the line before the reason is read.
        assert (await closed(producer))[0] in (1009, 1006)


async def test_a_producer_that_dies_in_the_middle_of_a_frame_disturbs_nobody(server: Server, name: str) -> None:
    async with (
        socket(server, f"/ws/viewer?name={name}") as viewer,
        socket(server, f"/ws/producer?name={name}-other") as other,
        socket(server, f"/ws/viewer?name={name}-other") as watching_other,
    ):
        async with socket(server, f"/ws/producer?name={name}") as producer:
            await shows(producer, viewer, 1)
            half = bytes([0x82, 0xFE, 0xFF, 0xFF, 0, 0, 0, 0]) + jpeg(2)[:500]  # a frame of 65535 bytes that never comes whole
            producer.transport.write(half)
            raw = producer.transport.get_extra_info("socket")
            raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, bytes([1, 0, 0, 0, 0, 0, 0, 0]))
            producer.transport.abort()  # RST
            await producer.wait_closed()
        await told_of(server, f"producer:{name}", lambda one: one["state"] == "reconnecting")
        await shows(other, watching_other, 3)
        async with socket(server, f"/ws/producer?name={name}") as producer:
            await shows(producer, viewer, 4)


@pytest.mark.parametrize("unknown", ["page:nowhere", "tab:nowhere", "job:42", "monitor:99"])
async def test_an_id_with_a_known_prefix_that_does_not_exist_closes_4404(server: Server, unknown: str) -> None:
    async with socket(server, f"/ws/viewer?name={unknown}") as viewer:
        code, reason = await closed(viewer)
        assert code == (1013 if unknown.startswith("monitor") else 4404)  # without a display there are no monitors at all
        assert reason


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("fps=0", "'0'"),
        ("fps=nan", "'nan'"),
        ("fps=1000", "'1000'"),
        ("quality=500", "'500'"),
        ("width=1", "'1'"),
        ("height=x", "'x'"),
    ],
)
async def test_a_bad_parameter_closes_4400_and_names_value_and_range(server: Server, name: str, query: str, named: str) -> None:
    async with socket(server, f"/ws/viewer?name={name}&{query}") as viewer:
        code, reason = await closed(viewer)
        assert code == 4400
        assert named in reason
        assert " to " in reason


async def test_a_viewer_gets_the_rate_size_and_quality_that_it_asks_for(server: Server, name: str) -> None:
    async with socket(server, f"/ws/producer?name={name}") as producer:
        query = f"name={name}&width=32&quality=20&fps=0.1"
        async with socket(server, f"/ws/viewer?{query}") as small, socket(server, f"/ws/viewer?name={name}") as full:
            await shows(producer, full, 1)
            picture = await binary(small)
            assert decoded(picture).size == (32, 24)
            await shows(producer, full, 2)
            await shows(producer, full, 3)
            assert await silent(small)


async def test_the_token_of_a_client_that_has_none_is_ignored(server: Server, name: str) -> None:
    async with (
        socket(server, f"/ws/producer?name={name}&token=null") as producer,
        socket(server, f"/ws/viewer?name={name}&token=undefined") as viewer,
    ):
        await shows(producer, viewer, 1)


async def test_what_a_viewer_says_is_of_no_consequence(server: Server, name: str) -> None:
    async with socket(server, f"/ws/producer?name={name}") as producer, socket(server, f"/ws/viewer?name={name}") as viewer:
        await viewer.send("hello")
        await viewer.send(bytes(20))
        await viewer.send(b"\x01\x01" + bytes(18))
        await shows(producer, viewer, 1)


async def test_a_viewer_that_says_too_much_is_closed_with_1009(server: Server, name: str) -> None:
    async with socket(server, f"/ws/viewer?name={name}") as viewer:
        await viewer.send("x" * (65 * 2**10))
        assert (await closed(viewer))[0] == 1009


async def test_a_picture_is_asked_for_as_any_stream(server: Server, name: str) -> None:
    async with socket(server, f"/ws/producer?name={name}") as producer, socket(server, f"/ws/viewer?name={name}") as viewer:
        await shows(producer, viewer, 1)
        async with server.http() as client:
            answer = await client.get(f"/streams/producer:{name}.jpg")
            assert (answer.status_code, answer.content) == (200, jpeg(1))


@pytest.mark.parametrize("bad", ["%20", "%E2%80%AE", "a%E2%80%8Bb", "a/b"])
async def test_a_producer_whose_name_cannot_be_read_is_closed_with_4400(server: Server, bad: str) -> None:
    async with socket(server, f"/ws/producer?name={bad}") as sending:
        code, reason = await closed(sending)
        assert code == 4400
        assert reason.startswith("name = ")
