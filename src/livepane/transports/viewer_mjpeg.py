"""`GET /streams/{id}.mjpeg`: Motion JPEG, for `<img>`, VLC, OpenCV and ffmpeg."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import SourceGone
from livepane.hub.rendition import Encoded
from livepane.hub.stream import Stream
from livepane.wire import mjpeg

REPEAT = 5.0  # seconds without a change after which the picture is sent again: players take silence for a dead stream


class MotionJpeg(StreamingResponse):
    """The response. A viewer that is sent away while it takes nothing does not stay subscribed until the garbage is collected."""

    media_type = mjpeg.CONTENT_TYPE

    def __init__(self, pictures: AsyncGenerator[bytes, None]) -> None:
        super().__init__(pictures, headers={"X-Accel-Buffering": "no"})
        self._pictures = pictures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer. Called by the application."""
        async with aclosing(self._pictures):
            await super().__call__(scope, receive, send)


def _part(encoded: Encoded) -> bytes:
    return mjpeg.part(encoded.frame.picture)


async def parts(stream: Stream, spec: RenditionSpec, fps: float, stopping: asyncio.Event) -> AsyncGenerator[bytes, None]:
    """The body of the response, until the viewer leaves, the stream ends or the server stops."""
    yield mjpeg.opening()
    stop = asyncio.get_running_loop().create_task(stopping.wait(), name="mjpeg stop")
    try:
        with stream.subscribe(spec, fps) as pictures:
            while not stopping.is_set() and not stream.gone:  # a picture of what has ended must not look alive
                yield b""  # passes when the viewer has taken the last picture: only then is the newest one picked
                taking = asyncio.get_running_loop().create_task(pictures.next(), name="mjpeg next")
                try:
                    await asyncio.wait((taking, stop), timeout=REPEAT, return_when=asyncio.FIRST_COMPLETED)
                    if taking.done():
                        yield taking.result().form(_part)
                    elif not stop.done():
                        pictures.again()
                except SourceGone:
                    return
                finally:
                    taking.cancel()
    finally:
        stop.cancel()
