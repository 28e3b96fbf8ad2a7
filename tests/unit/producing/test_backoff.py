"""How long a producer waits before it comes back."""

from __future__ import annotations

from livepane.producing.backoff import Backoff


def test_waits_double_up_to_five_seconds() -> None:
    backoff = Backoff(draw=lambda: 1.0)
    assert [backoff.next() for _ in range(7)] == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]


def test_a_wait_is_anything_between_nothing_and_its_ceiling() -> None:
    draws = iter([0.0, 0.5, 1.0])
    backoff = Backoff(draw=lambda: next(draws))
    assert [backoff.next() for _ in range(3)] == [0.0, 0.25, 1.0]


def test_after_a_success_it_starts_small_again() -> None:
    backoff = Backoff(draw=lambda: 1.0)
    for _ in range(5):
        backoff.next()
    backoff.reset()
    assert backoff.next() == 0.25
