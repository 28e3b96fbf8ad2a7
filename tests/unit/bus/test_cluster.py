"""A stream of one node is an ordinary stream of every other, and nothing is captured that nobody wants to see."""

from __future__ import annotations

import asyncio
import time

import pytest

from livepane.bus.memory import MemoryBus
from livepane.domain.access import Rights, Role
from livepane.domain.bus import Parcel
from livepane.domain.frame import Frame
from livepane.domain.stream import Action, Box, Spot, State, StreamId
from livepane.hub.budget import Budget
from tests.patience import PATIENCE
from tests.pictures import jpeg, picture
from tests.unit.bus.cluster import AS_IT_IS, Elsewhen, machine, shows, take

ANYBODY = Rights(frozenset({Role.PRODUCER}))
HOUR = 3600 * 10**9


async def test_a_stream_is_on_the_list_of_every_node_with_what_its_owner_says_of_it() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        stream, _ = a.show()
        stream.describe(title="Orders", url="https://shop.example/orders", masked=True)
        stream.action(Action("Fills name", 5, "#name", Box(1, 2, 3, 4)))
        there = await b.sees(condition=lambda one: one.actions)
        assert (there.title, there.url, there.masked, there.node) == ("Orders", "https://shop.example/orders", True, "a")
        assert list(there.actions) == list(stream.actions)
        assert there in b.hub.list()
        assert not there.can_close
        stream.action(Action("Clicks", 6))
        stream.describe(title="Paid")
        await b.sees(condition=lambda one: one.action_count == 2 and one.title == "Paid")
        assert [action.label for action in there.actions] == ["Fills name", "Clicks"]
        await a.hub.remove("page:p")
        await b.sees(condition=lambda one: one.gone)
        async with machine(bus, "c") as c:
            assert c.hub.find("page:p") is None


async def test_it_is_captured_for_a_viewer_at_another_node_and_for_nobody_else() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        stream, source = a.show()
        there = await b.sees()
        stream.put(picture(1))  # somebody else's business: it is not told
        assert source.starts == 0
        with there.subscribe(AS_IT_IS, 7.0) as pictures:
            await source.until(lambda one: one.sink is not None)
            assert source.demands[-1].fps == 7.0
            pictures.update(fps=3.0)
            await source.until(lambda one: one.demands[-1].fps == 3.0)
            assert await take(pictures) == jpeg(1)
            stream.put(picture(2))
            assert await take(pictures) == jpeg(2)
            assert there.state is State.LIVE
        await source.until(lambda one: one.stops == 1)
        await b.sees(condition=lambda one: one.state is State.IDLE)
        before = a.end.traffic.frames_out
        stream.put(picture(3))
        assert a.end.traffic.frames_out == before


async def test_who_comes_later_sees_the_last_picture_at_once_also_at_another_node() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b, machine(bus, "c") as c:
        stream, source = a.show()
        with stream.subscribe():
            await source.until(lambda one: one.sink is not None)
            stream.put(picture(1))
            for one in (b, c):
                there = await one.sees()
                with there.subscribe(AS_IT_IS) as pictures:
                    assert await take(pictures) == jpeg(1)
                    await one.sees(condition=lambda stream: stream.state in (State.LIVE, State.STATIC))
            with there.subscribe(AS_IT_IS) as pictures:  # it has it already, and learns that it is true
                assert await take(pictures) == jpeg(1)
                await c.sees(condition=lambda one: one.fresh)
        assert source.starts == 1


async def test_an_old_picture_is_shown_as_one_and_confirmed_when_the_next_is_the_same(brisk: None) -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        stream, source = a.show()
        with stream.subscribe():
            stream.put(picture(1))
        await a.sees(condition=lambda one: one.state is State.IDLE)
        there = await b.sees()
        with there.subscribe(AS_IT_IS) as pictures:
            assert await take(pictures) == jpeg(1)
            assert there.state is State.STARTING
            await source.until(lambda one: one.sink is not None)
            stream.put(picture(1))
            await b.sees(condition=lambda one: one.state is State.STATIC)


async def test_viewers_at_several_nodes_share_one_capture_and_one_copy_on_the_bus() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b, machine(bus, "c") as c:
        stream, source = a.show()
        at_b, at_c = await b.sees(), await c.sees()
        with at_b.subscribe(AS_IT_IS, 2.0) as some, at_c.subscribe(AS_IT_IS, 9.0) as many:
            await source.until(lambda one: one.demands and one.demands[-1].fps == 9.0)
            stream.put(picture(1))
            assert await take(some) == await take(many) == jpeg(1)
            assert a.end.traffic.frames_out == 1
            assert a.node.condition.leases_given == 2
            assert (b.node.condition.leases_held, b.node.condition.peers, b.node.condition.streams) == (1, 2, 1)
        assert source.starts == 1


async def test_a_lease_that_is_not_renewed_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        _, source = a.show()
        there = await b.sees()
        with there.subscribe():
            await source.until(lambda one: one.sink is not None)
            b.end.cut()
            a.node.shared.step(time.monotonic() + 16)
            await source.until(lambda one: one.stops == 1)


async def test_a_node_that_falls_silent_takes_its_streams_with_it_and_brings_them_back() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        stream, source = a.show()
        there = await b.sees()
        with there.subscribe(AS_IT_IS, 50) as pictures:
            await source.until(lambda one: one.sink is not None)
            stream.put(picture(1))
            await take(pictures)
            a.end.cut()
            b.node.step(time.monotonic() + 16)
            assert there.state is State.RECONNECTING
            assert there.reason == "node 'a' is not heard any more"
            a.end.mend()
            await b.sees(condition=lambda one: one.state is not State.RECONNECTING)
            stream.put(picture(2))
            assert await take(pictures) == jpeg(2)
            a.end.cut()
            b.node.step(time.monotonic() + 31)
            assert there.gone
            assert there.reason == "node 'a' has gone"
            a.end.mend()
            await b.sees(condition=lambda one: not one.gone)
            stream.put(picture(3))
            assert await take(pictures) == jpeg(3)


