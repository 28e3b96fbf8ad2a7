"""What the server's clock says, estimated from pings."""

from __future__ import annotations

from collections import deque

_KEPT = 8  # samples; older ones are forgotten, because clocks drift


class ServerClock:
    """Turns a time of this machine into the server's. All times in ns since the Unix epoch."""

    def __init__(self) -> None:
        self._samples: deque[tuple[int, int]] = deque(maxlen=_KEPT)  # (round trip, offset)

    def answered(self, sent: int, received: int, server_now: int) -> None:
        """A ping left at `sent`, and its answer, written at `server_now`, came at `received`."""
        self._samples.append((max(0, received - sent), server_now - (sent + received) // 2))

    @property
    def round_trip(self) -> int:
        """The shortest one of the kept samples, in ns; 0 before the first."""
        return min(self._samples)[0] if self._samples else 0

    @property
    def offset(self) -> int:
        """Add it to a time of this machine. From the sample with the shortest round trip, the least uncertain one.

        An offset within half a round trip cannot be told from none: then the clocks count as equal, so that
        two processes of one machine agree to the nanosecond.
        """
        if not self._samples:
            return 0
        round_trip, offset = min(self._samples)
        return 0 if abs(offset) <= round_trip // 2 else offset
