"""What the panes of a viewer's socket show that share a rendition: which stream, how, and what is under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import SourceGone
from livepane.hub.stream import Stream
from livepane.hub.subscription import Subscription
from livepane.transports import forms
from livepane.transports.feed import Feed
from livepane.transports.meter import Meter
from livepane.transports.outlet import Outlet
from livepane.transports.window import Window
from livepane.wire.stats import Row


@dataclass(frozen=True, slots=True)
class Look:
    """How one pane of the viewer wants it."""

    fps: float
    highlight: bool = False


class Pane:
    """Subscribed until `stop`; sends from `start` to `pause`. Several panes of one socket that show the same are one here:
    each picture goes over the line once, and the viewer paints it in all of them."""

    def __init__(
        self,
        number: int,
        stream: Stream,
        spec: RenditionSpec,
        look: Look,
        outlet: Outlet,
        on_end: Callable[[Pane, SourceGone], None],
    ) -> None:
        self.stream = stream
        self.numbers = {number: look}  # of the panes that show this, and how each wants it
        self.window = Window(stream.ledger.acknowledged)
        self._outlet, self._on_end = outlet, on_end
        self._subscribed: AbstractContextManager[Subscription] = stream.subscribe(spec, look.fps, highlight=look.highlight)
        self.pictures = self._subscribed.__enter__()
        self._meter = Meter(stream, self.pictures, self.window)
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

    def join(self, number: int, look: Look) -> None:
        """Pane `number` shows this, so."""
        self.numbers[number] = look
        self._agree()

    def leave(self, number: int) -> None:
        """Pane `number` does not show this any more."""
        del self.numbers[number]
        if self.numbers:
            self._agree()
        else:
            self.stop()

    def _agree(self) -> None:
        fps = max(look.fps for look in self.numbers.values())
        highlight = any(look.highlight for look in self.numbers.values())
        if (fps, highlight) != (self.pictures.fps, self.pictures.highlight):
            self.pictures.update(fps=fps, highlight=highlight)

    def update(self, number: int, *, look: Look, spec: RenditionSpec) -> None:
        """The only pane that shows this shows it differently from now on."""
        self.numbers = {number: look}
        other = spec != self.pictures.spec
        if other:
            self.window.forget()
        self.pictures.update(fps=look.fps, spec=spec, highlight=look.highlight)
        if other:
            self._meter.restart()

    def stop(self) -> None:
        """Cost nothing from now on."""
        if not self._stopped:
            self._stopped = True
            self.pause()
            self._subscribed.__exit__(None, None, None)

    def stats(self, now: float) -> Iterator[Row]:
        """What it has cost by `now` (seconds, monotonic), a row for each pane that shows it."""
        row = self._meter.read(0, now)
        for number in self.numbers:
            yield (number, *row[1:])
