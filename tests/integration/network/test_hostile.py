"""Hostile peers on real sockets: each gets a clear answer or is cut off, and a viewer beside them goes on receiving pictures."""

from __future__ import annotations

import asyncio
import gzip
import json
import resource
import socket as sockets
import ssl
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.certificates import Certificate
from tests.contract.clients import binary, closed, text, viewer
from tests.patience import PATIENCE
from tests.pictures import jpeg
from tests.serving import Server, serving

UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)


class Line:
    """A server, and how to reach it: plainly or with TLS."""

    def __init__(self, server: Server, tls: ssl.SSLContext | None) -> None:
        self.server, self.tls = server, tls
        self._sent = 0

    async def open(self, address: str = "127.0.0.1") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection, from this address of ours."""
        return await asyncio.open_connection("127.0.0.1", self.server.port, ssl=self.tls, local_addr=(address, 0))

    def head(self, path: str, *more: str, method: str = "GET") -> bytes:
        """The head of a request."""
        return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.server.port}", *more, "", ""]).encode()

    async def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send bytes and read one answer to its end."""
        reader, writer = await self.open()
        try:
            writer.write(request)
            async with asyncio.timeout(PATIENCE):
                return await answer(reader)
        finally:
            writer.close()

    @asynccontextmanager
    async def beside(self) -> AsyncIterator[Beside]:
        """A producer and a viewer of their own, from another address."""
        url = f"{'wss' if self.tls else 'ws'}://127.0.0.1:{self.server.port}"
        options: dict[str, Any] = {"ssl": self.tls, "proxy": None, "max_size": None, "local_addr": ("127.0.0.9", 0)}
        async with (
            connect(f"{url}/ws/producer?name=beside", **options) as producer,
            connect(f"{url}/ws/viewer?name=beside", **options) as looking,
        ):
            yield Beside(producer, looking)


