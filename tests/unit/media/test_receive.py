"""What a picture from outside may be: decided on its header, before anything is decoded."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from livepane.domain.errors import BadPicture, BadRequest, TooLarge
from livepane.domain.frame import Encoding
from livepane.media.image import Limits, receive
from tests.pictures import claiming, image, jpeg, png_claiming, without_end

LIMITS = Limits(max_bytes=10 * 2**20, max_pixels=33_177_600)
WHOLE = {Encoding.JPEG: jpeg(), Encoding.PNG: image("png"), Encoding.WEBP: image("webp")}


@pytest.mark.parametrize("encoding", list(WHOLE))
def test_a_picture_is_told_by_its_content_and_kept_byte_for_byte(encoding: Encoding) -> None:
    before = time.time_ns()
    picture = receive(WHOLE[encoding], LIMITS)
    assert (picture.encoding, picture.width, picture.height) == (encoding, 64, 48)
    assert picture.data == WHOLE[encoding]
    assert before <= picture.captured_at <= time.time_ns()
    assert receive(WHOLE[encoding], LIMITS, captured_at=5).captured_at == 5


@pytest.mark.parametrize("kind", ["gif", "bmp", "tiff", "ico"])
def test_other_formats_are_refused(kind: str) -> None:
    with pytest.raises(BadPicture, match="not a JPEG, PNG or WebP"):
        receive(image(kind), LIMITS)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\xff\xd8", b"hello", b"<svg/>", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n", bytes(1000)]
)
def test_what_is_not_a_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadPicture):
        receive(data, LIMITS)


@pytest.mark.parametrize("encoding", list(WHOLE))
def test_a_picture_that_is_cut_off_is_refused_wherever_the_cut_is(encoding: Encoding) -> None:
    data = WHOLE[encoding]
    for size in (*range(100), len(data) // 2, len(data) - 100, len(data) - 1):
        with pytest.raises(BadPicture):
            receive(data[:size], LIMITS)
    with pytest.raises(BadPicture, match="not a" if encoding is Encoding.WEBP else "cut off"):
        receive(without_end(data), LIMITS)


@pytest.mark.parametrize("data", [claiming(30_000, 30_000), png_claiming(30_000, 30_000), png_claiming(2**31 - 1, 2**31 - 1)])
def test_a_picture_that_claims_to_be_huge_is_refused_by_its_size(data: bytes) -> None:
    with pytest.raises(TooLarge) as refused:
        receive(data, LIMITS)
    assert "pixels" in refused.value.message


def test_the_message_names_what_it_claims_and_what_is_allowed() -> None:
    with pytest.raises(TooLarge, match=r"30000 x 30000 pixels \(900\.0 MP\).*33\.2 MP.*LIVEPANE_MAX_FRAME_PIXELS"):
        receive(claiming(30_000, 30_000), LIMITS)
    with pytest.raises(TooLarge, match=r"at most 100 are taken \(LIVEPANE_MAX_FRAME_BYTES\)"):
        receive(jpeg(), Limits(100, 10**9))


def test_the_limits_themselves_are_allowed() -> None:
    data = jpeg()
    assert receive(data, Limits(len(data), 64 * 48)).width == 64
    for limits in (Limits(len(data) - 1, 64 * 48), Limits(len(data), 64 * 48 - 1)):
        with pytest.raises(TooLarge):
            receive(data, limits)


@pytest.mark.parametrize("data", [claiming(0, 48), claiming(64, 0), claiming(0, 0), png_claiming(0, 10), png_claiming(10, 0)])
def test_a_picture_without_a_single_pixel_is_refused(data: bytes) -> None:
    with pytest.raises(BadPicture):
        receive(data, LIMITS)


@given(st.sampled_from(list(WHOLE.values())), st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=12))
def test_a_damaged_header_is_read_or_refused_and_nothing_else(data: bytes, damage: list[tuple[int, int]]) -> None:
    damaged = bytearray(data)
    for at, value in damage:
        damaged[at % len(damaged)] = value
    with contextlib.suppress(BadRequest, TooLarge):
        picture = receive(bytes(damaged), LIMITS)
        assert picture.width > 0
        assert picture.height > 0


@given(
    st.sampled_from([b"", b"\xff\xd8", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"RIFF\xff\0\0\0WEBPVP8 "]),
    st.binary(max_size=300),
)
@example(b"\xff\xd8", b"\xff" * 300)
def test_whatever_the_bytes_are_there_is_one_error(start: bytes, rest: bytes) -> None:
    with contextlib.suppress(BadRequest, TooLarge):
        receive(start + rest, LIMITS)
