"""The whole screen of an X display, or one monitor of it, as the capture thread sees it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import xcffib
import xcffib.randr
import xcffib.xproto as xp

from livepane.domain.frame import Encoding, Picture
from livepane.sources.screen_info import unplugged
from livepane.sources.x11.damage import watch_damage
from livepane.sources.x11.display import Display, keep_events, open_display
from livepane.sources.x11.images import Area, Images
from livepane.sources.x11.monitors import read_monitors

# A divided monitor is told by a ConfigureNotify of the root, an unplugged one by RandR.
_LAYOUT_EVENTS = (xcffib.randr.ScreenChangeNotifyEvent, xcffib.randr.NotifyEvent, xp.ConfigureNotifyEvent)


class RootView:
    """Monitor 0 is the whole screen."""

    def __init__(self, display: Display, images: Images, monitor: int) -> None:
        self._display, self._images, self._monitor = display, images, monitor
        keep_events(display, display.root, xp.EventMask.StructureNotify)
        if display.has(xcffib.randr.key):
            randr = display.connection(xcffib.randr.key)
            wanted = xcffib.randr.NotifyMask
            randr.SelectInput(display.root, wanted.ScreenChange | wanted.CrtcChange | wanted.OutputChange)
        self._damage = watch_damage(display, display.root)
        self._area = self._measure()
        self._changed = True

    def changed(self) -> bool:
        layout_changed = False
        for event in self._display.events():
            if self._damage is not None and self._damage.hit(event, self._area):
                self._changed = True
            elif isinstance(event, _LAYOUT_EVENTS):
                layout_changed = True
        if layout_changed:
            self._move_to(self._measure())
        return self._changed or self._damage is None

    def grab(self) -> Picture | None:
        """Raises Unavailable when the monitor has been unplugged."""
        if self._damage is not None:
            self._damage.clear()
        captured_at = time.time_ns()  # before the grab: the pixels are at least this new
        try:
            pixels = self._images.grab(self._display.root, self._area)
        except xp.MatchError:  # the screen has just become smaller
            self._move_to(self._measure())
            return None
        self._changed = False
        return None if pixels is None else Picture(captured_at, self._area.width, self._area.height, Encoding.RAW, pixels)

    def fileno(self) -> int | None:
        return None if self._damage is None else self._display.fileno()

    def _move_to(self, area: Area) -> None:
        if area != self._area:
            self._images.forget()
        self._area, self._changed = area, True

    def _measure(self) -> Area:
        if self._monitor == 0:
            whole = self._display.core.GetGeometry(self._display.root).reply()
            return Area(0, 0, whole.width, whole.height)
        monitors = read_monitors(self._display)
        if self._monitor > len(monitors):
            raise unplugged(self._monitor, len(monitors))
        one = monitors[self._monitor - 1]
        return Area(one.x, one.y, one.width, one.height)


@contextmanager
def open_root(display_name: str | None, monitor: int) -> Iterator[RootView]:
    """Raises NoDisplay, or Unavailable when the monitor is not there."""
    with open_display(display_name) as display, closing(Images(display)) as images:
        yield RootView(display, images, monitor)
