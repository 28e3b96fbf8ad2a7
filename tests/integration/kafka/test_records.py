"""What others write into the topic of pictures: earlier bridges, something newer, something broken."""

from __future__ import annotations

import asyncio
import base64
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from livepane.bus.kafka.bus import KafkaBus
from livepane.bus.kafka.connect import options
from livepane.bus.kafka.frames_wire import to_headers
from livepane.bus.kafka.history import pictures_between
from livepane.bus.kafka.live import Lateness
from livepane.bus.kafka.partition import partition_of
from livepane.bus.kafka.records_wire import encode, key_of
from livepane.bus.kafka.tables import Place, Tables
from livepane.bus.kafka.topics import administering
from livepane.bus.memory import MemoryBus
from livepane.domain.bus import Lease, NodeRecord, Parcel, Traffic
from livepane.domain.demand import Demand
from livepane.domain.frame import Encoding, Frame, Picture
from livepane.domain.kafka import GROUP, Cluster
from tests.contract.bus.kafka_medium import LIMITS
from tests.contract.bus.medium import Heard
from tests.integration.kafka.conftest import Write
from tests.patience import PATIENCE
from tests.pictures import claiming, image, jpeg, picture
from tests.unit.bus.cluster import AS_IT_IS, machine, take


@asynccontextmanager
async def joined(cluster: Cluster, node: str, *, everything: bool = False) -> AsyncIterator[tuple[KafkaBus, Heard]]:
    bus, heard = KafkaBus(cluster, LIMITS, everything=everything), Heard()
    async with bus.join(node, heard):
        await heard.until(lambda one: one.caught == 1)
        yield bus, heard


async def test_records_of_earlier_bridges_are_read_however_they_wrote_them_although_nobody_watches(
    cluster: Cluster, write: Write
) -> None:
    one = jpeg(1)
    await write(base64.b64encode(one), key=b"from-before", partition=0)
    async with joined(cluster, "a") as (_, heard):
        await heard.until(lambda here: here.frames)
        before = heard.frames[0]
        assert (before.stream, before.node, before.frame.picture.data) == ("tab:from-before", None, one)
        written = {
            "tab:raw": (image("PNG", 2), b"raw"),
            "tab:text": (base64.b64encode(image("WEBP", 3)), b"text"),
            "tab:url": (b"data:image/jpeg;base64," + base64.b64encode(jpeg(4)), b"tab:url"),
            "tab:default": (jpeg(5), None),
            "page:p1": (jpeg(6), b"page:p1"),
        }
        for value, key in written.values():
            await write(value, key=key, partition=0 if key else 1)  # one that is read by now, and one that is looked at
        await heard.until(lambda here: set(written) <= {parcel.stream for parcel in here.frames})
        found = {parcel.stream: parcel.frame.picture for parcel in heard.frames}
        assert found["tab:raw"].encoding is Encoding.PNG
        assert found["tab:text"].data == image("WEBP", 3)
        assert found["tab:url"].data == jpeg(4)
        orders = [parcel.frame.order for parcel in heard.frames]
        assert orders == sorted(set(orders)), "who does not number pictures has them numbered"


async def test_a_poisoned_record_is_passed_over_counted_and_told_of_once(
    cluster: Cluster, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "livepane.bus")
    async with joined(cluster, "a", everything=True) as (bus, heard):
        poison = [b"no picture at all", b"\xff\xd8 cut off", b"\x00\xff\xfe", b"", base64.b64encode(b"no picture")]
        for value in poison:
            await write(value, key=b"tab:x", partition=0)
        await write(jpeg(1), key=b"\xff\xfe", partition=0)
        await write(jpeg(1), key=b"a/slash", partition=0)
        await write(jpeg(1), key=b"tab:x", partition=0, headers=[("v", b"1"), ("node", b"b"), ("epoch", b"many")])
        await write(jpeg(1), key=b"tab:x", partition=0, headers=[("v", b"9"), ("node", b"b"), ("epoch", b"1")])
        pretended = to_headers(Parcel("tab:x", Frame(1, 1, picture()), "b"))
        for value in (b"no picture at all", b"", claiming(60_000, 60_000)):
            await write(value, key=b"tab:x", partition=0, headers=pretended)
        await write(jpeg(2), key=b"tab:y", partition=0)
        await heard.until(lambda here: any(parcel.stream == "tab:y" for parcel in here.frames))
        assert {parcel.stream for parcel in heard.frames} == {"tab:y"}
        assert (bus.traffic.bad, bus.traffic.unknown) == (len(poison) + 3 + 3, 1)
        told = [line for line in caplog.messages if "passed over" in line]
        assert len(told) == 1
        assert cluster.topics.frames in told[0]


