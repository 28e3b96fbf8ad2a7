"""What a viewer may believe of the newest picture, worked out from what is known of its source."""

from __future__ import annotations

from dataclasses import dataclass

from livepane.domain.stream import Punctuality, State
from livepane.hub.cadence import Cadence

STATIC_AFTER = 2.0  # seconds without a change until a picture is called static
SILENT_AFTER = 10.0  # seconds without a word from a producer that takes no demand until its picture is called doubtful


@dataclass(slots=True)
class Truth:
    """The facts about one source. Moments are seconds of a monotonic clock; a reason is a sentence for a person."""

    changed_at: float = 0.0  # when the picture last changed
    confirmed_at: float = 0.0  # when it was last known to be true
    fresh: bool = False  # a picture has come since the capture started
    pushed: bool = False  # a producer that takes no demand is feeding us
    cadence: Cadence | None = None  # it has no connection, each picture is a request of its own
    hidden: str | None = None
    lost: str | None = None
    gone: str | None = None
    unplugged: str | None = None  # why there is no source, where none is missed

    def status(self, now: float) -> Punctuality | None:
        """Whether the next picture is overdue, where there is no connection to tell; None: there is."""
        return None if self.cadence is None else self.cadence.status(now)

    def state(self, now: float, *, capturing: bool) -> State:
        """What it comes to."""
        if self.gone is not None:
            return State.GONE
        if self.lost is not None:
            return State.RECONNECTING
        if self.pushed:
            if not self.fresh:
                return State.STARTING
            if self.silent(now):
                return State.RECONNECTING
        elif not capturing:
            return State.IDLE
        if self.hidden is not None:
            return State.HIDDEN
        if not self.fresh:
            return State.STARTING
        return State.LIVE if now - self.changed_at < STATIC_AFTER else State.STATIC

    def silent(self, now: float) -> bool:
        """Whether a producer that takes no demand has said nothing for too long."""
        status = self.status(now)
        return now - self.confirmed_at > SILENT_AFTER if status is None else status is Punctuality.QUIET

    def reason(self, state: State, now: float) -> str | None:
        """Why, for a person; only where the state needs one."""
        overdue = None if self.cadence is None else self.cadence.reason(self.cadence.status(now))
        match state:
            case State.GONE:
                return self.gone
            case State.RECONNECTING:
                return self.lost or overdue or "the producer is connected and sends nothing"
            case State.HIDDEN:
                return self.hidden
            case State.IDLE:
                return self.unplugged
            case _:
                return overdue
