"""How many pictures of one pane may be under way to a viewer: the reason that a thin link shows now and not then."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from livepane.hub.ledger import Ages

# Pictures under way. Measured on a 1 MB/s link with 100 KB pictures: 1 shows them 0.10 s old, 2 shows them 0.20 s old.
NEAR, FAR = 1, 2
# Beyond this round trip (ms) one picture at a time would halve the rate of a viewer with bandwidth to spare.
FAR_FROM = 30.0


class Window:
    """Opens when the viewer has acknowledged enough; then calls `on_open`."""

    def __init__(self, ages: Ages | None = None) -> None:
        self.is_open = True
        self.acked = 0  # pictures, and what their ways to the viewer and back took
        self.acked_ns = 0
        self._ages = Ages() if ages is None else ages
        self.on_open: Callable[[], None] | None = None
        self._size = NEAR
        self._under_way: deque[tuple[tuple[int, int], int, int]] = deque()  # order, when it was sent and captured

    def sent(self, order: tuple[int, int], sent_at: int = 0, captured_at: int = 0) -> None:
        """A picture is on its way. Times in ns since the Unix epoch; 0: not known."""
        self._under_way.append((order, sent_at, captured_at))
        self.is_open = len(self._under_way) < self._size

    def acknowledged(self, order: tuple[int, int]) -> None:
        """Everything up to `order` has arrived. An order from the future counts as 'all'."""
        under_way = self._under_way
        while under_way and under_way[0][0] <= order:
            _, sent_at, captured_at = under_way.popleft()
            if sent_at:
                now = time.time_ns()
                self.acked += 1
                self.acked_ns += now - sent_at
                if captured_at:
                    self._ages.add(now - captured_at)
        self._judge()

    def forget(self) -> None:
        """Nothing is under way any more (the pane shows something else)."""
        self._under_way.clear()
        self._judge()

    def resize(self, round_trip_ms: float) -> None:
        """The viewer's shortest round trip decides how many may be under way."""
        self._size = FAR if round_trip_ms > FAR_FROM else NEAR
        self._judge()

    def _judge(self) -> None:
        was_open, self.is_open = self.is_open, len(self._under_way) < self._size
        if self.is_open and not was_open and self.on_open is not None:
            self.on_open()
