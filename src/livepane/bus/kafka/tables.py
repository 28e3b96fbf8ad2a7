"""Who is there with which streams, and who wants to see what: two small topics, read from where we left off."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from livepane.bus.kafka.connect import FOR_CONSUMERS, options, started
from livepane.bus.kafka.frames_wire import UnknownVersion
from livepane.bus.kafka.live import Lateness, Stuck
from livepane.bus.kafka.records_wire import Key, Record, decode
from livepane.domain.bus import Closing, Inbox, Lease, NodeRecord, StreamRecord, Traffic
from livepane.domain.kafka import Cluster

log = logging.getLogger(__name__)
LOOK_EVERY = 5.0  # seconds
Place = tuple[str, int]  # topic, partition


class Tables:
    """One connection's reader; `places` (what is read next) is kept by its owner from one connection to the next."""

    def __init__(self, cluster: Cluster, inbox: Inbox, *, traffic: Traffic, lateness: Lateness, places: dict[Place, int]) -> None:
        self._cluster, self._inbox, self._traffic, self._lateness, self._places = cluster, inbox, traffic, lateness, places
        self.client: Any = AIOKafkaConsumer(**options(cluster), **FOR_CONSUMERS)
        self._ends: dict[Place, int] = {}  # where each partition ended when we came
        self._live: dict[Place, int] = {}  # what counts as written after we came
        self._told: set[str] = set()

    async def begin(self, partitions: Mapping[str, int]) -> None:
        """Connect, and go to where we left off; at first to the beginning of what is there.

        Raises:
            Away, Refused: it cannot be.
        """
        await started(self._cluster, self.client)
        names = self._cluster.topics
        places = [TopicPartition(name, number) for name in (names.streams, names.control) for number in range(partitions[name])]
        self.client.assign(places)
        begins, ends = await self.client.beginning_offsets(places), await self.client.end_offsets(places)
        for place in places:
            self._ends[place] = self._live[place] = ends[place]
            left = self._places.get(place, -1)
            first = ends[place] if place.topic == names.control else begins[place]
            at = left if begins[place] <= left <= ends[place] else first
            if place.topic == names.control:
                # What was wanted before we first came is renewed within seconds. What was wanted while the link was away counts:
                # others may have come back before us.
                self._live[place] = at
            self._places[place] = at
            self.client.seek(place, at)

    async def catch_up(self) -> None:
        """Hand on everything that was written before we came, of each key the newest."""
        newest: dict[bytes | None, Any] = {}
        read = dict(self._places)  # ours only at the end: what a lost link keeps from being handed on is read again
        while any(read[place] < end for place, end in self._ends.items()):
            for place, records in (await self.client.getmany(timeout_ms=1000)).items():
                for record in records:
                    newest.pop(record.key, None)
                    newest[record.key] = record
                read[place] = records[-1].offset + 1
            for place in self._ends:  # the end may be nothing that is handed out
                read[place] = max(read[place], await self.client.position(place))
        self._places.update(read)
        for record in newest.values():
            self._hand_on(record)

    async def read(self) -> None:
        """Hand on what comes, until cancelled."""
        while True:
            for records in (await self.client.getmany(timeout_ms=1000)).values():
                newest = {record.key: record for record in records}
                for record in records:
                    if newest[record.key] is record:
                        self._lateness.of(record.timestamp / 1000, time.time())
                        self._hand_on(record)
            for place in self._ends:  # the end of a transaction is nothing that is handed out
                self._places[place] = await self.client.position(place)

    async def watch(self) -> None:
        """See now and then that we are not stuck.

        Raises:
            Stuck: something has been there for a while, and is not read.
        """
        before: dict[Place, tuple[int, int]] = {}
        while True:
            await asyncio.sleep(LOOK_EVERY)
            ends = await self.client.end_offsets(list(self.client.assignment()))
            for place, (at, end) in before.items():
                if end > at and self._places[place] == at:
                    raise Stuck(f"nothing was read of {place[0]} for {LOOK_EVERY:g} s, and it has {end - at} records more")
            before = {place: (self._places[place], end) for place, end in ends.items()}

    def _hand_on(self, record: Any) -> None:
        try:
            key = Key.read(record.key)
            said = decode(key, record.value) if record.value is not None else None
        except UnknownVersion as error:
            self._traffic.unknown += 1
            self._say_once("version", "records of version %s are left out: a newer Livepane is part of this cluster", error)
            return
        except ValueError as error:
            self._traffic.bad += 1
            place = f"{record.topic}, partition {record.partition}, offset {record.offset}"
            self._say_once("bad", "a record of Kafka cannot be read and is passed over (%s): %s", place, error)
            return
        self._traffic.records_in += 1
        live = record.offset >= self._live.get((record.topic, record.partition), 0)
        self._tell(key, said, live=live)

    def _tell(self, key: Key, said: Record | None, *, live: bool) -> None:
        match key.kind:
            case "node" if said is None or isinstance(said, NodeRecord):
                self._inbox.node(key.node, said, live=live)
            case "stream" if said is None or isinstance(said, StreamRecord):
                self._inbox.stream(key.node, key.stream, said)
            case "lease" if live and (said is None or isinstance(said, Lease)):
                self._inbox.lease(key.node, key.stream, said)
            case "close" if live and (said is None or isinstance(said, Closing)):
                self._inbox.closing(key.node, key.stream, said)

    def _say_once(self, what: str, *words: object) -> None:
        if what not in self._told:
            self._told.add(what)
            log.warning(*words)
