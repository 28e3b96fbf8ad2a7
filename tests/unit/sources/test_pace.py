"""How a cast is paced: the clock is the test's."""

from __future__ import annotations

import pytest

from livepane.sources.pace import Pace


def shown(paint_times: list[float], fps: float) -> list[float]:
    """Which repaints are taken: each is taken at once when the one before has been answered, else when it is."""
    pace, taken, ready = Pace(), [], 0.0
    for index, painted in enumerate(paint_times):
        following = paint_times[index + 1] if index + 1 < len(paint_times) else float("inf")
        at = max(painted, ready)
        if at >= following:
            continue  # a newer repaint takes its place
        taken.append(at)
        pace.spend(at, fps)
        ready = at + pace.wait(at, fps)
    return taken


def steady(hertz: float, seconds: float = 20.0) -> list[float]:
    return [n / hertz for n in range(round(hertz * seconds))]


@pytest.mark.parametrize("hertz", [29.9, 30.0, 30.3, 1000 / 33, 31.0])
def test_a_page_at_about_the_asked_rate_loses_nothing_and_waits_for_nothing(hertz: float) -> None:
    painted = steady(hertz)
    assert shown(painted, 30) == painted


def test_a_page_that_jitters_loses_nothing() -> None:
    painted = [at + (0.008 if n % 2 else -0.008) for n, at in enumerate(steady(30), start=1)]
    assert len(shown(painted, 30)) == len(painted)


@pytest.mark.parametrize(("hertz", "fps"), [(60, 30), (60, 10), (100, 5), (60, 1), (60, 0.5)])
def test_a_faster_page_is_held_to_the_asked_rate(hertz: float, fps: float) -> None:
    taken = shown(steady(hertz), fps)
    assert fps * 20 * 0.95 <= len(taken) <= fps * 20 * 1.05 + 3


def test_a_pause_saves_one_picture_and_no_burst() -> None:
    pace = Pace()
    pace.spend(0.0, 2)
    pace.spend(100.0, 2)
    assert pace.wait(100.0, 2) == 0
    pace.spend(100.0, 2)
    assert 0.4 < pace.wait(100.0, 2) < 0.5


def test_a_picture_that_is_held_up_does_not_delay_the_next() -> None:
    painted = steady(30)
    pace, late = Pace(), 0.020
    for at in painted[:10]:
        pace.spend(at, 30)
    pace.spend(painted[10] + late, 30)
    assert painted[10] + late + pace.wait(painted[10] + late, 30) <= painted[11]


def test_a_higher_rate_shortens_the_wait_that_has_begun() -> None:
    pace = Pace()
    pace.spend(0.0, 1)
    pace.spend(0.0, 1)
    assert pace.wait(0.1, 1) > 0.5
    assert pace.wait(0.1, 30) < 0.05
