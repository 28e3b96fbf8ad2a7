"""Turning one picture into another encoding, quality and size."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import BadPicture, LivepaneError
from livepane.domain.frame import Encoding, Picture
from livepane.media.image import DEFAULT_QUALITY, Limits, fit, receive, render, satisfies
from tests.pictures import broken_inside, decoded, image, jpeg, picture, raw

ENCODINGS = [Encoding.JPEG, Encoding.PNG, Encoding.WEBP]
SMOOTH = Picture(7, 200, 100, Encoding.RAW, bytes(np.tile(np.linspace(0, 255, 200).astype(np.uint8)[None, :, None], (100, 1, 4))))


def colour(data: bytes) -> tuple[int, int, int]:
    pixels = decoded(data).convert("RGB")
    found = pixels.getpixel((pixels.width // 2, pixels.height // 2))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("size", [(None, None), (32, None), (33, 17)])
@pytest.mark.parametrize("rgb", [(250, 20, 20), (20, 250, 20), (20, 20, 250)])
def test_raw_pixels_keep_their_colours(
    encoding: Encoding, size: tuple[int | None, int | None], rgb: tuple[int, int, int]
) -> None:
    rendered = render(raw(*rgb), RenditionSpec(encoding, None, *size))
    assert near(colour(rendered.data), rgb)


@pytest.mark.parametrize("wanted", ENCODINGS)
@pytest.mark.parametrize("given_as", ENCODINGS)
def test_every_encoding_becomes_every_other(given_as: Encoding, wanted: Encoding) -> None:
    data = {Encoding.JPEG: jpeg(3), Encoding.PNG: image("png", 3), Encoding.WEBP: image("webp", 3)}[given_as]
    rendered = render(Picture(9, 64, 48, given_as, data), RenditionSpec(wanted, None, 40, 40))
    assert (rendered.encoding, rendered.width, rendered.height, rendered.captured_at) == (wanted, 40, 30, 9)
    opened = decoded(rendered.data)
    assert (opened.format, opened.size) == (str(wanted).upper(), (40, 30))


def test_png_keeps_every_pixel() -> None:
    rendered = render(SMOOTH, RenditionSpec(Encoding.PNG))
    assert (np.asarray(decoded(rendered.data))[:, :, 0] == np.linspace(0, 255, 200).astype(np.uint8)).all()


@pytest.mark.parametrize("encoding", [Encoding.JPEG, Encoding.WEBP])
def test_a_lower_quality_makes_fewer_bytes(encoding: Encoding) -> None:
    sizes = [len(render(picture(1, 320, 200), RenditionSpec(encoding, quality, 300, 190)).data) for quality in (10, 40, 80, 100)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1] / 2


def test_what_is_right_already_is_passed_on_untouched() -> None:
    pushed = picture(1)
    for spec in (RenditionSpec(), RenditionSpec(width=64, height=48), RenditionSpec(width=5000, height=5000)):
        assert satisfies(pushed, spec)
        assert render(pushed, spec) is pushed


def test_a_jpeg_of_unknown_quality_is_encoded_when_a_quality_is_asked_for() -> None:
    assert not satisfies(picture(1), RenditionSpec(quality=60))
    known = Picture(1, 64, 48, Encoding.JPEG, jpeg(1), quality=60)
    assert satisfies(known, RenditionSpec(quality=60))
    assert satisfies(known, RenditionSpec(quality=80))
    assert not satisfies(known, RenditionSpec(quality=59))
    assert render(picture(1), RenditionSpec(quality=60)).quality == 60
    assert render(SMOOTH, RenditionSpec()).quality == DEFAULT_QUALITY


@given(
    st.integers(1, 9000),
    st.integers(1, 9000),
    st.none() | st.integers(16, 8192),
    st.none() | st.integers(16, 8192),
)
def test_a_picture_fits_its_box_keeps_its_shape_and_never_grows(
    width: int, height: int, box_width: int | None, box_height: int | None
) -> None:
    fitted = fit(width, height, box_width, box_height)
    assert 1 <= fitted[0] <= min(width, box_width or width)
    assert 1 <= fitted[1] <= min(height, box_height or height)
    if min(fitted) > 20:
        assert abs(fitted[0] / fitted[1] - width / height) / (width / height) < 0.06


def test_extreme_shapes_are_scaled_too() -> None:
    for width, height in ((2000, 1), (1, 2000)):
        rendered = render(raw(9, 9, 9, width, height), RenditionSpec(Encoding.JPEG, None, 100, 100))
        assert decoded(rendered.data).size == (rendered.width, rendered.height)


@pytest.mark.parametrize("mode", ["L", "P", "1", "RGBA", "LA", "I;16", "CMYK"])
def test_unusual_colours_are_shown_or_refused(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (64, 48)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    pushed = receive(out.getvalue(), Limits(10**7, 10**7))
    with contextlib.suppress(BadPicture):
        assert decoded(render(pushed, RenditionSpec(Encoding.JPEG, 50, 32, 32)).data).size == (32, 24)


def test_a_jpeg_with_a_corrupt_body_is_one_error() -> None:
    with pytest.raises(BadPicture, match="cannot be decoded"):
        render(Picture(1, 64, 48, Encoding.JPEG, broken_inside(jpeg())), RenditionSpec(Encoding.PNG))


@given(
    st.sampled_from([jpeg(), image("png"), image("webp")]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20),
    st.sampled_from(ENCODINGS),
)
def test_whatever_was_let_in_is_rendered_or_one_error(data: bytes, damage: list[tuple[int, int]], wanted: Encoding) -> None:
    damaged = bytearray(data)
    for at, value in damage:
        damaged[at % len(damaged)] = value
    with contextlib.suppress(LivepaneError):
        pushed = receive(bytes(damaged), Limits(10**6, 10**5))
        render(pushed, RenditionSpec(wanted, 50, 20, 20))
