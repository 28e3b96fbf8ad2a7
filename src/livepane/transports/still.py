"""`GET /streams/{id}.jpg|png|webp`: one picture that is true now."""

from __future__ import annotations

import contextlib

from livepane.deadline import within
from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import SourceGone, Unavailable
from livepane.domain.frame import Picture
from livepane.hub.stream import Stream

KEPT = 10.0  # seconds that a single picture counts as demand, so that a poller does not start and stop the capture
FPS = 10.0
RESIZED = 1.5  # seconds that a source has to come up with a larger picture than it sent so far


async def still(stream: Stream, spec: RenditionSpec, patience: float = 5.0) -> Picture:
    """The newest picture, captured or confirmed while somebody wanted it; waits for the first one of a capture.

    Raises:
        Unavailable: none came within `patience` seconds and there is no old one.
        SourceGone: the stream has ended and has none.
    """
    stream.hold(spec, FPS, KEPT)
    # An old picture with its age in the headers is better than none, and a small one that is true better than an old one.
    with contextlib.suppress(TimeoutError):
        async with within(patience):
            await stream.until(lambda one: one.fresh)
        async with within(RESIZED):
            await stream.until(lambda one: one.large_enough)
    with stream.subscribe(spec, FPS) as pictures:
        try:
            async with within(0.0 if stream.newest() is None else patience):
                return (await pictures.next()).frame.picture
        except TimeoutError:
            reason = f": {stream.reason}" if stream.reason else ""
            if stream.gone:
                raise SourceGone(f"stream {stream.id} has ended without a picture{reason}") from None
            raise Unavailable(f"stream {stream.id} gave no picture within {patience:g} s; it is {stream.state}{reason}") from None
