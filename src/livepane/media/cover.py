"""Parts of a picture painted over with one flat colour: nothing of what was there is left in it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from livepane.media.patch import Patch

Pixels = npt.NDArray[np.uint8]

PAINT = (46, 52, 64)  # slate: plain on light and on dark pages
BLOCK = 8  # px: JPEG smears what it shows over the blocks of 8 px that it is in, so whole blocks are painted


def covered(pixels: Pixels, patches: Iterable[Patch]) -> Pixels:
    """A copy with the patches painted over, as RGB.

    Args:
        pixels: (height, width, 3) RGB or (height, width, 4) BGRA.
        patches: what is to go; outwards to whole blocks of JPEG. What is not a number covers everything.
    """
    rgb = np.ascontiguousarray(pixels[:, :, 2::-1] if pixels.shape[2] == 4 else pixels).copy()
    height, width = rgb.shape[:2]
    for patch in patches:
        left, right = _span(patch.left, patch.right, width)
        top, bottom = _span(patch.top, patch.bottom, height)
        rgb[top:bottom, left:right] = PAINT
    return rgb


def _span(begin: float, end: float, whole: int) -> tuple[int, int]:
    if not (math.isfinite(begin) and math.isfinite(end)):
        return 0, whole
    first = math.floor(begin * whole) // BLOCK * BLOCK
    last = math.ceil(math.ceil(end * whole) / BLOCK) * BLOCK
    return max(0, first), max(0, min(whole, last))
