"""One viewer of one stream: a place for the newest picture, never a queue."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from livepane.domain.demand import RenditionSpec
from livepane.hub.pace import Pace
from livepane.hub.rendition import Encoded, Rendition

if TYPE_CHECKING:
    from livepane.hub.stream import Stream

_NOTHING = (-1, -1)


class Subscription:
    """Pictures of a stream for one viewer, each at most once, always the newest. Made by `Stream.subscribe`.

    Either await `next()`, or set `on_news` and call `poll()` whenever it is called and the viewer can take a picture.
    The second costs no task switch: with hundreds of viewers that is half of what a picture costs.
    """

    def __init__(self, stream: Stream, rendition: Rendition, fps: float, *, highlight: bool = False) -> None:
        self.stream = stream
        self.highlight = highlight  # the viewer shows which element is worked on
        self.sent = 0
        self.dropped = 0  # pictures that the viewer's rate allowed and that came while it was busy
        self.bytes = 0
        self.held_ns = 0  # from capture to the socket, of all pictures that were new when they were taken
        self.held = 0  # how many those are
        self.sent_at = 0  # ns since the Unix epoch: when the last one was taken
        self.captured_at = 0  # when that one was captured; 0: it was old, and its age says nothing about us
        self.on_news: Callable[[], None] | None = None
        self.on_point: Callable[[], None] | None = None  # called when `stream.spot` is another one
        self._rendition = rendition
        self._pace = Pace(fps)
        self._cursor = _NOTHING
        self._taken_at = 0.0
        self._again = False
        self._offer: Encoded | None = None  # what has just been encoded for us
        self._timer: asyncio.TimerHandle | None = None
        self._news: asyncio.Future[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._ages = stream.ledger.held

    @property
    def over(self) -> bool:
        """Whether the stream was removed: there will be no more pictures."""
        return self.stream.closed

    @property
    def fps(self) -> float:
        """Pictures a second that the viewer wants at the most."""
        return self._pace.fps

    @property
    def spec(self) -> RenditionSpec:
        """What the viewer wants each picture to be."""
        return self._rendition.spec

    @property
    def channel(self) -> int:
        """The number of the rendition on the wire."""
        return self._rendition.channel

    @property
    def encoding(self) -> tuple[int, int]:
        """How often the rendition had to encode so far, and how many ns that took; others may share it."""
        return self._rendition.encodes, self._rendition.encode_ns

    def update(self, *, fps: float | None = None, spec: RenditionSpec | None = None, highlight: bool | None = None) -> None:
        """Change rate or rendition at once; a new rendition starts with the newest picture."""
        if fps is not None:
            self._pace.fps = fps
        if highlight is not None:
            self.highlight = highlight
        if spec is not None and spec != self.spec:
            self._rendition.forget(self._encoded)
            self._rendition = self.stream.swap_rendition(self._rendition, spec)
            self._again = True
        self.stream.demand_changed()
        self.notify()

    def again(self) -> None:
        """Send the newest picture once more, even if it was sent before."""
        self._again = True
        self.notify()

    def notify(self) -> None:
        """There may be something new. Called by the stream; costs nothing while the viewer is busy."""
        if self.on_news is not None:
            self.on_news()
        elif self._news is not None and not self._news.done():
            self._news.set_result(None)

    def pointed(self) -> None:
        """The element that is worked on is another one, or elsewhere. Called by the stream."""
        if self.on_point is not None:
            self.on_point()

    def poll(self) -> Encoded | None:
        """Take the newest picture if this viewer has not had it and its rate allows it; otherwise `on_news` will be called.

        Call it only when the viewer can really take a picture: what comes in between is dropped and counted.

        Raises:
            SourceGone: the stream was removed.
        """
        frame = self.stream.newest()
        if frame is None or (frame.order <= self._cursor and not self._again):
            return None
        now = self._loop.time()
        if not self._again and (pause := self._pace.wait(now)) > 0:
            if self._timer is None:
                # uvloop's clock has whole milliseconds: a shorter pause would be no pause, and we would ask in circles.
                self._timer = self._loop.call_later(math.ceil(pause * 1000) / 1000, self._due)
            return None
        encoded, self._offer = self._offer, None
        if encoded is None:
            encoded = self._rendition.get(frame, self._encoded, self.stream.spot)
        return None if encoded is None else self._take(encoded, now)

    async def next(self) -> Encoded:
        """Wait for the next picture and take it.

        Raises:
            SourceGone: the stream was removed.
        """
        while (encoded := self.poll()) is None:
            self._news = self._loop.create_future()
            try:
                await self._news
            finally:
                self._news = None
        return encoded

    def leave(self) -> None:
        """No more pictures: called once, by the stream."""
        self.on_news = self.on_point = None
        ledger = self.stream.ledger
        ledger.frames_out += self.sent
        ledger.too_slow += self.dropped
        ledger.bytes_out += self.bytes
        self._rendition.forget(self._encoded)
        if self._timer is not None:
            self._timer.cancel()

    def _due(self) -> None:
        self._timer = None
        self.notify()

    def _encoded(self, encoded: Encoded | None) -> None:
        """The rendition has finished what we asked for."""
        if encoded is None:  # broken bytes; what came in the meantime has not been tried yet
            self.notify()
            return
        # Valid for this moment only: a viewer that is busy now will want the newest picture when it is not.
        self._offer = encoded if encoded.order > self._cursor or self._again else None
        self.notify()
        if self.on_news is not None:
            self._offer = None

    def _take(self, encoded: Encoded, now: float) -> Encoded:
        order, cursor = encoded.order, self._cursor
        self.sent_at = sent_at = time.time_ns()
        self.captured_at = 0
        if order[0] == cursor[0] and order[1] > cursor[1]:
            self.captured_at = encoded.captured_at
            held = sent_at - encoded.captured_at
            self._ages.add(held)
            self.held_ns += held
            self.held += 1
            if (gap := order[1] - cursor[1] - 1) > 0:
                self.dropped += max(0, min(gap, int((now - self._taken_at) * self._pace.fps) - 1))
        self._pace.take(now)
        self._taken_at = now
        self._cursor, self._again = order, False
        self.sent += 1
        self.bytes += encoded.size
        return encoded
