"""What a node may rely on, whatever bus it is on."""

from __future__ import annotations

import asyncio

from livepane.domain.bus import Closing, Lease, LinkState, NodeRecord, Parcel, StreamRecord
from livepane.domain.demand import Demand
from livepane.domain.frame import Encoding, Frame, Picture
from livepane.domain.stream import Action, Box, Spot, State
from tests.contract.bus.medium import Medium, joined
from tests.pictures import image

DEMAND = Demand(5.0, quality=60, width=1280, height=None, highlight=True)
WEBP = image("WEBP", width=64, height=48)


def parcel(node: str, seq: int, *, stream: str = "page:p", epoch: int = 7, size: int = 20_000) -> Parcel:
    data = WEBP + seq.to_bytes(4) * ((size - len(WEBP)) // 4)
    picture = Picture(1_700_000_000_000_000_000 + seq, 64, 48, Encoding.WEBP, data, 75)
    return Parcel(stream, Frame(epoch, seq, picture), node, 1_700_000_000_000_000_500, true=seq % 2 == 0)


def record(node: str, stream: str = "page:p", *, title: str = "a page") -> StreamRecord:
    box = Box(1.5, 2.0, 30.0, 40.25)
    return StreamRecord(
        node=node,
        life="life",
        stream=stream,
        title=title,
        state=State.HIDDEN,
        url="https://example.com/ä?q=1",
        reason="minimised – „so“",
        masked=True,
        width=1280,
        height=720,
        pushed=True,
        every=2.5,
        requested=True,
        fed_at=1_700_000_000_000_000_123,
        plugged=False,
        listed=True,
        newest=(1_234_567_890, 42),
        actions=(Action("Fills 名", 1_700_000_000_123_456_789, "#name", box), Action("Clicks", 5)),
        action_count=17,
        spot=Spot("Clicks", None, box, 1280.0, 719.5),
    )


def beat(node: str, life: str = "one") -> NodeRecord:
    return NodeRecord(node, life, 1_700_000_000_000_000_001, "host, process 7", "1.2.3", heard={"b": -3_600_000_000_001})


async def test_a_picture_arrives_at_every_other_node_as_the_same_bytes_with_its_numbers_and_times(medium: Medium) -> None:
    async with joined(medium, "a") as (a, at_a), joined(medium, "b") as (_, at_b), joined(medium, "c") as (_, at_c):
        sent = parcel("a", 2)
        a.publish(sent)
        a.announce(record("a"))
        await at_b.until(lambda heard: heard.frames)
        await at_c.until(lambda heard: heard.frames)
        assert at_b.frames == at_c.frames == [sent]
        await at_a.until(lambda heard: heard.streams)
        assert at_a.frames == []
        assert (a.traffic.frames_out, a.traffic.bytes_out) == (1, 20_000)


async def test_of_a_burst_the_newest_arrives_and_nothing_older_after_it(medium: Medium) -> None:
    async with joined(medium, "a") as (a, _), joined(medium, "b") as (b, at_b):
        for seq in range(1, 201):
            for stream in ("page:p", "page:q"):
                a.publish(parcel("a", seq, stream=stream, size=100_000))
            if seq % 50 == 0:
                await asyncio.sleep(0)
        last = {("page:p", 200), ("page:q", 200)}
        await at_b.until(lambda heard: last <= {(one.stream, one.frame.seq) for one in heard.frames})
        for stream in ("page:p", "page:q"):
            seen = [one.frame.seq for one in at_b.frames if one.stream == stream]
            assert seen == sorted(set(seen))
        missing = 400 - len(at_b.frames)
        assert a.traffic.replaced_out + b.traffic.replaced_in + b.traffic.skipped == missing


async def test_everything_that_is_said_of_a_stream_arrives(medium: Medium) -> None:
    async with joined(medium, "a") as (a, _), joined(medium, "b") as (_, at_b):
        said = record("a")
        a.announce(said)
        await at_b.until(lambda heard: heard.streams)
        assert at_b.streams == [("a", "page:p", said)]


async def test_who_joins_later_learns_the_last_word_on_each_stream_and_node(medium: Medium) -> None:
    async with joined(medium, "a") as (a, at_a):
        a.beat(beat("a"))
        a.announce(record("a", title="before"))
        a.announce(record("a", "page:q"))
        a.withdraw("page:q")
        a.announce(record("a", title="after"))
        a.lease(Lease("a", "page:z", DEMAND))
        await at_a.until(lambda heard: {("page:p", "after"), ("page:q", None)} <= heard.words)
        async with joined(medium, "b") as (_, at_b):
            assert at_b.last("page:p") == record("a", title="after")
            assert all(said is None for _, name, said in at_b.streams if name == "page:q")
            assert at_b.nodes == [("a", beat("a"), False)]
            assert at_b.leases == []


async def test_the_last_word_on_a_stream_is_the_one_that_was_given_last(medium: Medium) -> None:
    async with joined(medium, "a") as (a, _), joined(medium, "b") as (_, at_b):
        for number in range(50):
            a.announce(record("a", title=f"title {number}"))
        a.withdraw("page:p")
        await at_b.until(lambda heard: heard.streams and heard.streams[-1][2] is None)
        a.announce(record("a", title="back"))
        await at_b.until(lambda heard: heard.last("page:p") == record("a", title="back"))


async def test_a_node_that_is_there_is_heard_live_also_by_itself_and_when_it_leaves(medium: Medium) -> None:
    async with joined(medium, "a") as (a, at_a), joined(medium, "b") as (_, at_b):
        asking = NodeRecord("a", "two", 5, asking=True)
        a.beat(asking)
        await at_b.until(lambda heard: ("a", asking, True) in heard.nodes)
        a.beat(beat("a"))
        for heard in (at_a, at_b):
            await heard.until(lambda one: ("a", beat("a"), True) in one.nodes)
        a.leave()
        await at_b.until(lambda heard: heard.nodes[-1] == ("a", None, True))
        async with joined(medium, "c") as (_, at_c):
            assert all(said is None for _, said, _ in at_c.nodes)


async def test_a_lease_reaches_the_others_and_so_does_its_end(medium: Medium) -> None:
    async with joined(medium, "a") as (_, at_a), joined(medium, "b") as (b, _):
        lease = Lease("b", "page:p", DEMAND, 77, (3, 4))
        b.lease(lease)
        await at_a.until(lambda heard: heard.leases)
        b.release("page:p")
        await at_a.until(lambda heard: len(heard.leases) == 2)
        assert at_a.leases == [("b", "page:p", lease), ("b", "page:p", None)]


async def test_what_is_to_be_closed_is_told_to_its_owner_and_so_is_that_it_is_done(medium: Medium) -> None:
    async with joined(medium, "a") as (a, at_a), joined(medium, "b") as (b, at_b):
        closing = Closing("a", "page:p", "life", "b", 77)
        b.close(closing)
        await at_a.until(lambda heard: heard.closings)
        a.closed("page:p")
        await at_b.until(lambda heard: len(heard.closings) == 2)
        assert at_a.closings[0] == ("a", "page:p", closing)
        assert at_b.closings == [("a", "page:p", closing), ("a", "page:p", None)]


async def test_what_a_dead_node_has_left_is_cleared_away_by_another(medium: Medium) -> None:
    async with joined(medium, "a") as (a, _), joined(medium, "b") as (b, at_b):
        a.beat(beat("a"))
        a.announce(record("a"))
        await at_b.until(lambda heard: heard.streams)
        b.bury("a", ["page:p"])
        await at_b.until(lambda heard: heard.streams[-1] == ("a", "page:p", None) and heard.nodes[-1] == ("a", None, True))
        async with joined(medium, "c") as (_, at_c):
            assert all(said is None for _, _, said in at_c.streams)
            assert all(said is None for _, said, _ in at_c.nodes)


async def test_while_the_link_is_away_nothing_fails_and_the_newest_of_each_key_is_sent_when_it_is_back(medium: Medium) -> None:
    async with joined(medium, "a") as (a, at_a), joined(medium, "b") as (_, at_b):
        a.announce(record("a", "page:q"))
        await at_b.until(lambda heard: heard.streams)
        await medium.cut(a)
        assert a.now.state in (LinkState.DOWN, LinkState.CONNECTING)
        for number in range(500):
            a.announce(record("a", title=f"title {number}"))
            a.publish(parcel("a", number + 1))
            a.lease(Lease("a", "page:z", Demand(float(number + 1))))
        a.withdraw("page:q")
        assert a.traffic.replaced_out >= 490
        await medium.mend(a)
        await at_a.until(lambda heard: heard.up and heard.caught == 2)
        await at_b.until(lambda heard: heard.last("page:q") is None)
        await at_b.until(lambda heard: any(name == "page:p" for _, name, _ in heard.streams))
        assert at_b.last("page:p") == record("a", title="title 499")
        await at_b.until(lambda heard: heard.leases and heard.leases[-1][2] == Lease("a", "page:z", Demand(500.0)))
        a.publish(parcel("a", 501))
        await at_b.until(lambda heard: heard.frames and heard.frames[-1].frame.seq == 501)
        assert len(at_b.frames) < 10


async def test_what_was_missed_while_the_link_was_away_is_learnt_when_it_is_back(medium: Medium) -> None:
    async with joined(medium, "a") as (a, at_a), joined(medium, "b") as (b, at_b):
        a.beat(beat("a"))
        a.announce(record("a"))
        a.announce(record("a", "page:q"))
        await at_b.until(lambda heard: len(heard.streams) == 2 and heard.nodes)
        await medium.cut(b)
        a.withdraw("page:p")
        a.announce(record("a", "page:r"))
        await at_a.until(lambda heard: any(name == "page:r" for _, name, _ in heard.streams))
        await medium.mend(b)
        await at_b.until(lambda heard: heard.caught == 2)
        assert at_b.last("page:p") is None
        assert at_b.last("page:q") == record("a", "page:q")
        assert at_b.last("page:r") == record("a", "page:r")
        a.publish(parcel("a", 1))
        await at_b.until(lambda heard: heard.frames)


async def test_who_has_left_is_not_told_anything_any_more(medium: Medium) -> None:
    async with joined(medium, "a") as (a, at_a):
        async with joined(medium, "b") as (_, at_b):
            pass
        a.announce(record("a"))
        a.publish(parcel("a", 1))
        await at_a.until(lambda heard: heard.streams)
        assert at_b.streams == []
        assert at_b.frames == []
