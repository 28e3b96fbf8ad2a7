"""A stream is closed from any node, by whoever may, and by nobody's late or mistaken word."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from livepane.bus import closings
from livepane.bus.memory import MemoryBus
from livepane.domain.access import Rights, Role
from livepane.domain.bus import Closing
from livepane.domain.errors import Conflict, Unavailable
from livepane.domain.stream import State, StreamId
from livepane.media.image import Limits
from livepane.transports.producer import Producers
from livepane.transports.pushed import Pushes, Quota
from livepane.wire.publish import Publication
from tests.patience import PATIENCE
from tests.unit.bus.cluster import machine
from tests.unit.bus.test_ownership import pushed

ANYBODY = Rights(frozenset({Role.PRODUCER}))


async def test_a_page_of_one_node_is_closed_at_another_and_is_over_everywhere_then() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b, machine(bus, "c") as c:
        stream, source = a.show(can_close=True)
        for one in (b, c):
            await one.sees(condition=lambda stream: stream.can_close)
        with stream.subscribe():
            await source.until(lambda one: one.sink is not None)
            await b.node.closings.close("page:p")
        assert (a.hub.find("page:p"), b.hub.find("page:p"), bus.streams) == (None, None, {})
        assert source.stops == 1
        await c.sees(condition=lambda one: one.gone and not one.busy)


async def test_a_source_that_pushes_to_several_nodes_is_closed_at_all_of_them() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b, machine(bus, "c") as c:
        for one in (a, b):
            pushes = Pushes(one.hub, Producers(one.hub), Limits(10**7, 10**7), Quota(100, 100, 100, 60))
            await pushes.take(Publication(StreamId.parse("tab:x"), pushed(1), every=3.0), ANYBODY)
        for one, others in ((a, 1), (b, 1), (c, 2)):
            async with asyncio.timeout(PATIENCE):
                while len(one.node.remote.claims.there("tab:x")) < others:
                    one.node.contest._news.clear()
                    await one.node.contest._news.wait()
        await a.node.closings.close("tab:x")
        assert a.hub.find("tab:x") is None
        for one in (b, c):
            await one.until(lambda one: (found := one.hub.find("tab:x")) is None or found.gone)
        assert bus.streams == {}


async def test_what_a_node_has_not_opened_or_what_it_cannot_be_told_of_is_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        a.show("page:kept")
        stream, _ = a.show(can_close=True)
        await b.sees("page:kept")
        await b.sees()
        with pytest.raises(Conflict, match="belongs to node 'a', which has not opened it"):
            await b.node.closings.close("page:kept")
        monkeypatch.setattr(closings, "CLOSED_WITHIN", 0.0)
        a.end.cut()
        with pytest.raises(Unavailable, match="was not closed within 0 s by node 'a'; try again"):
            await b.node.closings.close("page:p")
        b.end.cut()
        with pytest.raises(Unavailable, match="cannot be closed at every node now: the connection between the nodes is away"):
            await b.node.closings.close("page:p")
        b.end.mend()
        b.node.step(time.monotonic() + 16)
        await b.sees(condition=lambda one: one.state is State.RECONNECTING)
        with pytest.raises(Unavailable, match="its node is not heard"):
            await b.node.closings.close("page:p")
        assert not stream.gone


async def test_a_word_that_comes_late_or_means_an_earlier_life_closes_nothing() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        for name in ("page:p", "page:q", "page:kept"):
            a.show(name, can_close=name != "page:kept")
            await b.sees(name)
        good = Closing("a", "page:p", a.node.life, "b", time.time_ns())
        for wrong in (
            replace(good, life="another"),
            replace(good, sent_at=good.sent_at - 31 * 10**9),
            replace(good, stream="page:kept"),
            replace(good, stream="page:no such"),
            replace(good, node="b"),
        ):
            b.end.close(wrong)
        await b.node.closings.close("page:q")  # after all of those
        assert sorted(str(stream.id) for stream in a.hub.list()) == ["page:kept", "page:p"]
