"""How many pictures of one pane may be under way to a viewer: the reason that a thin link shows now and not then."""

from __future__ import annotations

import asyncio
import time

# Pictures under way. Measured on a 1 MB/s link with 100 KB pictures: 1 shows them 0.10 s old, 2 shows them 0.20 s old.
NEAR, FAR = 1, 2
# Beyond this round trip (ms) one picture at a time would halve the rate of a viewer with bandwidth to spare.
FAR_FROM = 30.0


class Window:
    """Opens when the viewer has acknowledged enough. One sender waits on it."""

    def __init__(self) -> None:
        self.size = NEAR
        self.ack_ms = 0.0  # from send to acknowledgement, the last one
        self._under_way: list[tuple[tuple[int, int], float]] = []
        self._open = asyncio.Event()
        self._open.set()

    def sent(self, order: tuple[int, int]) -> None:
        """A picture is on its way."""
        self._under_way.append((order, time.monotonic()))
        self._judge()

    def acknowledged(self, order: tuple[int, int]) -> None:
        """Everything up to `order` has arrived. An order from the future counts as 'all'."""
        now = time.monotonic()
        while self._under_way and self._under_way[0][0] <= order:
            self.ack_ms = (now - self._under_way.pop(0)[1]) * 1000
        self._judge()

    def forget(self) -> None:
        """Nothing is under way any more (the pane shows something else)."""
        self._under_way.clear()
        self._judge()

    def resize(self, round_trip_ms: float) -> None:
        """The viewer's shortest round trip decides how many may be under way."""
        self.size = FAR if round_trip_ms > FAR_FROM else NEAR
        self._judge()

    async def opened(self) -> None:
        """Wait until one more may be sent."""
        await self._open.wait()

    def _judge(self) -> None:
        if len(self._under_way) < self.size:
            self._open.set()
        else:
            self._open.clear()
