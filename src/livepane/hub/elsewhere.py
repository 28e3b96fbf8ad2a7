"""A source whose pictures come from elsewhere: another machine takes them and somebody else brings them."""

from __future__ import annotations

from collections.abc import Callable

from livepane.domain.demand import Demand
from livepane.domain.ports import DemandSignal, FrameSink


class SourceElsewhere:
    """Capturing means telling the other machine what is wanted, by `want`; None when nobody looks any more."""

    def __init__(self, want: Callable[[Demand | None], None]) -> None:
        self._want = want

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Source: pass the demand on until cancelled."""
        self._want(demand.now)
        try:
            while True:
                self._want(await demand.changed())
        finally:
            self._want(None)

    async def close(self) -> None:
        """Nothing to give up: the connection belongs to who brings the pictures."""
