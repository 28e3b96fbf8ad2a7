"""How much two pictures are the same picture, whatever their sizes, formats and quality: a figure from 0 to 1.

Both are brought to one small size and compared by structure, window by window (SSIM, Wang et al. 2004), where the windows in
which something is to be seen count for more. One that is cut to another shape, as thumbnails are, is looked for in the middle
of the other.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from livepane.downloads.errors import NoPicture
from livepane.downloads.pictures import opened, upright

SAME_PICTURE = 0.65  # from here on two are taken for one picture: other photographs have 0.1, other things on white up to 0.55
SIDE = 64  # px of what is compared
WINDOW = 8  # px
ZOOMS = (0.9, 0.8)  # parts that thumbnails are often cut to
SURE = 0.9  # nothing better is looked for
MIDDLE = 512  # px of the longer side that is kept of each on the way

_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_STILL = 4.0  # variance that an empty window counts as

Pixels = npt.NDArray[np.float64]


def similarity(left: Path, right: Path) -> float | None:
    """0..1, 1 is the same picture; None: one of them is no picture that can be opened.

    Raises:
        OSError: a file cannot be read.
    """
    try:
        one, other = _small(left), _small(right)
    except NoPicture:
        return None
    return round(_figure(one, other), 4)


def _figure(one: Image.Image, other: Image.Image) -> float:
    side = max(WINDOW, min(SIDE, *one.size, *other.size))
    shape, other_shape = one.width / one.height, other.width / other.height
    pairs = [(one, other)]
    if abs(shape / other_shape - 1) > 0.02:
        pairs += [(_cut(one, other_shape), other), (one, _cut(other, shape))]
    for zoom in ZOOMS:
        pairs += [(_cut(one, other_shape, zoom), other), (one, _cut(other, shape, zoom))]
    best = 0.0
    for left, right in pairs:
        best = max(best, _ssim(_square(left, side), _square(right, side)))
        if best > SURE:
            break
    return min(1.0, best)


def _small(path: Path) -> Image.Image:
    with opened(path, MIDDLE, MIDDLE) as image:
        small = upright(image, MIDDLE, MIDDLE).convert("RGBA")
        small.thumbnail((MIDDLE, MIDDLE), Image.Resampling.BOX)
        white = Image.new("RGBA", small.size, "white")
        return Image.alpha_composite(white, small).convert("RGB")


def _cut(image: Image.Image, shape: float, zoom: float = 1.0) -> Image.Image:
    """The middle of it, as wide for its height as `shape` says; `zoom`: that part of what there is of it."""
    width, height = zoom * min(image.width, image.height * shape), zoom * min(image.height, image.width / shape)
    left, top = (image.width - width) / 2, (image.height - height) / 2
    box = (round(left), round(top), max(round(left) + 1, round(left + width)), max(round(top) + 1, round(top + height)))
    return image.crop(box)


def _square(image: Image.Image, side: int) -> Pixels:
    return np.asarray(image.resize((side, side), Image.Resampling.BOX), np.float64)


def _ssim(one: Pixels, other: Pixels) -> float:
    a, b = _windows(one), _windows(other)
    mean_a, mean_b = a.mean(axis=1), b.mean(axis=1)
    var_a, var_b = a.var(axis=1), b.var(axis=1)
    both = ((a - mean_a[:, None]) * (b - mean_b[:, None])).mean(axis=1)
    light = (2 * mean_a * mean_b + _C1) / (mean_a**2 + mean_b**2 + _C1)
    shape = (2 * both + _C2) / (var_a + var_b + _C2)
    weight = np.sqrt(np.maximum(var_a, var_b) + _STILL)
    figure = light * shape
    return float((figure * weight).sum() / weight.sum())


def _windows(pixels: Pixels) -> Pixels:
    """A row for each window and colour."""
    count = pixels.shape[0] // WINDOW
    cut = pixels[: count * WINDOW, : count * WINDOW]
    split = cut.reshape(count, WINDOW, count, WINDOW, 3).transpose(0, 2, 4, 1, 3)
    return split.reshape(count * count * 3, WINDOW * WINDOW)
