"""uvicorn's HTTP connection with the two time limits that it lacks: for a request's head, and for a peer that takes nothing."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from livepane.transports.stall import StallWatch

HEAD_SECONDS = 10.0


class HttpConnection(HttpToolsProtocol):
    """One HTTP connection. Pass it to uvicorn as `http=`."""

    stall_seconds = 10.0  # set once, before the server starts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stall = StallWatch(self.stall_seconds)
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the event loop."""
        super().connection_made(transport)
        # Motion JPEG waits for an empty buffer before it picks the next picture.
        transport.set_write_buffer_limits(high=0)
        self._head_timer = self.loop.call_later(HEAD_SECONDS, transport.abort)

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._end_head_timer()
        super().on_headers_complete()

    def pause_writing(self) -> None:
        """Called by the event loop."""
        super().pause_writing()
        self._stall.paused(self.transport)

    def resume_writing(self) -> None:
        """Called by the event loop."""
        super().resume_writing()
        self._stall.resumed()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._stall.resumed()
        self._end_head_timer()
        super().connection_lost(exc)

    def _end_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
