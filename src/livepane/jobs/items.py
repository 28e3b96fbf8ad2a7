"""What a scraper yields and tells, checked before it is kept: JSON, of a size that a row can have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from livepane.scrapers.contract import ScrapeError

MOST_BYTES = 1_000_000  # of an item, as JSON
MOST_FACTS = 256_000  # bytes of all that is reported about a run
LONGEST_LABEL = 300  # characters of an action
LONGEST_MESSAGE = 2000


def checked(item: object) -> tuple[dict[str, Any], int]:
    """A copy of an item, which nobody can change any more, and its bytes as JSON.

    Raises:
        ScrapeError: `bad_item`: it is no JSON object, or too large; says what is wrong with it.
    """
    if not isinstance(item, Mapping):
        what = f"{type(item).__name__}: {_short(item)}"
        raise ScrapeError("bad_item", f"an item has to be a JSON object (a dict), and this is of type {what}")
    if strange := [key for key in item if not isinstance(key, str)]:
        raise ScrapeError("bad_item", f"the keys of an item have to be strings, and this one is not: {_short(strange[0])}")
    try:
        text = json.dumps(dict(item), allow_nan=False, ensure_ascii=False)
        size = len(text.encode())
    except UnicodeEncodeError:
        raise ScrapeError("bad_item", "an item holds half of a surrogate pair, which is no text: decode it first") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise ScrapeError("bad_item", f"an item is no JSON: {str(error)[:200]}") from None
    if size > MOST_BYTES:
        raise ScrapeError("bad_item", f"an item has {size:,} bytes as JSON, and {MOST_BYTES:,} are allowed: yield smaller ones")
    copied: dict[str, Any] = json.loads(text)
    return copied, size


def facts(known: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Facts about a run, with new ones.

    Raises:
        ScrapeError: `bad_item`: they are no JSON, or too many.
    """
    try:
        text = json.dumps({**known, **new}, allow_nan=False, ensure_ascii=False)
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise ScrapeError("bad_item", f"what is reported about a run has to be JSON: {str(error)[:200]}") from None
    if size > MOST_FACTS:
        raise ScrapeError("bad_item", f"what is reported about a run has {size:,} bytes, and {MOST_FACTS:,} are allowed")
    copied: dict[str, Any] = json.loads(text)
    return copied


def line(text: object, longest: int) -> str:
    """Words for people: valid text, on one line, not too long."""
    words = " ".join(str(text).encode("utf-8", "replace").decode().split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _short(value: object) -> str:
    try:
        return line(repr(value), 80)
    except Exception:
        return "something that cannot be shown"
