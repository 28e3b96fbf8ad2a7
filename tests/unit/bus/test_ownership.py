"""Which node a stream belongs to, when several could have it, and what names mean in a cluster."""

from __future__ import annotations

import asyncio
import base64
import time

import pytest

from livepane.bus import contest
from livepane.bus.memory import MemoryBus
from livepane.bus.node import Node
from livepane.domain.access import Rights, Role
from livepane.domain.bus import Parcel
from livepane.domain.errors import NameTaken, NotFound
from livepane.domain.frame import Frame
from livepane.domain.ports import Source
from livepane.domain.stream import Action, State, StreamId
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream
from livepane.media.image import Limits
from livepane.transports.producer import Producers, seated
from livepane.transports.pushed import Pushes, Quota
from livepane.wire.publish import Publication
from tests.patience import PATIENCE
from tests.pictures import jpeg, picture
from tests.unit.bus.cluster import AS_IT_IS, machine, shows, take
from tests.unit.hub.sources import ToySource

ANYBODY = Rights(frozenset({Role.PRODUCER}))


def pushed(number: int) -> str:
    """A picture as `POST /publish` carries it."""
    return base64.b64encode(jpeg(number)).decode()


async def test_each_machine_has_its_own_desktop() -> None:
    bus, opened = MemoryBus(), list[str]()

    async def opener(stream_id: StreamId) -> tuple[Source, str]:
        opened.append(str(stream_id))
        if stream_id.name == "404":
            raise NotFound("there is no window 404")
        return ToySource(), "Desktop"

    async with machine(bus, "a") as a, machine(bus, "b") as b:
        for one in (a, b):
            one.hub.opener(StreamId.parse("desktop:0").kind, opener)
            one.hub.opener(StreamId.parse("window:1").kind, opener)
        await a.hub.open("desktop:0", transient=False)
        there = await b.sees("desktop:0@a")
        assert there.node == "a"
        assert b.hub.find("desktop:0") is None
        assert await b.hub.open("desktop:0@b") is await b.hub.open("desktop:0")
        assert opened == ["desktop:0", "desktop:0"]
        # What is not there yet is opened where it is when somebody wants to see it, and nowhere else.
        window = await b.hub.open("window:7@a")
        assert opened == ["desktop:0", "desktop:0"]
        with window.subscribe():
            await a.sees("window:7")
            await b.sees("window:7@a", lambda one: one.title == "Desktop (a)")
        missing = await b.hub.open("window:404@a")
        with missing.subscribe():
            await b.sees("window:404@a", lambda one: one.gone)
            assert missing.reason == "there is no window 404"
        with pytest.raises(NotFound, match="belongs to a node 'x', which is not there; other nodes: a"):
            await b.hub.open("desktop:0@x")


async def test_a_job_that_runs_elsewhere_takes_the_place_of_what_stood_in_for_it_and_moves_with_the_job() -> None:
    bus = MemoryBus()

    async def waits(stream_id: StreamId) -> tuple[Source, str]:
        return ToySource(), "job 7"

    async with machine(bus, "gateway") as gateway, machine(bus, "a") as a, machine(bus, "b") as b:
        gateway.hub.opener(StreamId.parse("job:7").kind, waits)
        here = await gateway.hub.open("job:7")
        with here.subscribe(AS_IT_IS, 1e6) as pictures:
            first, source = a.show("job:7", owned=True)
            await source.until(lambda one: one.sink is not None)
            first.put(picture(1))
            first.action(Action("Item 1", 5))
            assert await take(pictures) == jpeg(1)
            assert here.node == "a"
            await gateway.sees("job:7", lambda one: one.actions and one.actions[-1].label == "Item 1")
            first.unplug("waits for a page of the browser")
            await gateway.sees("job:7", lambda one: one.reason == "waits for a page of the browser")
            assert here.state is State.IDLE
            a.end.cut()  # its machine dies, and the job goes on at another
            second, source = b.show("job:7", owned=True)
            gateway.node.step(time.monotonic() + 16)
            await source.until(lambda one: one.sink is not None)
            second.put(picture(2))
            assert await take(pictures) == jpeg(2)
            assert here.node == "b"
            ended: list[Stream] = []
            gateway.node.remote.on_end = ended.append
            second.end("the job has finished")
            await gateway.sees("job:7", lambda one: one.gone)
            assert here.reason == "the job has finished"
            assert ended == [here]
        mine, source = gateway.hub.find("job:7"), ToySource()
        assert mine is here
        here.attach(source)  # and the third attempt is ours
        here.owned = True
        await a.until(lambda _: True)
        await gateway.sees("job:7", lambda one: one.node is None)
        await b.sees("job:7", lambda one: one.node is None or one.gone)


