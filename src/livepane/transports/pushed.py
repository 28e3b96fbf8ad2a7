"""`POST /publish`: pictures that come by single requests, the stream that each belongs to, and how many may come."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from livepane.domain.access import Rights
from livepane.domain.address import block_of
from livepane.domain.errors import NoRoom, TooFast
from livepane.domain.stream import StreamId
from livepane.hub.cadence import Cadence
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream
from livepane.media.image import Limits, receive
from livepane.transports.producer import Producers
from livepane.wire.publish import Publication, stream_of

BURST = 2.0  # seconds' worth of pictures that may come at once, after a rest
ADDRESSES = 10_000  # that are remembered
_STEP = 60 * 10**9  # ns: a picture that seems to have been under way for so long shows that a clock was set
_LATER = 60.0  # seconds until a source that finds no room tries again, at the latest
_WITHOUT_NAME = str(stream_of(None))  # everybody's: it has its place always, beside the others
_GAPS = 20  # pictures by which a clock is judged


@dataclass(frozen=True, slots=True)
class Quota:
    """How many pictures are taken."""

    per_second: float  # of one source
    per_second_of_address: float
    sources: int  # at the same time
    kept: float  # seconds that a source may say nothing until its stream goes


class Bucket:
    """So many a second in the long run, and a burst after a rest."""

    __slots__ = ("_at", "_left", "_rate")

    def __init__(self, rate: float) -> None:
        self._rate, self._left, self._at = rate, max(1.0, rate * BURST), 0.0

    def take(self, now: float) -> float:
        """One more; the seconds until there may be one, 0 when it was taken. `now`: seconds, monotonic."""
        self._left = min(max(1.0, self._rate * BURST), self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return (1 - self._left) / self._rate
        self._left -= 1
        return 0.0


class Skew:
    """Turns times of a clock that may be wrong into ours: the fastest of the last pictures is taken to have come at once."""

    def __init__(self) -> None:
        self._gaps: deque[int] = deque(maxlen=_GAPS)

    def ours(self, arrived: int, taken_at: int | None) -> int:
        """When it was taken, in our clock. All in ns since the Unix epoch."""
        if taken_at is None:
            return arrived
        gap = arrived - taken_at
        if self._gaps and gap - min(self._gaps) > _STEP:
            self._gaps.clear()
        self._gaps.append(gap)
        return arrived - (gap - min(self._gaps))


@dataclass(slots=True)
class Source:
    """Who pushes into one stream, as far as we have to remember it; the stream itself is the hub's."""

    bucket: Bucket
    skew: Skew = field(default_factory=Skew)


class Pushes:
    """Every stream that is fed so. Belongs to one event loop."""

    def __init__(self, hub: Hub, producers: Producers, limits: Limits, quota: Quota) -> None:
        self._hub, self._producers, self._limits, self._quota = hub, producers, limits, quota
        self._sources: dict[str, Source] = {}  # by the id of the stream; the one that was fed last is the last
        self._addresses: dict[str, Bucket] = {}  # the one that asked last is the last

    def admit(self, address: str) -> None:
        """See that this address may push one more picture; called before it is read.

        Raises:
            TooFast: not yet; says when.
        """
        block = block_of(address)
        bucket = self._addresses.pop(block, None) or Bucket(self._quota.per_second_of_address)
        self._addresses[block] = bucket
        if len(self._addresses) > ADDRESSES:
            del self._addresses[next(iter(self._addresses))]
        if wait := bucket.take(time.monotonic()):
            most = f"{self._quota.per_second_of_address:g} pictures a second (LIVEPANE_PUBLISH_PER_SECOND_OF_ADDRESS)"
            raise TooFast(f"your address may push {most}", math.ceil(wait))

    async def take(self, publication: Publication, rights: Rights) -> Stream:
        """Show a picture: its stream, which is there from the first one on. Who is merely fast is shown as the newest each time.

        Raises:
            Forbidden: the caller may not feed this stream.
            BadRequest, TooLarge: it is no picture that we take.
            NameTaken: somebody else feeds this stream.
            TooFast, NoRoom: there were too many, or are too many streams.
        """
        arrived, name = time.time_ns(), str(publication.stream)
        rights.require_stream(name)
        known = self._sources.get(name)
        if known is not None and (wait := known.bucket.take(time.monotonic())):
            most = f"{self._quota.per_second:g} pictures a second (LIVEPANE_PUBLISH_PER_SECOND)"
            raise TooFast(f"{publication.stream.name!r} may push {most}", math.ceil(wait))
        picture = receive(publication.image(), self._limits)
        stream, source = await self._feeding(publication.stream)
        stream.describe(title=publication.title or None, url=publication.url, masked=publication.masked)
        if stream.cadence is not None:
            stream.cadence.beat(time.monotonic(), arrived, publication.every)
        stream.put(replace(picture, captured_at=source.skew.ours(arrived, publication.taken_at)))
        return stream

    def newest(self, allowed: Callable[[str], bool]) -> Stream | None:
        """The stream that was fed last, among those that the caller may see; None when there is none."""
        ours = next((one for name in reversed(self._sources) if allowed(name) and (one := self._fed(name)) is not None), None)
        elsewhere = [one for one in self._hub.all() if one.node is not None and not one.gone and allowed(str(one.id))]
        candidates = [ours, *elsewhere] if ours is not None else elsewhere
        fed = [(one.cadence.last_at, one) for one in candidates if one.cadence is not None]
        return max(fed, key=lambda one: one[0])[1] if fed else None

    def _fed(self, name: str) -> Stream | None:
        """A stream that requests feed; None when it has gone, or somebody feeds it by a connection now."""
        stream = self._hub.find(name)
        return stream if stream is not None and stream.cadence is not None else None

    async def _feeding(self, stream_id: StreamId) -> tuple[Stream, Source]:
        """The stream of a picture that is good, ready to take it, and who pushes into it."""
        name = str(stream_id)
        if self._hub.find(name) is None and name != _WITHOUT_NAME:
            await self._make_room()
        await self._producers.ask(stream_id)
        stream = self._producers.pushing(stream_id)
        if stream.cadence is None or stream.node is not None:
            stream.attach(None, pushed=True, cadence=Cadence(self._quota.kept))
        source = self._sources.pop(name, None)
        if source is None:
            source = Source(Bucket(self._quota.per_second))
            source.bucket.take(time.monotonic())
        self._sources[name] = source
        return stream, source

    async def _make_room(self) -> None:
        """See that one more stream fits: one goes that nobody feeds any more and nobody watches, the oldest first.

        Raises:
            NoRoom: there is none; says when there may be.
        """
        for name in [name for name in self._sources if self._hub.find(name) is None]:
            del self._sources[name]
        if len(self._sources.keys() - {_WITHOUT_NAME}) < self._quota.sources:
            return
        now, soonest = time.monotonic(), _LATER
        for name in self._sources:
            stream = self._fed(name)
            if stream is None or stream.cadence is None or stream.busy or name == _WITHOUT_NAME:
                continue
            wait = stream.cadence.leaves_in(now)
            if wait == 0:
                del self._sources[name]
                await self._hub.remove(name)
                return
            soonest = min(soonest, wait)
        raise NoRoom(
            f"{self._quota.sources:,} sources push pictures already (LIVEPANE_MAX_PUSHED); one that has gone quiet makes room, "
            "and one name for all pictures of a source takes one place only",
            math.ceil(soonest),
        )
