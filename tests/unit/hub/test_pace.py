"""The rate of one viewer, with times given by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from livepane.hub.pace import Pace


def let_through(pace: Pace, times: list[float]) -> list[float]:
    taken = []
    for now in times:
        if pace.wait(now) <= 0:
            pace.take(now)
            taken.append(now)
    return taken


def test_the_first_picture_is_taken_at_once() -> None:
    assert Pace(0.1).wait(1000.0) == 0


def test_a_source_at_twice_the_rate_is_halved() -> None:
    times = [1000 + number / 20 for number in range(200)]
    assert 99 <= len(let_through(Pace(10), times)) <= 114


def test_a_source_at_the_same_rate_with_jitter_loses_nothing() -> None:
    jitter = [0.0, 0.015, -0.015, 0.01, -0.01]
    times = [1000 + number / 10 + jitter[number % 5] for number in range(100)]
    assert let_through(Pace(10), times) == times


def test_a_viewer_at_the_rate_of_its_source_falls_into_step_with_it() -> None:
    pace = Pace(10)
    pace.take(1000.08)  # joins right before a picture
    delays = []
    for number in range(30):
        now = 1000.1 + number / 10.5  # as fast as a source that is asked for ten may be
        delays.append(pace.wait(now))
        pace.take(now + delays[-1])
    assert delays[0] > 0.03
    assert delays[-10:] == [0.0] * 10


def test_after_a_pause_no_burst_follows() -> None:
    pace = Pace(10)
    let_through(pace, [1000 + number / 10 for number in range(20)])
    burst = [2000 + number / 1000 for number in range(100)]
    assert len(let_through(pace, burst)) <= 2


def test_a_higher_rate_counts_from_the_last_picture() -> None:
    pace = Pace(0.1)
    pace.take(1000.0)
    assert pace.wait(1000.2) > 5
    pace.fps = 10
    assert pace.fps == 10
    assert pace.wait(1000.2) == 0


@given(fps=st.floats(0.1, 60), gaps=st.lists(st.floats(0, 2), max_size=300))
def test_the_average_exceeds_the_rate_by_the_slack_at_most(fps: float, gaps: list[float]) -> None:
    now, times = 1000.0, [1000.0]
    for gap in gaps:
        now += gap
        times.append(now)
    taken = let_through(Pace(fps), times)
    assert len(taken) <= (times[-1] - times[0]) * fps * Pace.SLACK + 2
