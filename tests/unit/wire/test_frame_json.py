"""JSON frames, exactly as existing clients read them."""

from __future__ import annotations

import base64
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.domain.errors import BadRequest, WindowNotFound
from livepane.domain.frame import Encoding, Frame, Picture
from livepane.wire import frame_json

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.mark.parametrize("encoding", [Encoding.JPEG, Encoding.PNG, Encoding.WEBP])
def test_a_frame_has_the_fields_of_the_contract(encoding: Encoding) -> None:
    picture = Picture(1_700_000_000_123_000_000, 1280, 720, encoding, b"\x00\xff image")
    message = json.loads(frame_json.frame_message(Frame(1, 17, picture), "a session"))
    assert set(message) == {"type", "timestamp", "session_id", "data"}
    assert (message["type"], message["session_id"]) == ("frame", "a session")
    assert ISO.fullmatch(message["timestamp"])
    assert message["data"] == {
        "frame_number": 17,
        "width": 1280,
        "height": 720,
        "format": str(encoding),
        "data_url": f"data:image/{encoding};base64," + base64.b64encode(picture.data).decode(),
        "size": len(picture.data),
        "timestamp": "2023-11-14T22:13:20.123Z",
    }


@given(st.binary(max_size=200), st.text())
def test_any_bytes_and_any_session_make_valid_json(data: bytes, session: str) -> None:
    message = json.loads(frame_json.frame_message(Frame(1, 1, Picture(0, 1, 1, Encoding.PNG, data)), session))
    assert message["session_id"] == session
    assert base64.b64decode(message["data"]["data_url"].partition(",")[2]) == data


def test_an_error_has_a_code_and_a_message() -> None:
    assert json.loads(frame_json.error_message(WindowNotFound("no window 7")))["error"] == {
        "code": "window_not_found",
        "message": "no window 7",
    }
    assert json.loads(frame_json.error_message(BadRequest("x")))["type"] == "error"


@pytest.mark.parametrize("kind", ["stats", "status", "session_started", "session_updated"])
def test_other_messages_carry_their_type_session_and_data(kind: str) -> None:
    message = json.loads(frame_json.message(kind, "s", {"fps": 3}))
    assert (message["type"], message["session_id"], message["data"]) == (kind, "s", {"fps": 3})
