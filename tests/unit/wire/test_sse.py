"""Server-sent events: whatever is written is read again, in whatever pieces it comes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.wire import sse

LINES = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]))


@given(
    events=st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), LINES, LINES), max_size=5),
    cuts=st.lists(st.integers(1, 9), min_size=1),
)
def test_what_is_written_is_read_again_in_whatever_pieces_it_comes(events: list[tuple[str, str, str]], cuts: list[int]) -> None:
    written = b"".join(sse.event(data, kind=kind, id=number) + sse.PING for data, kind, number in events)
    decoder, at = sse.Decoder(), 0
    read: list[list[sse.Event]] = []
    while at < len(written):
        size = cuts[len(read) % len(cuts)]
        read.append(decoder.feed(written[at : at + size]))
        at += size
    found = [(one.data, one.kind, one.id) for part in read for one in part]
    assert found == [
        ("\n".join(data.replace("\r\n", "\n").replace("\r", "\n").split("\n")), kind or "message", number)
        for data, kind, number in events
    ]


@given(st.binary(max_size=300))
def test_no_bytes_upset_a_reader(junk: bytes) -> None:
    decoder = sse.Decoder()
    decoder.feed(junk)
    assert decoder.feed(b"\n\ndata: still here\n\n")[-1].data.endswith("still here")


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b"])
def test_a_kind_or_an_id_cannot_smuggle_another_field(value: str) -> None:
    with pytest.raises(ValueError, match="more than one line"):
        sse.event("data", id=value)
    with pytest.raises(ValueError, match="more than one line"):
        sse.event("data", kind=value)


def test_json_stays_on_one_line_whatever_is_in_it() -> None:
    written = sse.json_event({"title": "a\nb\r\u2028c"})
    assert written.count(b"\n") == 2
    assert json.loads(written.removeprefix(b"data: ")) == {"title": "a\nb\r\u2028c"}
    with pytest.raises(ValueError, match="not JSON compliant"):
        sse.json_event({"score": float("nan")})


def test_an_event_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "LONGEST", 100)
    decoder = sse.Decoder()
    assert decoder.feed(b"data: 0123456789\n" * 9) == []
    with pytest.raises(ValueError, match="100"):
        decoder.feed(b"data: 0123456789\n" * 2)
