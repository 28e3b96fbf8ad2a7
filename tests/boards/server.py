"""One port that speaks HTTP and HTTPS for every name, each answer as late as a network would bring it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.boards.nouns import Reply, Request
from tests.boards.web import Web

LONGEST_HEAD = 64 * 1024
IDLE = 30.0  # seconds
TLS_HANDSHAKE = 0x16  # the first byte of a TLS connection
log = logging.getLogger("boards")


class Server:
    """Answers for a Web on one listening socket."""

    def __init__(self, web: Web, latency: float, trusted: ssl.SSLContext, broken: ssl.SSLContext) -> None:
        self.web = web
        self.latency = latency
        self.requests: list[Request] = []  # all that were asked, in order
        self._trusted = trusted
        self._broken = broken
        self._tasks: set[asyncio.Task[None]] = set()
        trusted.sni_callback = self._named

    def _named(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name in self.web.broken:
            connection.context = self._broken

    async def run(self, listening: socket.socket, stop: asyncio.Event) -> None:
        """Accept until told to stop."""
        loop = asyncio.get_running_loop()
        ending = loop.create_task(stop.wait(), name="boards stop")
        while not stop.is_set():
            accepting = loop.create_task(loop.sock_accept(listening), name="boards accept")
            await asyncio.wait({accepting, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not accepting.done():
                accepting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await accepting
                break
            connection, _ = accepting.result()
            task = loop.create_task(self._greet(connection), name="boards connection")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _greet(self, connection: socket.socket) -> None:
        """Look at the first byte: TLS, or plain."""
        loop = asyncio.get_running_loop()
        connection.setblocking(False)
        try:
            first = await _peek(connection)
            if not first:
                connection.close()
                return
            secure = first[0] == TLS_HANDSHAKE
            reader = asyncio.StreamReader(limit=LONGEST_HEAD)
            transport, protocol = await loop.connect_accepted_socket(
                lambda: asyncio.StreamReaderProtocol(reader), connection, ssl=self._trusted if secure else None
            )
            writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        except (OSError, ssl.SSLError, asyncio.CancelledError):
            connection.close()
            return
        try:
            await self._converse(reader, writer, secure)
        except (OSError, EOFError, asyncio.LimitOverrunError, TimeoutError, ValueError):
            pass
        finally:
            writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, secure: bool) -> None:
        while True:
            async with asyncio.timeout(IDLE):
                request = await _request(reader, secure)
            if request is None:
                return
            self.requests.append(request)
            try:
                reply = self.web.answer(request)
            except Exception:
                log.exception("%s %s%s", request.method, request.host, request.path)
                reply = Reply("The replica is broken.", 500)
            await asyncio.sleep(self.latency + reply.delay)
            writer.write(_bytes(reply, head=request.method == "HEAD"))
            await writer.drain()
            if request.headers.get("connection", "").lower() == "close":
                return


async def _peek(connection: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()
    readable = loop.create_future()

    def ready() -> None:
        if not readable.done():
            readable.set_result(None)

    loop.add_reader(connection, ready)
    try:
        await readable
    finally:
        loop.remove_reader(connection)
    return connection.recv(1, socket.MSG_PEEK)


async def _request(reader: asyncio.StreamReader, secure: bool) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
    length = int(headers.get("content-length", "0"))
    body = await reader.readexactly(length) if length else b""
    parts = urlsplit(target)
    host = (headers.get("host") or parts.netloc).rpartition(":")
    name = host[0] if host[0] and host[2].isdigit() else headers.get("host", parts.netloc)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Request(method, name.lower(), unquote(parts.path) or "/", query, headers, body, secure)


def _bytes(reply: Reply, *, head: bool) -> bytes:
    content = reply.content
    lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}", f"content-type: {reply.content_type}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    lines += [f"content-length: {len(content)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + (b"" if head else content)


@contextmanager
def serving(server: Server) -> Iterator[tuple[str, int]]:
    """The address at which it answers, while the block runs; it has a thread of its own."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        listening.setblocking(False)
        loop = asyncio.new_event_loop()
        stop = asyncio.Event()
        thread = threading.Thread(target=loop.run_until_complete, args=(server.run(listening, stop),), name="boards")
        thread.start()
        try:
            yield "127.0.0.1", listening.getsockname()[1]
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.close()
