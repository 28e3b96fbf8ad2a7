"""Something that moves, for a screen that has nothing else: bars that count the tenths of seconds, until it is ended."""

from __future__ import annotations

import os
import time
from typing import Any

BARS, EVERY = 12, 0.2


def main() -> None:
    """Paint on DISPLAY."""
    import xcffib
    import xcffib.xproto

    connection = xcffib.connect(os.environ["DISPLAY"])
    root: Any = connection.get_setup().roots[0]
    pen = connection.generate_id()
    connection.core.CreateGC(pen, root.root, xcffib.xproto.GC.Foreground, [0])
    width, height = root.width_in_pixels // BARS, root.height_in_pixels
    while True:
        now = int(time.time() / EVERY)
        for bar in range(BARS):
            lit = now >> (BARS - 1 - bar) & 1
            connection.core.ChangeGC(pen, xcffib.xproto.GC.Foreground, [0x3B82F6 if lit else 0x0F172A])
            place = xcffib.xproto.RECTANGLE.synthetic(bar * width, 0, width - 4, height)
            connection.core.PolyFillRectangle(root.root, pen, 1, [place])
        connection.flush()
        time.sleep(EVERY)


if __name__ == "__main__":
    main()
