"""A gallery whose server does everything wrong that servers do: one port, every name leads there, each path has its vice.

`/good/<n>.jpg` are as they should be. What was asked and how many bytes were sent of each path is counted.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import random
import struct
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><script>alert(document.domain)</script></svg>'
HTML = b"<!DOCTYPE html><html><title>Please sign in</title><p>There is no picture here.</p></html>"
_STEP = 16 * 2**10


def picture(seed: int = 0, width: int = 320, height: int = 240) -> bytes:
    """A JPEG that does not compress well: about a third of a byte for each pixel."""
    noise = random.Random(seed).randbytes(width * height * 3 // 64)
    small = Image.frombytes("RGB", (width // 8, height // 8), noise[: (width // 8) * (height // 8) * 3])
    out = io.BytesIO()
    small.resize((width, height), Image.Resampling.NEAREST).save(out, "JPEG", quality=95)
    return out.getvalue()


def bomb(width: int = 100_000, height: int = 100_000) -> bytes:
    """A PNG of a few hundred bytes that claims to be huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@dataclass
class Hostile:
    """The server. `versions` of a path may be changed by a test: they are part of its ETag and of its content."""

    port: int = 0
    size: tuple[int, int] = (320, 240)
    asked: list[tuple[str, str]] = field(default_factory=list)  # path, and the range that was asked for
    sent: Counter[str] = field(default_factory=Counter)  # bytes of bodies
    versions: Counter[str] = field(default_factory=Counter)
    held: asyncio.Event = field(default_factory=asyncio.Event)  # /held/… go on when it is set
    half: asyncio.Event = field(default_factory=asyncio.Event)  # half of a /held/… has been sent
    busy: int = 0  # files of this server that are sent now
    busiest: int = 0

    def url(self, path: str, host: str = "pictures.example") -> str:
        """Where a path is."""
        return f"http://{host}{path}"

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(one == path for one, _ in self.asked)

    def content(self, path: str) -> bytes:
        """What is at a good path."""
        return picture(zlib.crc32(path.encode()) + self.versions[path], *self.size)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                path = head.split(" ", 2)[1]
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                self.asked.append((path, fields.get("range", "")))
                self.busy += 1
                self.busiest = max(self.busiest, self.busy)
                try:
                    if not await self._answer(path, fields, writer):
                        break
                finally:
                    self.busy -= 1
            writer.close()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
        except asyncio.CancelledError:
            writer.transport.abort()

    async def _answer(self, path: str, fields: Mapping[str, str], writer: asyncio.StreamWriter) -> bool:
        """Answer; whether the connection goes on."""
        content = self.content(path)
        half = len(content) // 2
        match path.split("/")[1]:
            case "robots.txt":
                return await self._say(path, writer, b"", 404)
            case "gone.jpg":
                return await self._say(path, writer, HTML, 404)
            case "forbidden.jpg":
                return await self._say(path, writer, HTML, 403)
            case "page.jpg":
                return await self._say(path, writer, HTML, 200)
            case "bomb.png":
                return await self._say(path, writer, bomb(), 200)
            case "script.svg":
                return await self._say(path, writer, SVG, 200, {"Content-Type": "image/svg+xml"})
            case "packed.svg":
                return await self._say(path, writer, gzip.compress(SVG), 200, {"Content-Encoding": "gzip"})
            case "inside.jpg":
                return await self._say(path, writer, b"", 302, {"Location": "http://169.254.169.254/latest/meta-data"})
            case "round.jpg":
                return await self._say(path, writer, b"", 302, {"Location": path})
            case "busy.jpg" if self.times(path) < 3:
                return await self._say(path, writer, b"", 503, {"Retry-After": "0"})
            case "short.jpg" if "range" in fields:  # there is nothing behind what was sent before
                return await self._say(path, writer, b"", 416, {"Content-Range": f"bytes */{half}"})
            case "short.jpg" | "cut.jpg":  # more is promised than comes
                await self._say(path, writer, content[:half], 200, {"ETag": '"v"'}, length=len(content))
                return False
            case "understated.jpg":  # less is promised than there is
                return await self._say(path, writer, content[:half], 200)
            case "lies.jpg" if "range" in fields:
                return await self._say(path, writer, content[:10], 206, {"Content-Range": "bytes 0-9/10"})
            case "breaks" | "lies.jpg" if self.times(path) == 1:  # once
                await self._say(path, writer, content[:half], 200, {"ETag": self._etag(path)}, length=len(content))
                return False
            case "huge.mp4":
                writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\nETag: "huge"\r\n\r\n')
                await self._drip(path, writer, b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(2**20))
                return False
            case "endless.mp4":
                writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
                await self._drip(path, writer, b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(2**20))
                return False
            case "held" if "range" not in fields:
                await self._say(path, writer, content[:half], 200, {"ETag": self._etag(path)}, length=len(content))
                self.half.set()
                await self.held.wait()
                await self._send(path, writer, content[half:])
                return True
            case _:
                return await self._file(path, fields, writer, content)

    async def _file(self, path: str, fields: Mapping[str, str], writer: asyncio.StreamWriter, content: bytes) -> bool:
        """As it should be."""
        etag = self._etag(path)
        headers = {"ETag": etag, "Accept-Ranges": "bytes"}
        if "range" not in fields or fields.get("if-range", etag) != etag:
            return await self._say(path, writer, content, 200, headers)
        first = int(fields["range"].removeprefix("bytes=").removesuffix("-"))
        if first >= len(content):
            return await self._say(path, writer, b"", 416, {"Content-Range": f"bytes */{len(content)}"})
        headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        return await self._say(path, writer, content[first:], 206, headers)

    def _etag(self, path: str) -> str:
        return f'"{zlib.crc32(path.encode())}-{self.versions[path]}"'

    async def _say(
        self,
        path: str,
        writer: asyncio.StreamWriter,
        body: bytes,
        status: int,
        headers: Mapping[str, str] | None = None,
        *,
        length: int | None = None,
    ) -> bool:
        lines = [f"HTTP/1.1 {status} Fine", f"Content-Length: {len(body) if length is None else length}"]
        lines += [f"{name}: {value}" for name, value in ({"Content-Type": "image/jpeg"} | dict(headers or {})).items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
        await self._send(path, writer, body)
        return True

    async def _send(self, path: str, writer: asyncio.StreamWriter, body: bytes) -> None:
        for at in range(0, len(body), _STEP):
            writer.write(body[at : at + _STEP])
            self.sent[path] += len(body[at : at + _STEP])
            await writer.drain()

    async def _drip(self, path: str, writer: asyncio.StreamWriter, data: bytes) -> None:
        """On and on, until they have gone."""
        while True:
            await self._send(path, writer, data)
            data = bytes(2**20)


@asynccontextmanager
async def hostile(size: tuple[int, int] = (320, 240)) -> AsyncIterator[Hostile]:
    """One that runs. `size`: of its pictures."""
    one = Hostile(size=size)
    tasks = set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        await one.serve(reader, writer)
        tasks.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
