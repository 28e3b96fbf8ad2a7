"""So many may hold something at once, and the others wait in a row."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Places:
    """Given in the order of asking, and given back whatever becomes of the holder. Their number may change at any time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = 0
        self._row: deque[asyncio.Future[None]] = deque()

    @property
    def taken(self) -> int:
        """How many are held."""
        return self._taken

    @property
    def full(self) -> bool:
        """Whether the next one has to wait."""
        return self._taken >= self._limit or bool(self._row)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a place and hold it for the length of the block."""
        await self._take()
        try:
            yield
        finally:
            self._taken -= 1
            self._give()

    def resize(self, limit: int) -> None:
        """More at once, or fewer: nobody loses a place that it has."""
        self._limit = limit
        self._give()

    async def _take(self) -> None:
        if not self.full:
            self._taken += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._row.append(turn)
        try:
            await turn
        except BaseException:
            with suppress(ValueError):
                self._row.remove(turn)
            if turn.done() and not turn.cancelled():  # it was given to us in the moment in which we left
                self._taken -= 1
                self._give()
            raise

    def _give(self) -> None:
        while self._row and self._taken < self._limit:
            turn = self._row.popleft()
            if not turn.done():
                self._taken += 1
                turn.set_result(None)
