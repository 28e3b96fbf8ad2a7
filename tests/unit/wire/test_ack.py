"""An acknowledgement as 20 bytes."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.domain.errors import BadRequest
from livepane.wire import ack
from livepane.wire.messages import Ack

U32 = st.integers(0, 2**32 - 1)


@given(channel=U32, epoch=U32, seq=U32, age=st.none() | st.floats(width=32, allow_nan=False))
def test_what_goes_in_comes_out(channel: int, epoch: int, seq: int, age: float | None) -> None:
    said = ack.decode(ack.encode(Ack.model_construct(channel=channel, epoch=epoch, seq=seq, age=age)))
    assert said[:3] == (channel, epoch, seq)
    assert math.isnan(said[3]) if age is None else said[3] == age


@given(st.binary(max_size=40))
def test_whatever_the_bytes_are_there_is_one_error(message: bytes) -> None:
    with contextlib.suppress(BadRequest):
        ack.decode(message)


@pytest.mark.parametrize("message", [b"", b"\x01\x01", b"\x01\x01" + bytes(17), b"\x01\x01" + bytes(19), b"\x02\x01" + bytes(18)])
def test_what_is_not_one_is_refused(message: bytes) -> None:
    with pytest.raises(BadRequest, match="20 bytes"):
        ack.decode(message)
