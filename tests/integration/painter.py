"""A program with windows of known colours, and the person who moves, covers and closes them."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

import xcffib
import xcffib.randr
import xcffib.res
import xcffib.xproto as xp

# Pixels as X wants them: 0xRRGGBB.
RED, GREEN, BLUE, ORANGE = 0xFF0000, 0x00FF00, 0x0000FF, 0xFF8800


class Painter:
    """One X client. Every call returns when the server has done what was asked."""

    def __init__(self, connection: xcffib.Connection) -> None:
        self._connection = connection
        self._core = connection.core
        self._screen = connection.setup.roots[0]
        self.root: int = self._screen.root

    def window(self, x: int, y: int, width: int, height: int, colour: int, *, title: str = "", show: bool = True) -> int:
        """A window that paints itself in one colour whenever it is uncovered. Without a window manager it is on top."""
        handle: int = self._connection.generate_id()
        place = (x, y, width, height, 0, xp.WindowClass.InputOutput)
        depth, visual = self._screen.root_depth, self._screen.root_visual
        self._core.CreateWindow(depth, handle, self.root, *place, visual, xp.CW.BackPixel, [colour])
        self.set_text(handle, "WM_CLASS", b"painter\0Painter\0", "STRING")
        if title:
            self.retitle(handle, title)
        if show:
            self.show(handle)
        self._sync()
        return handle

    def fill(self, window: int, colour: int, x: int = 0, y: int = 0, width: int = 4096, height: int = 4096) -> None:
        """Paint a part of a window."""
        context = self._connection.generate_id()
        self._core.CreateGC(context, window, xp.GC.Foreground, [colour])
        self._core.PolyFillRectangle(window, context, 1, [xp.RECTANGLE.synthetic(x, y, width, height)])
        self._core.FreeGC(context)
        self._sync()

    def show(self, window: int) -> None:
        self._core.MapWindow(window)
        self._sync()

    def hide(self, window: int) -> None:
        self._core.UnmapWindow(window)
        self._sync()

    def place(self, window: int, x: int, y: int) -> None:
        self._core.ConfigureWindow(window, xp.ConfigWindow.X | xp.ConfigWindow.Y, [x, y])
        self._sync()

    def resize(self, window: int, width: int, height: int) -> None:
        self._core.ConfigureWindow(window, xp.ConfigWindow.Width | xp.ConfigWindow.Height, [width, height])
        self._sync()

    def close(self, window: int) -> None:
        self._core.DestroyWindow(window)
        self._sync()

    def retitle(self, window: int, title: str) -> None:
        self.set_text(window, "_NET_WM_NAME", title.encode(), "UTF8_STRING")

    def set_text(self, window: int, name: str, value: bytes, type_: str) -> None:
        """Set a property to any bytes."""
        self._core.ChangeProperty(xp.PropMode.Replace, window, self._atom(name), self._atom(type_), 8, len(value), value)
        self._sync()

    def minimise(self, window: int) -> None:
        """What a program asks its window manager for."""
        self._ask_manager(window, "WM_CHANGE_STATE", 3)

    def restore(self, window: int) -> None:
        """What a task bar asks the window manager for."""
        self._ask_manager(window, "_NET_ACTIVE_WINDOW", 2)

    def await_manager(self) -> None:
        """Wait until a window manager has announced itself and lists windows."""
        while not self._exists(self.root, "_NET_CLIENT_LIST"):
            time.sleep(0.01)

    def await_listed(self, window: int) -> None:
        """Wait until the window manager has put a frame around a window and shown it."""
        while window not in self._words(self.root, "_NET_CLIENT_LIST") or not self._is_viewable(window):
            self.show(window)  # again: openbox loses what comes in its very first moments
            time.sleep(0.01)

    def resize_screen(self, width: int, height: int) -> None:
        """A new resolution: the one monitor of an Xvfb is switched off, the screen itself gets the new size."""
        randr = self._connection(xcffib.randr.key)
        resources = randr.GetScreenResources(self.root).reply()
        for crtc in resources.crtcs:
            timestamp = resources.config_timestamp
            randr.SetCrtcConfig(crtc, xp.Time.CurrentTime, timestamp, 0, 0, 0, xcffib.randr.Rotation.Rotate_0, 0, []).reply()
        randr.SetScreenSizeChecked(self.root, width, height, width, height).check()

    def split_screen(self, *monitors: tuple[int, int, int, int]) -> None:
        """Divide the screen into monitors of (x, y, width, height)."""
        randr = self._connection(xcffib.randr.key)
        outputs = list(randr.GetScreenResources(self.root).reply().outputs)
        for number, (x, y, width, height) in enumerate(monitors):
            name = self._atom(f"part-{number}")
            place = (False, False, len(outputs), x, y, width, height, 0, 0, outputs)
            randr.SetMonitorChecked(self.root, xcffib.randr.MonitorInfo.synthetic(name, *place)).check()
            outputs = []  # the first takes the output over; the others are free-standing

    def client_count(self) -> int:
        """How many programs are connected to the display, this one included."""
        return len(self._connection(xcffib.res.key).QueryClients().reply().clients)

    def await_client_count(self, count: int) -> None:
        """Wait until the server has noticed that connections have ended."""
        while self.client_count() > count:
            time.sleep(0.01)

    def _ask_manager(self, window: int, message: str, value: int) -> None:
        data = xp.ClientMessageData.synthetic([value, 0, 0, 0, 0], "I" * 5)
        event = xp.ClientMessageEvent.synthetic(32, window, self._atom(message), data)
        mask = xp.EventMask.SubstructureRedirect | xp.EventMask.SubstructureNotify
        self._core.SendEvent(False, self.root, mask, event.pack())
        self._sync()

    def _is_viewable(self, window: int) -> bool:
        return bool(self._core.GetWindowAttributes(window).reply().map_state == xp.MapState.Viewable)

    def _exists(self, window: int, name: str) -> bool:
        reply = self._core.GetProperty(False, window, self._atom(name), xp.GetPropertyType.Any, 0, 0).reply()
        return bool(reply.type)

    def _words(self, window: int, name: str) -> list[int]:
        reply = self._core.GetProperty(False, window, self._atom(name), xp.GetPropertyType.Any, 0, 1024).reply()
        raw = bytes(reply.value.raw)
        return list(struct.unpack(f"={len(raw) // 4}I", raw))

    def _atom(self, name: str) -> int:
        return int(self._core.InternAtom(False, len(name), name).reply().atom)

    def _sync(self) -> None:
        self._core.GetInputFocus().reply()


@contextmanager
def painter(display: str) -> Iterator[Painter]:
    """Connect a Painter; its windows vanish at the end."""
    connection = xcffib.connect(display)
    try:
        yield Painter(connection)
    finally:
        connection.disconnect()