async def test_while_the_bus_is_away_its_owner_s_viewers_notice_nothing_and_others_reconnect_by_themselves() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        stream, source = a.show()
        there = await b.sees()
        with stream.subscribe(AS_IT_IS, 1e6) as near, there.subscribe(AS_IT_IS, 1e6) as far:
            await source.until(lambda one: one.sink is not None)
            stream.put(picture(1))
            assert await take(near) == await take(far) == jpeg(1)
            b.end.cut("the broker is away")
            a.end.cut("the broker is away")
            assert there.state is State.RECONNECTING
            assert there.reason == "the connection between the nodes is away"
            stream.put(picture(2))
            assert await take(near) == jpeg(2)
            assert stream.state is State.LIVE
            a.end.mend()
            b.end.mend()
            assert await take(far) == jpeg(2)
            await b.sees(condition=lambda one: one.state is State.LIVE)
            stream.put(picture(3))
            assert await take(near) == await take(far) == jpeg(3)


async def test_what_pushes_is_published_without_a_viewer_byte_for_byte() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        stream = a.hub.add(StreamId.parse("producer:p"), None, title="p")
        stream.attach(None, pushed=True)
        for number in (1, 2):
            stream.put(picture(number))
            there = await b.sees("producer:p")
            with there.subscribe():
                await shows(there, jpeg(number))
                await b.sees("producer:p", lambda one: one.state is State.LIVE)
            assert a.end.traffic.frames_out >= number
        stream.detach("its producer has left")
        await b.sees("producer:p", lambda one: one.state is State.RECONNECTING)
        assert there.reason == "its producer has left"
        stream.attach(None, pushed=True)
        stream.put(picture(3))
        await b.sees("producer:p", lambda one: one.state is State.IDLE)
        async with machine(bus, "c") as c:  # it joins when nothing is pushed any more
            late = await c.sees("producer:p")
            with late.subscribe(AS_IT_IS) as pictures:
                assert await take(pictures) == jpeg(3)


async def test_an_older_picture_never_replaces_a_newer_one_but_a_restarted_owner_does() -> None:
    bus = MemoryBus()
    async with machine(bus, "b") as b:
        async with machine(bus, "a") as a:
            stream, _ = a.show()
            there = await b.sees()
            with there.subscribe(AS_IT_IS, 1e6) as pictures:
                stream.put(picture(2))
                assert await take(pictures) == jpeg(2)
                newest = stream.newest()
                assert newest is not None
                bus.post(Parcel("page:p", Frame(newest.epoch, newest.seq - 1, picture(1)), "a"))
                bus.post(Parcel("page:p", Frame(newest.epoch - 1, 99, picture(1)), "a"))
                bus.post(Parcel("page:other", Frame(1, 1, picture(1)), "a"))
                stream.put(picture(3))
                assert await take(pictures) == jpeg(3)
        await b.sees(condition=lambda one: one.gone)
        async with machine(bus, "a") as again:
            stream, _ = again.show()
            with there.subscribe(AS_IT_IS, 1e6) as pictures:
                await b.sees(condition=lambda one: not one.gone)
                bus.post(Parcel("page:p", Frame(1, 1, picture(4)), "a"))  # its clock has lost some years
                while await take(pictures) != jpeg(4):
                    pass


@pytest.mark.parametrize("wrong", [HOUR, -HOUR])
async def test_ages_are_right_although_the_clocks_are_an_hour_apart(wrong: int) -> None:
    bus = MemoryBus()
    async with machine(bus, "b") as b, machine(bus, "a", end=Elsewhen(bus, wrong)) as a:
        stream, _ = a.show()
        there = await b.sees()
        with there.subscribe(AS_IT_IS) as pictures:
            before = time.time_ns()
            stream.action(Action("Clicks", before))
            stream.put(picture(1))
            await take(pictures)
            await b.sees(condition=lambda one: one.actions)
            newest = there.newest()
            assert newest is not None
            assert abs(newest.picture.captured_at - before) < HOUR / 60
            assert abs(there.actions[-1].at - before) < HOUR / 60
            assert newest.picture.captured_at <= time.time_ns()


async def test_where_the_element_is_that_is_worked_on_is_told_while_somebody_wants_to_see_it() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        stream, source = a.show()
        there = await b.sees()
        stream.action(Action("Clicks", 5, "#go"))
        spot = Spot("Clicks", "#go", Box(1, 2, 3, 4), 1280, 720)
        with there.subscribe(highlight=True):
            await source.until(lambda one: one.demands and one.demands[-1].highlight)
            moved = asyncio.Event()
            next(iter(there.subscriptions)).on_point = moved.set
            stream.point(spot)
            async with asyncio.timeout(PATIENCE):
                await moved.wait()
            assert there.spot == spot


async def test_what_another_machine_captures_is_not_slowed_by_the_budget_of_this_one() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        _, source = a.show()
        there = await b.sees()
        mine, _ = b.show("page:mine")
        with there.subscribe(fps=30), mine.subscribe(fps=30):
            await source.until(lambda one: one.sink is not None)
            Budget(b.hub, cpu_limit=1.0, fps=2.0).step(1.0)
            assert there.capture.cap is None
            assert mine.capture.cap == pytest.approx(1.9)
