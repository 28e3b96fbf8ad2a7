"""One pane of a viewer's socket: which stream it shows, how, and what is under way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import SourceGone
from livepane.hub.stream import Stream
from livepane.hub.subscription import Subscription
from livepane.transports import forms
from livepane.transports.feed import Feed
from livepane.transports.outlet import Outlet
from livepane.transports.window import Window
from livepane.wire.messages import PaneStats


class Pane:
    """Subscribed until `stop`; sends from `start` to `pause`."""

    def __init__(
        self,
        number: int,
        stream: Stream,
        spec: RenditionSpec,
        fps: float,
        outlet: Outlet,
        on_end: Callable[[Pane, SourceGone], None],
    ) -> None:
        self.number, self.stream = number, stream
        self.window = Window()
        self._outlet, self._on_end = outlet, on_end
        self._subscribed: AbstractContextManager[Subscription] = stream.subscribe(spec, fps)
        self.pictures = self._subscribed.__enter__()
        self._feed: Feed | None = None
        self._stopped = False

    def start(self) -> None:
        """Send pictures from now on."""
        if not self._stopped and self._feed is None:
            self._feed = Feed(self.pictures, self._outlet, forms.live, self.window, lambda error: self._on_end(self, error))
            self._feed.__enter__()

    def pause(self) -> None:
        """Send nothing until `start`."""
        if self._feed is not None:
            self._feed.__exit__(None, None, None)
            self._feed = None

    def update(self, *, fps: float, spec: RenditionSpec) -> None:
        """Show it differently from now on."""
        if spec != self.pictures.spec:
            self.window.forget()
        self.pictures.update(fps=fps, spec=spec)

    def stop(self) -> None:
        """Cost nothing from now on."""
        if not self._stopped:
            self._stopped = True
            self.pause()
            self._subscribed.__exit__(None, None, None)

    def stats(self) -> PaneStats:
        """What it has cost so far."""
        pictures = self.pictures
        return PaneStats(pane=self.number, sent=pictures.sent, dropped=pictures.dropped, bytes=pictures.bytes)
