"""The receiving side of one WebSocket: text where text belongs, bytes where bytes belong."""

from __future__ import annotations

from starlette.websockets import WebSocket, WebSocketDisconnect

from livepane.domain.errors import BadRequest


async def text(websocket: WebSocket) -> str:
    """The next message, which must be text.

    Raises:
        BadRequest: it is binary.
        WebSocketDisconnect: the peer is gone.
    """
    message = await either(websocket)
    if isinstance(message, bytes):
        raise BadRequest(f"this was a binary message of {len(message)} bytes; commands are JSON text")
    return message


async def either(websocket: WebSocket) -> str | bytes:
    """The next message.

    Raises:
        WebSocketDisconnect: the peer is gone.
    """
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005), message.get("reason"))
    data, words = message.get("bytes"), message.get("text")
    return data if data is not None else words or ""
