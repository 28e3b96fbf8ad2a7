"""What a dead node has left goes when it has been missed for long, and a node that was only away says everything anew."""

from __future__ import annotations

import time

from livepane.bus.memory import MemoryBus
from livepane.bus.remains import Remains
from tests.unit.bus.cluster import machine

LONG = 600.0 + 60.0


def test_it_is_due_once_when_its_node_was_missed_for_long_without_a_break() -> None:
    remains = Remains()
    remains.node("dead", there=True)
    remains.stream("dead", "page:p", there=True)
    remains.stream("dead", "page:over", there=True)
    remains.stream("dead", "page:over", there=False)
    remains.stream("nameless", "page:q", there=True)  # nothing says that there was such a node
    remains.node("tidy", there=True)
    remains.node("tidy", there=False)
    remains.node("alive", there=True)

    def there(node: str) -> bool:
        return node == "alive"

    assert remains.due(0.0, there) == []
    remains.wait_anew()  # the link was away
    assert remains.due(LONG, there) == []
    assert remains.due(LONG + 1, lambda node: node != "nameless") == []
    assert remains.due(2 * LONG, there) == [("nameless", ["page:q"])]
    assert remains.due(3 * LONG + 1, there) == [("dead", ["page:p"])]
    assert remains.due(9 * LONG, there) == []


async def test_the_records_of_a_node_that_died_are_taken_back_and_it_writes_itself_anew_when_it_was_only_away() -> None:
    bus = MemoryBus()
    async with machine(bus, "b") as b, machine(bus, "a") as a:
        a.show("page:p")
        await b.sees("page:p")
        a.end.cut()
        now = time.monotonic()
        b.node.step(now + 31)
        assert ("a", "page:p") in bus.streams
        b.node.step(now + 31 + LONG)
        assert (bus.streams, list(bus.nodes)) == ({}, ["b"])
        a.end.mend()
        await b.sees("page:p", lambda one: not one.gone)
        # And when somebody who was late takes back what is there again.
        b.end.bury("a", ["page:p"])
        await b.sees("page:p", lambda one: one.gone)
        await b.sees("page:p", lambda one: not one.gone)
        assert set(bus.nodes) == {"a", "b"}
