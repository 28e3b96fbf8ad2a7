"""Which nodes are there, and how far their clocks are from ours."""

from __future__ import annotations

import pytest

from livepane.bus.peers import Peers
from livepane.domain.bus import NodeRecord

MS, HOUR = 10**6, 3600 * 10**9
NOW = 1_700_000_000 * 10**9  # ns, in our clock


def met(peers: Peers, *, ahead: int, way: int, back: int | None = None, at: int = 0, now: float = 0.0, life: str = "one") -> bool:
    """Node b, whose clock is `ahead` ns of ours, says that it is there; its word was `way` ns under way, ours `back`."""
    heard = {} if back is None else {"a": back + ahead}
    record = NodeRecord("b", life, NOW + at + ahead, heard=heard)
    return peers.take(record, "a", live=True, now=now, arrived=NOW + at + way)


@pytest.mark.parametrize("ahead", [HOUR, -HOUR, 5000 * MS, -300 * MS])
def test_with_both_sides_known_a_clock_is_right_to_half_of_what_the_ways_differ(ahead: int) -> None:
    peers = Peers()
    met(peers, ahead=ahead, way=3 * MS, back=5 * MS)
    assert peers.ours("b", NOW + ahead) == pytest.approx(NOW, abs=1 * MS)


def test_the_quickest_word_counts_not_the_last() -> None:
    peers = Peers()
    for second, way in enumerate((40 * MS, 2 * MS, 90 * MS)):
        met(peers, ahead=HOUR, way=way, back=2 * MS, at=second * 10**9, now=float(second))
    assert peers.ours("b", NOW + HOUR) == NOW
    assert peers.gaps() == {"b": 2 * MS - HOUR}


def test_clocks_that_agree_as_far_as_can_be_told_are_left_alone() -> None:
    peers = Peers()
    met(peers, ahead=2 * MS, way=3 * MS, back=3 * MS)
    assert peers.ours("b", NOW) == NOW


@pytest.mark.parametrize(("ahead", "right"), [(HOUR, True), (-HOUR, True), (-1000 * MS, False)])
def test_before_the_other_side_is_known_only_what_cannot_be_the_way_is_the_clock(ahead: int, right: bool) -> None:
    peers = Peers()
    met(peers, ahead=ahead, way=3 * MS)
    assert (abs(peers.ours("b", NOW + ahead) - NOW) <= 3 * MS) is right


def test_a_clock_that_is_set_meanwhile_is_noticed() -> None:
    peers = Peers()
    met(peers, ahead=0, way=3 * MS, back=3 * MS)
    met(peers, ahead=-HOUR, way=3 * MS, back=3 * MS, at=10**9, now=10.0)
    assert peers.ours("b", NOW - HOUR) == NOW
    met(peers, ahead=HOUR, way=3 * MS, back=3 * MS, at=2 * 10**9, now=20.0)
    assert peers.ours("b", NOW + HOUR) == NOW


def test_words_of_before_say_nothing_about_who_is_there() -> None:
    peers = Peers()
    record = NodeRecord("b", "one", NOW - HOUR)
    assert not peers.take(record, "a", live=False, now=0.0, arrived=NOW)
    assert not peers.lives("b", "one")
    assert peers.all() == []
    assert peers.gaps() == {}
    assert met(peers, ahead=0, way=MS)
    assert peers.lives("b", "one")
    assert peers.overdue(14.0) == ([], [])


def test_who_is_not_heard_is_silent_then_gone_and_may_come_back_between() -> None:
    peers = Peers()
    met(peers, ahead=0, way=MS)
    assert peers.overdue(15.5) == (["b"], [])
    assert peers.overdue(16.0) == ([], [])
    assert met(peers, ahead=0, way=MS, now=17.0), "it is back"
    assert not met(peers, ahead=0, way=MS, now=18.0)
    peers.heard("b", NOW, 30.0, NOW)
    assert peers.overdue(44.0) == ([], [])
    peers.wait_anew(50.0)
    assert peers.overdue(64.0) == ([], [])
    assert peers.overdue(81.0) == ([], ["b"])
    assert peers.find("b") is None


def test_another_life_of_a_node_is_another_node_with_another_clock() -> None:
    peers = Peers()
    met(peers, ahead=HOUR, way=MS, back=MS)
    assert met(peers, ahead=0, way=MS, back=MS, life="two")
    assert not peers.lives("b", "one")
    assert peers.ours("b", NOW) == NOW
