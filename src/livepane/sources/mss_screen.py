"""Screens and monitors through mss, for the systems that do not say what changed: Windows and macOS."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import mss
from mss.exception import ScreenShotError

from livepane.domain.errors import NoDisplay
from livepane.domain.frame import Encoding, Picture
from livepane.sources.screen_info import MonitorInfo, unplugged

_LAYOUT_AGE = 2.0  # seconds that a monitor's place is believed: nothing tells us when it changes, and mss asks only once


class MssView:
    """A screen as the capture thread sees it: grabs at every deadline and compares. Monitor 0 is all monitors together."""

    def __init__(self, stack: ExitStack, monitor: int) -> None:
        self._stack, self._monitor = stack, monitor
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
        self._screen = self._stack.enter_context(_open_mss())
        self._opened_at = time.monotonic()
        areas = self._screen.monitors
        if self._monitor >= len(areas):
            raise unplugged(self._monitor, len(areas) - 1)
        self._area = areas[self._monitor]


@contextmanager
def open_mss_view(monitor: int) -> Iterator[MssView]:
    """Raises NoDisplay, or Unavailable when the monitor is not there."""
    with ExitStack() as stack:
        yield MssView(stack, monitor)


def find_mss_monitors() -> list[MonitorInfo]:
    """The monitors that are on now, in the system's order.

    Raises:
        NoDisplay: the screen cannot be read.
    """
    with _open_mss() as screen:
        return [_info(index, monitor) for index, monitor in enumerate(screen.monitors[1:], 1)]


@contextmanager
def _open_mss() -> Iterator[mss.MSS]:
    try:
        with mss.MSS() as screen:
            yield screen
    except ScreenShotError as error:
        mend = " Allow screen recording for this program in the system settings." if sys.platform == "darwin" else ""
        raise NoDisplay(f"the screen cannot be read: {error}.{mend}") from None


def _info(index: int, monitor: dict[str, Any]) -> MonitorInfo:
    return MonitorInfo(
        index=index,
        x=monitor["left"],
        y=monitor["top"],
        width=monitor["width"],
        height=monitor["height"],
        name=str(monitor.get("name") or monitor.get("output") or f"Monitor {index}"),
        primary=bool(monitor.get("is_primary")),
    )
