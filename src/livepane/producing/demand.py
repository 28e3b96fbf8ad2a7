"""The demand that a server sends down, within the limits that this side sets, as its source follows it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from livepane.domain.demand import Demand


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What this side gives at the most, whatever is demanded. None: no limit of its own."""

    fps: float | None = None
    quality: int | None = None
    max_dimension: int | None = None  # px of the longer side

    def limit(self, demand: Demand) -> Demand:
        """The part of `demand` that is within the ceilings."""
        return replace(
            demand,
            fps=min(demand.fps, self.fps or demand.fps),
            quality=_least(demand.quality, self.quality),
            width=_least(demand.width, self.max_dimension),
            height=_least(demand.height, self.max_dimension),
        )


def _least(wanted: int | None, allowed: int | None) -> int | None:
    if wanted is None or allowed is None:
        return wanted if allowed is None else allowed
    return min(wanted, allowed)


class DemandSlot:
    """A DemandSignal that can also be empty: then nobody looks and nothing is captured."""

    def __init__(self) -> None:
        self._wanted: Demand | None = None
        self._last = Demand(fps=1.0)
        self._changes: set[asyncio.Future[None]] = set()

    def set(self, demand: Demand | None) -> None:
        """Take what is demanded now. An equal demand is no change."""
        if demand == self._wanted:
            return
        self._wanted = demand
        if demand is not None:
            self._last = demand
        for change in self._changes:
            if not change.done():
                change.set_result(None)
        self._changes.clear()

    @property
    def wanted(self) -> Demand | None:
        """The demand of this moment, or none."""
        return self._wanted

    @property
    def now(self) -> Demand:
        """The newest demand there was: a capture that is about to be cancelled may still ask."""
        return self._last

    async def changed(self) -> Demand:
        """Wait for the next change that asks for something, and return it."""
        seen = self._last
        while True:
            await self._change()
            if self._wanted is not None and self._wanted != seen:
                return self._wanted

    async def asked_for(self) -> Demand:
        """Wait until somebody looks."""
        while self._wanted is None:
            await self._change()
        return self._wanted

    async def given_up(self) -> None:
        """Wait until nobody looks."""
        while self._wanted is not None:
            await self._change()

    async def _change(self) -> None:
        change: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._changes.add(change)
        try:
            await change
        finally:
            self._changes.discard(change)
