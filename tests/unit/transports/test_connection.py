"""Acknowledgements that skip the WebSocket parser, over a real socket: none is lost, none invented, nothing else touched."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from livepane.transports import connection
from livepane.wire import ack
from livepane.wire.messages import Ack
from tests.patience import PATIENCE

HEAD = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"


class Peer:
    """A bare socket to a real server, and what the server made of what was sent."""

    def __init__(self) -> None:
        self.acks: list[tuple[int, int, int]] = []  # past the parser
        self.messages: list[str | bytes] = []  # through it
        self.raw = socket.socket()
        self._something = asyncio.Event()

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        direct = connection.of(scope)
        assert direct is not None
        direct.on_ack = self._acked
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.messages.append(message.get("text") if message.get("text") is not None else message["bytes"])
            self._something.set()

    def _acked(self, channel: int, epoch: int, seq: int) -> None:
        self.acks.append((channel, epoch, seq))
        self._something.set()

    async def send(self, *chunks: bytes) -> None:
        """Each chunk in a segment of its own, read by the server before the next."""
        for chunk in chunks:
            await asyncio.get_running_loop().sock_sendall(self.raw, chunk)
            await asyncio.sleep(0.003)

    async def until(self, acks: int, messages: int) -> None:
        await self._until(lambda: (len(self.acks), len(self.messages)) == (acks, messages))

    async def all_there(self, counts: tuple[int, int] | None) -> None:
        """Everything sent so far has been read: a text behind it has come through."""
        await self.send(frame(b"last", opcode=1))
        await self._until(lambda: self.messages[-1:] == ["last"])
        self.messages.pop()
        assert counts in (None, (len(self.acks), len(self.messages)))

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._something.clear()
                await self._something.wait()


@asynccontextmanager
async def peer() -> AsyncIterator[Peer]:
    one, listener = Peer(), socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        one.app, ws=connection.Connection, ws_per_message_deflate=False, interface="asgi3", lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    serving = asyncio.get_running_loop().create_task(server.serve([listener]), name="server of a test")
    try:
        one.raw.setblocking(False)
        one.raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(one.raw, listener.getsockname())
        await loop.sock_sendall(one.raw, (HEAD + KEY).encode())
        assert (await loop.sock_recv(one.raw, 4096)).startswith(b"HTTP/1.1 101")
        yield one
    finally:
        one.raw.close()
        server.should_exit = True
        await serving
        listener.close()


def frame(payload: bytes, *, opcode: int = 2, mask: bytes = b"\x11\x22\x33\x44", fin: bool = True) -> bytes:
    """A frame as a client sends it."""
    size = len(payload)
    length = (
        bytes([0x80 | size])
        if size < 126
        else b"\xfe" + struct.pack("!H", size)
        if size < 2**16
        else b"\xff" + struct.pack("!Q", size)
    )
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    return bytes([(0x80 if fin else 0) | opcode]) + length + mask + masked


def acked(seq: int, mask: bytes = b"\x01\x02\x03\x04") -> bytes:
    return frame(ack.encode(Ack(channel=3, epoch=7, seq=seq, age=1.5)), mask=mask)


async def test_a_whole_acknowledgement_skips_the_parser() -> None:
    async with peer() as one:
        await one.send(acked(1))
        await one.until(1, 0)
        assert one.acks == [(3, 7, 1)]


@pytest.mark.parametrize("mask", [bytes(4), b"\xff" * 4, b"\x82\x94\x82\x94", b"\x00\x01\x00\xff", b"\x0a\x0d\x1b\x7e"])
async def test_whatever_the_mask_is(mask: bytes) -> None:
    async with peer() as one:
        await one.send(acked(5, mask))
        await one.until(1, 0)
        assert one.acks == [(3, 7, 5)]


async def test_several_in_one_chunk_are_all_read_in_order() -> None:
    async with peer() as one:
        await one.send(b"".join(acked(seq) for seq in range(50)))
        await one.until(50, 0)
        assert [seq for _, _, seq in one.acks] == list(range(50))


async def test_one_that_is_cut_anywhere_is_read_once() -> None:
    whole = acked(9)
    async with peer() as one:
        for at in range(1, len(whole)):
            await one.send(whole[:at], whole[at:])
            await one.send(acked(10))  # and the next is none the worse
        await one.all_there(None)
        read = [seq for _, _, seq in one.acks] + [ack.decode(bytes(said))[2] for said in one.messages]  # type: ignore[arg-type]
        cuts = len(whole) - 1
        assert sorted(read) == [9] * cuts + [10] * cuts


async def test_one_and_a_half_and_the_other_half() -> None:
    two = acked(1) + acked(2)
    async with peer() as one:
        for at in range(1, len(two)):
            await one.send(two[:at], two[at:])
        await one.all_there(None)
        read = [seq for _, _, seq in one.acks] + [ack.decode(bytes(said))[2] for said in one.messages]  # type: ignore[arg-type]
        assert sorted(read) == [1] * (len(two) - 1) + [2] * (len(two) - 1)


async def test_what_looks_like_one_inside_a_larger_message_is_only_bytes() -> None:
    inside = acked(66, bytes(4)) * 3
    message = frame(b"x" * 100 + inside + b"y" * 100, mask=bytes(4))
    at = message.index(inside)
    async with peer() as one:
        await one.send(message[:at], message[at : at + len(inside)], message[at + len(inside) :])  # a chunk of its own
        await one.all_there((0, 1))
        assert one.acks == []
        assert one.messages == [b"x" * 100 + inside + b"y" * 100]


async def test_between_the_parts_of_a_message_the_parser_decides() -> None:
    async with peer() as one:
        await one.send(frame(b"one ", opcode=1, fin=False), frame(b"two", opcode=0), acked(4))
        await one.until(1, 1)
        assert (one.messages, one.acks) == (["one two"], [(3, 7, 4)])


async def test_messages_before_and_behind_acknowledgements_are_untouched() -> None:
    async with peer() as one:
        await one.send(acked(1) + frame(b"hello", opcode=1) + acked(2))
        await one.send(frame(b"again", opcode=1) + acked(3))
        await one.all_there((1, 4))
        assert [said for said in one.messages if isinstance(said, str)] == ["hello", "again"]
        through = [ack.decode(said)[2] for said in one.messages if isinstance(said, bytes)]
        assert [seq for _, _, seq in one.acks] + through == [1, 2, 3]


@pytest.mark.parametrize("payload", [b"\x02\x01" + bytes(18), b"\x01\x02" + bytes(18), bytes(20), bytes(19), bytes(21)])
async def test_other_binary_messages_go_through_the_parser(payload: bytes) -> None:
    async with peer() as one:
        await one.send(frame(payload) + acked(1))
        await one.all_there((0, 2))
        assert one.messages[0] == payload
