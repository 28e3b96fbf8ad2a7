"""How many pictures may be under way to one viewer."""

from __future__ import annotations

from livepane.transports.window import Window


def is_open(window: Window) -> bool:
    return window.is_open


def test_a_near_viewer_has_one_picture_under_way() -> None:
    window = Window()
    assert is_open(window)
    window.sent((1, 1))
    assert not is_open(window)
    window.acknowledged((1, 1))
    assert is_open(window)


def test_a_far_one_has_two() -> None:
    window = Window()
    window.resize(80)
    window.sent((1, 1))
    assert is_open(window)
    window.sent((1, 2))
    assert not is_open(window)
    window.acknowledged((1, 1))
    assert is_open(window)


def test_an_acknowledgement_counts_for_everything_before_it() -> None:
    window = Window()
    window.resize(80)
    window.sent((1, 1))
    window.sent((1, 5))
    window.acknowledged((1, 9))
    assert is_open(window)
    window.resize(1)
    assert is_open(window)


def test_an_old_or_foreign_acknowledgement_opens_nothing() -> None:
    window = Window()
    window.sent((2, 1))
    window.acknowledged((1, 99))
    window.acknowledged((0, 0))
    assert not is_open(window)


def test_an_acknowledgement_of_nothing_does_no_harm() -> None:
    window = Window()
    window.acknowledged((5, 5))
    window.sent((6, 1))
    assert not is_open(window)


def test_whoever_waits_is_told_once_when_it_opens() -> None:
    window, told = Window(), []
    window.on_open = lambda: told.append(1)
    window.sent((1, 1))
    window.acknowledged((0, 1))
    assert told == []
    window.acknowledged((1, 1))
    window.acknowledged((1, 1))
    assert told == [1]
    window.sent((1, 2))
    window.forget()
    assert told == [1, 1]
    window.sent((1, 3))
    window.resize(80)
    assert told == [1, 1, 1]
