"""Codes that let a browser in: how they look, how often and how long they work, and how many wrong ones may be tried."""

from __future__ import annotations

import re

import pytest

from livepane.auth.pairings import MOST, REMEMBERED, SECONDS, Pairings, PairingState
from livepane.auth.throttle import Throttle
from livepane.domain.errors import NotFound, TooMany, TooManyTries, Unauthorised

HERE, THERE = "192.0.2.1", "192.0.2.2"


class Clock:
    """Time that passes when we say so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def pairings(clock: Clock | None = None) -> Pairings:
    clock = clock or Clock()
    return Pairings(Throttle(3, 20, clock), clock)


@pytest.mark.parametrize(
    "spelt", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' – ')}\n"]
)
def test_a_code_is_taken_however_it_is_typed(spelt: object) -> None:
    some = pairings()
    code, made = some.make(None)
    assert re.fullmatch(r"[A-HJ-KM-NP-TV-Z2-9]{4}-[A-HJ-KM-NP-TV-Z2-9]{4}", code)
    assert some.take(spelt(code), HERE) is made  # type: ignore[operator]


def test_a_code_is_good_once() -> None:
    some = pairings()
    code, made = some.make(None)
    some.take(code, HERE).name = "laptop"
    with pytest.raises(Unauthorised, match="works once"):
        some.take(code, HERE)
    assert some.find(made.id) == (made, PairingState.PAIRED)


def test_a_code_that_came_to_nothing_can_be_used_again() -> None:
    some = pairings()
    code, _ = some.make(None)
    some.give_back(some.take(code, HERE))
    some.take(code, HERE)


def test_a_code_is_good_for_ten_minutes_and_told_of_for_an_hour_more() -> None:
    clock = Clock()
    some = pairings(clock)
    code, made = some.make(None)
    clock.now += SECONDS - 0.1
    assert some.find(made.id)[1] is PairingState.WAITING
    clock.now += 0.1
    assert some.find(made.id)[1] is PairingState.EXPIRED
    with pytest.raises(Unauthorised):
        some.take(code, HERE)
    clock.now += REMEMBERED
    some.make(None)
    with pytest.raises(NotFound):
        some.find(made.id)


def test_wrong_codes_are_counted_for_each_address() -> None:
    some = pairings()
    code, _ = some.make(None)
    for _ in range(3):
        with pytest.raises(Unauthorised):
            some.take("AAAA-AAAA", HERE)
    with pytest.raises(TooManyTries) as refused:
        some.take(code, HERE)
    assert 0 < refused.value.retry_after <= 60
    some.take(code, THERE)


def test_codes_do_not_pile_up_and_one_that_is_done_with_makes_room() -> None:
    clock = Clock()
    some = pairings(clock)
    codes = [some.make(None)[0] for _ in range(MOST)]
    assert len(set(codes)) == MOST
    with pytest.raises(TooMany):
        some.make(None)
    some.take(codes[0], HERE).name = "laptop"
    some.make(None)
    with pytest.raises(TooMany):
        some.make(None)


def test_no_code_is_kept_as_it_is() -> None:
    some = pairings()
    code, made = some.make(None)
    assert code.replace("-", "") not in repr(made)
