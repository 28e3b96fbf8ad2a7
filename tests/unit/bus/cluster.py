"""Several hubs that are nodes of one cluster, in one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from livepane.bus.memory import MemoryBus, MemoryEnd
from livepane.bus.node import Node
from livepane.domain.bus import Lease, NodeRecord, Parcel, StreamRecord
from livepane.domain.demand import RenditionSpec
from livepane.domain.stream import StreamId
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream
from livepane.hub.subscription import Subscription
from tests.patience import PATIENCE
from tests.unit.hub.sources import ToySource

AS_IT_IS = RenditionSpec(encoding=None)


@dataclass
class Machine:
    """One of them."""

    hub: Hub
    node: Node
    end: MemoryEnd

    def show(self, name: str = "page:p", source: ToySource | None = None, **more: object) -> tuple[Stream, ToySource]:
        """A stream of its own."""
        source = source or ToySource()
        return self.hub.add(StreamId.parse(name), source, title="a page", **more), source  # type: ignore[arg-type]

    async def sees(self, name: str = "page:p", condition: Callable[[Stream], object] = lambda _: True) -> Stream:
        """Wait until it has a stream that is as wanted."""
        with self.hub.changes() as changes:
            async with asyncio.timeout(PATIENCE):
                while (found := self.hub.find(name)) is None or not condition(found):
                    await changes.take()
                return found

    async def until(self, condition: Callable[[Machine], object]) -> None:
        """Wait for anything that changes with a stream of its hub."""
        with self.hub.changes() as changes:
            async with asyncio.timeout(PATIENCE):
                while not condition(self):
                    await changes.take()


@asynccontextmanager
async def machine(bus: MemoryBus, name: str, *, end: MemoryEnd | None = None, grace: float = 0.0) -> AsyncIterator[Machine]:
    """One more. It has joined when the block begins."""
    end = end or bus.end()
    async with Hub(grace=grace) as hub, Node(hub, end, name) as node:
        await asyncio.sleep(0)
        async with asyncio.timeout(PATIENCE):
            await node.settled()
        yield Machine(hub, node, end)


async def take(pictures: Subscription) -> bytes:
    """The bytes of the next picture."""
    async with asyncio.timeout(PATIENCE):
        return (await pictures.next()).frame.picture.data


async def shows(stream: Stream, data: bytes) -> None:
    """Wait until this is the newest picture of a stream that nobody need watch."""
    async with asyncio.timeout(PATIENCE):
        await stream.until(lambda one: (frame := one.newest_or_none()) is not None and frame.picture.data == data)


class Elsewhen(MemoryEnd):
    """The end of a machine whose clock is wrong by so many ns."""

    def __init__(self, bus: MemoryBus, wrong: int) -> None:
        super().__init__(bus)
        self._wrong = wrong

    def beat(self, record: NodeRecord) -> None:
        heard = {node: gap + self._wrong for node, gap in record.heard.items()}
        super().beat(replace(record, sent_at=record.sent_at + self._wrong, heard=heard))

    def publish(self, parcel: Parcel) -> None:
        picture = replace(parcel.frame.picture, captured_at=parcel.frame.picture.captured_at + self._wrong)
        super().publish(replace(parcel, frame=replace(parcel.frame, picture=picture), sent_at=parcel.sent_at + self._wrong))

    def announce(self, record: StreamRecord) -> None:
        super().announce(replace(record, actions=tuple(replace(one, at=one.at + self._wrong) for one in record.actions)))

    def lease(self, lease: Lease) -> None:
        super().lease(replace(lease, sent_at=lease.sent_at + self._wrong))
