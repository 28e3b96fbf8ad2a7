"""How often one viewer wants a picture: an average rate that forgives jitter."""

from __future__ import annotations


class Pace:
    """At most `fps` pictures a second on average; one that comes a little early is let through and paid back."""

    # A source at the same rate delivers with jitter; without this slack many pictures would wait for a timer or be skipped.
    _EARLY = 0.4  # of an interval

    def __init__(self, fps: float) -> None:
        self._interval = 1.0 / fps
        self._due = 0.0

    @property
    def fps(self) -> float:
        """Pictures a second."""
        return 1.0 / self._interval

    @fps.setter
    def fps(self, fps: float) -> None:
        self._due += 1.0 / fps - self._interval
        self._interval = 1.0 / fps

    def wait(self, now: float) -> float:
        """Seconds until the next picture may be taken; 0 when it may be taken now."""
        return max(0.0, self._due - self._interval * self._EARLY - now)

    def take(self, now: float) -> None:
        """A picture is taken at `now` (seconds, monotonic)."""
        # After a pause the debt is forgotten: the next change is shown at once, but no burst follows.
        self._due = max(self._due, now) + self._interval
