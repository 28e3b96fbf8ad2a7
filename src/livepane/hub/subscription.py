"""One viewer of one stream: a place for the newest picture, never a queue."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from livepane.domain.demand import RenditionSpec
from livepane.domain.frame import Frame
from livepane.hub.pace import Pace
from livepane.hub.rendition import Encoded, Rendition

if TYPE_CHECKING:
    from livepane.hub.stream import Stream


class Subscription:
    """Pictures of a stream for one viewer, each at most once, always the newest. Made by `Stream.subscribe`."""

    def __init__(self, stream: Stream, rendition: Rendition, fps: float) -> None:
        self.stream = stream
        self.sent = 0
        self.dropped = 0  # pictures that the viewer's rate allowed and that came while it was busy
        self.bytes = 0
        self._rendition = rendition
        self._pace = Pace(fps)
        self._cursor = (-1, -1)
        self._taken_at = 0.0
        self._again = False
        self._news: asyncio.Future[None] | None = None

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

    def update(self, *, fps: float | None = None, spec: RenditionSpec | None = None) -> None:
        """Change rate or rendition at once; a new rendition starts with the newest picture."""
        if fps is not None:
            self._pace.fps = fps
        if spec is not None and spec != self.spec:
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
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    async def ready(self) -> Frame:
        """Wait until there is a picture that this viewer has not had and its rate allows one; it is not taken yet.

        Raises:
            SourceGone: the stream was removed.
        """
        loop = asyncio.get_running_loop()
        while True:
            frame = self.stream.newest()
            if self._again and frame is not None:
                return frame
            if frame is None or frame.order <= self._cursor:
                await self._wait(None)
            elif (pause := self._pace.wait(loop.time())) > 0:
                await self._wait(pause)
            else:
                return frame

    async def next(self) -> Encoded:
        """Wait for a picture that this viewer has not had, within its rate, and take it.

        Call it when the viewer can really take a picture: what comes in between is dropped and counted.

        Raises:
            SourceGone: the stream was removed.
        """
        while True:
            frame = await self.ready()
            encoded = await self._rendition.encoded(frame)
            if encoded is None:  # its bytes are broken
                self._cursor, self._again = frame.order, False
            elif encoded.frame.order > self._cursor or self._again:
                return self._take(encoded, asyncio.get_running_loop().time())

    def _take(self, encoded: Encoded, now: float) -> Encoded:
        epoch, seq = encoded.frame.order
        if epoch == self._cursor[0] and self._taken_at:
            allowed = int((now - self._taken_at) * self._pace.fps) - 1
            self.dropped += max(0, min(seq - self._cursor[1] - 1, allowed))
        self._pace.take(now)
        self._taken_at = now
        self._cursor, self._again = encoded.frame.order, False
        self.sent += 1
        self.bytes += len(encoded.frame.picture.data)
        return encoded

    async def _wait(self, seconds: float | None) -> None:
        """Until something is new, or for `seconds`."""
        loop = asyncio.get_running_loop()
        self._news = news = loop.create_future()
        timer = loop.call_later(seconds, self.notify) if seconds is not None else None
        try:
            await news
        finally:
            self._news = None
            if timer is not None:
                timer.cancel()
