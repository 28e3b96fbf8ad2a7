"""The monitors of this machine, on every system through mss."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import mss
from mss.exception import ScreenShotError

from livepane.domain.errors import NoDisplay
from livepane.sources.screen_info import MonitorInfo


def find_monitors(display: str | None = None) -> list[MonitorInfo]:
    """The monitors that are on now, in the system's order. Takes a few ms.

    Args:
        display: an X display (":0"); None for that of the environment. Other systems than X11 have no names for displays.

    Raises:
        NoDisplay: there is none, or it cannot be read.
    """
    with open_mss(display) as screen:
        whole, *monitors = screen.monitors
        found = [_info(index, monitor) for index, monitor in enumerate(monitors or [whole], 1)]
    # X11 allows that no monitor is the primary one: then the first counts.
    if found and not any(one.primary for one in found):
        first = found[0]
        found[0] = MonitorInfo(first.index, first.x, first.y, first.width, first.height, first.name, primary=True)
    return found


@contextmanager
def open_mss(display: str | None = None) -> Iterator[mss.MSS]:
    """mss on a display, its errors in our words.

    Raises:
        NoDisplay: there is none, or it cannot be read.
    """
    try:
        with mss.MSS(display=display) if sys.platform == "linux" else mss.MSS() as screen:
            yield screen
    except ScreenShotError as error:
        raise NoDisplay(f"the screen{f' of display {display}' if display else ''} cannot be read: {error}") from None


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
