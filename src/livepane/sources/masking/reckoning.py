"""From the notes of a page's documents to the parts of one picture that are to be painted over. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from livepane.media.patch import Patch
from livepane.sources.masking.notes import Box, Document, FrameBox, Note

MARGIN = 4.0  # CSS px around a box: shadows, rings of focus, and half pixels
MOST = 400  # patches; more of them become the one that holds them all
REACH = 100.0  # CSS px; what jumps is not taken for something very fast
EVERYTHING = Patch(0.0, 0.0, 1.0, 1.0)

Key = int | tuple[str, int]
Size = tuple[float, float]  # CSS px

YOUNG = "the page has only just come"
BLIND = "where the parts are that are to be painted over is not known yet"
SHAPE = "the picture has another shape than the page"


class Unknown(Exception):
    """Nobody can say what is to be painted over in this picture. `str` of it says why."""


def patches(
    documents: Mapping[str, Document], main: str, since: float, width: int, height: int, whole: Size | None = None
) -> list[Patch]:
    """What is to be painted over in a picture of width x height px that was taken at or after `since`, s of our clock.

    It is everything that was anywhere in that time: what moves leaves a broad trace, and never a hole. `whole`: the picture
    shows the page from its beginning on, in view or not, and so many CSS px of it.

    Raises:
        Unknown: the notes do not reach far enough. Such a picture is shown to nobody.
    """
    document = documents.get(main)
    if document is None:
        raise Unknown(BLIND)
    if document.refused is not None:
        raise Unknown(f"{document.refused!r} is not a CSS selector")
    if not document.is_drawn(since):
        raise Unknown(YOUNG)
    if not document.knows(since):
        raise Unknown(BLIND)
    newest = document.newest
    if newest is None or (whole is None and not _same_shape(newest, width, height)):
        raise Unknown(SHAPE)
    size, margin = (newest.view[:2], MARGIN * newest.view[4]) if whole is None else (whole, MARGIN)
    views = []
    for note in document.during(since):
        boxes = _boxes(note, documents, since, {main})
        shown = _in_view(note, boxes, size) if whole is None else _in_page(note, boxes)
        views.append((note.at - note.before, shown))
    found = {patch for box in _traces(views) if (patch := _patch(box, size, margin)) is not None}
    if len(found) > MOST:
        sides = ((one.left, one.top, one.right, one.bottom) for one in found)
        left, top, right, bottom = zip(*sides, strict=True)
        return [Patch(min(left), min(top), max(right), max(bottom))]
    return sorted(found, key=lambda one: (one.top, one.left, one.bottom, one.right))


def _boxes(note: Note, documents: Mapping[str, Document], since: float, above: set[str]) -> dict[Key, Box]:
    """Of one note, with what is in its frames, in CSS px of its document."""
    found: dict[Key, Box] = {key: box for key, box in note.boxes.items()}  # noqa: C416 - its keys are of more kinds
    for at, frame in enumerate(note.frames):
        name = frame.id or f"unnamed {at}"
        for number, box in enumerate(_in_frame(frame, documents, since, above)):
            found[(name, number)] = box
    return found


def _in_frame(frame: FrameBox, documents: Mapping[str, Document], since: float, above: set[str]) -> list[Box]:
    """In CSS px of the document that the frame is in. One that cannot be looked into is painted over as a whole."""
    document = None if frame.id is None or frame.id in above else documents.get(frame.id)
    known = document is not None and frame.straight and document.refused is None
    if document is None or frame.id is None or not known or not (document.is_drawn(since) and document.knows(since)):
        return [frame.outer]
    notes = list(document.during(since))
    if any(note.view[2:] != (0, 0, 1) for note in notes):
        return [frame.outer]
    left, top, right, bottom = frame.outer
    found = []
    for box in _traces([(note.at - note.before, _boxes(note, documents, since, above | {frame.id})) for note in notes]):
        moved = (box[0] + frame.left, box[1] + frame.top, box[2] + frame.left, box[3] + frame.top)
        inside = (max(left, moved[0]), max(top, moved[1]), min(right, moved[2]), min(bottom, moved[3]))
        if inside[2] > inside[0] and inside[3] > inside[1]:
            found.append(inside)
    return found


def _traces(notes: Sequence[tuple[float, Mapping[Key, Box]]]) -> list[Box]:
    """Everywhere that the boxes of these notes can have been; each comes with the seconds in which it became what it is.

    Between two notes the compositor moves what is animated or scrolled by itself. So what has moved was anywhere between its two
    places, and, since it may have turned round on its way, beyond them by half of what it moves in that time.
    """
    found: dict[Box, None] = {}
    fastest: dict[Key, tuple[float, float]] = {}  # px/s across and down
    for (_, before), (took, after) in pairwise(notes):
        for key in before.keys() & after.keys():
            across, down = _speed(before[key], after[key], took)
            known = fastest.get(key, (0.0, 0.0))
            fastest[key] = (max(known[0], across), max(known[1], down))
    for (_, before), (took, after) in pairwise(notes):
        for key in before.keys() & after.keys():
            x, y = (min(REACH, speed * took / 2) for speed in fastest[key])
            one, other = before[key], after[key]
            left, top = min(one[0], other[0]) - x, min(one[1], other[1]) - y
            right, bottom = max(one[2], other[2]) + x, max(one[3], other[3]) + y
            found[(left, top, right, bottom)] = None
    for _, boxes in notes:
        found |= dict.fromkeys(boxes.values())
    return list(found)


def _speed(before: Box, after: Box, took: float) -> tuple[float, float]:
    """px/s across and down of the side that has moved most."""
    across = max(abs(before[0] - after[0]), abs(before[2] - after[2]))
    down = max(abs(before[1] - after[1]), abs(before[3] - after[3]))
    return across / max(0.001, took), down / max(0.001, took)


def _in_view(note: Note, boxes: Mapping[Key, Box], size: tuple[float, float]) -> dict[Key, Box]:
    """In a picture of this size, px."""
    width, height, x, y, scale = note.view
    if width <= 0 or height <= 0:
        return dict.fromkeys(boxes, (0.0, 0.0, *size))
    across, down = scale * size[0] / width, scale * size[1] / height
    return {
        key: ((left - x) * across, (top - y) * down, (right - x) * across, (bottom - y) * down)
        for key, (left, top, right, bottom) in boxes.items()
    }


def _in_page(note: Note, boxes: Mapping[Key, Box]) -> dict[Key, Box]:
    """From the beginning of the page on."""
    x, y = note.scroll
    return {key: (left + x, top + y, right + x, bottom + y) for key, (left, top, right, bottom) in boxes.items()}


def _patch(box: Box, size: tuple[float, float], margin: float) -> Patch | None:
    """As shares of a picture of that size, with a margin; None when it is outside of it."""
    width, height = size
    if width <= 0 or height <= 0:
        return EVERYTHING
    left, right = (box[0] - margin) / width, (box[2] + margin) / width
    top, bottom = (box[1] - margin) / height, (box[3] + margin) / height
    if right <= 0 or bottom <= 0 or left >= 1 or top >= 1:
        return None
    return Patch(max(0.0, left), max(0.0, top), min(1.0, right), min(1.0, bottom))


def _same_shape(note: Note, width: int, height: int) -> bool:
    """Whether a picture can be of that view, whatever its size: each side of it is rounded to a pixel."""
    view_width, view_height = note.view[:2]
    return abs(width * view_height - height * view_width) <= view_width + view_height