async def test_the_second_of_two_servers_with_one_name_is_told_so_and_seen_by_nobody() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as first, machine(bus, "b") as b:
        first.show()
        await b.sees()
        async with machine(bus, "a") as second:
            second.show("page:second")
            clash = second.node.condition.clash
            assert clash is not None
            assert "has the name 'a' in this cluster" in clash
            assert "LIVEPANE_NODE" in clash
            assert first.node.condition.clash is None
            assert not second.node.joined
            assert await b.sees() is b.hub.find("page:p")
            await b.until(lambda one: one.hub.find("page:second") is None)
            first.end.cut()
            second.node.step(time.monotonic() + 31)  # the first has gone: now the name is free
            await b.sees("page:second")
            assert second.node.condition.clash is None


async def test_a_source_that_pushes_by_requests_may_send_them_to_any_node() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b, machine(bus, "c") as c:
        limits = Limits(10**7, 10**7)
        pushes = {one.node.name: Pushes(one.hub, Producers(one.hub), limits, Quota(100, 100, 100, 60)) for one in (a, b)}
        for number, name in enumerate("aabab", 1):
            await pushes[name].take(Publication(StreamId.parse("tab:x"), pushed(number), every=3.0), ANYBODY)
            for one in (a, b, c):
                there = await one.sees("tab:x", lambda stream: stream.listed and stream.cadence and stream.cadence.last_at)
                with there.subscribe():
                    await shows(there, jpeg(number))
                    await one.sees("tab:x", lambda stream: stream.state is State.LIVE)
            newest = [one.newest(lambda _: True) for one in pushes.values()]
            assert [stream and str(stream.id) for stream in newest] == ["tab:x", "tab:x"]
        # Nobody sends on what came from elsewhere.
        assert a.end.traffic.frames_out + b.end.traffic.frames_out < 20


async def test_a_producer_name_is_taken_in_the_whole_cluster_until_its_producer_leaves() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        here, there = Producers(a.hub), Producers(b.hub)
        name = StreamId.parse("producer:alice")
        waiting = there.place(name)
        with waiting.subscribe(AS_IT_IS, 1e6) as pictures:
            with here.feeding(name, "Alice") as stream:
                stream.put(picture(1))
                assert await take(pictures) == jpeg(1)
                with pytest.raises(NameTaken, match="connected to node 'a' already"), there.feeding(name, "Alice"):
                    pass
            await b.sees(str(name), lambda one: one.state is State.RECONNECTING)
            with there.feeding(name, "Alice") as moved:
                assert moved is waiting
                moved.put(picture(2))
                assert await take(pictures) == jpeg(2)
                assert moved.node is None
                await a.sees(str(name), lambda one: one.node == "b" or not one.listed)
                with pytest.raises(NameTaken), here.feeding(name, "Alice"):
                    pass


async def test_of_two_producers_of_a_name_that_came_at_once_or_while_the_nodes_were_apart_one_stays() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        first, second = Producers(a.hub), Producers(b.hub)
        for number, apart in enumerate((False, True), 1):
            name = StreamId.parse(f"producer:p{number}")
            if apart:
                a.end.cut()
                b.end.cut()
            with first.feeding(name, "first") as stays:
                stays.put(picture(1))
                with second.feeding(name, "second") as goes:
                    goes.put(picture(2))
                    if apart:
                        assert (stays.gone, goes.gone) == (False, False)
                        a.end.mend()
                        b.end.mend()
                    with pytest.raises(NameTaken, match="connected to node 'a' already"):
                        async with asyncio.timeout(PATIENCE):
                            await seated(goes)
                    assert goes.state is State.LIVE
                there = await b.sees(str(name), lambda one: one.node == "a")
                with there.subscribe():
                    await shows(there, jpeg(1))
                    await a.sees(str(name), lambda stream: stream.state is State.LIVE)
                assert stays.seat is not None
                assert not stays.seat.lost


