"""How a producer tells times in the server's clock."""

from __future__ import annotations

from livepane.producing.clock import ServerClock

MS = 1_000_000
HOUR = 3_600_000 * MS


def test_without_a_ping_the_clocks_count_as_equal() -> None:
    assert ServerClock().offset == 0


def test_the_offset_comes_from_the_shortest_round_trip() -> None:
    clock = ServerClock()
    clock.answered(sent=0, received=400 * MS, server_now=HOUR + 390 * MS)  # held up on one way: 190 ms wrong
    clock.answered(sent=1000 * MS, received=1002 * MS, server_now=HOUR + 1001 * MS)
    clock.answered(sent=2000 * MS, received=2300 * MS, server_now=HOUR + 2010 * MS)
    assert clock.offset == HOUR
    assert clock.round_trip == 2 * MS


def test_an_offset_within_the_uncertainty_is_none() -> None:
    clock = ServerClock()
    clock.answered(sent=0, received=10 * MS, server_now=8 * MS)  # 3 ms ahead, or just a slower way there
    assert clock.offset == 0


def test_a_clock_that_drifts_is_followed() -> None:
    clock = ServerClock()
    clock.answered(sent=0, received=1 * MS, server_now=HOUR)
    for second in range(1, 10):
        clock.answered(sent=second, received=second + 5 * MS, server_now=2 * HOUR + second)
    assert abs(clock.offset - 2 * HOUR) <= 5 * MS
