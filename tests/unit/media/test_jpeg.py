"""The size of a JPEG, read from its header."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
import simplejpeg
from hypothesis import given
from hypothesis import strategies as st

from livepane.domain.errors import BadPicture
from livepane.media.jpeg import jpeg_size


def jpeg(width: int, height: int) -> bytes:
    return bytes(simplejpeg.encode_jpeg(np.zeros((height, width, 3), np.uint8)))


@pytest.mark.parametrize("size", [(1, 1), (1280, 720), (17, 4000)])
def test_the_size_is_read(size: tuple[int, int]) -> None:
    assert jpeg_size(jpeg(*size)) == size


def test_other_segments_and_fill_bytes_before_it_are_skipped() -> None:
    picture = jpeg(30, 20)
    comment = b"\xff\xff\xff\xfe" + (2 + 300).to_bytes(2) + b"c" * 300
    assert jpeg_size(picture[:2] + comment + picture[2:]) == (30, 20)


@given(st.integers(min_value=0, max_value=400))
def test_a_truncated_one_is_read_or_refused(length: int) -> None:
    picture = jpeg(30, 20)[:length]
    with suppress(BadPicture):
        assert jpeg_size(picture) == (30, 20)


@given(st.binary(max_size=200))
def test_noise_is_refused_with_one_error(noise: bytes) -> None:
    for data in (noise, b"\xff\xd8" + noise):
        try:
            width, height = jpeg_size(data)
        except BadPicture:
            continue
        assert 0 <= width < 65_536
        assert 0 <= height < 65_536