async def test_a_name_is_free_when_its_node_does_not_answer_and_taken_when_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = MemoryBus()
    name = StreamId.parse("producer:alice")
    async with machine(bus, "b") as b, machine(bus, "a") as a:
        here, there = Producers(a.hub), Producers(b.hub)
        with here.feeding(name, "Alice") as stream:
            stream.lose("its window is away")  # that it shows nothing for now makes its name no freer
            await b.sees(str(name), lambda one: one.state is State.RECONNECTING)
            await there.ask(name)
            with pytest.raises(NameTaken), there.feeding(name, "Alice"):
                pass
            a.end.cut()  # killed: it says nothing any more, and nobody has noticed
            monkeypatch.setattr(contest, "ANSWERED", 0.05)
            await there.ask(name)
            with there.feeding(name, "Alice") as moved:
                moved.put(picture(2))
                assert (moved.node, moved.state) == (None, State.LIVE)
                a.end.mend()  # it was not dead at all, and its producer has been there for longer
                with pytest.raises(NameTaken):
                    async with asyncio.timeout(PATIENCE):
                        await seated(moved)


async def test_pictures_of_a_writer_that_is_no_node_are_a_stream_of_every_node_and_of_none() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        for number in (1, 2):
            bus.post(Parcel("tab:default", Frame(0, number, picture(number))))
            for one in (a, b):
                there = await one.sees("tab:default")
                await shows(there, jpeg(number))
                assert there.node == ""
                assert there.cadence is not None
        bus.post(Parcel("tab:default", Frame(0, 1, picture(1))))
        bus.post(Parcel("no id", Frame(0, 1, picture(1))))
        bus.post(Parcel("tab:other", Frame(0, 1, picture(1))))
        await b.sees("tab:other")
        bus.post(Parcel("tab:default", Frame(0, 3, picture(3))))
        await shows(there, jpeg(3))
        assert (b.node.remote.late, b.node.remote.unknown) == (1, 1)
        assert a.end.traffic.frames_out == b.end.traffic.frames_out == 0
        assert bus.streams == {}


async def test_there_is_a_limit_to_what_writers_that_are_no_nodes_can_show() -> None:
    bus = MemoryBus()
    end = bus.end()
    async with Hub() as hub, Node(hub, end, "a", foreign=3) as node:
        await node.settled()
        for number in range(10):
            bus.post(Parcel(f"tab:{number}", Frame(0, 1, picture(1))))
        bus.post(Parcel("tab:0", Frame(0, 2, picture(2))))
        with hub.changes() as changes:
            while len(hub.list()) < 3:
                await changes.take()
        await shows(hub.get("tab:0"), jpeg(2))
        assert len(hub.list()) == 3
        assert node.remote.unknown == 7


async def test_a_node_that_leaves_takes_back_what_it_said() -> None:
    bus = MemoryBus()
    async with machine(bus, "b") as b:
        async with machine(bus, "a") as a:
            a.show()
            await b.sees()
        assert (bus.streams, list(bus.nodes)) == ({}, ["b"])
        await b.sees(condition=lambda one: one.gone)
        assert b.node.condition.peers == 0


async def test_a_dead_node_s_name_is_free_for_its_next_life_and_what_it_left_behind_goes() -> None:
    bus = MemoryBus()
    async with machine(bus, "b") as b, machine(bus, "a") as dead:
        dead.show("page:old")
        await b.sees("page:old")
        dead.end.cut()  # it says nothing any more, not even that it leaves
        async with machine(bus, "a") as a:
            a.show("page:new")
            await b.sees("page:new")
            await b.sees("page:old", lambda one: one.gone)
            assert ("a", "page:old") not in bus.streams
