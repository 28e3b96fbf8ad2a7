"""A stream of another node as our hub shows it."""

from __future__ import annotations

from dataclasses import dataclass

from livepane.domain.bus import Order, StreamRecord
from livepane.domain.demand import Demand
from livepane.domain.stream import Kind
from livepane.hub.stream import Stream

NOBODY = ""  # the owner of what is written by something that is no node


@dataclass(slots=True)
class Shown:
    """A stream of another node, as our hub shows it."""

    stream: Stream
    node: str
    life: str = ""
    record: StreamRecord | None = None  # what was applied last
    order: Order | None = None  # of the newest picture that we have of it
    actions: int | None = None  # how many of its owner's we know
    demand: Demand | None = None  # what we ask for
    missed: bool = False  # the owner could not be heard for a while: what it published meanwhile did not reach us


def left(stream: Stream) -> bool:
    """Whether it waits for a producer that was here; it may come back anywhere."""
    return stream.id.kind is Kind.PRODUCER and stream.capture.source is None and not stream.pushed
