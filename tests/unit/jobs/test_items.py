"""What a scraper yields and tells: JSON objects that a row can hold, or an error that says what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from livepane.jobs.items import MOST_BYTES, checked, facts, line
from livepane.scrapers.contract import ScrapeError

ROUND: list[Any] = []
ROUND.append(ROUND)
DEEP: dict[str, Any] = {}
for _ in range(100_000):
    DEEP = {"d": DEEP}
KEPT = {"a": [1, 2.5, None, True, "é😀"], "b": {"c": {}}}


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (None, "NoneType"),
        ([1], "dict"),
        ("text", "type str: 'text'"),
        ({1: 2}, "keys"),
        ({"a": float("nan")}, "not JSON"),
        ({"a": float("inf")}, "not JSON"),
        ({"a": object()}, "not JSON serializable"),
        ({"a": b"bytes"}, "not JSON serializable"),
        ({"a": "\ud800"}, "surrogate"),
        ({"a": ROUND}, "Circular"),
        ({"a": DEEP}, "recursion"),
        ({"a": "x" * MOST_BYTES}, "1,000,0"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_what_is_no_json_object_is_refused_with_a_reason(item: object, says: str) -> None:
    with pytest.raises(ScrapeError, match=says) as refused:
        checked(item)
    assert refused.value.code == "bad_item"
    assert len(refused.value.message) < 400


def test_an_item_is_copied_so_that_nobody_can_change_it_afterwards() -> None:
    given_one = {"list": [1]}
    kept, size = checked(given_one)
    given_one["list"].append(2)
    assert (kept, size) == ({"list": [1]}, len('{"list": [1]}'))
    assert checked(KEPT)[0] == KEPT


@given(
    some.recursive(
        some.none() | some.floats() | some.text() | some.binary(), lambda of: some.lists(of) | some.dictionaries(some.text(), of)
    )
)
def test_whatever_is_yielded_is_kept_as_json_or_refused(item: object) -> None:
    try:
        kept, _ = checked(item)
    except ScrapeError as error:
        assert error.code == "bad_item"  # noqa: PT017 - either is right
    else:
        assert json.loads(json.dumps(kept, allow_nan=False)) == kept


def test_facts_come_together_and_stay_json() -> None:
    known = facts({"pages": 1}, {"pages": 2, "rung": "feed"})
    assert known == {"pages": 2, "rung": "feed"}
    with pytest.raises(ScrapeError, match="JSON"):
        facts(known, {"when": object()})
    with pytest.raises(ScrapeError, match="bytes"):
        facts(known, {"log": "x" * 300_000})


def test_words_for_people_are_one_line_of_valid_text() -> None:
    assert line("Reading\n page\t2 \ud800", 100) == "Reading page 2 ?"
    assert line("x" * 50, 10) == "xxxxxxxxx…"
