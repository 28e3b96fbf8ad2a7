"""Names, kinds and honest states of streams."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from livepane.domain.errors import BadRequest


class Kind(StrEnum):
    """What a stream shows. The id of a stream starts with its kind and a colon."""

    PAGE = "page"  # a page that Livepane opened, or that a script shows with livepane.watch
    TAB = "tab"  # a tab of somebody's own browser
    DESKTOP = "desktop"  # all monitors together
    MONITOR = "monitor"
    WINDOW = "window"
    PRODUCER = "producer"  # a remote machine that pushes pictures


class State(StrEnum):
    """What a viewer may believe about the newest picture."""

    IDLE = "idle"  # nobody watches, nothing is captured: the picture is as old as it says
    STARTING = "starting"  # asked for, first picture not here yet
    LIVE = "live"  # pictures are changing
    STATIC = "static"  # capture runs and nothing has changed: the picture is true now
    HIDDEN = "hidden"  # the source is there and draws nothing (minimised window, background tab)
    RECONNECTING = "reconnecting"  # the source was lost and may come back: the picture may be old
    GONE = "gone"  # the source has ended: the picture is old for good


_ID = re.compile(r"[a-z]+:[^\x00-\x1f/\\\x7f]{1,128}\Z")  # a slash would end the id in a URL


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
            BadRequest: when `text` is not `kind:name` with a known kind.
        """
        kind, _, name = text.partition(":")
        if not _ID.match(text) or kind not in set(Kind):
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
class Action:
    """A named moment on a stream."""

    label: str
    at: int  # ns since the Unix epoch
    selector: str | None = None
    box: Box | None = None
