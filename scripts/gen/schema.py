"""A value of a JSON schema in words, and the fields of a model as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]


def words(schema: Schema, *, linked: bool = False) -> str:
    """What a value may be, such as `number 0.1-60 or null`; `linked` makes links of named types."""
    match schema:
        case {"$ref": str(ref)}:
            name = ref.rpartition("/")[2]
            return f"[{name}](#{name.lower()})" if linked else name
        case {"const": value}:
            return f"`{json.dumps(value)}`"
        case {"enum": list(values)}:
            return " or ".join(f"`{json.dumps(value)}`" for value in values)
        case {"anyOf": list(options)} | {"oneOf": list(options)}:
            return " or ".join(words(option, linked=linked) for option in options)
        case {"type": "array", "items": dict(items)}:
            return f"list of {words(items, linked=linked)}"
        case {"type": str(name)}:
            return " ".join([name, *_bounds(schema)])
    return "anything"


def table(rows: Iterable[tuple[str, ...]], *headings: str) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(headings)} |", "|" + "---|" * len(headings)]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _bounds(schema: Schema) -> list[str]:
    low, above, high = schema.get("minimum"), schema.get("exclusiveMinimum"), schema.get("maximum")
    said = []
    if low is not None and high is not None:
        said.append(f"{_number(low)}-{_number(high)}")
    else:
        said += [f"from {_number(low)}"] if low is not None else []
        said += [f"above {_number(above)}"] if above is not None else []
        said += [f"up to {_number(high)}"] if high is not None else []
    if (longest := schema.get("maxLength")) is not None:
        said.append(f"of at most {longest} characters")
    if (pattern := schema.get("pattern")) is not None:
        said.append(f"matching `{pattern}`")
    return said


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
