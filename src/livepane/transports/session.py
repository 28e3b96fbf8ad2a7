"""Two sides of a socket as one block: whichever ends first ends the other."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from livepane.domain.errors import LivepaneError


class Stop(Exception):
    """One side has finished in good order."""


async def together(*sides: Coroutine[Any, Any, None]) -> None:
    """Run the sides until one returns or fails; then end the others and pass a failure on.

    Raises:
        WebSocketDisconnect: the peer is gone.
        LivepaneError: what one of the sides raised.
    """

    async def one(side: Coroutine[Any, Any, None]) -> None:
        await side
        raise Stop

    try:
        async with asyncio.TaskGroup() as group:
            for side in sides:
                group.create_task(one(side))
    except BaseExceptionGroup as group_error:
        _, others = group_error.split(Stop)
        if others is None:
            return
        error: BaseException = others
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        raise error from None


def close_reason(error: LivepaneError) -> str:
    """The message, as much of it as a close frame holds: 125 bytes with the code (RFC 6455, 5.5)."""
    return error.message.encode(errors="replace")[:120].decode(errors="ignore")


async def close(websocket: WebSocket, error: LivepaneError) -> None:
    """Close with the code of the error, after accept, so that the peer can read it."""
    if websocket.client_state is WebSocketState.CONNECTED and websocket.application_state is WebSocketState.CONNECTED:
        try:
            await websocket.close(error.close_code, close_reason(error))
        except (WebSocketDisconnect, RuntimeError):
            return  # it was faster than we
