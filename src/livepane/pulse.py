"""Whether the event loop keeps time: one that hangs for a second makes every picture a second old."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from types import TracebackType
from typing import Self

EVERY = 0.25  # seconds between beats
MEMORY = 10.0  # seconds that a late beat is remembered
STUCK = 1.0  # seconds: a beat that is later than this is trouble


class Pulse:
    """Beats inside its block, and notes how late each beat is."""

    def __init__(self) -> None:
        self.lag = 0.0  # s, of the last beat
        self.total = 0.0  # s, of all beats
        self.beats = 0
        self._late: deque[tuple[float, float]] = deque(maxlen=int(MEMORY / EVERY))  # when, and how late
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.get_running_loop().create_task(self._beat(), name="pulse")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    @property
    def worst(self) -> float:
        """Seconds: the latest beat of the last ten seconds."""
        now = time.monotonic()
        return max((late for at, late in self._late if now - at <= MEMORY), default=0.0)

    @property
    def stuck(self) -> bool:
        """Whether the loop has hung lately."""
        return self.worst > STUCK

    async def _beat(self) -> None:
        while True:
            due = time.monotonic() + EVERY
            await asyncio.sleep(EVERY)
            now = time.monotonic()
            # uvloop's clock has whole milliseconds: it may be early by one.
            self.lag = max(0.0, now - due)
            self.total += self.lag
            self.beats += 1
            self._late.append((now, self.lag))
