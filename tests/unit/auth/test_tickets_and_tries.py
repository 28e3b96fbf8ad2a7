"""One-use tickets, and how many wrong tokens an address may show."""

from __future__ import annotations

import pytest

from livepane.auth.throttle import MOST as MOST_ADDRESSES
from livepane.auth.throttle import Throttle
from livepane.auth.tickets import MOST, MOST_OF_ONE, SECONDS, Tickets
from livepane.domain.access import Grant, Role
from livepane.domain.errors import TooMany, TooManyTries, Unauthorised

GRANT = Grant("someone", frozenset({Role.VIEWER}))


class Clock:
    """Time that passes when we say so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_ticket_is_good_once() -> None:
    tickets = Tickets(Clock())
    ticket = tickets.give(GRANT)
    assert tickets.take(ticket) is GRANT
    with pytest.raises(Unauthorised, match="works once"):
        tickets.take(ticket)


@pytest.mark.parametrize(("after", "good"), [(SECONDS - 0.001, True), (SECONDS, False), (SECONDS + 1, False)])
def test_a_ticket_is_good_for_thirty_seconds(after: float, good: bool) -> None:
    clock = Clock()
    tickets = Tickets(clock)
    ticket = tickets.give(GRANT)
    clock.now += after
    if good:
        assert tickets.take(ticket) is GRANT
    else:
        with pytest.raises(Unauthorised):
            tickets.take(ticket)


def test_one_share_link_does_not_take_the_tickets_of_all() -> None:
    tickets = Tickets()
    for _ in range(MOST_OF_ONE):
        tickets.give(Grant("guest", frozenset()))
    with pytest.raises(TooMany, match="of this token"):
        tickets.give(Grant("guest", frozenset()))
    tickets.give(Grant("operator", frozenset()))


def test_tickets_do_not_pile_up() -> None:
    clock = Clock()
    tickets = Tickets(clock)
    for number in range(MOST):
        tickets.give(Grant(str(number % 20), frozenset()))
    with pytest.raises(TooMany):
        tickets.give(GRANT)
    clock.now += SECONDS
    assert tickets.take(tickets.give(GRANT)) is GRANT


def tries(throttle: Throttle, address: str, number: int) -> None:
    for _ in range(number):
        throttle.check(address)
        throttle.failed(address)


def test_five_in_a_minute_and_twenty_in_an_hour() -> None:
    clock = Clock()
    throttle = Throttle(5, 20, clock)
    for _ in range(4):
        tries(throttle, "192.0.2.1", 5)
        with pytest.raises(TooManyTries) as refused:
            throttle.check("192.0.2.1")
        assert 0 < refused.value.retry_after <= 3600
        throttle.check("192.0.2.2")  # somebody else
        clock.now += 60
    with pytest.raises(TooManyTries) as refused:
        throttle.check("192.0.2.1")
    assert refused.value.retry_after == 3600 - 240
    clock.now += refused.value.retry_after
    tries(throttle, "192.0.2.1", 5)


def test_the_addresses_of_one_machine_count_together() -> None:
    throttle = Throttle(2, 20, Clock())
    tries(throttle, "2001:db8::1", 1)
    tries(throttle, "2001:db8::ffff:2", 1)
    with pytest.raises(TooManyTries):
        throttle.check("2001:db8::3")
    throttle.check("2001:db8:0:1::1")
    tries(throttle, "::ffff:192.0.2.1", 2)
    with pytest.raises(TooManyTries):
        throttle.check("192.0.2.1")


def test_no_more_addresses_are_remembered_than_a_few() -> None:
    throttle = Throttle(1, 1, Clock())
    throttle.failed("first")
    for number in range(MOST_ADDRESSES):
        throttle.failed(f"address {number}")
    throttle.check("first")
    with pytest.raises(TooManyTries):
        throttle.check(f"address {MOST_ADDRESSES - 1}")
