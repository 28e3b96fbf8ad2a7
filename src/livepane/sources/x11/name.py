"""Which X display is meant. It loads no library, so that a machine without a display pays for none."""

from __future__ import annotations

import os

from livepane.domain.errors import NoDisplay


def display_name(name: str | None) -> str:
    """The display to use.

    Raises:
        NoDisplay: nobody has named one.
    """
    shown = name or os.environ.get("DISPLAY")
    if shown:
        return shown
    wayland = " A Wayland session can be captured through Xwayland only." if os.environ.get("WAYLAND_DISPLAY") else ""
    raise NoDisplay(f"no X display: DISPLAY is not set.{wayland} Set DISPLAY, or start one: Xvfb :99 -screen 0 1920x1080x24")
