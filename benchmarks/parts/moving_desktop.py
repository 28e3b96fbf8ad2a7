"""A full-screen X window that scrolls a wall of text-like blocks under a painted time code. Says `ready` once it is shown.

The wall is uploaded once and copied by the X server, so that the painter itself costs next to nothing.
"""

from __future__ import annotations

import argparse
import time

import numpy
import xcffib
import xcffib.xproto as x

from benchmarks.parts import timecode
from benchmarks.parts.display import HEIGHT, WIDTH

_WALL = HEIGHT * 2
_STEP = 6  # px a repaint
_ROWS = 30  # rows in one upload: an X request is at most 256 KB


def main() -> None:
    """Paint until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--display", required=True)
    parser.add_argument("--hz", type=float, required=True)
    options = parser.parse_args()
    connection = xcffib.connect(display=options.display)
    screen = connection.get_setup().roots[connection.pref_screen]
    window, wall, pen = (connection.generate_id() for _ in range(3))
    core = connection.core
    mask, values = x.CW.BackPixel | x.CW.OverrideRedirect, [0, 1]
    core.CreateWindow(24, window, screen.root, 0, 0, WIDTH, HEIGHT, 0, x.WindowClass.InputOutput, 0, mask, values)
    core.CreateGC(pen, window, x.GC.GraphicsExposures, [0])
    core.CreatePixmap(24, wall, screen.root, WIDTH, _WALL)
    pixels = _text_like()
    for top in range(0, _WALL, _ROWS):
        rows = pixels[top : top + _ROWS].tobytes()
        core.PutImage(x.ImageFormat.ZPixmap, wall, pen, WIDTH, _ROWS, 0, top, 0, 24, len(rows), rows)
    core.MapWindow(window)
    _sync(connection)
    print("ready", flush=True)
    due, step = time.monotonic(), 0
    while True:
        time.sleep(max(0.0, due - time.monotonic()))
        due = max(due + 1 / options.hz, time.monotonic() - 1)
        step = (step + _STEP) % (_WALL - HEIGHT)
        core.CopyArea(wall, window, pen, 0, step, 0, timecode.HEIGHT, WIDTH, HEIGHT - timecode.HEIGHT)
        white = timecode.blocks(time.time() * 1000)
        for colour, wanted in ((0x000000, False), (0xFFFFFF, True)):
            areas = [
                x.RECTANGLE.synthetic(number * WIDTH // timecode.BITS, 0, WIDTH // timecode.BITS, timecode.HEIGHT)
                for number, is_white in enumerate(white)
                if is_white == wanted
            ]
            core.ChangeGC(pen, x.GC.Foreground, [colour])
            core.PolyFillRectangle(window, pen, len(areas), areas)
        connection.flush()


def _text_like() -> numpy.ndarray[tuple[int, int, int], numpy.dtype[numpy.uint8]]:
    """Dark strokes of letter size on light paper, with a coloured panel here and there (BGRX rows)."""
    random = numpy.random.default_rng(3)
    pixels = numpy.full((_WALL, WIDTH, 4), 245, numpy.uint8)
    for top in range(0, _WALL, 120):
        for left in range(0, WIDTH, 320):
            pixels[top : top + 110, left : left + 310, :3] = random.integers(200, 255, 3)
            ink = (random.random((5, 52)) < 0.7).repeat(10, 0).repeat(4, 1)[:, :200]
            ink &= (random.random((25, 100)) < 0.6).repeat(2, 0).repeat(2, 1)
            for line, rows in enumerate(numpy.split(ink, 5)):
                at = top + 10 + line * 20
                pixels[at : at + 10, left + 10 : left + 210, :3][rows] = 40
    return pixels


def _sync(connection: xcffib.Connection) -> None:
    connection.core.GetInputFocus().reply()


if __name__ == "__main__":
    main()
