"""`WS /ws/viewer`: one binary message per picture, nothing else."""

from __future__ import annotations

from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from livepane.domain.demand import RenditionSpec
from livepane.hub.stream import Stream
from livepane.transports import forms, inlet, outlet
from livepane.transports.feed import Feed
from livepane.transports.session import together


async def serve(websocket: WebSocket, stream: Stream, spec: RenditionSpec, fps: float, stall: float) -> None:
    """Send pictures of `stream` to an accepted socket until it leaves."""
    line = outlet.of(websocket, stall)

    async def receive() -> None:
        while True:
            await inlet.either(websocket)  # such a viewer has nothing to say

    with stream.subscribe(spec, fps) as pictures, Feed(pictures, line, forms.bare) as feed, suppress(WebSocketDisconnect):
        await together(receive(), line.run(), feed.run())
