"""How often one viewer wants a picture: an average rate that forgives jitter and falls into step with the source."""

from __future__ import annotations


class Pace:
    """At most `fps` pictures a second on average; one that comes early is let through and paid back."""

    # Of an interval: a source at the same rate delivers with jitter, and many pictures would wait for a timer or be skipped.
    _EARLY = 0.4
    # Our beat is faster than asked, and faster than that of a source (1.05): a viewer joins at any moment between two
    # pictures of its source, and with the same beat it would keep that moment and show every picture late (measured at
    # 5 fps: by 110 ms), each from a timer of its own. So it is in step with its source after some pictures.
    SLACK = 1.12

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self._interval = 1.0 / (fps * self.SLACK)
        self._due = 0.0

    @property
    def fps(self) -> float:
        """Pictures a second."""
        return self._fps

    @fps.setter
    def fps(self, fps: float) -> None:
        before, self._fps, self._interval = self._interval, fps, 1.0 / (fps * self.SLACK)
        self._due += self._interval - before

    def wait(self, now: float) -> float:
        """Seconds until the next picture may be taken; 0 when it may be taken now."""
        return max(0.0, self._due - self._interval * self._EARLY - now)

    def take(self, now: float) -> None:
        """A picture is taken at `now` (seconds, monotonic)."""
        # After a pause the debt is forgotten: the next change is shown at once, but no burst follows.
        self._due = max(self._due, now) + self._interval
