"""The seams: what a source promises to a stream, and a stream to a source."""

from __future__ import annotations

from typing import Protocol

from livepane.domain.demand import Demand
from livepane.domain.frame import Picture
from livepane.domain.stream import Action, Spot


class FrameSink(Protocol):
    """Where a source puts what it sees. Every method returns at once and never blocks."""

    def put(self, picture: Picture) -> None:
        """Take a picture. One that is equal to the newest is not shown again. Drops when viewers are slow."""

    def visible(self) -> None:
        """The source draws (again): undoes `hidden`, and says 'capture is healthy' even before a picture."""

    def hidden(self, reason: str) -> None:
        """The source is there and draws nothing, such as a minimised window."""

    def describe(self, *, title: str | None = None, url: str | None = None, masked: bool | None = None) -> None:
        """Say what is shown; None leaves a field as it is. Text from outside: never read as HTML."""

    def action(self, action: Action) -> None:
        """A named moment."""

    def point(self, spot: Spot | None) -> None:
        """Where the element of the newest action is now; None: not to be seen. Only while `Demand.highlight` asks for it."""


class DemandSignal(Protocol):
    """The demand on one stream, as its source follows it."""

    @property
    def now(self) -> Demand:
        """The demand of this moment. While a capture runs there always is one."""

    async def changed(self) -> Demand:
        """Wait for the next change and return the new demand."""


class Source(Protocol):
    """Something with pixels. Plug one into the hub and it becomes a stream."""

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Put pictures into `sink` until cancelled, following `demand` without a restart.

        Started by the first viewer, cancelled when the last has been gone for the grace time; may be
        started again later. Puts a first picture as soon as it can, even of a source that never changes.

        Raises:
            SourceGone: it has ended for good. Any other error is logged and capture is tried again with
            a growing pause, while viewers see 'reconnecting'. Returning counts as SourceGone.
        """

    async def close(self) -> None:
        """Give up what the source holds (close a page that we opened). Called once, capture is over by then."""
