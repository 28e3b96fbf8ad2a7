"""Who gets how much when there is not enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.hub.sharing import Claim, share, weight_of

CLAIMS = st.lists(st.builds(Claim, wants=st.floats(0.1, 120), weight=st.floats(0.2, 10)), max_size=30)
LIMITS = st.floats(0, 1000)
NEARLY = 1 + 1e-9


@given(CLAIMS, LIMITS)
def test_together_they_get_no_more_than_the_limit_and_nobody_more_than_wanted(claims: list[Claim], limit: float) -> None:
    shares = share(claims, limit)
    assert sum(shares) <= limit * NEARLY
    assert all(0 <= got <= claim.wants for got, claim in zip(shares, claims, strict=True))


@given(CLAIMS, LIMITS)
def test_nothing_is_left_over_while_somebody_wants_more(claims: list[Claim], limit: float) -> None:
    assert sum(share(claims, limit)) == pytest.approx(min(limit, sum(claim.wants for claim in claims)))


@given(CLAIMS, LIMITS)
def test_whoever_is_short_has_as_much_by_weight_as_any_other(claims: list[Claim], limit: float) -> None:
    levels = [
        (got / claim.weight, got < claim.wants * (1 - 1e-9)) for got, claim in zip(share(claims, limit), claims, strict=True)
    ]
    for level, is_short in levels:
        if is_short:
            assert all(other <= level * (1 + 1e-6) for other, _ in levels)


@given(CLAIMS, LIMITS, LIMITS)
def test_more_for_all_is_less_for_nobody(claims: list[Claim], limit: float, more: float) -> None:
    for before, after in zip(share(claims, limit), share(claims, limit + more), strict=True):
        assert after >= before - 1e-6


@given(CLAIMS, LIMITS, st.builds(Claim, wants=st.floats(0.1, 120), weight=st.floats(0.2, 10)))
def test_one_more_who_wants_something_gives_nobody_more(claims: list[Claim], limit: float, newcomer: Claim) -> None:
    for before, after in zip(share(claims, limit), share([*claims, newcomer], limit), strict=False):
        assert after <= before + 1e-6


def test_a_large_pane_is_slowed_last() -> None:
    small, large = weight_of(320, 180, 1), weight_of(1920, 1080, 1)
    assert share([Claim(10, small), Claim(10, small), Claim(10, large)], 20) == pytest.approx([5, 5, 10])
    less = share([Claim(10, small), Claim(10, small), Claim(10, large)], 8)
    assert less[2] == pytest.approx(6 * less[0])
    assert less[0] == less[1]


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.integers(0, 10_000))
def test_weights_grow_with_size_and_viewers_and_have_ends(width: int, height: int, viewers: int) -> None:
    weight = weight_of(width, height, viewers)
    assert 0.25 <= weight <= 8
    assert weight_of(width + 1, height, viewers) >= weight
    assert weight_of(width, height, viewers + 1) >= weight
