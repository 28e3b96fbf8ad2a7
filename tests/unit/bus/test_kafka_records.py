"""Records are read as they were written; whatever else stands there is one of two errors."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.bus.kafka.frames_wire import UnknownVersion, read_note, read_stream, to_headers
from livepane.bus.kafka.records_wire import Key, Record, decode, encode, key_of
from livepane.domain.bus import Closing, Lease, NodeRecord, Parcel, StreamRecord
from livepane.domain.demand import Demand
from livepane.domain.errors import LivepaneError
from livepane.domain.frame import Frame
from livepane.domain.stream import State
from livepane.media.image import Limits
from tests.pictures import picture

RECORDS: list[Record] = [
    NodeRecord("a", "life", 17, "host", "1.0", heard={"b": -5}),
    StreamRecord("a", "life", "window:7@a", "ä title", State.LIVE, actions=(), newest=(1, 2)),
    Lease("b", "page:p", Demand(0.5, 60, None, 720, highlight=True), 9, (3, 4)),
    Closing("a", "page:p", "life", "b", 5),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda one: type(one).__name__)
def test_a_record_is_read_as_it_was_written(record: Record) -> None:
    key = Key.read(str(key_of(record)).encode())
    assert decode(key, encode(record)) == record


@pytest.mark.parametrize("record", RECORDS, ids=lambda one: type(one).__name__)
def test_what_a_newer_version_adds_is_left_out_and_what_it_changes_is_not_read(record: Record) -> None:
    said = json.loads(encode(record))
    key = key_of(record)
    assert decode(key, json.dumps({**said, "more": [1]}).encode()) == record
    with pytest.raises(UnknownVersion):
        decode(key, json.dumps({**said, "v": 2}).encode())
    with pytest.raises(ValueError, match="it says that it is"):
        decode(Key(key.kind, "somebody-else", key.stream), encode(record))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_record_or_one_error(data: bytes) -> None:
    for key in map(key_of, RECORDS):
        with pytest.raises((ValueError, UnknownVersion)):
            decode(key, data)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda s: st.dictionaries(st.text(max_size=9), s)
    )
)
def test_any_json_is_a_record_or_one_error(said: object) -> None:
    for key in map(key_of, RECORDS):
        with pytest.raises((ValueError, UnknownVersion)):
            decode(key, json.dumps({"v": 1, "node": said, "stream": said, "demand": said}).encode())


@given(st.none() | st.binary(max_size=80))
def test_any_key_is_read_or_one_error(key: bytes | None) -> None:
    with suppress(ValueError):
        Key.read(key)
    with suppress(ValueError, LivepaneError):
        assert ":" in read_stream(key)


def test_a_picture_is_read_as_it_was_written() -> None:
    for true in (True, False):
        parcel = Parcel("page:p", Frame(5, 6, picture(1)), "a", 77, true)
        note = read_note(to_headers(parcel))
        assert note is not None
        assert note.parcel("page:p", parcel.frame.picture.data, Limits(10 << 20, 33_177_600)) == parcel


@given(
    st.lists(
        st.tuples(st.sampled_from(["v", "node", "epoch", "seq", "ts_ns", "mime", "w", "h", "q", "x"]), st.binary(max_size=9))
    )
)
def test_any_headers_are_a_note_somebody_elses_or_an_error(headers: list[tuple[str, bytes]]) -> None:
    with suppress(ValueError, UnknownVersion):
        read_note(headers)