class Beside:
    """Somebody who watches in peace."""

    def __init__(self, producer: ClientConnection, looking: ClientConnection) -> None:
        self._producer, self._looking, self._number = producer, looking, 0

    async def goes_on(self) -> None:
        """Three more pictures arrive, each the one that was just sent."""
        for _ in range(3):
            self._number = (self._number + 1) % 20
            picture = jpeg(self._number)
            await self._producer.send(picture)
            await binary(self._looking, lambda data, picture=picture: data == picture)  # type: ignore[misc]


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """One HTTP answer; the status is 0 when there is none."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return 0, {}, b""
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", "0"))
    return int(first.split()[1]), headers, await reader.readexactly(length)


async def ends(reader: asyncio.StreamReader) -> bytes:
    """Everything until the server hangs up."""
    said = b""
    async with asyncio.timeout(PATIENCE):
        try:
            while piece := await reader.read(65536):
                said += piece
        except (ConnectionError, ssl.SSLError):
            pass
    return said


@pytest.fixture(scope="module", params=["plain", "TLS"])
def line(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, own_certificate: Certificate
) -> Iterator[Line]:
    tls = own_certificate if request.param == "TLS" else None
    with serving(tmp_path_factory.mktemp("server"), *(tls.options if tls else []), LIVEPANE_SEND_STALL_SECONDS="0.5") as one:
        yield Line(one, tls.trust if tls else None)
        assert "Traceback" not in one.logged()


async def test_those_who_do_not_finish_are_cut_off(line: Line) -> None:
    """All at once, because each takes its ten seconds."""

    async def silent() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", line.server.port)  # with TLS: not even a handshake
        try:
            return await ends(reader)
        finally:
            writer.close()

    async def stops_after(*parts: bytes) -> bytes:
        reader, writer = await line.open()
        try:
            for part in parts:
                writer.write(part)
            return await ends(reader)
        finally:
            writer.close()

    async def asks_then_stops_in_a_head() -> bytes:
        reader, writer = await line.open()
        try:
            writer.write(line.head("/healthz"))
            assert (await answer(reader))[0] == 200
            writer.write(b"GET /healthz HTTP/1.1\r\nHost:")
            return await ends(reader)
        finally:
            writer.close()

    async def drips(first: bytes, drop: bytes) -> bytes:
        reader, writer = await line.open()
        writer.write(first)

        async def drip() -> None:
            while True:
                writer.write(drop)
                await asyncio.sleep(0.5)

        dripping = asyncio.get_running_loop().create_task(drip(), name="drip")
        try:
            return await ends(reader)
        finally:
            dripping.cancel()
            writer.close()

    async def tells_after_each(beside: Beside, done: asyncio.Event) -> None:
        while not done.is_set():
            await beside.goes_on()
            await asyncio.sleep(0.05)  # twenty times a second will do: it goes on for more than ten

    post = line.head(
        "/api/pages",
        "Content-Length: 1000",
        "Content-Type: application/json",
        f"Authorization: Bearer {line.server.token}",
        method="POST",
    )
    async with line.beside() as beside, asyncio.TaskGroup() as group:
        done = asyncio.Event()
        group.create_task(tells_after_each(beside, done))
        said = await asyncio.gather(
            silent(),
            stops_after(b"GET /healthz HTTP/1.1\r\nHost: 127."),
            asks_then_stops_in_a_head(),
            drips(b"GET /healthz HTTP/1.1\r\n", b"X-More: 1\r\n"),
            stops_after(post, b'{"url":'),
            drips(post, b" "),
            stops_after(line.head("/healthz", "Content-Length: 10")),
            stops_after(line.head("/healthz")),  # an idle connection
            drips(line.head("/healthz", "Content-Length: 100000"), b"x"),
        )
        done.set()
    assert said[:4] == [b""] * 4
    assert said[4].startswith(b"HTTP/1.1 400")
    assert b"paused for more than" in said[4]
    assert said[5].startswith(b"HTTP/1.1 400")
    assert b"slower than" in said[5]
    assert [one[:15] for one in said[6:]] == [b"HTTP/1.1 200 OK"] * 3


async def test_a_head_that_is_too_large_is_refused_and_one_with_many_cookies_is_not(line: Line) -> None:
    async with line.beside() as beside:
        for more in ([f"X-Long: {'x' * 70_000}"], [f"X-{number}: {'x' * 700}" for number in range(100)]):
            for path in ("/healthz", "/" + "x" * 70_000):
                status, headers, body = await line.ask(line.head(path, *more))
                assert status == 431
                assert "65,536" in json.loads(body)["detail"]
                assert headers["x-content-type-options"] == "nosniff"
        status, _, _ = await line.ask(line.head("/" + "x" * 70_000))
        assert status == 431
        # It does not end: the answer comes before the end of the head.
        status, _, _ = await line.ask(b"GET / HTTP/1.1\r\n" + b"X-Long: " + b"x" * 1_000_000)
        assert status == 431
        cookies = "Cookie: " + "; ".join(f"other{number}={'x' * 900}" for number in range(40))
        assert (await line.ask(line.head("/healthz", cookies)))[0] == 200
        assert (await line.ask(line.head("/ws/viewer?name=beside", cookies, UPGRADE.rstrip())))[0] == 101
        status, _, _ = await line.ask(line.head("/ws/viewer?name=beside", f"X-Long: {'x' * 70_000}", UPGRADE.rstrip()))
        assert status == 431
        many = [f"X-{number}: 1" for number in range(300)]
        assert (await line.ask(line.head("/ws/viewer?name=beside", *many, UPGRADE.rstrip())))[0] == 400
        await beside.goes_on()


async def test_what_is_not_http_gets_a_400_or_nothing(line: Line) -> None:
    async with line.beside() as beside:
        for noise in (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
            b"\x00" * 100,
            b"HELLO\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
        ):
            status, headers, body = await line.ask(noise)
            assert status == 400
            assert headers["content-type"] == "application/problem+json"
            assert json.loads(body)["status"] == 400
        if line.tls is not None:  # plain HTTP on a TLS port
            reader, writer = await asyncio.open_connection("127.0.0.1", line.server.port)
            writer.write(line.head("/healthz"))
            assert b"200" not in await ends(reader)
            writer.close()
        await beside.goes_on()


async def test_a_packed_body_is_refused_before_it_is_unpacked(line: Line) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    async with line.beside() as beside:
        for encoding in ("gzip", "deflate", "br", "GZIP", "gzip, gzip"):
            more = (f"Content-Encoding: {encoding}", f"Content-Length: {len(bomb)}", f"Authorization: Bearer {line.server.token}")
            status, _, body = await line.ask(line.head("/api/pages", *more, method="POST") + bomb)
            assert status == 415
            assert encoding.lower() in json.loads(body)["detail"]
        await beside.goes_on()


async def test_deflate_is_not_agreed_on_and_a_packed_message_ends_its_sender(line: Line) -> None:
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
    packer = zlib.compressobj(wbits=-15)
    bomb = packer.compress(b"\0" * 50_000_000) + packer.flush(zlib.Z_SYNC_FLUSH)[:-4]
    async with line.beside() as beside:
        reader, writer = await line.open()
        writer.write(line.head("/ws/producer?name=bomb", offer, UPGRADE.rstrip()))
        status, headers, _ = await answer(reader)
        assert status == 101
        assert "sec-websocket-extensions" not in headers
        # FIN and RSV1: a packed binary message, masked with zeros.
        writer.write(bytes([0xC2, 0x80 | 126]) + len(bomb[:60_000]).to_bytes(2, "big") + bytes(4) + bomb[:60_000])
        said = await ends(reader)
        assert said[:1] == b"\x88"
        assert int.from_bytes(said[2:4], "big") == 1002
        writer.close()
        await beside.goes_on()


async def test_a_megabyte_of_title_or_label_is_refused_with_a_short_reason(line: Line) -> None:
    url = f"{'wss' if line.tls else 'ws'}://127.0.0.1:{line.server.port}/ws/producer"
    long = "x" * 2**20
    async with (
        line.beside() as beside,
        connect(url, ssl=line.tls, proxy=None, subprotocols=["livepane.producer.v1"]) as titled,  # type: ignore[list-item]
        connect(url, ssl=line.tls, proxy=None, subprotocols=["livepane.producer.v1"]) as labelled,  # type: ignore[list-item]
    ):
        await titled.send(json.dumps({"type": "hello", "name": "long", "title": long}))
        code, reason = await closed(titled)
        assert code in (4400, 1009)
        assert reason
        await labelled.send(json.dumps({"type": "hello", "name": "labelled"}))
        await labelled.send(json.dumps({"type": "action", "action": {"label": long, "at": 0}}))
        refused = await text(labelled, "error")  # one wrong message does not end a producer
        assert "label" in refused["message"]
        assert len(refused["message"]) < 1000
        await labelled.send(json.dumps({"type": "action", "action": {"label": "short", "at": 0}}))
        status, _, body = await line.ask(line.head("/api/streams/producer:labelled"))
        assert status == 200
        assert len(body) < 10_000
        await beside.goes_on()


async def test_a_title_that_is_a_script_is_passed_on_as_text(line: Line) -> None:
    url = f"{'wss' if line.tls else 'ws'}://127.0.0.1:{line.server.port}/ws/producer"
    title = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    async with (
        line.beside() as beside,
        connect(url, ssl=line.tls, proxy=None, subprotocols=["livepane.producer.v1"]) as producer,  # type: ignore[list-item]
    ):
        await producer.send(json.dumps({"type": "hello", "name": "script", "title": title}))
        await text(producer, "demand")
        status, headers, body = await line.ask(line.head("/api/streams/producer:script"))
        assert status == 200
        assert headers["content-type"].startswith("application/json")
        assert headers["x-content-type-options"] == "nosniff"
        assert json.loads(body)["title"] == title
        await beside.goes_on()


async def test_a_viewer_that_never_reads_is_cut_off(line: Line) -> None:
    async with line.beside() as beside, asyncio.TaskGroup() as group:
        raw = sockets.socket()
        raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        raw.connect(("127.0.0.1", line.server.port))
        reader, writer = await asyncio.open_connection(
            sock=raw, ssl=line.tls, server_hostname="panes.test" if line.tls else None, limit=1024
        )
        writer.write(line.head("/ws/viewer?name=beside", UPGRADE.rstrip()))
        assert (await answer(reader))[0] == 101
        await watched(line, 2)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        cut_off = group.create_task(watched(line, 1))
        while not cut_off.done():
            await beside.goes_on()
        writer.transport.abort()


async def watched(line: Line, number: int) -> None:
    """Wait until the stream beside has so many viewers."""
    url = f"{'wss' if line.tls else 'ws'}://127.0.0.1:{line.server.port}/api/live"
    async with connect(url, ssl=line.tls, proxy=None, subprotocols=["livepane.v1"]) as looking:  # type: ignore[list-item]
        for one in (await text(looking, "streams"))["streams"]:
            if one["id"] == "producer:beside" and one["viewers"] == number:
                return
        await text(
            looking, "stream", lambda said: said["stream"]["id"] == "producer:beside" and said["stream"]["viewers"] == number
        )


async def test_two_hundred_handshakes_at_once_are_all_answered(line: Line) -> None:
    async def one() -> int:
        return (await line.ask(line.head("/healthz")))[0]

    async with line.beside() as beside:
        assert await asyncio.gather(*(one() for _ in range(200))) == [200] * 200
        await beside.goes_on()


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with serving(
        tmp_path_factory.mktemp("server"), LIVEPANE_MAX_CONNECTIONS="24", LIVEPANE_MAX_CONNECTIONS_PER_ADDRESS="8"
    ) as one:
        yield Line(one, None)


async def test_over_the_limit_of_an_address_the_longest_idle_connection_makes_room(crowded: Line) -> None:
    async with crowded.beside() as beside:
        idle = [await crowded.open() for _ in range(8)]
        reader, writer = await crowded.open()
        writer.write(crowded.head("/healthz"))
        assert (await answer(reader))[0] == 200
        assert await ends(idle[0][0]) == b""
        for other, its in idle[1:]:  # the others are there still, and are answered
            its.write(crowded.head("/healthz"))
            assert (await answer(other))[0] == 200
        for _, its in [*idle, (reader, writer)]:
            its.close()
        await beside.goes_on()
    assert "LIVEPANE_MAX_CONNECTIONS_PER_ADDRESS" in crowded.server.logged()


async def test_when_all_of_an_address_are_busy_the_next_is_told_so_and_other_addresses_are_not_touched(crowded: Line) -> None:
    async with crowded.beside() as beside, AsyncExitStack() as stack:
        for _ in range(8):
            reader, writer = await crowded.open("127.0.0.5")
            stack.callback(writer.close)
            writer.write(crowded.head("/ws/viewer?name=beside", UPGRADE.rstrip()))
            assert (await answer(reader))[0] == 101
        reader, writer = await crowded.open("127.0.0.5")
        stack.callback(writer.close)
        status, _, body = await answer(reader)
        assert status == 503
        assert "too many connections" in json.loads(body)["detail"]
        assert (await crowded.ask(crowded.head("/healthz")))[0] == 200
        await beside.goes_on()


async def test_over_the_limit_of_all_an_idle_connection_of_anybody_makes_room(crowded: Line) -> None:
    async with crowded.beside() as beside, AsyncExitStack() as stack:
        for number in range(30):
            _, writer = await crowded.open(f"127.0.1.{number}")
            stack.callback(writer.close)
        assert (await crowded.ask(crowded.head("/healthz")))[0] == 200
        await beside.goes_on()
    assert "(LIVEPANE_MAX_CONNECTIONS)" in crowded.server.logged()


async def test_ten_thousand_idle_connections_do_not_disturb_a_viewer(tmp_path_factory: pytest.TempPathFactory) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 10_000
    if hard < wanted + 1000:
        pytest.fail(f"this test needs {wanted + 1000:,} open files, and `ulimit -Hn` says {hard:,}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted + 1000, hard))
    idle: list[sockets.socket] = []
    try:
        with serving(
            tmp_path_factory.mktemp("server"), LIVEPANE_MAX_CONNECTIONS="12000", LIVEPANE_MAX_CONNECTIONS_PER_ADDRESS="12000"
        ) as one:
            line = Line(one, None)
            async with line.beside() as beside:
                for number in range(wanted):
                    raw = sockets.socket()
                    raw.setblocking(False)
                    raw.connect_ex(("127.0.0.1", one.port))
                    idle.append(raw)
                    if number % 500 == 499:
                        await beside.goes_on()
                await beside.goes_on()
                assert (await line.ask(line.head("/healthz")))[0] == 200
                async with viewer(one) as another:
                    await text(another, "streams")
            assert "Traceback" not in one.logged()
    finally:
        for raw in idle:
            raw.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
