"""The filtering proxy that HTTP clients and browsers of this server go through: CONNECT, and plain http:// requests."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import html
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from livepane.deadline import within
from livepane.domain.host import NotAHost, read_host
from livepane.egress import errors
from livepane.egress.account import Account
from livepane.egress.guard import Guard, Streams
from livepane.egress.heads import LONGEST_HEAD, BadHead, Request, back, onward, read_request
from livepane.scrapers.contract import ScrapeError

log = logging.getLogger(__name__)

HEAD_TIMEOUT = 10.0  # s for a client to say what it wants; it is on this machine
ANSWER_TIMEOUT = 30.0  # s until the head of a plain answer
_CHUNK = 64 * 2**10
_MOST_CLIENTS = 2_000
_STATUS = {"refused_target": 403, "budget": 403, "timeout": 504}
_REASONS = {400: "Bad Request", 403: "Forbidden", 407: "Proxy Authentication Required", 431: "Request Header Fields Too Large",
            502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}  # fmt: skip


class Proxy:
    """`async with Proxy(guard) as proxy:` it listens on a loopback port of its own; only open accounts may use it."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._accounts: dict[str, Account] = {}
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """Where it is, without credentials."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LONGEST_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server is not None:
            self._server.close()
        for account in tuple(self._accounts.values()):
            self.close(account)
        for task in tuple(self._clients):
            task.cancel()
        if self._clients:
            await asyncio.wait(self._clients)

    def open(self, account: Account) -> None:
        """Let whoever has its credentials in.

        Raises:
            ValueError: there is one of that name.
        """
        if account.username in self._accounts:
            raise ValueError(f"there is an account {account.username!r} already")
        self._accounts[account.username] = account

    def find(self, name: str) -> Account | None:
        """The open account of that name."""
        return self._accounts.get(name)

    def close(self, account: Account) -> None:
        """Let nobody in with it any more, and close its connections."""
        if self._accounts.get(account.username) is account:
            del self._accounts[account.username]
        account.spend(errors.over_budget("The job is over."))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  asyncio runs it in one
        self._clients.add(task)
        try:
            if len(self._clients) > _MOST_CLIENTS:
                await _answer(writer, 503, "Too many connections are open.")
            else:
                await self._one((reader, writer))
        except (OSError, EOFError, TimeoutError):
            pass  # the client went away, or says nothing
        except asyncio.CancelledError:
            writer.transport.abort()  # its account ended, or the server does: this task is nobody's but ours
        except Exception:
            log.exception("The proxy failed; the connection is closed")
        finally:
            self._clients.discard(task)
            writer.close()

    async def _one(self, client: Streams) -> None:
        reader, writer = client
        try:
            async with within(HEAD_TIMEOUT):
                request = read_request(await reader.readuntil(b"\r\n\r\n"))
        except asyncio.LimitOverrunError:
            return await _answer(writer, 431, f"A head may have {LONGEST_HEAD} bytes.")
        except BadHead as error:
            return await _answer(writer, 400, f"The request cannot be read: {error}.")
        account = self._who(request)
        if account is None:
            return await _answer(
                writer, 407, "Only jobs that run may use this proxy.", 'Proxy-Authenticate: Basic realm="livepane"'
            )
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        try:
            account.connect(task.cancel)
            await self._pass_on(request, account, client)
        except ScrapeError as error:
            account.failed(_name(request), request.port, error)
            log.debug("%s: %s", account.name, error)
            await _answer(writer, _STATUS.get(error.code, 502), error.message, f"Proxy-Status: livepane; error={error.code}")
        finally:
            account.disconnect(task.cancel)

    def _who(self, request: Request) -> Account | None:
        scheme, _, shown = request.header(b"proxy-authorization").partition(b" ")
        if scheme.lower() != b"basic":
            return None
        try:
            username, _, password = base64.b64decode(shown.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeError):
            return None
        account = self._accounts.get(username)
        if account is None or not hmac.compare_digest(account.password.encode(), password.encode()):
            return None
        return account

    async def _pass_on(self, request: Request, account: Account, client: Streams) -> None:
        way = await self._guard.way(request.host, request.port, account.also)
        server = await self._guard.dial(way)
        account.worked(way.host.text, way.port)
        try:
            if request.tunnel:
                client[1].write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                line = _Line(account)
                await line.run(line.pump(client[0], server[1], out=True), line.pump(server[0], client[1], out=False))
            else:
                await _plain(request, str(way.host), str(way), client, server, account)
        finally:
            server[1].transport.abort()


async def _plain(request: Request, host: str, where: str, client: Streams, server: Streams, account: Account) -> None:
    """One request, one answer, and the connection closes: the next one may be for another host."""
    head = onward(request, host)
    server[1].write(head)
    account.count(sent=len(head))
    line = _Line(account)
    await line.run(line.pump(client[0], server[1], out=True), _plain_answer(line, where, client, server))


async def _plain_answer(line: _Line, where: str, client: Streams, server: Streams) -> None:
    status = 100
    while status < 200:
        try:
            async with within(ANSWER_TIMEOUT):
                raw = await server[0].readuntil(b"\r\n\r\n")
            status, head = back(raw)
        except TimeoutError:
            raise errors.too_late(where, ANSWER_TIMEOUT) from None
        except (asyncio.LimitOverrunError, BadHead) as error:
            raise errors.garbled(where, str(error)[:200]) from None
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise errors.garbled(where, "what it sends is no answer, or ends too early") from None
            raise errors.broken(where, "it was closed without an answer") from None
        except OSError as error:
            raise errors.broken(where, (error.strerror or "reset").lower()) from None
        line.moved(len(raw), out=False)
        client[1].write(head)
    await line.pump(server[0], client[1], out=False)


class _Line:
    """Bytes in both directions between a client and a server, counted, until either side ends or both are silent."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._bytes = 0

    def moved(self, count: int, *, out: bool) -> None:
        self._bytes += count
        self._account.count(sent=count if out else 0, received=0 if out else count)

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, out: bool) -> None:
        while data := await reader.read(_CHUNK):
            self.moved(len(data), out=out)
            writer.write(data)
            await writer.drain()

    async def run(self, out: Coroutine[Any, Any, None], home: Coroutine[Any, Any, None]) -> None:
        """Until the way home ends, or the client does: none of ours closes only its half of a line.

        Raises:
            ScrapeError: what `home` raises.
        """
        loop = asyncio.get_running_loop()
        outward, homeward = loop.create_task(out, name="proxy-out"), loop.create_task(home, name="proxy-home")
        pair = {outward, homeward}
        try:
            before = -1
            while not homeward.done() and not _left(outward) and before != self._bytes:
                before = self._bytes
                waiting = {task for task in pair if not task.done()}
                await asyncio.wait(waiting, timeout=self._account.patience, return_when=asyncio.FIRST_COMPLETED)
                if any(task.done() for task in waiting):
                    before = -1
        finally:
            for task in pair:
                task.cancel()
            await asyncio.wait(pair)
        for task in pair:
            error = None if task.cancelled() else task.exception()
            if error is not None and not isinstance(error, OSError):  # a line that broke is an end like another
                raise error


def _left(outward: asyncio.Task[None]) -> bool:
    """Whether the client has gone; a server that reads no more may still answer."""
    return outward.done() and outward.exception() is None


def _name(request: Request) -> str:
    try:
        return read_host(request.host).text
    except (NotAHost, ValueError):
        return request.host


async def _answer(writer: asyncio.StreamWriter, status: int, sentence: str, *headers: str) -> None:
    body = f"<!doctype html><meta charset=utf-8><title>Not fetched</title><p>{html.escape(sentence)}</p>\n".encode()
    head = [f"HTTP/1.1 {status} {_REASONS[status]}", *headers, "Content-Type: text/html; charset=utf-8",
            f"Content-Length: {len(body)}", "Cache-Control: no-store", "Connection: close"]  # fmt: skip
    writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
    await writer.drain()
