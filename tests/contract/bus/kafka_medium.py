"""The bus over a real Kafka, as a medium: each end goes through a door of its own, which can be shut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from secrets import token_hex

from livepane.bus.kafka import open_bus
from livepane.bus.kafka.topics import Wish, administering, wanted
from livepane.domain.bus import Bus, LinkState
from livepane.domain.kafka import Cluster, Topics
from livepane.media.image import Limits
from tests.patience import PATIENCE
from tests.services.kafka import Broker
from tests.services.relay import Relay

LIMITS = Limits(10 << 20, 33_177_600)


@asynccontextmanager
async def made(cluster: Cluster, partitions: int = 3) -> AsyncIterator[Cluster]:
    """Topics that nobody else uses, on a broker that others use, too."""
    own = replace(cluster, topics=Topics(f"t{token_hex(6)}."))
    async with administering(own) as admin:
        for topic in wanted(own, Wish(partitions=partitions)):
            assert [said async for said in admin.mend(topic)]
    yield own


@dataclass
class KafkaMedium:
    """Ends that read everything, as the promises have it: whoever watches nothing reads nothing otherwise."""

    cluster: Cluster
    relays: list[Relay]

    def __post_init__(self) -> None:
        self._ends: dict[int, Relay] = {}

    def end(self) -> Bus:
        relay = self.relays[len(self._ends) % len(self.relays)]
        bus = open_bus(replace(self.cluster, servers=(relay.address,)), LIMITS, everything=True)
        self._ends[id(bus)] = relay
        return bus

    async def cut(self, bus: Bus) -> None:
        await self._ends[id(bus)].shut()
        await _until(bus, up=False)

    async def mend(self, bus: Bus) -> None:
        await self._ends[id(bus)].open()


async def _until(bus: Bus, *, up: bool) -> None:
    """Wait for the link; a bus tells its node of it, and here nobody can listen in."""
    async with asyncio.timeout(PATIENCE):
        while (bus.now.state is LinkState.UP) is not up:  # noqa: ASYNC110 — the inbox is the test's
            await asyncio.sleep(0.02)


@asynccontextmanager
async def kafka_medium(broker: Broker) -> AsyncIterator[KafkaMedium]:
    """A bus that nobody else uses, whose ends can be cut off."""
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(made(broker.cluster))
        relays = [await stack.enter_async_context(Relay(door)) for door in broker.doors]
        yield KafkaMedium(cluster, relays)
