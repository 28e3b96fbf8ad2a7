"""The outline that is drawn into pictures: at its place in every size, and never a reason to lose the picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livepane.domain.demand import RenditionSpec
from livepane.domain.frame import Encoding, Picture
from livepane.domain.stream import Box, Spot
from livepane.media.image import render
from livepane.media.outline import LINE, outlined

Pixels = npt.NDArray[np.uint8]


def spot(x: float, y: float, width: float, height: float, label: str = "") -> Spot:
    """Of a view of 1000 x 500."""
    return Spot(label, "h1", Box(x, y, width, height), 1000, 500)


def lines(pixels: Pixels) -> Pixels:
    """Where the colour of the outline is."""
    found: Pixels = (pixels == np.array(LINE, np.uint8)).all(axis=2)
    return found


def extent(pixels: Pixels) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what has that colour."""
    rows, columns = np.nonzero(lines(pixels))
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


@pytest.mark.parametrize("size", [(1000, 500), (2000, 1000), (500, 250), (320, 160)])
def test_it_lies_around_the_element_whatever_the_size_of_the_picture(size: tuple[int, int]) -> None:
    white = np.full((size[1], size[0], 3), 255, np.uint8)
    left, top, right, bottom = extent(outlined(white, spot(200, 100, 300, 150)))
    scale = size[0] / 1000
    for found, wanted in ((left, 200), (top, 100), (right, 500), (bottom, 250)):
        assert abs(found - wanted * scale) <= 8 * max(1.0, scale)
    assert not lines(white).any()  # what came in is as it was


def test_what_is_inside_of_the_element_stays_as_it_is() -> None:
    noise = np.random.default_rng(1).integers(0, 250, (500, 1000, 3), np.uint8)
    inside = (slice(102, 248), slice(202, 498))
    assert (outlined(noise, spot(200, 100, 300, 150))[inside] == noise[inside]).all()


def test_the_label_stands_beside_the_element_and_inside_of_the_picture() -> None:
    white = np.full((500, 1000, 3), 255, np.uint8)
    for place in (spot(200, 100, 300, 150, "Reading"), spot(900, 0, 100, 100, "Reading"), spot(0, 0, 1000, 500, "Reading")):
        plain = Spot("", place.selector, place.box, place.width, place.height)
        assert lines(outlined(white, place)).sum() > lines(outlined(white, plain)).sum() + 200


def test_a_picture_of_raw_pixels_is_outlined_in_the_right_colour() -> None:
    raw = Picture(1, 1000, 500, Encoding.RAW, bytes(1000 * 500 * 4))
    rendered = render(raw, RenditionSpec(Encoding.PNG, outlined=True), spot(200, 100, 300, 150))
    assert rendered.encoding is Encoding.PNG
    assert lines(outlined(np.zeros((500, 1000, 4), np.uint8), spot(200, 100, 300, 150))).any()


@settings(deadline=None, max_examples=60)
@given(
    st.tuples(*[st.floats(-1e300, 1e300) for _ in range(4)]),
    st.tuples(st.floats(1e-300, 1e300), st.floats(1e-300, 1e300)),
    st.text(max_size=40),
)
def test_whatever_a_producer_says_a_picture_comes_out(
    box: tuple[float, float, float, float], view: tuple[float, float], label: str
) -> None:
    black = np.zeros((60, 90, 3), np.uint8)
    assert outlined(black, Spot(label, None, Box(*box), *view)).shape == (60, 90, 3)
