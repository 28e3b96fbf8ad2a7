"""Which parts of a picture are painted over, from what its documents have noted."""

from __future__ import annotations

import math
from typing import Any

import pytest

from livepane.media.patch import Patch
from livepane.sources.masking.notes import Document
from livepane.sources.masking.reckoning import BLIND, MARGIN, MOST, SHAPE, YOUNG, Unknown, patches

VIEW = [1280, 720, 0, 0, 1]


def note(
    number: int,
    at: float,
    *boxes: list[int],
    frames: list[list[Any]] | None = None,
    view: list[float] | None = None,
    scroll: list[float] | None = None,
    took: float = 0,
) -> dict[str, Any]:
    """`took`: ms in which it became so; each box is one of another element than the others."""
    numbered = [[*box, at] for at, box in enumerate(boxes)]
    place = {"view": view or VIEW, "scroll": scroll or [0, 0]}
    return {"number": number, "before": at - took, "at": at, **place, "boxes": numbered, "frames": frames or []}


def document(
    *notes: dict[str, Any], heard_at: float = 100.0, now: float = 10_000, since: float | None = 0, **said: Any
) -> Document:
    """Whose clock is 90 s behind ours, as far as we can know."""
    made = Document("a")
    answer = {"now": now, "since": since, "painted": 0, "fields": 0, "strange": 0, "refused": None, "notes": list(notes)}
    made.hear(answer | said, heard_at)
    return made


def found(one: Document, since: float = 99.0, size: tuple[int, int] = (1280, 720), **others: Document) -> list[Patch]:
    return patches({"main": one, **others}, "main", since, *size)


def in_pixels(patch: Patch, width: int = 1280, height: int = 720) -> tuple[float, float, float, float]:
    """Without the margin."""
    sides = (
        patch.left * width + MARGIN,
        patch.top * height + MARGIN,
        patch.right * width - MARGIN,
        patch.bottom * height - MARGIN,
    )
    left, top, right, bottom = (round(side, 3) for side in sides)
    return left, top, right, bottom


def test_a_box_is_where_it_is_in_a_picture_of_any_size() -> None:
    page = document(note(1, 0, [100, 50, 300, 90]))
    assert [in_pixels(one) for one in found(page)] == [(100, 50, 300, 90)]
    assert found(page, size=(320, 180)) == found(page) == found(page, size=(2560, 1440))


def test_a_pinched_view_shows_a_part_of_the_page_and_larger() -> None:
    page = document(note(1, 0, [400, 200, 500, 300], view=[1280, 720, 390, 190, 2]))
    (patch,) = found(page)
    assert round(patch.left * 1280, 3) == (400 - 390 - MARGIN) * 2
    assert round(patch.bottom * 720, 3) == (300 - 190 + MARGIN) * 2


def test_what_was_there_at_any_time_of_the_picture_counts_and_what_was_before_does_not() -> None:
    page = document(note(1, 1_000, [300, 50, 310, 60]), note(2, 8_000), note(3, 8_500, [100, 50, 110, 60]), note(4, 9_500))
    assert [in_pixels(one) for one in found(page, since=99.0)] == [(100, 50, 110, 60)]
    assert len(found(page, since=97.9)) == 2
    assert found(page, since=math.inf) == []


def test_what_has_moved_was_anywhere_on_its_way_and_a_little_beyond() -> None:
    page = document(note(1, 1_000, [100, 100, 200, 150]), note(2, 9_500, [140, 180, 240, 230], took=50))
    (trace,) = [one for one in map(in_pixels, found(page, since=99.4)) if one[0] < 100]
    assert trace == (80.0, 60.0, 260.0, 270.0)  # it may have turned round half way: 40 px across and 80 down in 50 ms
    assert [in_pixels(one) for one in found(page, since=math.inf)] == [(140, 180, 240, 230)]


def test_in_a_picture_of_a_whole_page_a_box_is_where_it_is_in_the_page_however_far_that_is_scrolled() -> None:
    scrolled = note(1, 1_000, [100, -900, 200, -870], [100, 300, 200, 330], scroll=[0, 1_000])
    back = note(2, 9_500, [100, 100, 200, 130], [100, 1300, 200, 1330])
    page = document(scrolled, back)
    there = patches({"main": page}, "main", 99.0, 885, 1600, (885.0, 1600.0))
    assert [in_pixels(one, 885, 1600) for one in there] == [(100, 100, 200, 130), (100, 1300, 200, 1330)]
    with pytest.raises(Unknown, match=SHAPE):
        found(page, size=(885, 1600))


