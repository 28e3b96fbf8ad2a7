"""What is painted over is gone, in any encoding, to the blocks that a JPEG smears it over."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from livepane.domain.demand import RenditionSpec
from livepane.domain.frame import Encoding, Picture
from livepane.media.cover import BLOCK, PAINT, covered
from livepane.media.image import paint_over, render
from livepane.media.patch import Patch

SECRET, PAGE = (255, 0, 255), (255, 255, 255)


def page_with_secret() -> np.ndarray:
    """320 x 200, white, with a box of stripes from (100, 60) to (180, 90)."""
    pixels = np.full((200, 320, 3), PAGE, np.uint8)
    pixels[60:90:2, 100:180] = SECRET
    return pixels


def magenta(pixels: np.ndarray) -> int:
    """How many pixels have something of the secret."""
    wide = pixels.astype(int)
    return int(((wide[:, :, 0] + wide[:, :, 2]) / 2 - wide[:, :, 1] > 24).sum())


def test_nothing_of_a_box_is_left_and_everything_else_is_as_it_was() -> None:
    before = page_with_secret()
    after = covered(before, [Patch(100 / 320, 60 / 200, 180 / 320, 90 / 200)])
    assert magenta(before) > 0
    assert magenta(after) == 0
    painted = (after == np.array(PAINT, np.uint8)).all(axis=2)
    rows, columns = np.flatnonzero(painted.any(axis=1)), np.flatnonzero(painted.any(axis=0))
    assert (rows[0], rows[-1] + 1, columns[0], columns[-1] + 1) == (56, 96, 96, 184)
    assert all(edge % BLOCK == 0 for edge in (56, 96, 96, 184))
    assert (after[~painted] == before[~painted]).all()


def test_a_patch_outside_of_the_picture_is_nothing_and_one_that_is_no_number_is_all_of_it() -> None:
    before = page_with_secret()
    assert (covered(before, [Patch(-0.5, -0.5, -0.1, -0.1), Patch(1.1, 0.0, 1.2, 1.0)]) == before).all()
    assert (covered(before, [Patch(float("nan"), 0.0, 0.1, 1.0)]) == np.array(PAINT, np.uint8)).all()
    assert (covered(before, [Patch(-3.0, -3.0, 4.0, 4.0)]) == np.array(PAINT, np.uint8)).all()


@pytest.mark.parametrize("quality", [10, 60, 95])
def test_a_jpeg_shows_nothing_of_it_next_to_the_patch_either(quality: int) -> None:
    raw = np.dstack([page_with_secret()[:, :, ::-1], np.zeros((200, 320, 1), np.uint8)])
    shot = Picture(7, 320, 200, Encoding.RAW, np.ascontiguousarray(raw).tobytes())
    jpeg = render(shot, RenditionSpec(Encoding.JPEG, quality))
    masked = paint_over(jpeg, [Patch(100 / 320, 60 / 200, 180 / 320, 90 / 200)])
    assert (masked.captured_at, masked.width, masked.height, masked.encoding, masked.quality) == (
        7,
        320,
        200,
        Encoding.JPEG,
        quality,
    )
    assert magenta(np.asarray(Image.open(io.BytesIO(masked.data)))) == 0


def test_a_picture_without_patches_is_the_same_object() -> None:
    picture = Picture(0, 1, 1, Encoding.JPEG, b"whatever")
    assert paint_over(picture, []) is picture
