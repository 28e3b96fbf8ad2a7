"""The monitors of an X display."""

from __future__ import annotations

from dataclasses import replace

import xcffib.randr
import xcffib.xproto

from livepane.sources.screen_info import MonitorInfo
from livepane.sources.x11.display import Display, open_display


def find_x11_monitors(display_name: str | None = None) -> list[MonitorInfo]:
    """The monitors that are on now.

    Raises:
        NoDisplay: there is no display.
    """
    with open_display(display_name) as display:
        return read_monitors(display)


def read_monitors(display: Display) -> list[MonitorInfo]:
    """The monitors that are on now, in the server's order; the whole screen where it knows of none."""
    found = list(_from_randr(display))
    if not found:
        whole = display.core.GetGeometry(display.root).reply()
        found = [MonitorInfo(1, 0, 0, whole.width, whole.height, "screen", primary=True)]
    if not any(one.primary for one in found):  # X11 allows that; then the first counts
        found[0] = replace(found[0], primary=True)
    return found


def _from_randr(display: Display) -> list[MonitorInfo]:
    if not display.has(xcffib.randr.key):
        return []
    randr = display.connection(xcffib.randr.key)
    version = randr.QueryVersion(1, 5).reply()
    if (version.major_version, version.minor_version) < (1, 5):  # before 2015
        return []
    monitors = randr.GetMonitors(display.root, True).reply().monitors
    names = [display.core.GetAtomName(one.name) for one in monitors]
    return [
        MonitorInfo(index, one.x, one.y, one.width, one.height, _text(name.reply()), primary=bool(one.primary))
        for index, (one, name) in enumerate(zip(monitors, names, strict=True), 1)
    ]


def _text(reply: xcffib.xproto.GetAtomNameReply) -> str:
    return bytes(reply.name.raw).decode("utf-8", "replace")
