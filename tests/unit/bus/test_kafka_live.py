"""Which partitions are read, from where, and what is passed over."""

from __future__ import annotations

import pytest

from livepane.bus.kafka.live import FOLLOWED, GLANCE, GLANCE_EVERY, LINGER, STUCK_TICKS, Change, Lateness, Live, Stuck
from livepane.bus.kafka.partition import partition_of

NOTHING = dict[int, int]()


def live(**ends: int) -> Live:
    return Live({int(name[1:]): end for name, end in ends.items()}, {})


def test_partitions_are_those_that_every_version_of_us_computes() -> None:
    assert [partition_of(stream, 12) for stream in ("page:k3f9", "tab:default", "desktop:0@nöde", "job:17")] == [5, 1, 11, 0]
    assert {partition_of(f"page:{number}", 4) for number in range(50)} == {0, 1, 2, 3}


def test_a_partition_is_read_from_its_end_when_somebody_begins_to_watch_and_rests_after_the_last() -> None:
    one = live(p0=100)
    assert one.want("page:a", 0) == [Change(0, read=True, seek=100)]
    assert one.want("page:b", 0) == []
    one.took(0, 105, 105)
    one.unwant("page:a", 0, now=1.0)
    one.unwant("page:b", 0, now=1.0)
    assert one.tick({0: 105}, {}, now=1.0 + LINGER / 2) == [], "somebody may come back"
    assert one.tick({0: 105}, {}, now=1.1 + LINGER) == [Change(0, read=False)]
    assert one.want("page:a", 0) == [Change(0, read=True, seek=105)]


def test_who_is_behind_passes_over_the_rest_and_stands_at_the_end() -> None:
    one = live(p0=10)
    one.want("page:a", 0)
    one.took(0, 20, 500)
    assert one.behind == 480
    assert one.skip(0) == (480, Change(0, read=True, seek=500))
    assert one.behind == 0


def test_a_partition_that_nobody_reads_is_looked_at_when_something_was_written_and_only_its_end() -> None:
    one = live(p0=0)
    assert one.tick({0: 0}, {}, now=0.0) == []
    assert one.tick({0: 1000}, {}, now=1.0) == [Change(0, read=True, seek=1000 - GLANCE)]
    one.took(0, 1000, 1000)
    assert one.glanced(0, now=1.1) == [Change(0, read=False)]
    assert one.tick({0: 1001}, {}, now=2.0) == [], "not so soon again"
    assert one.tick({0: 1001}, {}, now=1.0 + GLANCE_EVERY) == [Change(0, read=True, seek=1000)]


def test_a_partition_that_somebody_writes_to_who_is_no_node_is_read_on() -> None:
    one = live(p0=0)
    one.tick({0: 5}, {}, now=0.0)
    one.foreign(0, now=0.1)
    one.took(0, 5, 5)
    assert one.glanced(0, now=0.2) == []
    assert one.tick({0: 5}, {}, now=FOLLOWED) == []
    assert one.tick({0: 5}, {}, now=FOLLOWED + 1) == [Change(0, read=False)]


def test_a_client_that_reads_nothing_although_there_is_more_is_stuck() -> None:
    one = live(p0=0)
    one.want("page:a", 0)
    for tick in range(STUCK_TICKS):
        one.tick({0: 10 + tick}, {}, now=float(tick))
    with pytest.raises(Stuck):
        one.tick({0: 20}, {}, now=9.0)


def test_a_client_that_reads_too_little_is_behind_and_not_stuck() -> None:
    one = live(p0=0)
    one.want("page:a", 0)
    for tick in range(STUCK_TICKS * 3):
        one.took(0, tick + 1, None)
        one.tick({0: 1000}, one.places(), now=float(tick))
    assert one.behind > 900


def test_a_topic_that_was_made_anew_is_noticed() -> None:
    one = live(p0=100)
    with pytest.raises(Stuck, match="anew"):
        one.tick({0: 3}, one.places(), now=1.0)


def test_what_was_read_while_the_ends_were_asked_for_is_no_new_topic() -> None:
    one = live(p0=100)
    one.want("page:a", 0)
    before = one.places()
    one.took(0, 120, 120)
    assert one.tick({0: 110}, before, now=1.0) == []


def test_an_operator_sees_nothing_behind_where_nobody_reads() -> None:
    one = live(p0=5, p1=9)
    one.want("page:a", 0)
    one.tick({0: 8, 1: 30}, NOTHING, now=-100.0)
    assert one.committed()[0] == 5


@pytest.mark.parametrize("wrong", [0.0, 3600.0, -3600.0])
def test_lateness_is_told_whatever_the_clocks_say(wrong: float) -> None:
    late = Lateness()
    assert late.of(100.0 + wrong, 100.005) == 0
    assert late.of(101.0 + wrong, 101.205) == pytest.approx(0.2)
    assert late.of(102.0 + wrong, 106.005) == pytest.approx(4.0)
    assert late.of(107.0 + wrong, 107.006) == pytest.approx(0.001)
