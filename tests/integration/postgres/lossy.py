"""A wire between us and Postgres that is cut at the worst moment: when a transaction is committed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from urllib.parse import urlsplit, urlunsplit


class Wire:
    """`cut` the next commit `before` it is said, or `after`: then only the answer is lost."""

    def __init__(self, url: str) -> None:
        self._there = urlsplit(url)
        self.url = ""
        self.cut: Literal["before", "after"] | None = None
        self.cuts = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Both ways, until either end leaves."""
        theirs, to_them = await asyncio.open_connection(self._there.hostname, self._there.port)
        lost = asyncio.Event()

        async def there() -> None:
            while data := await reader.read(2**16):
                if self.cut and b"COMMIT\0" in data:
                    how, self.cut = self.cut, None
                    self.cuts += 1
                    if how == "before":
                        return
                    lost.set()
                to_them.write(data)

        async def back() -> None:
            while data := await theirs.read(2**16):
                if lost.is_set():
                    return
                writer.write(data)

        ways = [asyncio.get_running_loop().create_task(way(), name="wire") for way in (there, back)]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.wait(ways)
            for end in (writer, to_them):
                end.close()


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Wire]:
    """A wire to a database; its `url` leads through it."""
    one = Wire(url)
    async with await asyncio.start_server(one.carry, "127.0.0.1", 0) as server:
        parts = urlsplit(url)
        port = server.sockets[0].getsockname()[1]
        one.url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition(":")[0] + f":{port}"))
        yield one
