"""What is wrong with a value that somebody sent, in words for people. A secret in the wrong place is not said again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from livepane.log.scrub import is_secret, scrub_tokens

_LONGEST = 80  # characters of a value


def place(steps: Sequence[object]) -> str:
    """Where a value stands: `streams.0`."""
    return scrub_tokens(".".join(str(step) for step in steps))[:200]


def value(detail: Mapping[str, Any], steps: Sequence[object]) -> str | None:
    """What was written at `steps`, for a message; None where it may hold what nobody should read.

    That is everything in a field for a secret, and whatever has parts of its own: of a body in which the field `token` is
    missing, what is there instead is the whole body, with the token under another name.
    """
    given = detail.get("input")
    part = not steps or isinstance(given, dict | list | tuple | set) or detail["type"] == "missing"
    if part or any(is_secret(str(step)) or step == "code" for step in steps):
        return None
    if given is None or isinstance(given, bool | int | float):
        return str(given)[:_LONGEST]
    return repr(scrub_tokens(str(given))[:_LONGEST])


def reason(detail: Mapping[str, Any]) -> str:
    """What pydantic says, without its own prefixes."""
    if detail["type"] == "missing":
        return "it is missing"
    if detail["type"] == "json_invalid":
        return f"it is no JSON: {(detail.get('ctx') or {}).get('error', 'it cannot be read')}"
    return scrub_tokens(str(detail["msg"]).removeprefix("Value error, "))


def sentence(detail: Mapping[str, Any], steps: Sequence[object], whole: str) -> str:
    """One sentence for one wrong value; `whole` is what to call it when it is all that was sent."""
    return f"{named(detail, steps) or whole}: {reason(detail)}"


def named(detail: Mapping[str, Any], steps: Sequence[object]) -> str:
    """`quality = 500`, or the place alone where the value is not to be said."""
    given = value(detail, steps)
    return place(steps) + ("" if given is None else f" = {given}")


def figure(bound: float) -> str:
    """A number as people write it: 315,360,000 and 8192 and 0.1."""
    written = int(bound) if float(bound).is_integer() else bound
    return str(written) if abs(written) < 10_000 else f"{written:,}"


def explain(error: ValidationError, whole: str = "message") -> str:
    """One sentence per wrong value: where it is, what it was, what is allowed."""
    parts = []
    for detail in error.errors(include_url=False)[:5]:
        if not detail["loc"] and detail["type"] == "value_error":  # several do not fit together: the sentence names them
            parts.append(reason(detail))
        else:
            parts.append(sentence(detail, detail["loc"], whole))
    return "; ".join(parts)
