"""The 32-byte header of a picture."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.domain.errors import BadPicture
from livepane.domain.frame import Encoding, Frame, Picture
from livepane.wire import frame_binary

U32 = st.integers(0, 2**32 - 1)
FRAMES = st.builds(
    Frame,
    epoch=U32,
    seq=U32,
    is_key=st.booleans(),
    picture=st.builds(
        Picture,
        captured_at=st.integers(0, 2**63).map(lambda us: us * 1000),
        width=U32,
        height=U32,
        encoding=st.sampled_from([Encoding.JPEG, Encoding.PNG, Encoding.WEBP]),
        data=st.binary(min_size=1, max_size=100),
    ),
)


@given(frame=FRAMES, channel=U32)
def test_what_goes_in_comes_out(frame: Frame, channel: int) -> None:
    decoded = frame_binary.decode(frame_binary.encode(frame, channel))
    assert (decoded.channel, decoded.frame) == (channel, frame)


def test_the_header_is_what_the_document_says() -> None:
    picture = Picture(1_700_000_000_000_001_999, 0x0102, 0x0304, Encoding.WEBP, b"image")
    message = frame_binary.encode(Frame(0x0A0B0C0D, 5, picture, is_key=True), 7)
    assert message[:4] == bytes([1, 3, 0, 1])
    assert message[4:8] == bytes([0, 0, 0, 7])
    assert message[8:12] == bytes([10, 11, 12, 13])
    assert message[12:16] == bytes([0, 0, 0, 5])
    assert int.from_bytes(message[16:24], "big") == 1_700_000_000_000_001  # microseconds
    assert message[24:32] == bytes([0, 0, 1, 2, 0, 0, 3, 4])
    assert message[32:] == b"image"


@given(st.binary(max_size=200))
def test_whatever_the_bytes_are_there_is_one_error(message: bytes) -> None:
    with contextlib.suppress(BadPicture):
        frame_binary.decode(message)


@given(message=st.binary(min_size=33, max_size=64).map(lambda tail: b"\x01\x01" + tail))
def test_random_headers_are_read_or_refused(message: bytes) -> None:
    assert frame_binary.decode(message).frame.picture.data == message[32:]


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (b"", "0 bytes"),
        (b"\x01" * 32, "32 bytes"),
        (b"\x02\x01" + bytes(40), "version 2"),
        (b"\x01\x04" + bytes(40), "encoding 4"),
        (b"\x01\x00" + bytes(40), "encoding 0"),
    ],
)
def test_an_error_names_the_value(message: bytes, named: str) -> None:
    with pytest.raises(BadPicture, match=named):
        frame_binary.decode(message)
