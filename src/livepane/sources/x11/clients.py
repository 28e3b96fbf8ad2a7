"""The windows of an X display: which there are, and what they say of themselves."""

from __future__ import annotations

import struct
from collections.abc import Iterable

import xcffib
import xcffib.xproto as xp

from livepane.sources.screen_info import WindowInfo
from livepane.sources.x11.display import Display, open_display

_SANE_SIDE = 16  # px; without a window manager, smaller windows are helpers that show nothing
_TITLES = ("_NET_WM_NAME", "WM_NAME")  # the first that has something to say counts
_TEXT_WORDS = 1024  # a title is read up to 4 KiB


def find_windows(display_name: str | None = None) -> list[WindowInfo]:
    """The windows of a display, oldest first: those that the window manager names, or all that lie on the screen.

    Raises:
        NoDisplay: there is none.
    """
    with open_display(display_name) as display:
        managed = _managed(display)
        if managed is not None:
            return _describe(display, managed)
        return [one for one in _describe(display, _on_the_root(display)) if min(one.width, one.height) >= _SANE_SIDE]


def title_atoms(display: Display) -> set[int]:
    """The properties that a title is read from."""
    return {display.atom(name) for name in _TITLES}


def window_title(display: Display, window: int) -> str:
    """Its title; "" when it has none.

    Raises:
        xcffib.xproto.WindowError: it is not there.
    """
    return _title(display, [_ask_text(display, window, name) for name in _TITLES])


def _managed(display: Display) -> list[int] | None:
    """What the window manager lists; None without one. A list whose manager has died is not believed."""
    for manager in _read_words(display, display.root, "_NET_SUPPORTING_WM_CHECK"):
        try:
            alive = manager in _read_words(display, manager, "_NET_SUPPORTING_WM_CHECK")
        except xp.WindowError:
            return None
        return _read_words(display, display.root, "_NET_CLIENT_LIST") if alive else None
    return None


def _on_the_root(display: Display) -> list[int]:
    """Windows that lie directly on the screen, without menus and tooltips (which no window manager may touch)."""
    children = list(display.core.QueryTree(display.root).reply().children)
    asked = [(window, display.core.GetWindowAttributes(window)) for window in children]
    found = []
    for window, cookie in asked:
        try:
            is_ = cookie.reply()
        except xp.WindowError:
            continue  # closed since
        if is_._class == xp.WindowClass.InputOutput and is_.map_state == xp.MapState.Viewable and not is_.override_redirect:
            found.append(window)
    return found


def _describe(display: Display, windows: Iterable[int]) -> list[WindowInfo]:
    """All questions go out before the first answer is read: 50 windows take one round trip instead of 300."""
    asked = [
        (
            window,
            display.core.GetGeometry(window),
            display.core.TranslateCoordinates(window, display.root, 0, 0),
            display.core.GetWindowAttributes(window),
            _ask_text(display, window, "WM_CLASS"),
            *(_ask_text(display, window, name) for name in _TITLES),
        )
        for window in windows
    ]
    found = []
    for window, *cookies in asked:
        geometry, place, attributes, class_name, *titles = cookies
        try:
            size, at, is_ = geometry.reply(), place.reply(), attributes.reply()
            class_, title = _class(display, class_name), _title(display, titles)
        except (xp.WindowError, xp.DrawableError):
            for cookie in cookies:
                cookie.discard_reply()
            continue  # closed since
        visible = is_.map_state == xp.MapState.Viewable
        found.append(WindowInfo(window, title, class_, at.dst_x, at.dst_y, size.width, size.height, visible))
    return found


def _ask_text(display: Display, window: int, name: str) -> xcffib.Cookie:
    any_type = xp.GetPropertyType.Any
    return display.core.GetProperty(False, window, display.atom(name), any_type, 0, _TEXT_WORDS)


def _read_words(display: Display, window: int, name: str) -> list[int]:
    reply = display.core.GetProperty(False, window, display.atom(name), xp.GetPropertyType.Any, 0, 65536).reply()
    if reply.format != 32:
        return []
    raw = bytes(reply.value.raw)
    return list(struct.unpack(f"={len(raw) // 4}I", raw))


def _title(display: Display, cookies: list[xcffib.Cookie]) -> str:
    titles = [_text(display, cookie) for cookie in cookies]
    return next((title for title in titles if title), "")


def _class(display: Display, cookie: xcffib.Cookie) -> str:
    """WM_CLASS is two texts, each ended by a NUL: the name of the instance and that of the class."""
    parts = _text(display, cookie).split("\0")
    return parts[1] if len(parts) > 1 else parts[0]


def _text(display: Display, cookie: xcffib.Cookie) -> str:
    """Any bytes become text: UTF-8 if they say so or are, else Latin-1, which the oldest property type means."""
    reply = cookie.reply()
    raw = bytes(reply.value.raw) if reply.format == 8 else b""
    try:
        return raw.decode("utf-8", "replace" if reply.type == display.atom("UTF8_STRING") else "strict")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
