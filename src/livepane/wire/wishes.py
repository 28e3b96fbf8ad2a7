"""What somebody asks a job for, checked before it is accepted: its kind, its target, its options."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from livepane.domain.errors import BadRequest
from livepane.wire.jobs import LONGEST_TARGET

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def check_kind(kind: str, known: Mapping[str, object]) -> None:
    """See that there is such a scraper.

    Raises:
        BadRequest: names those that there are.
    """
    if kind not in known:
        raise BadRequest(f"kind = {kind[:80]!r} is no scraper of this server; there are {', '.join(sorted(known)) or 'none'}")


def check_target(target: str) -> None:
    """See that it can be a target at all; whether it is a good one is for its scraper to say.

    Raises:
        BadRequest: names it and says what is wrong.
    """
    shown = f"target = {target[:80]!r}"
    if not target.strip():
        raise BadRequest(f"{shown} is empty; write what is to be scraped, such as example.com")
    if len(target) > LONGEST_TARGET:
        raise BadRequest(f"{shown} has {len(target):,} characters; it must have at most {LONGEST_TARGET:,}")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in target):
        raise BadRequest(f"{shown} has control characters or halves of characters in it")


def check_options(options: Mapping[str, Any], declared: Mapping[str, Any]) -> None:
    """See that options are those that a scraper has declared (properties of a JSON schema).

    Raises:
        BadRequest: names the option, its value and what is possible.
    """
    try:
        json.dumps(options, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise BadRequest("options: there are NaN, infinity or halves of characters in them, which are no JSON") from None
    for name, value in options.items():
        schema = declared.get(name)
        if schema is None:
            there = f"there are {', '.join(sorted(declared))}" if declared else "this scraper takes none"
            raise BadRequest(f"options: there is no option {name[:80]!r}; {there}")
        if isinstance(schema, Mapping):
            _check(f"options.{name} = {str(value)[:80]!r}", value, schema)


def _check(shown: str, value: object, schema: Mapping[str, Any]) -> None:
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        raise BadRequest(f"{shown} must be {' or '.join(kinds)}")
    if "enum" in schema and value not in schema["enum"]:
        raise BadRequest(f"{shown} must be one of {', '.join(str(one) for one in schema['enum'])}")
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = schema.get("minimum"), schema.get("maximum")
        if not ((low is None or value >= low) and (high is None or value <= high)):  # so that NaN fits nowhere
            bounds = [f"{word} {bound:g}" for word, bound in (("from", low), ("to", high)) if bound is not None]
            raise BadRequest(f"{shown} must be {' '.join(bounds)}")
    longest = schema.get("maxLength")
    if isinstance(value, str) and longest is not None and len(value) > longest:
        raise BadRequest(f"{shown} has {len(value):,} characters; it must have at most {longest:,}")


def _is(value: object, kind: str) -> bool:
    if kind == "null":
        return value is None
    return isinstance(value, _TYPES.get(kind, (object,))) and (kind == "boolean" or not isinstance(value, bool))
