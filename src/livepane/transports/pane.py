"""One pane of a viewer's socket: which stream it shows, how, and what is under way."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager

from livepane.domain.demand import RenditionSpec
from livepane.hub.stream import Stream
from livepane.hub.subscription import Subscription
from livepane.transports.window import Window
from livepane.wire.messages import PaneStats


class Pane:
    """Subscribed from the start until `stop`; the block is the time in which pictures are sent."""

    def __init__(self, number: int, stream: Stream, spec: RenditionSpec, fps: float) -> None:
        self.number, self.stream = number, stream
        self.window = Window()
        self.age: float | None = None  # ms from capture to paint, as the viewer measured it last
        self.task: asyncio.Task[None] | None = None
        self._subscribed: AbstractContextManager[Subscription] = stream.subscribe(spec, fps)
        self.pictures = self._subscribed.__enter__()
        self.stopped = False

    def __enter__(self) -> Pane:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def update(self, *, fps: float, spec: RenditionSpec) -> None:
        """Show it differently from now on."""
        if spec != self.pictures.spec:
            self.window.forget()
        self.pictures.update(fps=fps, spec=spec)

    def stop(self) -> None:
        """Cost nothing from now on."""
        if self.task is not None:
            self.task.cancel()
        self._leave()

    def stats(self) -> PaneStats:
        """What it has cost so far."""
        pictures = self.pictures
        return PaneStats(pane=self.number, sent=pictures.sent, dropped=pictures.dropped, bytes=pictures.bytes)

    def _leave(self) -> None:
        if not self.stopped:
            self.stopped = True
            self._subscribed.__exit__(None, None, None)
