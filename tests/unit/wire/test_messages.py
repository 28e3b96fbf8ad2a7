"""Messages of our own protocols: what is read, what is refused, and how it is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.domain.errors import BadRequest
from livepane.wire import messages

DECODERS = [
    messages.decode_viewer_command,
    messages.decode_viewer_event,
    messages.decode_producer_message,
    messages.decode_producer_command,
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
TYPES = ["watch", "unwatch", "ack", "screenshot", "ping", "hello", "action", "describe", "state", "demand", "welcome", "stats"]
FIELDS = ["pane", "stream", "fps", "quality", "width", "height", "format", "channel", "epoch", "seq", "age", "id", "rtt", "kind"]
FIELDS += ["name", "title", "url", "masked", "action", "state", "reason", "demand", "panes", "now", "window"]


def survives(decode: Callable[[str | bytes], Any], text: str | bytes) -> None:
    try:
        message = decode(text)
    except BadRequest as error:
        error.message.encode()  # it will be sent
    else:
        # What was understood can be said again, and means the same to a reader that is strict about JSON.
        json.loads(messages.encode(message), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


@pytest.mark.parametrize("decode", DECODERS)
@given(text=st.text() | st.binary())
def test_whatever_the_text_is_there_is_one_error(decode: Callable[[str | bytes], Any], text: str | bytes) -> None:
    survives(decode, text)


@pytest.mark.parametrize("decode", DECODERS)
@given(message=st.fixed_dictionaries({"type": st.sampled_from(TYPES)}), rest=st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_the_fields_are_there_is_one_error(
    decode: Callable[[str | bytes], Any], message: dict[str, Any], rest: dict[str, Any]
) -> None:
    survives(decode, json.dumps(message | rest))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"type":"ping","id":' + "9" * 5000 + "}",
        '{"type":"watch","pane":1,"stream":"\\ud800"}',
        '{"type":"describe","title":"\\ud800"}',
        '{"type":"action","action":{"label":"x","at":1e999}}',
        '{"type":"action","action":{"label":"x","at":NaN}}',
        '{"type":"action","action":{"label":"x","at":-Infinity}}',
        '{"type":"action","action":{"label":"x","at":1e300}}',
        '{"type":"action","action":{"label":"x","at":1,"box":{"x":Infinity,"y":0,"width":1,"height":1}}}',
        '{"type":"watch","pane":1,"stream":"page:x","fps":NaN}',
        '{"type":"ping","id":1,"rtt":Infinity}',
        '{"type":"ack","channel":1,"epoch":1,"seq":1,"age":NaN}',
    ],
)
def test_nasty_ones_are_refused_or_harmless(text: str) -> None:
    for decode in (messages.decode_viewer_command, messages.decode_producer_message):
        survives(decode, text)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"fps": 0}, ["fps", "0", "0.1"]),
        ({"fps": 61}, ["fps", "61", "60"]),
        ({"quality": 500}, ["quality", "500", "100"]),
        ({"quality": 9}, ["quality", "9", "10"]),
        ({"format": "bmp"}, ["format", "bmp", "jpeg", "png", "webp"]),
        ({"width": 8}, ["width", "8", "16"]),
        ({"height": 9000}, ["height", "9000", "8192"]),
        ({"pane": -1}, ["pane", "-1", "0"]),
        ({"stream": None}, ["stream"]),
    ],
)
def test_an_error_names_the_value_and_what_is_allowed(fields: dict[str, Any], named: list[str]) -> None:
    with pytest.raises(BadRequest) as refused:
        messages.decode_viewer_command(json.dumps({"type": "watch", "pane": 1, "stream": "page:a"} | fields))
    for word in named:
        assert word in refused.value.message


def test_a_message_of_an_unknown_type_is_refused_by_name() -> None:
    with pytest.raises(BadRequest, match="rewind"):
        messages.decode_viewer_command('{"type":"rewind"}')


def test_unknown_fields_are_ignored_so_that_either_side_may_be_newer() -> None:
    watch = messages.decode_viewer_command('{"type":"watch","pane":1,"stream":"page:a","colour":"sepia"}')
    assert watch == messages.Watch(pane=1, stream="page:a")


def test_an_error_shows_a_long_value_short() -> None:
    with pytest.raises(BadRequest) as refused:
        messages.decode_viewer_command(json.dumps({"type": "watch", "pane": "x" * 50_000, "stream": "page:a"}))
    assert len(refused.value.message) < 400
