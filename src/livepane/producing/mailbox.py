"""One slot between a source and the network: the newest picture wins."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Holds the newest item that nobody has taken. One taker at a time; used on one event loop."""

    def __init__(self) -> None:
        self._item: T | None = None
        self._filled = asyncio.Event()
        self.dropped = 0  # items replaced before anybody took them

    def put(self, item: T) -> None:
        """Replace what lies there."""
        if self._item is not None:
            self.dropped += 1
        self._item = item
        self._filled.set()

    async def filled(self) -> None:
        """Wait until there is something to take."""
        await self._filled.wait()

    def take(self) -> T | None:
        """The newest item, and the slot is empty again."""
        item, self._item = self._item, None
        self._filled.clear()
        return item
