"""Pictures of one subscription into one socket, without a task of their own: all happens in the call that makes it possible.

A picture goes out when four things hold: there is a new one, the viewer's rate allows it, the line is free, and what is
under way has been acknowledged. Whatever becomes true last pokes the feed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType

from livepane.domain.errors import SourceGone
from livepane.hub.rendition import Builder
from livepane.hub.subscription import Subscription
from livepane.transports.outlet import Outlet
from livepane.transports.window import Window


class Feed:
    """Sends inside its block. `window` is for viewers that acknowledge."""

    def __init__(
        self,
        pictures: Subscription,
        outlet: Outlet,
        build: Builder,
        window: Window | None = None,
        on_end: Callable[[SourceGone], None] | None = None,
    ) -> None:
        self._pictures, self._outlet, self._build, self._window = pictures, outlet, build, window
        self._on_end = on_end or self._end
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def __enter__(self) -> Feed:
        self._pictures.on_news = self.poke
        self._outlet.join(self.poke)
        if self._window is not None:
            self._window.on_open = self.poke
        self.poke()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pictures.on_news = None
        self._outlet.leave(self.poke)
        if self._window is not None:
            self._window.on_open = None
        self._ended.cancel()

    def poke(self) -> None:
        """Send the newest picture if everything allows it."""
        blocked = not self._outlet.free or (self._window is not None and not self._window.is_open)
        if blocked and not self._pictures.over:  # the end is told whether or not a picture could be sent
            return
        try:
            encoded = self._pictures.poll()
        except SourceGone as error:
            self._on_end(error)
            return
        if encoded is not None:
            if self._window is not None:
                self._window.sent(encoded.order, self._pictures.sent_at, self._pictures.captured_at)
            self._outlet.push(encoded.form(self._build))

    def _end(self, error: SourceGone) -> None:
        if not self._ended.done():
            self._ended.set_exception(error)

    async def run(self) -> None:
        """Wait for the end of the stream.

        Raises:
            SourceGone: the stream was removed.
        """
        await self._ended
