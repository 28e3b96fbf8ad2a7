"""What pictures without a connection tell of their producer: its rhythm, and whether the next one is overdue."""

from __future__ import annotations

import pytest

from livepane.domain.stream import Punctuality, State
from livepane.hub.cadence import QUIET_AT_LEAST, UNKNOWN, Cadence
from livepane.hub.truth import Truth


def beaten(*moments: float, every: float | None = None) -> Cadence:
    cadence = Cadence(kept=3600)
    for moment in moments:
        cadence.beat(moment, int(moment * 1e9), every)
    return cadence


def test_two_clicks_are_no_rhythm_and_four_pictures_are() -> None:
    assert beaten(100).every is None
    assert beaten(100, 102).every is None
    assert beaten(100, 102, 104).every is None
    assert beaten(100, 103, 106, 109).every == 3


def test_one_pause_and_one_hurry_do_not_change_the_rhythm() -> None:
    assert beaten(100, 103, 106, 4000, 4003, 4006).every == 3
    assert beaten(100, 103, 106, 106.1, 109.1, 112.1).every == 3


def test_a_new_rhythm_is_learnt_within_a_few_pictures() -> None:
    cadence = beaten(100, 103, 106, 109, 112)
    for moment in (172, 232):
        cadence.beat(moment, 0)
    assert cadence.every == 60


def test_what_its_producer_says_counts_from_the_first_picture_on() -> None:
    assert beaten(100, every=60).every == 60
    changed = beaten(100, 101, 102, every=60)
    changed.beat(103, 0, 5)
    assert changed.every == 5


@pytest.mark.parametrize(
    ("every", "after", "status"),
    [
        (3, 6, Punctuality.FRESH),
        (3, 7.1, Punctuality.LATE),
        (3, 16, Punctuality.LATE),
        (3, 16.1, Punctuality.QUIET),
        (0.5, 1.9, Punctuality.FRESH),
        (0.5, QUIET_AT_LEAST, Punctuality.LATE),
        (0.5, QUIET_AT_LEAST + 0.1, Punctuality.QUIET),
        (86_400, 86_400 * 1.5, Punctuality.FRESH),
        (None, 2 * UNKNOWN, Punctuality.FRESH),
        (None, 3 * UNKNOWN, Punctuality.LATE),
        (None, 6 * UNKNOWN, Punctuality.QUIET),
    ],
)
def test_it_is_late_after_two_times_and_quiet_after_five(every: float | None, after: float, status: Punctuality) -> None:
    assert beaten(100, every=every).status(100 + after) is status


def test_a_pane_is_kept_for_its_next_picture_however_seldom_that_comes() -> None:
    assert not beaten(100).over(100 + 3599)
    assert beaten(100).over(100 + 3601)
    assert not beaten(100, every=7200).over(100 + 4 * 7200)


def test_the_state_follows_and_says_why() -> None:
    truth = Truth(pushed=True, fresh=True, cadence=beaten(100, every=3), changed_at=100, confirmed_at=100)

    def seen(now: float) -> tuple[State, str | None]:
        state = truth.state(now, capturing=False)
        return state, truth.reason(state, now)

    assert seen(101) == (State.LIVE, None)
    assert seen(105) == (State.STATIC, None)
    assert seen(110) == (State.STATIC, "The next picture is late: they came every 3 s")
    assert seen(200) == (State.RECONNECTING, "No more pictures come: they came every 3 s")
    truth.lost = "its producer has left"
    assert seen(200) == (State.RECONNECTING, "its producer has left")


@pytest.mark.parametrize(("every", "said"), [(0.5, "0.5 s"), (3, "3 s"), (60, "60 s"), (300, "5 min"), (86_400, "24 h")])
def test_a_time_is_told_as_people_say_it(every: float, said: str) -> None:
    assert str(beaten(100, every=every).reason(Punctuality.LATE)).endswith(f"every {said}")


def test_nothing_is_made_up_where_no_rhythm_is_known() -> None:
    assert beaten(100).reason(Punctuality.QUIET) == "No more pictures come"
