"""The binary form of the DevTools protocol, against itself, against Chromium's own bytes, and against noise."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.browsers import cbor
from livepane.domain.errors import Unavailable

INTEGERS = st.integers(min_value=-(2**31), max_value=2**31 - 1)
SCALARS = st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False) | st.text() | st.binary()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(st.dictionaries(st.text(), VALUES))
def test_what_is_written_is_read(message: dict[str, Any]) -> None:
    written = cbor.dumps(message)
    assert cbor.message_size(written) == len(written)
    assert cbor.loads(written) == message


CHROMIUMS_ANSWER = (
    b"\xd8\x18\x5a\x00\x00\x00\x47\xbf\x62id\x01\x66result\xd8\x18\x5a\x00\x00\x00\x33\xbf\x6fprotocolVersion\x631.3"
    b"\x67product\x74Chrome/156.0.8078.79\xff\xff"
)  # to Browser.getVersion, shortened


def test_an_answer_of_chromium_is_read() -> None:
    assert cbor.loads(CHROMIUMS_ANSWER) == {
        "id": 1,
        "result": {"protocolVersion": "1.3", "product": "Chrome/156.0.8078.79"},
    }


def test_an_answer_that_is_cut_off_is_refused() -> None:
    for length in range(len(CHROMIUMS_ANSWER)):
        with pytest.raises(Unavailable):
            cbor.loads(CHROMIUMS_ANSWER[:length])


def test_text_that_chromium_holds_in_utf_16_is_text() -> None:
    title = "日本".encode("utf-16-le")
    body = b"\xbf\x65title" + bytes([0x40 | len(title)]) + title + b"\xff"
    assert cbor.loads(b"\xd8\x18\x5a" + len(body).to_bytes(4) + body) == {"title": "日本"}


def test_a_picture_arrives_as_its_bytes() -> None:
    picture = bytes(range(256)) * 300
    assert cbor.loads(cbor.dumps({"data": picture})) == {"data": picture}


def test_a_number_over_32_bits_is_sent_as_a_double() -> None:
    assert cbor.loads(cbor.dumps({"n": 2**40})) == {"n": float(2**40)}


@given(st.integers(min_value=0, max_value=6))
def test_the_size_is_unknown_until_the_header_is_there(length: int) -> None:
    assert cbor.message_size(cbor.dumps({})[:length]) is None


@given(st.binary(max_size=300))
def test_noise_is_refused_with_one_error(noise: bytes) -> None:
    for message in (noise, b"\xd8\x18\x5a" + len(noise).to_bytes(4) + noise):
        try:
            value = cbor.loads(message)
        except Unavailable:
            continue
        assert isinstance(value, dict)


@given(st.dictionaries(st.text(), VALUES, min_size=1), st.data())
def test_a_message_with_one_wrong_byte_is_read_or_refused(message: dict[str, Any], data: st.DataObject) -> None:
    written = bytearray(cbor.dumps(message))
    written[data.draw(st.integers(0, len(written) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Unavailable):
        cbor.loads(bytes(written))


def test_a_message_that_is_nested_without_end_is_refused() -> None:
    with pytest.raises(Unavailable, match="too deep"):
        cbor.loads(b"\x9f" * 100_000)


def test_the_start_of_something_else_is_refused() -> None:
    with pytest.raises(Unavailable, match="carries no message"):
        cbor.message_size(b'{"id":1,"result":{}}')


def test_what_the_protocol_cannot_carry_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="object cannot be sent"):
        cbor.dumps({"x": object()})
