"""One window of an X display as the capture thread sees it: moved, resized, covered, minimised or closed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import xcffib
import xcffib.composite
import xcffib.xproto as xp

from livepane.domain.errors import SourceGone, Unavailable, WindowNotFound
from livepane.domain.frame import Encoding, Picture
from livepane.domain.ports import FrameSink
from livepane.sources.x11.clients import title_atoms, window_title
from livepane.sources.x11.damage import watch_damage
from livepane.sources.x11.display import Display, keep_events, open_display
from livepane.sources.x11.images import Area, Images

_MAPPING_EVENTS = (xp.MapNotifyEvent, xp.UnmapNotifyEvent, xp.ReparentNotifyEvent)


class WindowView:
    """Reads the window's own pixmap, which the Composite extension keeps whole whatever lies on top of it.

    Redirection, pixmap and damage belong to the connection: closing the display undoes them all, also after a crash.
    """

    def __init__(self, display: Display, images: Images, sink: FrameSink, handle: int) -> None:
        """Raises WindowNotFound or Unavailable."""
        self._display, self._images, self._sink, self._handle = display, images, sink, handle
        self._composite = _redirect(display, handle)
        self._damage = watch_damage(display, handle)
        self._title_atoms = title_atoms(display)
        self._title = window_title(display, handle)
        sink.describe(title=self._title)
        self._pixmap: int | None = None
        self._area = Area(0, 0, 0, 0)
        self._shape = (0, 0, 0)  # width, height and border that the pixmap was named for
        self._hidden = False
        self._drawn = False
        self._settle()

    def changed(self) -> bool:
        """Raises SourceGone when the window was closed."""
        pixmap_is_old = retitled = False
        for event in self._display.events():
            if self._damage is not None and self._damage.hit(event):
                self._drawn = True
            elif isinstance(event, xp.DestroyNotifyEvent) and event.window == self._handle:
                raise self._gone()
            elif isinstance(event, xp.ConfigureNotifyEvent) and event.window == self._handle:
                pixmap_is_old |= (event.width, event.height, event.border_width) != self._shape
            elif isinstance(event, _MAPPING_EVENTS):  # of the window, or of a frame around it
                pixmap_is_old = True
            elif isinstance(event, xp.PropertyNotifyEvent):
                retitled |= event.atom in self._title_atoms
        if retitled:
            self._describe()
        if pixmap_is_old:
            self._settle()
        return self._pixmap is not None and (self._drawn or self._damage is None)

    def grab(self) -> Picture | None:
        if self._pixmap is None:
            return None
        if self._damage is not None:
            self._damage.clear()
        self._drawn = False
        captured_at = time.time_ns()  # before the grab: the pixels are at least this new
        pixels = self._images.grab(self._pixmap, self._area)
        return None if pixels is None else Picture(captured_at, self._area.width, self._area.height, Encoding.RAW, pixels)

    def fileno(self) -> int | None:
        return self._display.fileno()  # also without damage: it tells of closing and minimising

    def _settle(self) -> None:
        """Name the pixmap that the window has now; a resized or restored window has a new one."""
        if self._pixmap is not None:
            self._display.core.FreePixmap(self._pixmap)
            self._pixmap = None
        try:
            self._follow_frames()
            viewable = self._display.core.GetWindowAttributes(self._handle).reply().map_state == xp.MapState.Viewable
            if viewable:
                self._name_pixmap()
        except (xp.WindowError, xp.DrawableError):
            raise self._gone() from None
        except xp.MatchError:  # unmapped between the two questions
            viewable = False
        if self._hidden and viewable:
            self._sink.visible()
        elif not self._hidden and not viewable:
            self._sink.hidden("minimised")
        self._hidden = not viewable

    def _name_pixmap(self) -> None:
        window = self._display.core.GetGeometry(self._handle).reply()
        if window.depth not in (24, 32):
            raise Unavailable(
                f"window {self._handle} has {window.depth}-bit colours; 24 and 32 bits are read. Watch desktop:0 instead"
            )
        pixmap: int = self._display.connection.generate_id()
        self._composite.NameWindowPixmapChecked(self._handle, pixmap).check()
        self._pixmap = pixmap
        # The window may have been resized since: the pixmap's own size is the one to read. It includes the border.
        whole, border = self._display.core.GetGeometry(pixmap).reply(), window.border_width
        area = Area(border, border, whole.width - 2 * border, whole.height - 2 * border)
        if area != self._area:
            self._images.forget()
        self._area, self._shape, self._drawn = area, (area.width, area.height, border), True

    def _follow_frames(self) -> None:
        """Hear of the frames around the window: some window managers minimise only those."""
        window = self._handle
        while (parent := self._display.core.QueryTree(window).reply().parent) not in (0, self._display.root):
            keep_events(self._display, parent, xp.EventMask.StructureNotify)
            window = parent

    def _describe(self) -> None:
        try:
            title = window_title(self._display, self._handle)
        except xp.WindowError:
            return  # its DestroyNotify is on the way
        if title != self._title:
            self._title = title
            self._sink.describe(title=title)

    def _gone(self) -> SourceGone:
        return SourceGone(f"window {self._handle} ({self._title!r}) was closed")


def check_window(display: Display, handle: int) -> None:
    """Raises WindowNotFound when there is no such window, or nothing to see in it."""
    if not 0 < handle < 1 << 32:
        raise not_found(display, handle)
    try:
        attributes = display.core.GetWindowAttributes(handle).reply()
    except xp.WindowError:
        raise not_found(display, handle) from None
    if attributes._class == xp.WindowClass.InputOnly or handle == display.root:
        better = "desktop:0 shows the whole screen" if handle == display.root else "it has no pixels"
        raise WindowNotFound(f"window {handle} cannot be captured: {better}. GET /api/windows lists the windows")


def not_found(display: Display, handle: int) -> WindowNotFound:
    return WindowNotFound(f"there is no window {handle} on display {display.name}; GET /api/windows lists those that there are")


@contextmanager
def open_window(display_name: str | None, handle: int, sink: FrameSink) -> Iterator[WindowView]:
    """Raises NoDisplay, WindowNotFound, or Unavailable when the display cannot keep covered windows whole."""
    with open_display(display_name) as display, closing(Images(display)) as images:
        yield WindowView(display, images, sink, handle)


def _redirect(display: Display, handle: int) -> xcffib.Extension:
    if not display.has(xcffib.composite.key):
        raise Unavailable(f"display {display.name} lacks the Composite extension, so windows cannot be captured. Watch desktop:0")
    check_window(display, handle)
    composite = display.connection(xcffib.composite.key)
    composite.QueryVersion(0, 4).reply()
    try:
        keep_events(display, handle, xp.EventMask.StructureNotify | xp.EventMask.PropertyChange)
        composite.RedirectWindowChecked(handle, xcffib.composite.Redirect.Automatic).check()
    except xp.WindowError:
        raise not_found(display, handle) from None
    return composite
