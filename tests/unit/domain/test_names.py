"""One rule for every name: it can be read, as what it is."""

from __future__ import annotations

import pytest

from livepane.api.layouts import _named as layout
from livepane.api.tokens import plain as token
from livepane.domain import names
from livepane.domain.access import Streams
from livepane.domain.errors import BadRequest
from livepane.domain.stream import StreamId
from livepane.wire.publish import stream_of

UNREADABLE = [
    "\u202e",
    "shop\u202egnp",
    "a\u200bb",
    "a\x00b",
    "a\nb",
    "a\u2028b",
    "\ufeffa",
    "a\ud800",
    "\u2800",
    "\u3164",
    "\u0301",
]
READABLE = ["Küche 2", "shop-1", "店", "-", "0", "👩\u200d💻", "می\u200cخواهم", "e\u0301", "#7 (west)"]


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_a_name_nowhere(name: str) -> None:
    for read in (layout, token):
        with pytest.raises(ValueError, match="the name "):
            read(name)
    with pytest.raises(BadRequest):
        StreamId.parse(f"producer:{name}")
    with pytest.raises(BadRequest):
        stream_of(name)


@pytest.mark.parametrize("pattern", ["tab:\u202e*", "tab:a\u200b", "tab:a/b", "tab:a\x00*"])
def test_no_pattern_of_streams_has_what_no_name_has(pattern: str) -> None:
    with pytest.raises(BadRequest, match="does not name streams"):
        Streams.parse((pattern,))


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_read_is_one_everywhere(name: str) -> None:
    assert layout(name) == token(name) == name
    assert StreamId.parse(f"producer:{name}").name == stream_of(name).name == name


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        (" ", "at least one letter"),
        ("a\u202eb", "U+202E"),
        ("a/b", "write a - instead"),
        ("x" * 129, "129 characters, and at most 128"),
    ],
)
def test_the_error_names_the_fault_and_the_mend(name: str, mend: str) -> None:
    assert mend in str(names.why_not(name))
    with pytest.raises(BadRequest) as refused:
        stream_of(name)
    assert mend in refused.value.message
    assert "source = " in refused.value.message


def test_a_token_may_have_slashes_and_no_name_at_all() -> None:
    assert (token(" CI / nightly "), token("  ")) == ("CI / nightly", "")


def test_who_names_no_source_has_the_usual_one() -> None:
    assert str(stream_of(None)) == str(stream_of("")) == "tab:default"
