"""The source of window: streams, one window wherever it goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from livepane.domain.errors import SourceGone, WindowNotFound
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.sources.capture_thread import View, capture_in_thread
from livepane.sources.x11.display import open_display
from livepane.sources.x11.window_view import check_window, open_window


class WindowSource:
    """Follows a window of an X display by its handle."""

    def __init__(self, handle: int, *, display: str | None = None) -> None:
        """Opens nothing yet. `display` is an X display (":0"); None for that of the environment."""
        self._handle, self._display = handle, display
        self._seen = False

    def check(self) -> None:
        """Look whether the window is there. Takes a few ms.

        Raises:
            NoDisplay: there is no display.
            WindowNotFound: there is no such window.
        """
        with open_display(self._display) as display:
            check_window(display, self._handle)
        self._seen = True

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Put RAW pictures of the window's own size, each different from the one before.

        Raises:
            NoDisplay: there is no display, or it went away.
            WindowNotFound: there never was such a window.
            SourceGone: it was closed.
        """
        try:
            await capture_in_thread(self._open, sink, demand, name=f"window:{self._handle}")
        except WindowNotFound as error:
            if self._seen:
                raise SourceGone(f"window {self._handle} was closed") from error
            raise

    async def close(self) -> None:
        """Nothing is held between captures."""

    @contextmanager
    def _open(self, sink: FrameSink) -> Iterator[View]:
        with open_window(self._display, self._handle, sink) as view:
            self._seen = True
            yield view
