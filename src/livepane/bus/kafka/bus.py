"""One node's end of a bus over Apache Kafka: connects in the background, and again whenever the link is lost."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, KafkaError

from livepane.bus.kafka.connect import FOR_PRODUCERS, Away, Refused, explain, options, quiet_client, started, stopped
from livepane.bus.kafka.frames import Frames
from livepane.bus.kafka.frames_wire import fits, to_headers
from livepane.bus.kafka.live import Lateness, Stuck
from livepane.bus.kafka.outbox import Outbox
from livepane.bus.kafka.partition import partition_of
from livepane.bus.kafka.records_wire import Key, Record, encode, key_of
from livepane.bus.kafka.tables import Place, Tables
from livepane.bus.kafka.topics import administering
from livepane.deadline import within
from livepane.domain.bus import Closing, Inbox, Lease, Link, LinkState, NodeRecord, Parcel, StreamRecord, Traffic
from livepane.domain.kafka import Cluster
from livepane.media.image import Limits

log = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two tries to connect
PAUSE_REFUSED = 5.0  # the same, where a person has to mend something first
LAST_WORDS = 2.0  # seconds for records that were given before the end
CATCHING_UP = 60.0  # seconds for everything that was said before we came
CLOSING = 3.0  # seconds for clients of lost connections


class KafkaBus:
    """See `livepane.domain.bus.Bus`. Belongs to one event loop."""

    def __init__(self, cluster: Cluster, limits: Limits, *, everything: bool = False) -> None:
        """`everything`: read the pictures of all streams, watched here or not."""
        self.traffic = Traffic()
        self._everything = everything
        self._cluster, self._limits = cluster, limits
        self._link = Link(LinkState.CONNECTING)
        self._node = ""
        self._inbox: Inbox | None = None
        self._pictures: Outbox[Parcel] = Outbox("publish")
        self._records: Outbox[Record | None] = Outbox("tell")
        self._watched: set[str] = set()  # streams of others that somebody here watches
        self._frames: Frames | None = None
        self._places: dict[Place, int] = {}
        self._lateness = Lateness()
        self._numbers = itertools.count(1)
        self._broken = asyncio.Event()  # a producer has given up
        self._closing: set[asyncio.Task[None]] = set()
        self._complained: set[str] = set()

    @property
    def now(self) -> Link:
        """How this end is."""
        return self._link

    @property
    def waiting(self) -> int:
        """Pictures and records that are still to be sent: one of a stream, or a key, at the most."""
        return self._pictures.waiting + self._records.waiting

    @asynccontextmanager
    async def join(self, node: str, inbox: Inbox) -> AsyncIterator[None]:
        """Be part of it inside the block."""
        quiet_client()
        self._node, self._inbox = node, inbox
        running = asyncio.get_running_loop().create_task(self._run(inbox), name="kafka")
        try:
            yield
        finally:
            if self._link.state is LinkState.UP:
                with suppress(TimeoutError):
                    async with within(LAST_WORDS):
                        await self._records.emptied()
            running.cancel()
            await asyncio.wait([running])
            if self._closing:
                _, late = await asyncio.wait(self._closing, timeout=CLOSING)
                for task in late:
                    task.cancel()
                if late:
                    await asyncio.wait(late)
            self._inbox, self._link = None, Link(LinkState.CONNECTING)

    # --- what the node says -------------------------------------------------------------------------

    def publish(self, parcel: Parcel) -> None:
        """Send a picture of ours."""
        if not fits(parcel):
            self.traffic.lost += 1
            size = len(parcel.frame.picture.data)
            self._complain("large", "%s: a picture of %s bytes is too large for Kafka", parcel.stream, f"{size:,}")
            return
        self.traffic.replaced_out += self._pictures.put(parcel.stream, parcel)

    def beat(self, record: NodeRecord) -> None:
        """Say that we are there."""
        self._tell(record)

    def leave(self) -> None:
        """Say that we are not there any more."""
        self._records.put(str(Key("node", self._node)), None)

    def announce(self, record: StreamRecord) -> None:
        """Say something of a stream of ours."""
        self._tell(record)

    def withdraw(self, stream: str) -> None:
        """A stream of ours is over."""
        self._pictures.drop(stream)
        self._records.put(str(Key("stream", self._node, stream)), None)

    def lease(self, lease: Lease) -> None:
        """Ask for pictures, or renew that."""
        self._tell(lease)
        if lease.stream not in self._watched:
            self._watched.add(lease.stream)
            if self._frames is not None:
                self._frames.want(lease.stream)

    def release(self, stream: str) -> None:
        """We do not want them any more."""
        self._records.put(str(Key("lease", self._node, stream)), None)
        self._watched.discard(stream)
        if self._frames is not None:
            self._frames.unwant(stream)

    def close(self, closing: Closing) -> None:
        """Have a stream of another node ended."""
        self._tell(closing)

    def closed(self, stream: str) -> None:
        """We have done with that."""
        self._records.put(str(Key("close", self._node, stream)), None)

    def bury(self, node: str, streams: Iterable[str]) -> None:
        """Take back what a node that died has left."""
        for key in [*(Key("stream", node, stream) for stream in streams), Key("node", node)]:
            self._records.put(str(key), None)

    def _tell(self, record: Record) -> None:
        self._records.put(str(key_of(record)), record)

    # --- the link -----------------------------------------------------------------------------------

    async def _run(self, inbox: Inbox) -> None:
        """Be connected as long as it lasts, again and again."""
        while True:
            pause = PAUSE
            try:
                await self._connected(inbox)
            except Refused as error:
                # A broker that has only just come back may not know everything yet.
                pause = PAUSE_REFUSED if self._link.state is LinkState.REFUSED else PAUSE
                self._set(Link(LinkState.REFUSED, str(error)))
            except (Away, Stuck) as error:
                self._set(Link(LinkState.DOWN, str(error)))
            except (KafkaError, OSError, TimeoutError) as error:
                said = explain(self._cluster, self._cluster.shown, error)
                self._set(Link(LinkState.REFUSED if isinstance(said, Refused) else LinkState.DOWN, str(said)))
            except Exception as error:
                log.exception("the link with Kafka has failed")
                self._set(Link(LinkState.DOWN, f"the link with Kafka has failed: {error!r}"))
            await asyncio.sleep(pause)

    async def _connected(self, inbox: Inbox) -> None:
        """One connection, from its start to whatever ends it, which is raised."""
        async with administering(self._cluster) as admin:
            partitions = await admin.check(self._cluster)
        names = self._cluster.topics
        async with AsyncExitStack() as stack:
            pictures = await self._producer(stack)
            records = await self._producer(stack)
            tables = Tables(self._cluster, inbox, traffic=self.traffic, lateness=self._lateness, places=self._places)
            stack.callback(self._close_later, tables.client)
            await tables.begin(partitions)
            frames = Frames(
                self._cluster,
                self._node,
                inbox,
                traffic=self.traffic,
                limits=self._limits,
                lateness=self._lateness,
                count=lambda: next(self._numbers),
                everything=self._everything,
            )
            stack.callback(self._close_later, frames.client)
            await frames.begin(partitions[names.frames], self._watched)
            self.traffic.connections += 1
            self._set(Link(LinkState.UP))
            try:
                async with within(CATCHING_UP):
                    await tables.catch_up()
            except TimeoutError:
                raise Away(f"Kafka at {self._cluster.shown} has not told within {CATCHING_UP:g} s what there is") from None
            inbox.caught_up()
            self._frames = frames
            for stream in self._watched:  # those that came meanwhile
                frames.want(stream)
            self._broken.clear()
            stack.push_async_callback(self._shut)
            self._pictures.open(lambda stream, parcel: self._send_picture(pictures, partitions[names.frames], stream, parcel))
            self._records.open(lambda key, record: self._send_record(records, partitions, key, record))
            await _first(
                [self._until_broken(), tables.read(), tables.watch(), frames.read(), frames.watch(), frames.commit()],
                [f"kafka {what}" for what in ("senders", "tables", "watch tables", "frames", "watch frames", "commit")],
            )

    async def _shut(self) -> None:
        self._frames = None
        await self._pictures.close()
        await self._records.close()

    async def _producer(self, stack: AsyncExitStack) -> Any:
        producer = AIOKafkaProducer(**options(self._cluster), **FOR_PRODUCERS)
        stack.callback(self._close_later, producer)
        await started(self._cluster, producer)
        return producer

    def _close_later(self, client: Any) -> None:
        """Clients of a broker that has gone take their time; nobody waits for them."""
        accumulator = getattr(client, "_message_accumulator", None)
        if accumulator is not None:  # else it would go on trying to send what we have taken back
            accumulator.fail_all(KafkaConnectionError("closed"))
        task = asyncio.get_running_loop().create_task(stopped(client), name="close a Kafka client")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _until_broken(self) -> None:
        await self._broken.wait()
        raise Away(f"nothing can be sent to Kafka at {self._cluster.shown}")

    def _set(self, link: Link) -> None:
        if link == self._link:
            return
        before, self._link = self._link, link
        if link.state is LinkState.UP:
            log.info("connected with Kafka at %s", self._cluster.shown)
        elif link.reason != before.reason:
            log.warning("%s%s", link.reason, "; trying again" if link.state is LinkState.DOWN else "")
        if self._inbox is not None:
            self._inbox.link(link)

    # --- the way out --------------------------------------------------------------------------------

    async def _send_picture(self, producer: Any, partitions: int, stream: str, parcel: Parcel) -> bool:
        data = parcel.frame.picture.data

        def send() -> Awaitable[object]:
            where, key = partition_of(stream, partitions), stream.encode()
            sending: Awaitable[object] = producer.send_and_wait(
                self._cluster.topics.frames, value=data, key=key, partition=where, headers=to_headers(parcel)
            )
            return sending

        sent = await self._sent(send, stream)
        if sent:
            self.traffic.frames_out += 1
            self.traffic.bytes_out += len(data)
        return sent is not None

    async def _send_record(self, producer: Any, partitions: dict[str, int], key: str, record: Record | None) -> bool:
        topic = self._cluster.topics.control if key.startswith(("lease/", "close/")) else self._cluster.topics.streams

        def send() -> Awaitable[object]:
            value = None if record is None else encode(record)
            where = partition_of(key, partitions[topic])
            sending: Awaitable[object] = producer.send_and_wait(topic, value=value, key=key.encode(), partition=where)
            return sending

        sent = await self._sent(send, key)
        self.traffic.records_out += bool(sent)
        return sent is not None

    async def _sent(self, send: Callable[[], Awaitable[object]], what: str) -> bool | None:
        """Whether it was sent; None: the link is no good, and it is to be tried again."""
        try:
            await send()
        except KafkaError as error:
            if error.retriable:
                self._broken.set()
                return None
            self.traffic.lost += 1
            self._complain(type(error).__name__, "%s: Kafka does not take it: %r", what, error)
            return False
        except ValueError as error:  # a title of half a character
            self.traffic.lost += 1
            self._complain("text", "%r cannot be written down: %s", what, error)
            return False
        return True

    def _complain(self, what: str, *words: object) -> None:
        """Once for each kind of trouble; the rest is counted."""
        if what not in self._complained:
            self._complained.add(what)
            log.warning(*words)


async def _first(work: list[Coroutine[Any, Any, None]], names: list[str]) -> None:
    """Do all of it until the first one fails, whose error is raised; the others are cancelled."""
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(one, name=name) for one, name in zip(work, names, strict=True)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