def test_what_jumps_leaves_no_endless_trace() -> None:
    page = document(note(1, 1_000, [200, 200, 210, 210]), note(2, 9_500, [900, 200, 910, 210], took=16))
    assert min(in_pixels(one)[0] for one in found(page, since=99.4)) == 100


def test_our_clock_and_that_of_the_page_need_not_agree_but_an_answer_cannot_come_before_it_was_given() -> None:
    page = document(note(1, 0, [0, 0, 10, 10]), note(2, 9_000, [100, 0, 110, 10]), heard_at=104.0)
    assert len(found(page, since=102.9)) > 1  # by this answer the change may have been as late as 103
    page.hear({"now": 11_000, "since": 0, "painted": 0, "fields": 0, "strange": 0, "refused": None, "notes": []}, 101.5)
    assert len(found(page, since=102.9)) == 1  # a quicker one has said more


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"since": None}, BLIND),
        ({"since": 9_500}, BLIND),
        ({"painted": None}, YOUNG),
        ({"painted": 9_500}, YOUNG),
        ({"refused": "##"}, "'##' is not a CSS selector"),
    ],
)
def test_a_picture_that_nobody_can_vouch_for_is_none(said: dict[str, Any], why: str) -> None:
    with pytest.raises(Unknown, match=why):
        found(document(note(1, 0), **said))


def test_a_picture_of_another_shape_than_the_page_is_none_but_rounding_is_no_other_shape() -> None:
    page = document(note(1, 0, view=[1279, 719, 0, 0, 1]))
    assert found(page, size=(320, 180)) == []
    with pytest.raises(Unknown, match=SHAPE):
        found(page, size=(719, 1279))
    with pytest.raises(Unknown, match=SHAPE):
        found(page, size=(1279, 800))


def test_a_page_without_a_size_is_painted_over_as_a_whole() -> None:
    assert found(document(note(1, 0, [1, 1, 2, 2], view=[0, 0, 0, 0, 1])), size=(0, 0)) == [Patch(0.0, 0.0, 1.0, 1.0)]


def test_what_is_in_a_frame_is_found_in_the_page_and_ends_where_the_frame_does() -> None:
    frame = ["inner", True, 200.0, 100.0, 198, 98, 602, 402]
    page = document(note(1, 0, frames=[frame]))
    inner = document(note(1, 0, [10, 20, 60, 40], [390, 20, 900, 40], [500, 500, 600, 600]))
    assert sorted(in_pixels(one) for one in found(page, inner=inner)) == [(210, 120, 260, 140), (590, 120, 602, 140)]


@pytest.mark.parametrize("what", ["unknown", "unnamed", "turned", "young", "scrolled by a pinch", "never asked"])
def test_a_frame_that_cannot_be_looked_into_is_painted_over_as_a_whole(what: str) -> None:
    frame: list[Any] = ["inner", True, 200.0, 100.0, 198, 98, 602, 402]
    inner = document(note(1, 0, [10, 20, 60, 40]))
    others: Any = {"inner": inner}
    match what:
        case "unknown":
            others = {}
        case "unnamed":
            frame[0] = None
        case "turned":
            frame[1] = False
        case "young":
            others = {"inner": document(note(1, 0), painted=9_900)}
        case "scrolled by a pinch":
            others = {"inner": document(note(1, 0, view=[400, 300, 5, 0, 2]))}
        case _:
            others = {"inner": document(note(1, 0), since=None)}
    assert [in_pixels(one) for one in found(document(note(1, 0, frames=[frame])), **others)] == [(198, 98, 602, 402)]


def test_a_frame_that_says_it_holds_the_page_itself_does_not_go_on_forever() -> None:
    page = document(note(1, 0, frames=[["main", True, 10.0, 10.0, 10, 10, 50, 50]]))
    assert [in_pixels(one) for one in found(page)] == [(10, 10, 50, 50)]


def test_very_many_boxes_become_the_one_that_holds_them_all() -> None:
    many = [[one, one, one + 1, one + 1] for one in range(MOST + 1)]
    assert len(found(document(note(1, 0, *many)))) == 1


def test_notes_that_no_picture_needs_any_more_are_forgotten_but_not_the_one_that_still_holds() -> None:
    page = document(note(1, 0, [0, 0, 10, 10]), note(2, 100, [0, 0, 20, 20]))
    page.hear({"now": 60_000, "since": 0, "painted": 0, "fields": 0, "strange": 0, "refused": None, "notes": []}, 150.0)
    assert len(list(page.during(-math.inf))) == 1
    assert page.newest is not None
    assert page.newest.number == 2
