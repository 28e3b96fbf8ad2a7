"""A web server with pictures, in a process of its own: `COUNT LATENCY RATE`. It says what it has, and on demand what was asked.

LATENCY: seconds before every answer; RATE: bytes a second of one connection, 0 for as fast as it goes. It knows ranges and ETags.
A line `take` on its input is answered with the requests since the last one, as JSON: path, first byte, bytes that were handed
over; any other with how many there are.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import random
import sys
from dataclasses import dataclass, field

from PIL import Image

SMALLEST, LARGEST = 100_000, 4_000_000  # bytes of a picture
BASES = 12
_CHUNK = 64 * 2**10


def pictures(count: int) -> dict[str, bytes]:
    """JPEGs between the bounds, by path: as many small ones as large ones, each unlike the others."""
    bases = []
    for number in range(BASES):
        wanted = SMALLEST * (LARGEST / SMALLEST) ** (number / (BASES - 1))
        side = max(64, int((wanted / 0.62) ** 0.5) // 8 * 8)
        noise = Image.frombytes("L", (side, side), random.Random(number).randbytes(side * side))
        out = io.BytesIO()
        noise.save(out, "JPEG", quality=60)
        bases.append(out.getvalue())
    made = {}
    for number in range(count):
        base, note = bases[number * 5 % BASES], f"picture {number}".encode()
        made[f"/{number:03}.jpg"] = base[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2) + note + base[2:]
    return made


@dataclass(slots=True)
class Asked:
    """One request."""

    path: str
    first: int  # byte
    sent: int = 0  # bytes that the system has taken from us


@dataclass(slots=True)
class Gallery:
    """The server."""

    pictures: dict[str, bytes]
    latency: float
    rate: float
    asked: list[Asked] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                await asyncio.sleep(self.latency)
                await self._answer(head, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: str, writer: asyncio.StreamWriter) -> None:
        path = head.split(" ", 2)[1]
        content = self.pictures.get(path)
        if content is None:
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        etag = f'"{path}"'
        first = 0
        if "range" in fields and fields.get("if-range") == etag:
            first = int(fields["range"].removeprefix("bytes=").removesuffix("-"))
        asked = Asked(path, first)
        self.asked.append(asked)
        status = f"206 Partial Content\r\nContent-Range: bytes {first}-{len(content) - 1}/{len(content)}" if first else "200 OK"
        size = len(content) - first
        writer.write(f"HTTP/1.1 {status}\r\nContent-Type: image/jpeg\r\nContent-Length: {size}\r\nETag: {etag}\r\n\r\n".encode())
        body = memoryview(content)[first:]
        if not self.rate:
            writer.write(body)
            await writer.drain()
            asked.sent = size
            return
        for at in range(0, size, _CHUNK):
            writer.write(body[at : at + _CHUNK])
            await writer.drain()
            asked.sent = min(size, at + _CHUNK)
            await asyncio.sleep(_CHUNK / self.rate)

    def take(self) -> str:
        """The requests since the last time."""
        taken, self.asked = self.asked, []
        return json.dumps([[one.path, one.first, one.sent] for one in taken])


async def main(count: int, latency: float, rate: float) -> None:
    """Serve until nobody holds the other end of our input."""
    gallery = Gallery(pictures(count), latency, rate)
    server = await asyncio.start_server(gallery.serve, "127.0.0.1", 0)
    about = {path: [len(content), hashlib.sha256(content).hexdigest()] for path, content in gallery.pictures.items()}
    print(json.dumps({"port": server.sockets[0].getsockname()[1], "pictures": about}), flush=True)
    while word := await asyncio.to_thread(sys.stdin.readline):
        print(gallery.take() if word == "take\n" else len(gallery.asked), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
