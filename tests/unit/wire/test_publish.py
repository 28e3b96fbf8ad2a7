"""What `POST /publish` takes, read from bytes that may be anything."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livepane.domain.errors import BadRequest
from livepane.wire.publish import EVERY_RANGE, MISSING, Publication
from tests.pictures import jpeg

TEXT = base64.b64encode(jpeg()).decode()


def read(**said: Any) -> Publication:
    return Publication.read(json.dumps({"frame": TEXT, **said}).encode())


@pytest.mark.parametrize(
    "frame",
    [
        TEXT,
        f"data:image/jpeg;base64,{TEXT}",
        f"DATA:image/jpeg;charset=utf-8;BASE64,{TEXT}",
        f"data:;base64,{TEXT}",
        base64.encodebytes(jpeg()).decode(),  # in lines, as the command `base64` writes it
        base64.urlsafe_b64encode(jpeg()).decode(),
        TEXT.rstrip("="),
    ],
)
def test_a_picture_is_read_however_its_base64_is_written(frame: str) -> None:
    assert read(frame=frame).image() == jpeg()


def test_a_large_picture_is_read_byte_for_byte() -> None:
    data = bytes(range(256)) * 4000 + b"end"
    assert read(frame=base64.b64encode(data).decode()).image() == data


@pytest.mark.parametrize("body", [b"", b" \n", b"{}", b'{"frame":null}', b'{"frame":""}', b'{"frame":"data:image/png;base64,"}'])
def test_a_missing_frame_is_told_in_the_words_that_clients_know(body: bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        Publication.read(body).image()
    assert refused.value.message == MISSING == "Missing frame data"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"<!doctype html><p>not a picture", "no JSON"),
        (b'{"frame": "abc', "no JSON"),
        (b"[1]", "no JSON object"),
        (b'"' + TEXT.encode() + b'"', "no JSON object"),
        (b"[" * 100_000, "no JSON"),
        (b'{"frame": "\xff"}', "no JSON"),
        (b'{"frame": 5}', "frame = 5"),
        (b'{"frame": "<!doctype html>"}', "<!doctype html>"),
        (b'{"frame": "data:image/svg+xml,<svg/>"}', "without base64"),
        (b'{"frame": "AAA=AAAA"}', "no base64"),
        (b'{"frame": "AAAA", "source": 7}', "source = 7"),
        (b'{"frame": "AAAA", "source": "a/b"}', "source = 'a/b'"),
        (b'{"frame": "AAAA", "source": "a\\nb"}', "source ="),
        (b'{"frame": "AAAA", "source": "' + b"x" * 10_240 + b'"}', "10,240 characters"),
        (b'{"frame": "AAAA", "title": ["x"]}', "title ="),
        (b'{"frame": "AAAA", "title": "\\ud800"}', "no JSON"),
        (b'{"frame": "AAAA", "url": 1}', "url = 1"),
        (b'{"frame": "AAAA", "every_ms": 0}', "every_ms = 0"),
        (b'{"frame": "AAAA", "every_ms": true}', "every_ms = True"),
        (b'{"frame": "AAAA", "every_ms": ' + b"9" * 300 + b"}", "every_ms ="),
    ],
)
def test_what_is_wrong_is_named_and_the_answer_stays_short(body: bytes, named: str) -> None:
    with pytest.raises(BadRequest) as refused:
        Publication.read(body).image()
    assert named in refused.value.message
    assert len(refused.value.message) < 300


@pytest.mark.parametrize(
    ("said", "read_as"),
    [
        (1_700_000_000, 1_700_000_000_000),
        (1_700_000_000.25, 1_700_000_000_250),
        (1_700_000_000_123, 1_700_000_000_123),
        ("1700000000123", 1_700_000_000_123),
        ("2023-11-14T22:13:20Z", 1_700_000_000_000),
        ("2023-11-14T23:13:20.500+01:00", 1_700_000_000_500),
        ("2023-11-14T22:13:20", 1_700_000_000_000),
    ],
)
def test_a_time_is_read_in_every_form_that_clients_send(said: object, read_as: int) -> None:
    taken_at = read(timestamp=said).taken_at
    assert taken_at is not None
    assert round(taken_at / 1e6) == read_as


@pytest.mark.parametrize("said", [None, "", "yesterday", "9999-99-99", 0, -5, 1e300, True, [1], {"at": 1}])
def test_a_time_that_nobody_understands_counts_as_none(said: object) -> None:
    assert read(timestamp=said).taken_at is None


def test_who_names_no_source_is_default() -> None:
    assert [str(read(source=name).stream) for name in (None, "", "default", "till 4")] == [
        "tab:default",
        "tab:default",
        "tab:default",
        "tab:till 4",
    ]


def test_unknown_fields_are_passed_over() -> None:
    one = read(title="Till", url="https://example.org/", every_ms=EVERY_RANGE[0] * 1000, tabId=4, type="frame")
    assert (one.title, one.url, one.every) == ("Till", "https://example.org/", EVERY_RANGE[0])


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()) | st.just({"at": 1})


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["frame", "source", "title", "url", "timestamp", "every_ms"]), anything))
def test_no_body_is_anything_but_a_picture_or_a_bad_request(said: dict[str, Any]) -> None:
    try:
        Publication.read(json.dumps(said).encode()).image()
    except BadRequest as error:
        assert error.message  # noqa: PT017


@given(st.binary())
def test_nor_are_any_bytes(body: bytes) -> None:
    with pytest.raises(BadRequest):
        Publication.read(body)
