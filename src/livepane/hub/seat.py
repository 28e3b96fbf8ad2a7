"""The seat of a producer: one connection feeds a stream, at whichever server of a cluster it is."""

from __future__ import annotations

import asyncio
from typing import Protocol

from livepane.domain.errors import NameTaken


class Seat:
    """Held for as long as the connection, unless an older one of the same name turns out to be at another node."""

    def __init__(self, since: int) -> None:
        self.since = since  # ns since the Unix epoch, and more than of any other that was known then: the smaller one stays
        self._holder = ""
        self._lost = asyncio.Event()

    @property
    def lost(self) -> bool:
        """Whether it is."""
        return self._lost.is_set()

    def lose(self, holder: str) -> None:
        """It belongs to a producer at this node."""
        self._holder = holder
        self._lost.set()

    async def held(self, name: str) -> None:
        """Wait until it is lost.

        Raises:
            NameTaken: it is.
        """
        await self._lost.wait()
        raise taken(name, self._holder)


class Seats(Protocol):
    """What is known of the seats at other nodes."""

    def holder(self, stream: str) -> str | None:
        """The node where something feeds this stream by a connection or a source; None: none that is known to be there."""

    async def ask(self, stream: str) -> None:
        """See that what `holder` says is of now, and not of a node that has died since."""

    def next(self, stream: str) -> int:
        """`since` of a seat that is taken now."""


def taken(name: str, node: str) -> NameTaken:
    """What a producer is told whose name another one has."""
    return NameTaken(f"a producer named {name!r} is connected to node {node!r} already; choose another name")
