"""uvicorn's HTTP connection with the limits that it lacks: for a request's head, in time and size, for the rest of a body that
nobody waits for, for a peer that takes nothing, and for how many there are."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from livepane.transports.connection import EXTENSION, HEAD_BYTES, Connection
from livepane.transports.crowd import Crowd, Seat
from livepane.transports.stall import StallWatch, buffer_limit

HEAD_SECONDS = 10.0
REST_SECONDS = 5.0  # for what is left of a body that has been answered: closing at once would take the answer back


class HttpConnection(HttpToolsProtocol):
    """One HTTP connection. Pass it to uvicorn as `http=`."""

    stall_seconds = 10.0  # these two are set once, before the server starts
    crowd: Crowd | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat: Seat | None = None
        self.below: asyncio.Transport | None = None  # under TLS: the transport that carries it
        self._stall = StallWatch(self.stall_seconds)
        self._timer: asyncio.TimerHandle | None = None  # for a head, or for the rest of a body
        self._in_head = True
        self._head_bytes = 0
        self._whole = True  # the request has been read to its end
        self._deaf = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the event loop."""
        super().connection_made(transport)
        # Motion JPEG waits for an empty buffer before it picks the next picture.
        transport.set_write_buffer_limits(high=buffer_limit(transport), low=0)
        if self.seat is None and self.crowd is not None:
            self.seat = self.crowd.enter(self.client[0] if self.client else "", transport)
            if self.seat is None:
                self._refuse(503, "too many connections are open; try again in a moment")
                return
        self._watch(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        if self._deaf:
            return
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES:
            self._refuse(431, f"the head of the request has more than {HEAD_BYTES:,} bytes")
        if self.timeout_keep_alive_task is None and self._timer is None and self._is_answered():  # it sent an empty line
            self._limit_the_wait()

    def on_message_begin(self) -> None:
        """Called by the parser."""
        if self.seat is not None:
            self.seat.busy()
        self._in_head, self._whole = True, False
        if self._timer is None:
            self._watch(HEAD_SECONDS)
        super().on_message_begin()
        extensions: Any = {EXTENSION: self}  # for who has to hang up
        self.scope["extensions"] = extensions

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._unwatch()
        self._in_head, self._head_bytes = False, 0
        if self._deaf:
            return
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > HEAD_BYTES:
            self._refuse(431, f"the head of the request has more than {HEAD_BYTES:,} bytes")
            return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        if not self._deaf:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self._whole = True
        if self._deaf:
            return
        super().on_message_complete()
        if self._is_answered():
            self._unwatch()
            self._wait_for_the_next()
            self._limit_the_wait()

    def on_response_complete(self) -> None:
        """Called when an answer has been written."""
        super().on_response_complete()
        if self._whole:
            self._wait_for_the_next()
        else:
            self._watch(REST_SECONDS)

    def handle_websocket_upgrade(self) -> None:
        """Called when a request asks for a WebSocket: what we know of the line goes with it."""
        if self._deaf:
            return
        self._unwatch()
        super().handle_websocket_upgrade()
        self._stall.resumed()  # the word that the line is free again will not come to us any more
        successor = self.transport.get_protocol()
        if isinstance(successor, Connection):
            successor.take_over(self.seat, self.below)
            if self.flow.write_paused:  # under TLS the end of the handshake may still be on its way
                successor.pause_writing()
        elif self.seat is not None:
            self.seat.leave()

    def send_400_response(self, msg: str) -> None:
        """Called when the bytes are no HTTP."""
        self._refuse(400, "this is not a request that can be read as HTTP/1.1")

    def pause_writing(self) -> None:
        """Called by the event loop."""
        super().pause_writing()
        self._stall.paused(self.transport, self.below)

    def resume_writing(self) -> None:
        """Called by the event loop."""
        super().resume_writing()
        self._stall.resumed()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._stall.resumed()
        self._unwatch()
        if self.seat is not None:
            self.seat.leave()
        super().connection_lost(exc)

    def _is_answered(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request, whatever its type says
        return cycle is not None and cycle.response_complete and not self.transport.is_closing()

    def _wait_for_the_next(self) -> None:
        if self.seat is not None and self._is_answered():
            self.seat.idle()

    def _limit_the_wait(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _refuse(self, status: int, why: str) -> None:
        """Answer what never became a request, and hang up."""
        if self._deaf or self.transport.is_closing():
            return
        self._deaf = True
        self._unwatch()
        phrase = HTTPStatus(status).phrase
        body = json.dumps(
            {"type": "about:blank", "title": phrase, "status": status, "code": "refused", "detail": why, "error": why}
        ).encode()
        head = (
            f"HTTP/1.1 {status} {phrase}\r\ncontent-type: application/problem+json\r\ncontent-length: {len(body)}\r\n"
            "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\nx-content-type-options: nosniff\r\n"
            "referrer-policy: no-referrer\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _watch(self, seconds: float) -> None:
        self._unwatch()
        self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _unwatch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
