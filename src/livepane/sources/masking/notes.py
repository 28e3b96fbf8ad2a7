"""What one document has noted of itself, and what of it counts for a picture. Pure: the caller brings the clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KEPT = 15.0  # s: no picture that is still to be judged is older

Box = tuple[float, float, float, float]  # left, top, right, bottom, CSS px of the document's view


@dataclass(frozen=True, slots=True)
class FrameBox:
    """A frame in a document, and where it is."""

    id: str | None  # Chromium's; None: not known yet
    straight: bool  # neither turned nor scaled: its inside has the same pixels
    left: float  # of its inside
    top: float
    outer: Box


@dataclass(frozen=True, slots=True)
class Note:
    """How a document was from `at` until the next note."""

    number: int
    before: float  # s of the document's own clock; until then it was as the note before says
    at: float
    view: tuple[float, float, float, float, float]  # width, height, offset left, offset top, scale of a pinch
    scroll: tuple[float, float]  # how far the document has been moved left and up, CSS px
    boxes: dict[int, Box]  # by what each is a box of
    frames: tuple[FrameBox, ...]

    @classmethod
    def read(cls, said: dict[str, Any]) -> Note:
        """From what the script says."""
        boxes = {box[4]: (box[0], box[1], box[2], box[3]) for box in said["boxes"]}
        frames = tuple(FrameBox(one[0], one[1], one[2], one[3], (one[4], one[5], one[6], one[7])) for one in said["frames"])
        width, height, left, top, scale = said["view"]
        right, down = said["scroll"]
        view = (width, height, left, top, scale)
        return cls(said["number"], said["before"] / 1000, said["at"] / 1000, view, (right, down), boxes, frames)


class Document:
    """One document in one frame. Its clock is moved to ours by what must be true: it answered before we heard it."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.has_fields = False  # there is one that is, or was, a password field
        self.refused: str | None = None  # a selector that is none
        self.strange = 0  # frames whose id is not known yet
        self.confirmed = 0  # the newest note that we have
        self._notes: deque[Note] = deque()
        self._ahead = float("inf")  # s; our clock is at the most so much before the document's
        self._since: float | None = None  # s of the document's clock; it has noted every frame from here on
        self._painted: float | None = None
        self._floor = 0.0  # s of the document's clock; notes from before it were told to somebody else

    @property
    def newest(self) -> Note | None:
        """How it is now."""
        return self._notes[-1] if self._notes else None

    def hear(self, said: dict[str, Any], heard_at: float) -> None:
        """Take what it answered. `heard_at`: s of our clock."""
        self._ahead = min(self._ahead, heard_at - said["now"] / 1000)
        if self.confirmed == 0 and said["notes"] and said["notes"][0]["number"] > 1:
            self._floor = said["notes"][0]["at"] / 1000
        self._since = None if said["since"] is None else max(self._floor, said["since"] / 1000)
        self._painted = None if said["painted"] is None else said["painted"] / 1000
        self.has_fields, self.refused, self.strange = said["fields"] > 0, said["refused"], said["strange"]
        for one in said["notes"]:
            note = Note.read(one)
            if note.number > self.confirmed:
                self._notes.append(note)
                self.confirmed = note.number
        while len(self._notes) > 1 and self._notes[1].at + self._ahead < heard_at - KEPT:
            self._notes.popleft()

    def knows(self, since: float) -> bool:
        """Whether nothing that was drawn from `since` (s of our clock) until it was last heard has escaped it."""
        return self._since is not None and self._since + self._ahead <= since

    def is_drawn(self, since: float) -> bool:
        """Whether what is seen from `since` on is this document, and not the one before it, which stays until this one paints."""
        return self._painted is not None and self._painted + self._ahead <= since

    def during(self, since: float) -> Iterator[Note]:
        """How it was at any time from `since` (s of our clock) on."""
        for at, note in enumerate(self._notes):
            if at + 1 == len(self._notes) or self._notes[at + 1].at + self._ahead >= since:
                yield note
