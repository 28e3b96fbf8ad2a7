"""What can be seen on this machine: lists windows and monitors, and opens desktop:, monitor: and window: as sources.

The libraries behind it come with the extra `livepane[desktop]` and are imported only when they are needed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from livepane.domain.errors import BadRequest, Unavailable, WindowNotFound
from livepane.domain.ports import Source
from livepane.domain.stream import Kind, StreamId
from livepane.sources.screen_info import MonitorInfo, WindowInfo

__all__ = ["MonitorInfo", "WindowInfo", "list_monitors", "list_windows", "open_source"]


async def list_windows(display: str | None = None) -> list[WindowInfo]:
    """The windows of a display, oldest first: those that its window manager names, or all that lie on it without one.

    Args:
        display: an X display (":0"); None for that of the environment.

    Raises:
        NoDisplay: there is no display.
        Unavailable: windows are not supported on this system, or a library is missing.
    """
    with _libraries():
        _need_x11()
        from livepane.sources.x11.clients import find_windows

        return await asyncio.to_thread(find_windows, display)


async def list_monitors(display: str | None = None) -> list[MonitorInfo]:
    """The monitors that are on now.

    Args:
        display: an X display (":0"); None for that of the environment. Ignored on other systems.

    Raises:
        NoDisplay: there is no display.
        Unavailable: a library is missing.
    """
    with _libraries():
        from livepane.sources.desktop import find_monitors

        return await asyncio.to_thread(find_monitors, display)


def open_source(stream_id: StreamId, *, display: str | None = None) -> Source:
    """The source of desktop:0, monitor:N or window:H, after a look whether it is there. Takes a few ms: call it in a thread.

    Raises:
        NoDisplay: there is no display.
        WindowNotFound: there is no such desktop, monitor or window.
        BadRequest: the id is of another kind, or its name is not a number.
        Unavailable: not supported on this system, or a library is missing.
    """
    if stream_id.kind not in (Kind.DESKTOP, Kind.MONITOR, Kind.WINDOW):
        raise BadRequest(f"{stream_id} is not on a screen; desktop:0, monitor:1 … and window:<handle> are")
    if not (stream_id.name.isascii() and stream_id.name.isdigit()):
        raise BadRequest(f"{stream_id.name!r} in {stream_id} is not a number, such as desktop:0, monitor:1 or window:4194311")
    number = int(stream_id.name[:20])
    with _libraries():
        if stream_id.kind is Kind.WINDOW:
            return _open_window(number, display)
        return _open_desktop(stream_id, number, display)


def _open_desktop(stream_id: StreamId, number: int, display: str | None) -> Source:
    from livepane.sources.desktop import DesktopSource, find_monitors

    monitors = len(find_monitors(display))
    if stream_id.kind is Kind.DESKTOP and number != 0:
        raise WindowNotFound(
            f"there is no {stream_id}: desktop:0 is the whole desktop, monitors are monitor:1 to monitor:{monitors}"
        )
    if stream_id.kind is Kind.MONITOR and not 1 <= number <= monitors:
        raise WindowNotFound(
            f"there is no {stream_id}: this display has monitor:1 to monitor:{monitors}, and desktop:0 is all of them"
        )
    return DesktopSource(number, display=display)


def _open_window(handle: int, display: str | None) -> Source:
    _need_x11()
    from livepane.sources.window import WindowSource

    source = WindowSource(handle, display=display)
    source.check()
    return source


def _need_x11() -> None:
    if sys.platform != "linux":
        raise Unavailable(
            f"single windows cannot be captured on {sys.platform} yet, on X11 only; desktop:0 and monitors work here"
        )


@contextmanager
def _libraries() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise Unavailable(
            f"screens need a library that is missing here ({error.name}): pip install 'livepane[desktop]'"
        ) from error
    except OSError as error:  # xcffib loads libxcb when it is imported
        raise Unavailable(f"screens need a system library that is missing here ({error}): install libxcb1") from error
