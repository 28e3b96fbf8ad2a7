"""Results as files: what a spreadsheet reads back is what was there, and it never runs any of it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.wire import rows

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "\u00a0=1", "＝1", "=cmd|' /C calc'!A0"]
)
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert rows.cell(text) == f"'{text}"
    assert rows.cell([text]) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(-5, "-5"), (0.5, "0.5"), (None, ""), (True, "true"), (["a", 2], "a; 2"), ({"min": 1}, '{"min": 1}'), ("a=b", "a=b")],
)
def test_what_is_no_text_of_somebody_else_stays_as_it_is(value: object, text: str) -> None:
    assert rows.cell(value) == text


@given(st.dictionaries(TEXT, TEXT, min_size=1, max_size=4))
def test_a_line_is_one_record_whatever_is_in_it(item: dict[str, str]) -> None:
    names = rows.columns([item])
    written = (rows.csv_head(names) + rows.csv_line(item, names)).decode()
    head, line = csv.reader(io.StringIO(written.removeprefix(rows.BOM), newline=""))
    assert head == [rows.cell(name) for name in names]
    assert line == [rows.cell(item[name]) for name in names]


def test_columns_keep_the_order_in_which_they_occur() -> None:
    items: list[dict[str, Any]] = [{"b": 1}, {"a": 2, "b": 3}]
    assert rows.columns(items) == ["b", "a"]
    assert rows.columns(items, known=["c"]) == ["c", "b", "a"]
    assert rows.csv_line({"z": 1}, ["b", "a"]) == b",\r\n"


def test_a_json_line_is_one_line_also_with_half_a_character_in_it() -> None:
    written = rows.json_line({"title": "a\nb \ud800"})
    assert written.count(b"\n") == 1
    assert json.loads(written)["title"].startswith("a\nb ")
