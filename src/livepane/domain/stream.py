"""Names, kinds and honest states of streams."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from livepane.domain import names
from livepane.domain.errors import BadRequest


class Kind(StrEnum):
    """What a stream shows. The id of a stream starts with its kind and a colon."""

    PAGE = "page"  # a page that Livepane opened, or that a script shows with livepane.watch
    TAB = "tab"  # a tab of somebody's own browser
    DESKTOP = "desktop"  # all monitors together
    MONITOR = "monitor"
    WINDOW = "window"
    PRODUCER = "producer"  # a remote machine that pushes pictures
    JOB = "job"  # a job of the queue: the page that it works on, while there is one


class State(StrEnum):
    """What a viewer may believe about the newest picture."""

    IDLE = "idle"  # nobody watches, nothing is captured: the picture is as old as it says
    STARTING = "starting"  # asked for, first picture not here yet
    LIVE = "live"  # pictures are changing
    STATIC = "static"  # capture runs and nothing has changed: the picture is true now
    HIDDEN = "hidden"  # the source is there and draws nothing (minimised window, background tab)
    RECONNECTING = "reconnecting"  # the source was lost and may come back: the picture may be old
    GONE = "gone"  # the source has ended: the picture is old for good


class Punctuality(StrEnum):
    """Whether a picture has come when one had to, of a producer that sends each by a request of its own."""

    FRESH = "fresh"
    LATE = "late"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class StreamId:
    """`kind:name`, such as `page:k3f9`, `desktop:0`, `window:4194311`, `producer:alice`."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> StreamId:
        """Read an id.

        Raises:
            BadRequest: when `text` is not `kind:name` with a known kind and a name that can be read.
        """
        kind, _, name = text.partition(":")
        if kind in set(Kind) and name and (why := names.why_not(name)) is not None:
            raise BadRequest(f"{text[:160]!r} is not a stream id: its name {why}.")
        if kind not in set(Kind) or not name:
            kinds = ", ".join(f"{one}:" for one in Kind)
            raise BadRequest(f"{text!r} is not a stream id. An id is a kind and a name, such as page:k3f9; kinds: {kinds}.")
        return cls(Kind(kind), name)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in CSS pixels of the page (or pixels of the window)."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the element of a stream's newest action is to be seen, while somebody wants it shown."""

    label: str  # of the action
    selector: str | None
    box: Box  # CSS px; its part that is inside of the view
    width: float  # of the view, CSS px: a picture shows all of it, whatever the picture's own size
    height: float


@dataclass(frozen=True, slots=True)
class Action:
    """A named moment on a stream."""

    label: str
    at: int  # ns since the Unix epoch
    selector: str | None = None
    box: Box | None = None
