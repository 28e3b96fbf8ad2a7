"""Between nodes: pictures, who is there with which streams, and who wants to see what. The seam of every bus."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from livepane.domain.demand import Demand
from livepane.domain.frame import Frame
from livepane.domain.stream import Action, Spot, State

# Seconds. Each is counted by the clock of whoever waits, from the moment that it heard something: clocks may be hours apart.
BEAT_EVERY = 10.0  # a node says that it is there
SILENT_AFTER = 15.0  # without a word of its owner a stream is 'reconnecting'
OFFLINE_AFTER = 30.0  # and then it has ended
LEASE_EVERY = 5.0  # a lease is renewed
LEASE_LIFE = 15.0  # after which it is over by itself
CLOSING_LIFE = 30.0  # what was to be closed so long ago is left alone: it may be another one by now

ACTIONS_TOLD = 20  # newest actions that a record carries
NODE_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")

Order = tuple[int, int]  # (epoch, seq) of a frame, as its owner numbered it


def owner(node: str) -> str:
    """Who has a stream, for a person; an empty name stands for writers that are no nodes."""
    return f"node {node!r}" if node else "a program that writes to the bus and is no node"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One picture on its way between nodes. Its bytes are those of the picture, nothing is wrapped around them."""

    stream: str  # the id that the whole cluster knows it by
    frame: Frame  # numbered by its owner; captured_at in the owner's clock
    node: str | None = None  # the owner; None: written by something that is no node (an earlier bridge), order is (0, a counter)
    sent_at: int = 0  # ns since the Unix epoch, in the owner's clock; 0: not known
    true: bool = True  # False: the last picture there is, not known to be true now (a late joiner sees it meanwhile)


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """A node says that it is there. Written at the start, every BEAT_EVERY, and at once when another node appears."""

    node: str
    life: str  # another one for each start of a process: two lives of one name at the same time are a mistake
    sent_at: int  # ns since the Unix epoch, in the node's clock
    host: str = ""  # where it runs, for a person: host name and process id
    version: str = ""  # of Livepane
    asking: bool = False  # it is not there yet: who has this name already is to say so with a record of its own
    # By node: the smallest (time of arrival in our clock - sent_at in theirs) of late, in ns. Two nodes that tell each other
    # theirs know how far their clocks are apart: the way there and the way back take the same time.
    heard: dict[str, int] = field(default_factory=dict)
    calls: tuple[str, ...] = ()  # nodes that are to say at once that they are there, with a record of their own


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """What a node says of one of its streams, whenever some of it has changed. Text is from outside: never read as HTML."""

    node: str  # the owner
    life: str  # of the node: a record of an earlier life means nothing
    stream: str
    title: str
    state: State
    url: str | None = None
    reason: str | None = None  # why the state is what it is, for a person
    masked: bool = False
    width: int | None = None  # px of the newest picture at its source
    height: int | None = None
    pushed: bool = False  # its pictures come without being asked for, and are all published
    every: float | None = None  # seconds between two of them, where single requests bring them and that is known
    requested: bool = False  # single requests bring them: there is no connection
    fed_at: int = 0  # ns since the Unix epoch, in the owner's clock: when one of them came last, also one like that before it
    plugged: bool = True  # False: there is no source for now, `reason` says why
    listed: bool = True
    newest: Order | None = None  # of its newest frame
    actions: tuple[Action, ...] = ()  # the last ACTIONS_TOLD, oldest first; times in the owner's clock
    action_count: int = 0  # of all so far: whoever knows n of them has missed the last action_count - n
    spot: Spot | None = None  # where the newest action works, while somebody wants to see it
    closable: bool = False  # it was opened there and ends when somebody says so, see Closing
    # When the producer came that feeds it by a connection, ns since the Unix epoch in the owner's clock, and more than that of
    # any other of its name that was known then: of two producers of one name the one with the smaller number stays.
    fed_since: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """A node wants pictures of a stream that it has viewers for. Renewed every LEASE_EVERY and whenever the demand changes."""

    node: str  # who wants them
    stream: str
    demand: Demand
    sent_at: int = 0  # ns since the Unix epoch, in the clock of who wants them
    have: Order | None = None  # the newest frame that it has; None: none. The owner sends a newer one at once


@dataclass(frozen=True, slots=True)
class Closing:
    """Somebody who may has closed a stream at another node: its owner is to end it. Who may was settled where it was asked."""

    node: str  # the owner
    stream: str
    life: str  # of the owner
    by: str  # the node where it was asked
    sent_at: int  # ns since the Unix epoch, in the clock of that node


