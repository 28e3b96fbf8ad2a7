"""A town of sites on loopback for the way out: sites that behave, sites that do not, and a canary that nobody may reach."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from livepane.egress.egress import Egress
from livepane.egress.options import Outside, Politeness

QUICK = Politeness(requests_per_second=100.0, burst=100, per_host=10)
BOMB = gzip.compress(bytes(20_000_000), 1)
HTML = "text/html; charset=utf-8"


@dataclass
class Town:
    """One port; every name leads there. `asked` is "host path" of each request, in order."""

    port: int = 0
    robots: dict[str, tuple[int, str]] = field(default_factory=dict)  # by host; 404 when there is none
    pages: dict[str, str] = field(default_factory=dict)  # HTML by path
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    open: int = 0  # connections now

    def addresses(self, *names: str) -> tuple[str, ...]:
        """For LIVEPANE_HOST_ADDRESSES."""
        return tuple(f"{name}=127.0.0.1:{self.port}" for name in names)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.open += 1
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                method, goal, _ = head.partition("\r\n")[0].split(" ")
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                body = await reader.readexactly(int(fields.get("content-length", "0")))
                self.heads.append(head)
                self.asked.append(f"{fields['host'].partition(':')[0]} {goal}")
                await self._answer(fields["host"].partition(":")[0], method, goal, body, reader, writer)
                if fields.get("connection") == "close":
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()

    async def _answer(
        self, host: str, method: str, goal: str, body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        parts = urlsplit(goal)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/robots.txt":
                status, text = self.robots.get(host, (404, ""))
                await say(writer, text.encode(), status=status, kind="text/plain")
            case "/to":
                await say(writer, b"", status=302, headers={"Location": query["url"]})
            case "/loop":
                await say(writer, b"", status=302, headers={"Location": "/loop"})
            case "/on-and-on":
                await say(writer, b"", status=301, headers={"Location": f"/on-and-on?n={int(query.get('n', '0')) + 1}"})
            case "/endless":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
                while True:
                    writer.write(b"x" * 65536)
                    await writer.drain()
            case "/huge":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
                await writer.drain()
                await reader.read()  # until they have gone
            case "/bomb":
                await say(writer, BOMB, headers={"Content-Encoding": "gzip"})
            case "/drip":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                while True:
                    writer.write(b"x")
                    await writer.drain()
                    await asyncio.sleep(0.02)
            case "/silent":
                await reader.read()  # until they have gone
            case "/garbage":
                writer.write(b"\x00\xff\x13\x37 this is no HTTP\r\n\r\n")
                await writer.drain()
                raise ConnectionResetError
            case "/half":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it")
                await writer.drain()
                raise ConnectionResetError
            case "/gone":
                raise ConnectionResetError
            case "/busy":  # until it has been asked three times
                times = self.asked.count(f"{host} {goal}")
                headers = {"Retry-After": query.get("after", "0")}
                await say(writer, f"try {times}".encode(), status=200 if times > 2 else int(query["status"]), headers=headers)
            case "/forged":
                await say(writer, b"forged", status=502, headers={"Proxy-Status": "livepane; error=dns"})
            case "/echo":
                await say(writer, f"{method} {body.decode()}".encode())
            case "/no":
                await say(writer, b"no", status=int(query["status"]))
            case path:
                await say(writer, self.pages.get(path, f"<title>{host}{goal}</title>").encode())


async def say(
    writer: asyncio.StreamWriter, body: bytes, *, status: int = 200, kind: str = HTML, headers: Mapping[str, str] | None = None
) -> None:
    """Answer."""
    lines = [f"HTTP/1.1 {status} Fine", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    await writer.drain()


@asynccontextmanager
async def town(tls: ssl.SSLContext | None = None) -> AsyncIterator[Town]:
    """A town that runs."""
    one = Town()
    async with listening(one, tls) as port:
        one.port = port
        yield one


@asynccontextmanager
async def listening(one: Town, tls: ssl.SSLContext | None) -> AsyncIterator[int]:
    """One more port of a town, with or without TLS."""
    tasks = set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(asyncio.CancelledError):
            await one.serve(reader, writer)
        tasks.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


class Canary(asyncio.DatagramProtocol):
    """Listens on one port of 127.0.0.1 and ::1, TCP and UDP, for what nobody may reach. `hits` counts by path, or by protocol."""

    def __init__(self) -> None:
        self.port = 0
        self.hits: Counter[str] = Counter()

    def datagram_received(self, data: bytes, addr: object) -> None:
        """UDP."""
        self.hits["udp"] += 1

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """TCP: the path says by which way it came."""
        self.hits["tcp"] += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError, IndexError):
            path = (await reader.readuntil(b"\r\n")).split()[1].decode()
            self.hits[path.rpartition("/")[2]] += 1
            await say(writer, b"canary", headers={"Access-Control-Allow-Origin": "*", "Connection": "close"})
        writer.close()


@asynccontextmanager
async def canary() -> AsyncIterator[Canary]:
    """One that listens."""
    one = Canary()
    loop = asyncio.get_running_loop()
    four = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.port = four.sockets[0].getsockname()[1]
    six = await asyncio.start_server(one.serve, "::1", one.port)
    udp, _ = await loop.create_datagram_endpoint(lambda: one, local_addr=("127.0.0.1", one.port))
    async with four, six:
        try:
            yield one
        finally:
            udp.close()


async def to_loopback(name: str) -> Sequence[str]:
    """A resolver as an attacker's name server would be."""
    return ["127.0.0.1", "::1"]


@asynccontextmanager
async def way_out(
    one: Town, *names: str, answer_seconds: float = 20.0, closed: int | None = None, **more: object
) -> AsyncIterator[Egress]:
    """An Egress that knows some names of a town, and closed.example at a port where nobody listens."""
    addresses = one.addresses(*names) + ((f"closed.example=127.0.0.1:{closed}",) if closed else ())
    outside = Outside(host_addresses=addresses, **({"politeness": QUICK} | more))  # type: ignore[arg-type]
    async with Egress(outside, resolve=to_loopback, answer_seconds=answer_seconds) as egress:
        yield egress
