"""How many pictures a second a source may take: credit that grows with time, one unit a picture."""

from __future__ import annotations

SLACK = 1.05
"""Credit grows 5 % faster than asked. A page that paints "30 times a second" by a timer of 33 ms really paints
30.3 times: at exactly 30 every answer would come a little later than the next repaint, and pictures would age by
up to a whole interval before one is skipped."""

SAVINGS = 1.0
"""Credit kept for later, in pictures. One that was held up on its way then leaves the next one its full time: with 0.3,
one hiccup of 20 ms made the six pictures after it late as well."""


class Pace:
    """Says how long to wait after a picture before asking for the next one. Pure: the caller brings the clock."""

    def __init__(self) -> None:
        self._credit = SAVINGS
        self._at = float("-inf")

    def spend(self, now: float, fps: float) -> None:
        """A picture was taken at `now` (seconds of any steady clock)."""
        self._earn(now, fps)
        self._credit -= 1.0

    def wait(self, now: float, fps: float) -> float:
        """Seconds until the next picture may be asked for; 0 when it may at once."""
        self._earn(now, fps)
        return max(0.0, -self._credit / (fps * SLACK))

    def _earn(self, now: float, fps: float) -> None:
        if now > self._at:
            earned = (now - self._at) * fps * SLACK
            self._credit = min(SAVINGS, self._credit + earned)
            self._at = now
