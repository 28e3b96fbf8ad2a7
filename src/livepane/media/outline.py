"""The outline of the element that is worked on, and what is done with it, drawn into a picture."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from livepane.domain.stream import Spot

Pixels = npt.NDArray[np.uint8]
Sides = tuple[int, int, int, int]  # left, top, right, bottom in px of the picture; the last two are outside

LINE, EDGE = (255, 176, 32), (12, 14, 18)  # the player's colours: amber between two dark lines is seen on anything
_FONTS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "segoeui.ttf")
_NO_GLYPH = "\U0010fffe"
_LONGEST = 80  # characters of a label


def outlined(pixels: Pixels, spot: Spot) -> Pixels:
    """A copy with the outline, as RGB.

    Args:
        pixels: (height, width, 3) RGB or (height, width, 4) BGRA, of the whole view of `spot`, in any size.
        spot: what is outlined. A label that has characters without a glyph on this machine is left out.
    """
    rgb = np.ascontiguousarray(pixels[:, :, 2::-1] if pixels.shape[2] == 4 else pixels).copy()
    height, width = rgb.shape[:2]
    sides = _sides(spot, width, height)
    if sides is None:
        return rgb
    thick = max(2, round(width / 480))
    _frame(rgb, sides, thick + 1, thick + 2, EDGE)
    _frame(rgb, sides, 0, 1, EDGE)
    _frame(rgb, sides, 1, thick + 1, LINE)
    return _labelled(rgb, sides, spot.label, thick + 2)


def _sides(spot: Spot, width: int, height: int) -> Sides | None:
    """The box in px of the picture; None when nothing of it is in there."""
    if spot.width <= 0 or spot.height <= 0:
        return None
    box = spot.box
    left, right = (_at(place / spot.width, width) for place in (box.x, box.x + box.width))
    top, bottom = (_at(place / spot.height, height) for place in (box.y, box.y + box.height))
    return (left, top, right, bottom) if right > left and bottom > top else None


def _at(part: float, whole: int) -> int:
    """What a producer says may be anything, also endless."""
    return round(min(1.0, max(0.0, part)) * whole)


def _frame(rgb: Pixels, sides: Sides, inner: int, outer: int, colour: tuple[int, int, int]) -> None:
    """Four bars around the box, from `inner` to `outer` px outside of it; at the edge of the picture they are moved in."""
    height, width = rgb.shape[:2]
    left, top = max(outer, sides[0]), max(outer, sides[1])
    right, bottom = min(width - outer, sides[2]), min(height - outer, sides[3])
    rows, columns = slice(top - outer, bottom + outer), slice(left - outer, right + outer)
    rgb[top - outer : top - inner, columns] = colour
    rgb[bottom + inner : bottom + outer, columns] = colour
    rgb[rows, left - outer : left - inner] = colour
    rgb[rows, right + inner : right + outer] = colour


def _labelled(rgb: Pixels, sides: Sides, label: str, gap: int) -> Pixels:
    height, width = rgb.shape[:2]
    font = _font(min(26, max(11, round(width / 85))))
    text = label if len(label) <= _LONGEST else label[: _LONGEST - 3] + "..."
    if not text.strip() or not _can_write(font, text):
        return rgb
    box = font.getbbox(text)
    pad = max(3, round(width / 320))
    wide, high = round(box[2] - box[0]) + 2 * pad, round(box[3] - box[1]) + 2 * pad
    if wide > width or high > height:
        return rgb
    left = min(max(0, sides[0] - gap), width - wide)
    above, below = sides[1] - gap - high, sides[3] + gap
    # Above the element, else below, else inside of it: never out of the picture.
    top = above if above >= 0 else below if below + high <= height else min(max(0, sides[1] + gap), height - high)
    image = Image.fromarray(rgb)
    pen = ImageDraw.Draw(image)
    pen.rectangle((left, top, left + wide - 1, top + high - 1), fill=LINE)
    pen.text((left + pad - box[0], top + pad - box[1]), text, font=font, fill=EDGE)
    return np.asarray(image)


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:  # this machine has none of that name
            continue
    return ImageFont.load_default(size)


def _can_write(font: ImageFont.FreeTypeFont | ImageFont.ImageFont, text: str) -> bool:
    strange = {char for char in text if not " " <= char <= "~"}
    try:
        nothing = bytes(font.getmask(_NO_GLYPH)) if strange else b""
        return all(char.isprintable() and bytes(font.getmask(char)) != nothing for char in strange)
    except (UnicodeError, ValueError):  # a font of bitmaps knows Latin 1 only
        return False
