"""`WS /ws/viewer`: one binary message per picture, nothing else."""

from __future__ import annotations

from starlette.websockets import WebSocket, WebSocketDisconnect

from livepane.domain.demand import RenditionSpec
from livepane.hub.stream import Stream
from livepane.transports import forms, inlet
from livepane.transports.outlet import Outlet
from livepane.transports.session import together


async def serve(websocket: WebSocket, stream: Stream, spec: RenditionSpec, fps: float, stall: float) -> None:
    """Send pictures of `stream` to an accepted socket until it leaves."""
    outlet = Outlet(websocket, stall)

    async def send() -> None:
        with stream.subscribe(spec, fps) as pictures:
            while True:
                encoded = await pictures.next()
                await outlet.shared(encoded.form(forms.bare))

    async def receive() -> None:
        while True:
            await inlet.either(websocket)  # such a viewer has nothing to say

    try:
        await together(send(), receive())
    except WebSocketDisconnect:
        return