class LinkState(StrEnum):
    """How a node's end of a bus is."""

    CONNECTING = "connecting"
    UP = "up"
    DOWN = "down"  # and tries again by itself
    REFUSED = "refused"  # wrong credentials, a topic that is missing or too small …: a person has to mend it; it tries again too


@dataclass(frozen=True, slots=True)
class Link:
    """The state of a node's end, and why."""

    state: LinkState
    reason: str | None = None  # a sentence for a person: names the value and the mend, never a password


@dataclass(slots=True)
class Traffic:
    """Counters of one end. Plain numbers, written by the bus, read when somebody asks."""

    frames_out: int = 0
    bytes_out: int = 0  # of pictures
    replaced_out: int = 0  # pictures that a newer one of their stream replaced before they were sent
    frames_in: int = 0  # handed to the inbox
    bytes_in: int = 0  # of pictures that were read, also of those that were not handed on
    replaced_in: int = 0  # a newer one of their stream had come meanwhile
    skipped: int = 0  # passed over to be live again
    behind: int = 0  # pictures of watched streams and of those beside them that were written and are not read yet, now
    records_out: int = 0
    records_in: int = 0
    unknown: int = 0  # records of a version that we do not know
    bad: int = 0  # records that cannot be read
    lost: int = 0  # pictures and records that could not be sent
    connections: int = 0  # how often the link came up


class Inbox(Protocol):
    """What a bus calls. All on the loop of the node; every method returns at once and raises nothing.

    Records of the node's own name are delivered, too, also its own; its own pictures are not.
    """

    def frame(self, parcel: Parcel) -> None:
        """A picture of another node, or of none. Of each stream the newest there is, what it replaced is gone."""

    def node(self, node: str, record: NodeRecord | None, *, live: bool) -> None:
        """A node is there; None: it said that it leaves. `live` is False for what was written before we joined."""

    def stream(self, node: str, stream: str, record: StreamRecord | None) -> None:
        """What a node says of its stream, also from before we joined; None: the stream is over."""

    def lease(self, node: str, stream: str, lease: Lease | None) -> None:
        """A node wants pictures; None: it does not any more. Only what is written after we joined."""

    def closing(self, node: str, stream: str, closing: Closing | None) -> None:
        """A stream of `node` is to end; None: that is done. Only what is written after we joined."""

    def caught_up(self) -> None:
        """Everything from before has been delivered: what was written before we joined; after the link was away, what was missed
        meanwhile, also what is over. Called once after each time that the link came up."""

    def link(self, link: Link) -> None:
        """Our end has changed its state."""


class Bus(Protocol):
    """One node's end of a bus. All but `join` return at once, never block, raise nothing, and are called on one event loop.

    Per stream there is one place for a picture and one for a record, on either end: the newest wins, so that a bus that is
    slow or away costs no memory. What was given while it is away is sent when it is back, unless something newer replaced it;
    pictures older than a second may be left out. Of one key (node and stream) nothing overtakes what was given before.
    """

    traffic: Traffic

    @property
    def now(self) -> Link:
        """How this end is."""

    def join(self, node: str, inbox: Inbox) -> AbstractAsyncContextManager[None]:
        """Be part of it inside the block: it connects in the background, and again whenever the link is lost.

        Entering does not wait for the connection. On leaving, records that were given are still sent, for 2 s at the most.
        """

    def publish(self, parcel: Parcel) -> None:
        """Send a picture of ours."""

    def beat(self, record: NodeRecord) -> None:
        """Say that we are there."""

    def leave(self) -> None:
        """Say that we are not there any more: the last word."""

    def announce(self, record: StreamRecord) -> None:
        """Say something of a stream of ours."""

    def withdraw(self, stream: str) -> None:
        """A stream of ours is over."""

    def lease(self, lease: Lease) -> None:
        """Ask for pictures of somebody else's stream, or renew that."""

    def release(self, stream: str) -> None:
        """We do not want them any more."""

    def close(self, closing: Closing) -> None:
        """Have a stream of another node ended."""

    def closed(self, stream: str) -> None:
        """We have done with what somebody else has said in that way of a stream of ours."""

    def bury(self, node: str, streams: Iterable[str]) -> None:
        """Take back what a node that died has left: what it said of these streams, and that it is there."""
