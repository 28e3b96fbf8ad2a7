"""Pixels of X windows and pixmaps, through memory shared with the X server, copied once and only when they changed."""

from __future__ import annotations

from dataclasses import dataclass

import xcffib
import xcffib.shm
import xcffib.xproto as xp

from livepane.domain.errors import Unavailable
from livepane.sources.x11.display import Display
from livepane.sources.x11.shared_memory import SharedMemory, can_share

_ALL_PLANES = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a drawable, in px."""

    x: int
    y: int
    width: int
    height: int

    def overlaps(self, x: int, y: int, width: int, height: int) -> bool:
        """Whether the two have a pixel in common."""
        return x < self.x + self.width and self.x < x + width and y < self.y + self.height and self.y < y + height


class Images:
    """Grabs pictures as BGRX rows and knows the last one. The fourth byte of a pixel is whatever the server left there."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._shared: SharedMemory | None = None
        self._can_share = can_share(display)
        self._last: bytes | None = None
        self._check_format()

    def grab(self, drawable: int, area: Area) -> bytes | None:
        """The pixels of an area; None when they are those of the last grab.

        Raises:
            xcffib.xproto.MatchError: the area is not inside the drawable.
            xcffib.xproto.DrawableError: there is no such drawable.
        """
        size = area.width * area.height * 4
        if self._can_share and (self._shared is None or self._shared.size < size):
            self._enlarge(size)
        box = (area.x, area.y, area.width, area.height)
        if self._shared is not None:
            shm = self._display.connection(xcffib.shm.key)
            shm.GetImage(drawable, *box, _ALL_PLANES, xp.ImageFormat.ZPixmap, self._shared.segment, 0).reply()
            if self._shared.equals(self._last, size):
                return None
            self._last = self._shared.copy(size)
            return self._last
        cookie = self._display.core.GetImage(xp.ImageFormat.ZPixmap, drawable, *box, _ALL_PLANES)
        # Not cookie.reply(): that makes a Python list with an int for every byte, 140 ms for 1080p instead of 5.
        answer = self._display.connection.wait_for_reply(cookie.sequence)
        pixels = bytes(answer.buf[32 : 32 + size])
        if pixels == self._last:
            return None
        self._last = pixels
        return pixels

    def forget(self) -> None:
        """Give the next picture even if it equals the last."""
        self._last = None

    def close(self) -> None:
        """Give the shared memory back."""
        if self._shared is not None:
            self._shared.close()
            self._shared = None

    def _enlarge(self, size: int) -> None:
        self.close()
        try:
            self._shared = SharedMemory(self._display, size)
        except (xcffib.Error, OSError):
            self._can_share = False  # a server behind a proxy: pixels come through the socket, three times slower

    def _check_format(self) -> None:
        setup = self._display.connection.setup
        formats = {one.depth: (one.bits_per_pixel, one.scanline_pad) for one in setup.pixmap_formats}
        depth = self._display.screen.root_depth
        if depth not in (24, 32) or formats.get(depth) != (32, 32) or setup.image_byte_order != xp.ImageOrder.LSBFirst:
            raise Unavailable(
                f"display {self._display.name} has {depth}-bit colours in a format that is not read; "
                "run it with 24-bit colours (Xvfb -screen 0 1920x1080x24)"
            )
