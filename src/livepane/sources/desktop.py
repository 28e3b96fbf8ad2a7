"""The source of desktop: and monitor: streams, a whole screen or one monitor of it."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager

from livepane.domain.ports import DemandSignal, FrameSink
from livepane.sources.capture_thread import View, capture_in_thread
from livepane.sources.screen_info import MonitorInfo


class DesktopSource:
    """Monitor 0 is all monitors together; the others count from 1."""

    def __init__(self, monitor: int, *, display: str | None = None) -> None:
        """Opens nothing yet. `display` is an X display (":0"); None for that of the environment."""
        self._monitor, self._display = monitor, display

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Put RAW pictures of the screen's own size, each different from the one before.

        Raises:
            NoDisplay: there is no display, or it went away.
            Unavailable: the monitor is not connected now.
        """
        name = f"monitor:{self._monitor}" if self._monitor else "desktop:0"
        await capture_in_thread(self._open, sink, demand, name=name)

    async def close(self) -> None:
        """Nothing is held between captures."""

    def _open(self, _sink: FrameSink) -> AbstractContextManager[View]:
        # mss captures X11 as well, but cannot say that nothing changed: see docs/adr/0004-desktop-capture.md.
        if sys.platform == "linux":
            from livepane.sources.x11.root_view import open_root

            return open_root(self._display, self._monitor)
        else:
            from livepane.sources.mss_screen import open_mss_view

            return open_mss_view(self._monitor)


def find_monitors(display: str | None = None) -> list[MonitorInfo]:
    """The monitors that are on now, in the system's order. Takes a few ms.

    Raises:
        NoDisplay: there is no display, or it cannot be read.
    """
    if sys.platform == "linux":
        from livepane.sources.x11.name import display_name

        shown = display_name(display)  # first: without a display there is no need to load what comes now
        from livepane.sources.x11.monitors import find_x11_monitors

        return find_x11_monitors(shown)
    else:
        from livepane.sources.mss_screen import find_mss_monitors

        return find_mss_monitors()
