"""What somebody asks a job for: whatever it is, it is accepted or refused in words that name it."""

from __future__ import annotations

from typing import Any

import pytest

from livepane.domain.errors import BadRequest
from livepane.wire.wishes import check_kind, check_options, check_target

DECLARED = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 500},
    "browser": {"type": "string", "enum": ["auto", "never"]},
    "details": {"type": "boolean"},
    "share": {"type": "number", "minimum": 0},
    "name": {"type": ["string", "null"], "maxLength": 5},
}


@pytest.mark.parametrize(
    "options",
    [{}, {"limit": 500, "browser": "never", "details": False}, {"share": 0}, {"share": 1.5, "name": None}, {"name": "abcde"}],
)
def test_what_a_scraper_has_declared_is_taken(options: dict[str, Any]) -> None:
    check_options(options, DECLARED)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"limt": 1}, ["limt", "browser", "limit"]),
        ({"limit": 0}, ["limit = '0'", "from 1", "to 500"]),
        ({"limit": 501}, ["501"]),
        ({"limit": "5"}, ["integer"]),
        ({"limit": True}, ["integer"]),
        ({"limit": 2.5}, ["integer"]),
        ({"share": -0.5}, ["share = '-0.5'", "from 0"]),
        ({"share": float("nan")}, ["NaN"]),
        ({"name": "\ud800"}, ["halves"]),
        ({"browser": "always"}, ["always", "auto, never"]),
        ({"details": 1}, ["boolean"]),
        ({"name": "abcdef"}, ["6", "5"]),
        ({"name": []}, ["string or null"]),
    ],
)
def test_another_option_is_named_with_what_is_possible(options: dict[str, Any], named: list[str]) -> None:
    with pytest.raises(BadRequest) as refused:
        check_options(options, DECLARED)
    assert [word for word in named if word not in refused.value.message] == []


@pytest.mark.parametrize("target", ["", "  ", "a\nb", "a\0b", "\ud800", "x" * 2049])
def test_what_cannot_be_a_target_is_refused(target: str) -> None:
    with pytest.raises(BadRequest, match="target = "):
        check_target(target)


def test_an_unknown_kind_names_those_that_there_are() -> None:
    check_kind("b", {"a": 1, "b": 2})
    with pytest.raises(BadRequest, match=r"'c'.*a, b"):
        check_kind("c", {"a": 1, "b": 2})
