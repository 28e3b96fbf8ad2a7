"""The newest log lines, scrubbed, for those who follow them from elsewhere than the terminal."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import AsyncGenerator
from typing import NamedTuple

from livepane.log.formats import Text

KEPT = 1000  # lines


class Line(NamedTuple):
    """One line of the log; `number` counts up from 1."""

    number: int
    text: str


class Lines(logging.Handler):
    """Remembers the newest lines and wakes whoever follows. A slow follower misses the oldest; nobody waits for it."""

    def __init__(self, kept: int = KEPT) -> None:
        super().__init__()
        self.setFormatter(Text())
        self._kept: deque[Line] = deque(maxlen=kept)
        self._newest = 0
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._guard = threading.Lock()  # lines come from any thread

    @property
    def newest(self) -> int:
        """The number of the last line; 0 when there is none."""
        return self._newest

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging."""
        try:
            text = self.format(record)
        except Exception:  # wrong arguments: what writes to the terminal says so
            return
        with self._guard:
            self._newest += 1
            self._kept.append(Line(self._newest, text))
            waiting, self._waiting = self._waiting, {}
        for event, loop in waiting.items():
            try:
                loop.call_soon_threadsafe(event.set)
            except RuntimeError:  # its loop has ended, and it with it
                continue

    def after(self, number: int) -> list[Line]:
        """The lines that came after one, as far as they are still known."""
        with self._guard:
            return [line for line in self._kept if line.number > number]

    async def follow(self, after: int | None = None) -> AsyncGenerator[Line, None]:
        """Every line that comes from now on, or those after one of the past first."""
        seen = self._newest if after is None else after
        if seen > self._newest:  # of an earlier life of this server
            seen = 0
        while True:
            event = asyncio.Event()
            with self._guard:
                self._waiting[event] = asyncio.get_running_loop()
            try:
                for line in self.after(seen):
                    seen = line.number
                    yield line
                await event.wait()
            finally:
                with self._guard:
                    self._waiting.pop(event, None)


LINES = Lines()  # of this process: logging itself is one for all
