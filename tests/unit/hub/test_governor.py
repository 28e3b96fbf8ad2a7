"""How many pictures the CPU has room for."""

from __future__ import annotations

from itertools import pairwise

import pytest

from livepane.hub.governor import Governor

WANTED = 60.0


class Machine:
    """Uses `base` whatever is captured, and `each` for a picture a second."""

    def __init__(self, base: float, each: float) -> None:
        self.base, self.each = base, each

    def run(self, governor: Governor, seconds: int, wanted: float = WANTED) -> list[tuple[float | None, float]]:
        """What was allowed and used, second for second."""
        history = []
        for _ in range(seconds):
            rate = wanted if governor.allowed is None else min(wanted, governor.allowed)
            used = min(1.0, self.base + self.each * rate)
            history.append((governor.step(used, rate, wanted, floor=1.0), used))
        return history


def test_within_the_limit_nothing_is_slowed() -> None:
    assert all(allowed is None for allowed, _ in Machine(0.1, 0.01).run(Governor(0.8), 60))


@pytest.mark.parametrize(("base", "each"), [(0.0, 0.03), (0.2, 0.02), (0.4, 0.05), (0.05, 0.5)])
def test_too_much_is_brought_below_the_limit_and_stays_as_it_is(base: float, each: float) -> None:
    history = Machine(base, each).run(Governor(0.8), 120)
    assert all(used <= 0.8 for _, used in history[60:])
    allowed = [rate for rate, _ in history[60:]]
    assert all(before == after for before, after in pairwise(allowed)), "it oscillates"
    assert history[-1][1] > 0.5 * 0.8, "more than needed was taken away"


def test_it_recovers_when_the_load_has_gone() -> None:
    governor = Governor(0.8)
    assert Machine(0.2, 0.03).run(governor, 60)[-1][0] is not None
    assert Machine(0.1, 0.005).run(governor, 60)[-1][0] is None


def test_one_busy_moment_slows_nobody() -> None:
    governor = Governor(0.8)
    Machine(0.9, 0.01).run(governor, 2)
    assert Machine(0.1, 0.005).run(governor, 10)[-1][0] is None


def test_what_is_busy_without_captures_takes_no_more_than_all_but_the_floor() -> None:
    governor = Governor(0.5)
    assert Machine(0.9, 0.001).run(governor, 200)[-1][0] == 1.0
