"""How an answer or a socket under way is ended when its credential is: in words if the peer listens, else by hanging up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.types import Message, Scope, Send

from livepane.deadline import within
from livepane.domain.errors import Unauthorised
from livepane.transports.connection import EXTENSION
from livepane.transports.session import close_reason

PATIENCE = 0.3  # seconds that a peer has to take what is under way before it
LINGER = 1.0  # seconds after which the connection is cut, whatever the peer has answered


class Line:
    """What has been sent on one request or socket, so that it can be ended at any point."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self.started = False  # accepted, or an answer has begun
        self.ended = False

    async def send(self, message: Message) -> None:
        """Pass a message on."""
        match message["type"]:
            case "http.response.start" | "websocket.accept":
                self.started = True
            case "websocket.close" | "websocket.http.response.start":
                self.ended = True
            case _:
                pass
        await self._send(message)
        if message["type"] == "http.response.body":
            self.ended = not message.get("more_body", False)

    async def close(self, why: Unauthorised) -> None:
        """End a socket with 4401 and the reason."""
        try:
            async with within(PATIENCE):
                if not self.started:
                    await self.send({"type": "websocket.accept"})
                if not self.ended:
                    await self.send({"type": "websocket.close", "code": why.close_code, "reason": close_reason(why)})
        except (OSError, RuntimeError, TimeoutError):  # it is gone already, or takes nothing
            self.hang_up()
        else:
            asyncio.get_running_loop().call_later(LINGER, self.hang_up)

    async def finish(self) -> None:
        """End an answer that has begun: nothing more of it."""
        if not self.ended:
            with suppress(OSError, RuntimeError, TimeoutError):  # a length was promised, or nothing is taken
                async with within(PATIENCE):
                    await self.send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            self.hang_up()

    def hang_up(self) -> None:
        """Cut the connection, without waiting for what is under way."""
        hanging_up(self._scope)()


def hanging_up(scope: Scope) -> Callable[[], None]:
    """What cuts the connection of a request; nothing on a server that was started without our connections."""
    connection = scope.get("extensions", {}).get(EXTENSION)
    abort = getattr(getattr(connection, "transport", None), "abort", None)  # uvloop's transports are no asyncio.Transport
    return abort if callable(abort) else lambda: None
