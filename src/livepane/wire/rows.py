"""Results as files: JSON lines, and CSV that a spreadsheet opens without running anything that is in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# A cell that begins so is a formula to a spreadsheet (OWASP, CSV Injection); the wide forms are the same to some of them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"  # without it, Excel takes UTF-8 for the encoding of the machine


def json_line(item: Mapping[str, Any]) -> bytes:
    """One item and a line feed."""
    return (json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n").encode(errors="replace")


def columns(items: Iterable[Mapping[str, Any]], known: Sequence[str] = ()) -> list[str]:
    """The names that occur, in the order in which they first do, after those that are known already."""
    return list(dict.fromkeys([*known, *(name for item in items for name in item)]))


def csv_head(names: Sequence[str]) -> bytes:
    """The first line."""
    return BOM.encode() + _line([cell(name) for name in names])


def csv_line(item: Mapping[str, Any], names: Sequence[str]) -> bytes:
    """One item as a line; a name that it lacks is an empty cell, one that it has beyond is left out."""
    return _line([cell(item.get(name)) for name in names])


def cell(value: object) -> str:
    """A value as text: lists of plain values joined, other structures as JSON, and never a formula."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)  # a number may begin with a minus
        case str():
            text = value
        case list() if all(isinstance(one, str | int | float) for one in value):
            text = "; ".join(str(one) for one in value)
        case _:
            text = json.dumps(value, ensure_ascii=False)
    text = text.replace("\0", "")
    return f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(_FORMULA) else text


def _line(cells: Sequence[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode(errors="replace")
