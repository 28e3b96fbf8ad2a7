"""The time by which leases, waits and ends of tokens go: the machine's own, or that of a database which machines share."""

from __future__ import annotations

import time


class Clock:
    """Milliseconds since the Unix epoch. What the database has told goes on by itself, however this machine's clock is set."""

    def __init__(self) -> None:
        self._ahead: int | None = None  # ms that the database is ahead of our monotonic clock; None: it has told nothing

    def now(self) -> int:
        """This moment, in ms."""
        if self._ahead is None:
            return time.time_ns() // 1_000_000
        return time.monotonic_ns() // 1_000_000 + self._ahead

    def seconds(self) -> float:
        """The same as `time.time()` has it."""
        return self.now() / 1000

    def told(self, moment: int) -> None:
        """It was this moment (ms) in the database just now."""
        self._ahead = moment - time.monotonic_ns() // 1_000_000
