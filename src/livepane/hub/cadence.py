"""How often pictures come that nobody asks for, and whether the next is overdue: all there is to know without a connection."""

from __future__ import annotations

from collections import deque

from livepane.domain.stream import Punctuality

LATE_AFTER = 2.0  # times between two pictures
QUIET_AFTER = 5.0
FORGIVEN = 1.0  # seconds on top: a network and a timer have their moods, and some send ten times a second
QUIET_AT_LEAST = 10.0  # seconds
UNKNOWN = 30.0  # seconds: what we go by until we know better
_REMEMBERED = 5  # times between two pictures
_NEEDED = 3  # of them, before they say anything: two clicks are no rhythm


class Cadence:
    """The rhythm of one producer that sends each picture by a request of its own. Moments are seconds of a monotonic clock."""

    def __init__(self, kept: float) -> None:
        """`kept`: seconds without a picture after which nobody expects one any more."""
        self._kept = kept
        self.last_at = 0  # ns since the Unix epoch: when a picture came last, also one like that before it
        self._last: float | None = None
        self._gaps: deque[float] = deque(maxlen=_REMEMBERED)
        self._promised: float | None = None

    def beat(self, now: float, at: int, every: float | None = None) -> None:
        """A picture came. `at`: ns since the Unix epoch; `every`: seconds until the next one, if its producer says so."""
        if self._last is not None:
            self._gaps.append(now - self._last)
        self._last, self.last_at, self._promised = now, at, every

    @property
    def promised(self) -> float | None:
        """Seconds until the next one, as its producer says."""
        return self._promised

    @property
    def every(self) -> float | None:
        """Seconds between two pictures; None: not known yet."""
        if self._promised is not None:
            return self._promised
        # The second longest: one night without a network is no rhythm, and a still page that is sent less often is no outage.
        return sorted(self._gaps)[-2] if len(self._gaps) >= _NEEDED else None

    def silence(self, now: float) -> float:
        """Seconds since the last picture."""
        return 0.0 if self._last is None else now - self._last

    def over(self, now: float) -> bool:
        """Whether nobody expects a picture any more."""
        return self.silence(now) > max(self._kept, (self.every or 0.0) * QUIET_AFTER)

    def leaves_in(self, now: float) -> float:
        """Seconds until it has to make room for another one: when it is quiet, or has no rhythm and came long ago."""
        known = self.every is not None
        return max(0.0, (self._quiet_after if known else UNKNOWN) - self.silence(now))

    @property
    def _quiet_after(self) -> float:
        return max(QUIET_AT_LEAST, (self.every or UNKNOWN) * QUIET_AFTER + FORGIVEN)

    def status(self, now: float) -> Punctuality:
        """Whether the next picture is overdue."""
        every = self.every or UNKNOWN
        silence = self.silence(now)
        if silence > self._quiet_after:
            return Punctuality.QUIET
        return Punctuality.LATE if silence > every * LATE_AFTER + FORGIVEN else Punctuality.FRESH

    def reason(self, status: Punctuality) -> str | None:
        """What is the matter, for a person; None: nothing is."""
        if status is Punctuality.FRESH:
            return None
        known = f": they came every {_written(self.every)}" if self.every is not None else ""
        return f"The next picture is late{known}" if status is Punctuality.LATE else f"No more pictures come{known}"


def _written(seconds: float) -> str:
    """A time as people say it: 0.5 s, 3 s, 5 min, 24 h."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.1f} s" if seconds < 10 and round(seconds, 1) % 1 else f"{seconds:.0f} s"
