"""What there is to see on a display: windows and monitors, as values."""

from __future__ import annotations

from dataclasses import dataclass

from livepane.domain.errors import Unavailable


@dataclass(frozen=True, slots=True)
class WindowInfo:
    """One window. The place is in px of the whole screen and without the frame that a window manager draws around it."""

    handle: int
    title: str  # text from outside: never read as HTML
    window_class: str  # the program's own name for its kind of window, such as "XTerm"; "" when it has none
    x: int
    y: int
    width: int
    height: int
    visible: bool  # False: minimised, or on another workspace


@dataclass(frozen=True, slots=True)
class MonitorInfo:
    """One monitor. The place is in px of the whole screen."""

    index: int  # counts from 1
    x: int
    y: int
    width: int
    height: int
    name: str
    primary: bool


def unplugged(monitor: int, count: int) -> Unavailable:
    """The error for a monitor that may come back."""
    return Unavailable(f"monitor {monitor} is not connected now; there are {count}. Plug it in, or watch desktop:0")
