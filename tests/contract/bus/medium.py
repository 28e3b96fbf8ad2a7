"""What every bus promises is tried on a medium: it gives ends, and takes their link away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from livepane.bus.memory import MemoryBus, MemoryEnd
from livepane.domain.bus import Bus, Closing, Lease, Link, LinkState, NodeRecord, Parcel, StreamRecord
from tests.patience import PATIENCE


class Medium(Protocol):
    """One bus, whatever carries it. Use as an async context manager."""

    def end(self) -> Bus:
        """A new end."""

    async def cut(self, bus: Bus) -> None:
        """Take the link of an end away; returns when the end has noticed."""

    async def mend(self, bus: Bus) -> None:
        """Give it back; the end finds it by itself."""


class Memory:
    """The bus inside of one process."""

    def __init__(self) -> None:
        self.bus = MemoryBus()

    def end(self) -> MemoryEnd:
        return self.bus.end()

    async def cut(self, bus: Bus) -> None:
        assert isinstance(bus, MemoryEnd)
        bus.cut()

    async def mend(self, bus: Bus) -> None:
        assert isinstance(bus, MemoryEnd)
        bus.mend()


@dataclass
class Heard:
    """An inbox that remembers everything; `until` waits for anything that it can tell."""

    frames: list[Parcel] = field(default_factory=list)
    nodes: list[tuple[str, NodeRecord | None, bool]] = field(default_factory=list)
    streams: list[tuple[str, str, StreamRecord | None]] = field(default_factory=list)
    leases: list[tuple[str, str, Lease | None]] = field(default_factory=list)
    closings: list[tuple[str, str, Closing | None]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    caught: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def frame(self, parcel: Parcel) -> None:
        self.frames.append(parcel)
        self._news.set()

    def node(self, node: str, record: NodeRecord | None, *, live: bool) -> None:
        self.nodes.append((node, record, live))
        self._news.set()

    def stream(self, node: str, stream: str, record: StreamRecord | None) -> None:
        self.streams.append((node, stream, record))
        self._news.set()

    def lease(self, node: str, stream: str, lease: Lease | None) -> None:
        self.leases.append((node, stream, lease))
        self._news.set()

    def closing(self, node: str, stream: str, closing: Closing | None) -> None:
        self.closings.append((node, stream, closing))
        self._news.set()

    def caught_up(self) -> None:
        self.caught += 1
        self._news.set()

    def link(self, link: Link) -> None:
        self.links.append(link)
        self._news.set()

    async def until(self, condition: Callable[[Heard], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition(self):
                self._news.clear()
                await self._news.wait()

    @property
    def up(self) -> bool:
        return bool(self.links) and self.links[-1].state is LinkState.UP

    @property
    def words(self) -> set[tuple[str, str | None]]:
        """The last word on every stream: its title, or that it is over."""
        return set({name: None if record is None else record.title for _, name, record in self.streams}.items())

    def last(self, stream: str) -> StreamRecord | None:
        """The last word on a stream."""
        return next(record for _, name, record in reversed(self.streams) if name == stream)


@asynccontextmanager
async def joined(medium: Medium, node: str) -> AsyncIterator[tuple[Bus, Heard]]:
    """An end that has joined and heard all that was there."""
    bus, heard = medium.end(), Heard()
    async with bus.join(node, heard):
        await heard.until(lambda one: one.caught == 1)
        assert bus.now.state is LinkState.UP
        yield bus, heard
