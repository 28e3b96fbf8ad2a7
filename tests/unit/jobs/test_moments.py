"""Pictures of steps: of each job the newest, of all jobs so many as there is room for."""

from __future__ import annotations

import pytest

from livepane.domain.errors import NotFound
from livepane.domain.frame import Encoding, Picture
from livepane.domain.stream import Action
from livepane.jobs.moments import Moments

TEN = Picture(1, 1, 1, Encoding.JPEG, b"0123456789")


def labels(moments: Moments, job: int) -> list[str]:
    return [one.action.label for one in moments.of(job)]


def test_the_steps_of_a_job_are_kept_in_their_order_and_found_by_their_ids() -> None:
    moments = Moments()
    for label in ("Opening", "Reading"):
        moments.keep(7, Action(label, 1), TEN)
    assert labels(moments, 7) == ["Opening", "Reading"]
    second = moments.of(7)[1]
    assert moments.get(7, second.id) == second
    with pytest.raises(NotFound, match="job 8 has no moment"):
        moments.get(8, second.id)


def test_the_oldest_make_room_first_of_their_job_and_then_of_the_job_that_was_seen_least_lately() -> None:
    moments = Moments(most=3, most_bytes=50)
    for number in range(5):
        moments.keep(1, Action(str(number), 1), TEN)
    assert labels(moments, 1) == ["2", "3", "4"]
    for number in range(3):
        moments.keep(2, Action(str(number), 1), TEN)
    assert (labels(moments, 1), labels(moments, 2)) == (["3", "4"], ["0", "1", "2"])
    moments.keep(1, Action("5", 1), TEN)
    assert (labels(moments, 1), labels(moments, 2)) == (["3", "4", "5"], ["1", "2"])


def test_a_picture_that_is_larger_than_all_the_room_drives_nothing_out_and_a_deleted_job_gives_its_room_back() -> None:
    moments = Moments(most_bytes=25)
    moments.keep(1, Action("One", 1), TEN)
    moments.forget(1)
    moments.forget(1)
    for label in ("Two", "Three"):
        moments.keep(2, Action(label, 1), TEN)
    assert labels(moments, 2) == ["Two", "Three"]
    moments.keep(3, Action("Huge", 1), Picture(1, 1, 1, Encoding.JPEG, bytes(26)))
    assert (labels(moments, 2), labels(moments, 3)) == (["Two", "Three"], [])