async def test_the_end_of_a_transaction_which_is_never_handed_out_cuts_nobody_off(cluster: Cluster) -> None:
    topics = cluster.topics
    said, places = NodeRecord("b", "1", 1), dict[Place, int]()
    async with AsyncExitStack() as stack:
        bus, _ = await stack.enter_async_context(joined(cluster, "a", everything=True))
        producer = AIOKafkaProducer(**options(cluster), transactional_id=f"{topics.prefix}of-a-bridge")
        stack.push_async_callback(producer.stop)
        await producer.start()
        tables = Tables(cluster, Heard(), traffic=Traffic(), lateness=Lateness(), places=places)
        stack.push_async_callback(tables.client.stop)
        await tables.begin({topics.streams: 1, topics.control: 1})
        where = partition_of("tab:x", 3)
        async with producer.transaction():
            await producer.send(topics.frames, jpeg(1), key=b"tab:x", partition=where)
            await producer.send(topics.streams, encode(said), key=str(key_of(said)).encode())
        reading = asyncio.get_running_loop().create_task(tables.read())
        async with asyncio.timeout(PATIENCE), administering(cluster) as admin:
            while (await admin.positions(GROUP)).get((topics.frames, where)) != 2:  # noqa: ASYNC110 — a picture, and its end
                await asyncio.sleep(0.1)
            while places[topics.streams, 0] != 2:  # noqa: ASYNC110 — what is read next
                await asyncio.sleep(0.1)
        reading.cancel()
        assert bus.traffic.connections == 1
        found = [parcel async for _, parcel in pictures_between(cluster, "tab:x", 0, time.time() + 60, LIMITS)]
        assert [parcel.frame.picture.data for parcel in found] == [jpeg(1)]


async def test_who_watches_a_stream_gets_its_pictures_and_nothing_is_read_for_others(cluster: Cluster) -> None:
    async with joined(cluster, "a") as (a, _), joined(cluster, "b") as (b, at_b), joined(cluster, "c") as (c, at_c):
        b.lease(Lease("b", "page:p", Demand(5.0)))
        seq = 0

        def show() -> None:
            nonlocal seq
            seq += 1
            picture = Picture(seq, 64, 48, Encoding.JPEG, jpeg(seq), 80)
            a.publish(Parcel("page:p", Frame(1, seq, picture), "a", 5))

        for _ in range(3):
            show()
            await at_b.until(lambda here: here.frames and here.frames[-1].frame.seq == seq)
        b.release("page:p")
        c.lease(Lease("c", "page:p", Demand(5.0)))
        show()
        await at_c.until(lambda here: here.frames and here.frames[-1].frame.seq == seq)
        place = TopicPartition(cluster.topics.frames, partition_of("page:p", 3))
        async with asyncio.timeout(PATIENCE), administering(cluster) as admin:
            while (await admin.positions(GROUP)).get(place) != seq:  # noqa: ASYNC110 — what an operator sees
                await asyncio.sleep(0.1)


async def test_a_stream_that_is_watched_only_where_it_is_shown_costs_the_broker_nothing(cluster: Cluster) -> None:
    at_a, at_b = KafkaBus(cluster, LIMITS), KafkaBus(cluster, LIMITS)
    async with machine(MemoryBus(), "a", end=at_a) as a, machine(MemoryBus(), "b", end=at_b) as b:  # type: ignore[arg-type]
        shown, source = a.show()
        there = await b.sees()
        with shown.subscribe(AS_IT_IS, 60) as near:
            await source.until(lambda one: one.sink)
            assert source.sink is not None
            for number in range(10):
                source.sink.put(picture(number))
                assert await take(near) == picture(number).data
            assert (at_a.traffic.frames_out, at_a.waiting, await written(cluster)) == (0, 0, 0)
            with there.subscribe(AS_IT_IS, 60) as far:
                assert await take(far) == picture(9).data, "who comes late sees the last picture at once"
            assert await written(cluster) == 1


async def written(cluster: Cluster) -> int:
    """How many pictures the broker has been given."""
    consumer = AIOKafkaConsumer(**options(cluster))
    await consumer.start()
    try:
        return sum((await consumer.end_offsets([TopicPartition(cluster.topics.frames, number) for number in range(3)])).values())
    finally:
        await consumer.stop()
