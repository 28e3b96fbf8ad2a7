"""A screen or monitor through mss, as the capture thread sees it: for the systems that do not say what changed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from livepane.domain.errors import Unavailable
from livepane.domain.frame import Encoding, Picture
from livepane.sources.monitors import open_mss

_LAYOUT_AGE = 2.0  # seconds that a monitor's place is believed: nothing tells us when it changes, and mss asks only once


class MssView:
    """Grabs at every deadline and compares. Monitor 0 is all monitors together."""

    def __init__(self, stack: ExitStack, display: str | None, monitor: int) -> None:
        self._stack, self._display, self._monitor = stack, display, monitor
        self._last = bytearray()
        self._open()

    def changed(self) -> bool:
        return True

    def grab(self) -> Picture | None:
        """Raises NoDisplay when it cannot be read, Unavailable when the monitor is not there any more."""
        if time.monotonic() - self._opened_at > _LAYOUT_AGE:
            self._stack.close()
            self._open()
        captured_at = time.time_ns()  # before the grab: the pixels are at least this new
        shot = self._screen.grab(self._area)
        if shot.raw == self._last:
            return None
        self._last = shot.raw
        # On a screen with scaled pixels (Retina) the shot is larger than the area.
        return Picture(captured_at, shot.width, shot.height, Encoding.RAW, bytes(shot.raw))

    def fileno(self) -> int | None:
        return None

    def _open(self) -> None:
        self._screen = self._stack.enter_context(open_mss(self._display))
        self._opened_at = time.monotonic()
        areas = self._screen.monitors
        if self._monitor == 1 and len(areas) == 1:
            areas = [areas[0], areas[0]]  # a screen that knows of no monitors is one
        if self._monitor >= len(areas):
            raise Unavailable(
                f"monitor {self._monitor} is not connected now; there are {len(areas) - 1}. Plug it in, or watch desktop:0"
            )
        self._area = areas[self._monitor]


@contextmanager
def open_mss_view(display: str | None, monitor: int) -> Iterator[MssView]:
    """Raises NoDisplay, or Unavailable when the monitor is not there."""
    with ExitStack() as stack:
        yield MssView(stack, display, monitor)
