"""What stands in a door of the broker: passes bytes on while the door is open. One process has a door at a time."""

from __future__ import annotations

import asyncio
import fcntl
import os
from pathlib import Path
from typing import IO, Self

from scripts.services.kafka import Door
from tests.services import shared


class Relay:
    """An async context manager; clients are to be told `address`."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()
        self._mine: IO[str] | None = None

    @property
    def address(self) -> str:
        """Where the door is."""
        return f"127.0.0.1:{self._door.outside}"

    async def __aenter__(self) -> Self:
        path = Path(os.environ[shared.FOLDER]) / f"door-{self._door.outside}"
        self._mine = path.open("w")
        await asyncio.to_thread(fcntl.flock, self._mine, fcntl.LOCK_EX)
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.shut()
        if self._mine is not None:
            self._mine.close()

    async def open(self) -> None:
        """Let clients in."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._door.outside)

    async def shut(self) -> None:
        """Let nobody in, and throw out those who are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for line in self._lines:
            line.cancel()
        if self._lines:
            await asyncio.wait(self._lines)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        there: asyncio.StreamWriter | None = None
        try:
            back, there = await asyncio.open_connection("127.0.0.1", self._door.inside)
            async with asyncio.TaskGroup() as both:
                both.create_task(_pass_on(reader, there))
                both.create_task(_pass_on(back, writer))
        except (OSError, ExceptionGroup):
            pass  # either side has gone: so has the other one
        except asyncio.CancelledError:
            pass  # the door was shut
        finally:
            self._lines.discard(task)
            for one in (writer, there):
                if one is not None:
                    one.transport.abort()


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(1 << 18):
        sink.write(data)
        await sink.drain()
    raise ConnectionError("one side has ended")
