"""All streams of this process, and who wants to know when one changes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Literal

from livepane.domain.errors import NotFound
from livepane.domain.ports import Source
from livepane.domain.stream import Kind, StreamId
from livepane.hub.ledger import Ledger
from livepane.hub.seat import Seats
from livepane.hub.stream import Stream

log = logging.getLogger(__name__)

Opener = Callable[[StreamId], Awaitable[tuple[Source, str]]]
Elsewhere = Callable[[StreamId], Awaitable["Stream | None"]]
_KEPT_AFTER_END = 30.0  # seconds that an ended stream is still listed, so that people see that it ended
_TICK = 1.0
Limit = Literal["cpu", "fps"]
BUDGET = "budget"  # among the ids of what changed: not a stream, those have a colon


class Changes:
    """Ids of streams that changed since they were last taken, and BUDGET: a set, so a slow reader costs nothing."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._event = asyncio.Event()

    def add(self, stream_id: str) -> None:
        """A stream changed, appeared or went."""
        self._ids.add(stream_id)
        self._event.set()

    @property
    def waiting(self) -> bool:
        """Whether there are some."""
        return bool(self._ids)

    async def take(self) -> set[str]:
        """Wait until there are some, and take them all."""
        await self._event.wait()
        self._event.clear()
        ids, self._ids = self._ids, set()
        return ids


class Hub:
    """The registry of streams. Use as an async context manager; belongs to one event loop."""

    def __init__(self, *, grace: float = 5.0, encoder_threads: int = 2) -> None:
        self.ledger = Ledger()
        self.limited: tuple[Limit | None, float | None] = (None, None)  # by the capture budget: by which setting, of which value
        self._grace = grace
        self._highlight = True
        self.elsewhere: Elsewhere | None = None  # is asked for streams that we do not have, before the openers are
        self.seats: Seats | None = None  # of producers at other nodes; None: we are alone
        self._streams: dict[str, Stream] = {}
        self._openers: dict[Kind, Opener] = {}
        self._listeners: set[Changes] = set()
        self._executor = ThreadPoolExecutor(encoder_threads, thread_name_prefix="encode")
        self._clock: asyncio.Task[None] | None = None
        self._opening: dict[str, asyncio.Lock] = {}

    async def __aenter__(self) -> Hub:
        self._clock = asyncio.get_running_loop().create_task(self._tick(), name="hub clock")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._clock is not None:
            self._clock.cancel()
            await asyncio.wait([self._clock])
        for stream_id in list(self._streams):
            await self.remove(stream_id)
        self._executor.shutdown(wait=False, cancel_futures=True)

    def opener(self, kind: Kind, open_source: Opener) -> None:
        """Streams of this kind open when somebody names them: `open_source(id)` returns (source, title) or raises NotFound."""
        self._openers[kind] = open_source

    def add(
        self,
        stream_id: StreamId,
        source: Source | None,
        *,
        title: str,
        url: str | None = None,
        can_close: bool = False,
        listed: bool = True,
        transient: bool = False,
        owned: bool = False,
    ) -> Stream:
        """A new stream of this source (None: pictures will be pushed, or it comes later). The id must be free."""
        name = str(stream_id)
        if name in self._streams:
            raise ValueError(f"stream {name} is there already")
        stream = Stream(
            stream_id,
            source,
            title=title,
            url=url,
            can_close=can_close,
            listed=listed,
            transient=transient,
            owned=owned,
            executor=self._executor,
            ledger=self.ledger,
            grace=self._grace,
            on_change=self._changed,
            may_highlight=lambda: self._highlight,
        )
        self._streams[name] = stream
        self._changed(stream)
        return stream

    async def remove(self, stream_id: str) -> None:
        """End a stream: its viewers are told, its source is closed.

        Raises:
            NotFound: there is no such stream.
        """
        stream = self.get(stream_id)
        del self._streams[stream_id]
        self._changed(stream)
        try:
            await stream.close()
        except Exception:
            log.exception("%s: its source could not be closed", stream_id)

    def get(self, stream_id: str) -> Stream:
        """A stream by its id.

        Raises:
            NotFound: there is none.
        """
        stream = self._streams.get(stream_id)
        if stream is None:
            raise NotFound(f"there is no stream {stream_id!r}; GET /api/streams lists what there is")
        return stream

    async def open(self, stream_id: str, *, transient: bool = True, listed: bool = True) -> Stream:
        """A stream by its id, opened if its kind can be (desktop, monitor, window).

        One that is opened here goes again some time after its last viewer, unless it is not `transient`. Opened for a look
        only (`listed=False`) it is on no list until somebody opens it to watch.

        Raises:
            BadRequest: not an id.
            NotFound: there is none, and it cannot be opened.
        """
        found = self._streams.get(stream_id)
        if found is not None and not found.gone:
            if listed and found.opened and not found.listed:
                found.listed = True
                self._changed(found)
            return found
        parsed = StreamId.parse(stream_id)
        if self.elsewhere is not None and (found := await self.elsewhere(parsed)) is not None:
            return found
        opener = self._openers.get(parsed.kind)
        if opener is None:
            return self.get(stream_id)
        lock = self._opening.setdefault(stream_id, asyncio.Lock())
        try:
            async with lock:
                found = self._streams.get(stream_id)
                if found is not None and not found.gone:
                    return found
                source, title = await opener(parsed)
                found = self._streams.get(stream_id)
                if found is not None and found.gone:
                    await found.release()
                    found = self._streams.get(stream_id)
                if found is None:
                    found = self.add(parsed, source, title=title, transient=transient, listed=listed)
                    found.opened = True
                elif found.gone:  # it has ended, and is there again
                    found.attach(source)
                    found.describe(title=title)
                else:  # its owner has begun meanwhile
                    await source.close()
                return found
        finally:
            if self._opening.get(stream_id) is lock and not lock.locked():
                del self._opening[stream_id]

    def all(self) -> list[Stream]:
        """All streams, also those on no list."""
        return list(self._streams.values())

    def list(self) -> list[Stream]:
        """All listed streams, oldest first."""
        return [stream for stream in self._streams.values() if stream.listed]

    def find(self, stream_id: str) -> Stream | None:
        """A stream by its id, or None."""
        return self._streams.get(stream_id)

    @contextmanager
    def changes(self) -> Iterator[Changes]:
        """Learn of changes inside the block."""
        changes = Changes()
        self._listeners.add(changes)
        try:
            yield changes
        finally:
            self._listeners.discard(changes)

    def highlight(self, allowed: bool) -> None:
        """Whether viewers may see which element is worked on: when not, nobody looks for it."""
        if allowed != self._highlight:
            self._highlight = allowed
            for stream in self._streams.values():
                stream.demand_changed()

    def tell_budget(self, limit: Limit | None, allowed: float | None) -> None:
        """The capture budget has reached this limit, or none any more, or slows more or fewer streams."""
        self.limited = (limit, allowed)
        for listener in self._listeners:
            listener.add(BUDGET)

    def _changed(self, stream: Stream) -> None:
        for listener in self._listeners:
            listener.add(str(stream.id))

    async def _tick(self) -> None:
        """Once a second: `live` becomes `static`, and what has ended goes from the list."""
        while True:
            await asyncio.sleep(_TICK)
            now = time.monotonic()
            for stream in list(self._streams.values()):
                stream.refresh_state()
                # Asked anew for each: while one is closed, somebody else may remove another.
                if self._streams.get(str(stream.id)) is stream and stream.over(now, _KEPT_AFTER_END):
                    await self.remove(str(stream.id))
