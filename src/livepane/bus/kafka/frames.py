"""Pictures from the cluster: all partitions assigned once, those read that somebody here watches, and never anything old."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, KafkaError

from livepane.bus.kafka.connect import FOR_CONSUMERS, Away, options, reachable, started
from livepane.bus.kafka.frames_wire import UnknownVersion, read_foreign, read_note, read_stream
from livepane.bus.kafka.live import LATE, Change, Lateness, Live
from livepane.bus.kafka.partition import partition_of
from livepane.deadline import within
from livepane.domain.bus import Inbox, Parcel, Traffic
from livepane.domain.errors import LivepaneError
from livepane.domain.kafka import GROUP, Cluster
from livepane.media.image import Limits

log = logging.getLogger(__name__)

TICK = 1.0  # seconds
COMMIT_EVERY = 0.5  # seconds: operators' tools see where we are
ANSWER = 4.0  # seconds that a broker has to say where its partitions end, until it is taken to be away
DOUBT = 1.0  # seconds without an answer until somebody goes and looks
OLD = 10.0  # seconds: a picture of somebody who is no node is not known to be true any more
METADATA_MS = 30_000  # that we look for new partitions


class Frames:
    """One connection's reader. Belongs to one event loop."""

    def __init__(
        self,
        cluster: Cluster,
        node: str,
        inbox: Inbox,
        *,
        traffic: Traffic,
        limits: Limits,
        lateness: Lateness,
        count: Callable[[], int],
        everything: bool = False,
    ) -> None:
        """`count`: numbers pictures that nobody has numbered. `everything`: read what nobody here watches, too."""
        self._cluster, self._topic, self._node, self._inbox = cluster, cluster.topics.frames, node, inbox
        self._traffic, self._limits, self._lateness, self._count = traffic, limits, lateness, count
        self.client: Any = AIOKafkaConsumer(
            **options(cluster), **FOR_CONSUMERS, group_id=GROUP, metadata_max_age_ms=METADATA_MS, check_crcs=False
        )
        self._everything = everything
        self._live: Live | None = None
        self._told: set[str] = set()

    async def begin(self, partitions: int, watched: Iterable[str]) -> None:
        """Connect, and stand at the end of every partition; read those of these streams.

        Raises:
            Away, Refused: it cannot be.
        """
        await started(self._cluster, self.client)
        places = [TopicPartition(self._topic, number) for number in range(partitions)]
        # Once and for all: another assignment would forget every position.
        self.client.assign(places)
        self.client.pause(*places)
        ends, begins = await self._ends(), await self.client.beginning_offsets(places)
        for place in places:
            self.client.seek(place, ends[place.partition])
        self._live = Live(ends, {place.partition: offset for place, offset in begins.items()}, everything=self._everything)
        self._apply(self._live.begin())
        for stream in watched:
            self.want(stream)

    def want(self, stream: str) -> None:
        """Somebody here watches a stream."""
        if self._live is not None:
            self._apply(self._live.want(stream, partition_of(stream, len(self._live.readings))))

    def unwant(self, stream: str) -> None:
        """Nobody does any more."""
        if self._live is not None:
            self._live.unwant(stream, partition_of(stream, len(self._live.readings)), time.monotonic())

    async def read(self) -> None:
        """Hand on what comes, until cancelled."""
        while True:
            for place, records in (await self.client.getmany(timeout_ms=1000)).items():
                self._take(place.partition, records)

    async def watch(self) -> None:
        """See every second that we are not behind and not stuck.

        Raises:
            Away, Stuck, KafkaError: the connection is no good any more.
        """
        live = self._standing()
        while True:
            await asyncio.sleep(TICK)
            known = self.client.partitions_for_topic(self._topic)
            if known is not None and len(known) != len(live.readings):
                raise Away(f"the Kafka topic {self._topic!r} has {len(known)} partitions now")
            before = live.places()
            ends = await self._ends()
            for number in live.lagging():
                async with within(ANSWER):
                    live.stands(number, await self.client.position(TopicPartition(self._topic, number)))
            self._apply(live.tick(ends, before, time.monotonic()))
            self._traffic.behind = live.behind

    async def commit(self) -> None:
        """Tell the group where we are, for operators' tools; nobody reads from there."""
        live, told = self._standing(), dict[int, int]()
        while True:
            await asyncio.sleep(COMMIT_EVERY)
            now = live.committed()
            if now == told:
                continue
            try:
                async with within(ANSWER):
                    await self.client.commit({TopicPartition(self._topic, number): at for number, at in now.items()})
                told = now
            except (CommitFailedError, TimeoutError) as error:
                self._say_once("commit", "positions cannot be committed to the group %s for now: %r", GROUP, error)

    def _standing(self) -> Live:
        if self._live is None:
            raise RuntimeError("it has not begun")
        return self._live

    async def _ends(self) -> dict[int, int]:
        """Where the partitions end, which also shows that the broker is there.

        Raises:
            Away: it is not.
        """
        asked = asyncio.get_running_loop().create_task(self.client.end_offsets(list(self.client.assignment())), name="kafka ends")
        try:
            done, _ = await asyncio.wait([asked], timeout=DOUBT)
            if not done:  # the client would go on trying: is anybody there at all?
                await reachable(self._cluster)
                done, _ = await asyncio.wait([asked], timeout=ANSWER - DOUBT)
            if not done:
                raise Away(f"Kafka at {self._cluster.shown} has not answered for {ANSWER:g} s")
            ends = asked.result()
        except KafkaError as error:
            raise Away(f"the connection with Kafka at {self._cluster.shown} was lost: {error!r}") from error
        finally:
            if not asked.done():
                asked.cancel()
                await asyncio.wait([asked])
        return {place.partition: offset for place, offset in ends.items()}

    def _apply(self, changes: Iterable[Change]) -> None:
        for change in changes:
            place = TopicPartition(self._topic, change.partition)
            if change.seek is not None:
                self.client.seek(place, change.seek)
            if change.read:
                self.client.resume(place)
            else:
                self.client.pause(place)

    def _take(self, partition: int, records: list[Any]) -> None:
        """Records of one partition, the oldest first: of each stream the newest that can be read is handed on."""
        live, now = self._standing(), time.monotonic()
        one = live.readings[partition]
        only_glancing = one.glance_to is not None and not one.wanted
        live.took(partition, records[-1].offset + 1, self.client.highwater(TopicPartition(self._topic, partition)))
        late = self._lateness.of(records[-1].timestamp / 1000, time.time())
        streams: dict[str, list[Any]] = {}
        for record in records:
            self._traffic.bytes_in += len(record.value or b"")
            try:
                streams.setdefault(read_stream(record.key), []).append(record)
            except (ValueError, LivepaneError) as error:
                self._bad(record, error)
        for stream, several in streams.items():
            self._hand_on(stream, several, only_glancing)
        if late > LATE and one.behind:
            left, change = live.skip(partition)
            self._traffic.skipped += left
            self._apply([change])
        self._apply(live.glanced(partition, now))

    def _hand_on(self, stream: str, records: list[Any], only_glancing: bool) -> None:
        for older, record in zip(range(len(records) - 1, -1, -1), reversed(records), strict=True):
            try:
                note = read_note(record.headers)
                if note is None:
                    self._standing().foreign(record.partition, time.monotonic())
                elif note.node == self._node or only_glancing:
                    return
                parcel = self._foreign(stream, record) if note is None else note.parcel(stream, record.value, self._limits)
            except UnknownVersion as error:
                self._traffic.unknown += 1
                self._say_once("version", "records of version %s are left out: something newer writes to Kafka", error)
                continue
            except (ValueError, LivepaneError) as error:
                self._bad(record, error)
                continue
            self._traffic.frames_in += 1
            self._traffic.replaced_in += older
            self._inbox.frame(parcel)
            return

    def _foreign(self, stream: str, record: Any) -> Parcel:
        """A picture of somebody who is no node. Its age is told by the broker's clock."""
        parcel = read_foreign(stream, record.value, self._limits, self._count())
        late = self._lateness.of(record.timestamp / 1000, time.time())
        if late <= OLD:
            return parcel
        shown = replace(parcel.frame.picture, captured_at=time.time_ns() - int(late * 1e9))
        return replace(parcel, true=False, frame=replace(parcel.frame, picture=shown))

    def _bad(self, record: Any, error: Exception) -> None:
        """A record that nobody can read is passed over; the first one is told of, the others are counted."""
        self._traffic.bad += 1
        place = f"{self._topic}, partition {record.partition}, offset {record.offset}"
        self._say_once("bad", "a record of Kafka cannot be read and is passed over (%s): %s", place, error)

    def _say_once(self, what: str, *words: object) -> None:
        if what not in self._told:
            self._told.add(what)
            log.warning(*words)
