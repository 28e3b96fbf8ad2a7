"""docs/reference/messages.md: every field of the viewer and producer protocols, from livepane.wire.messages."""

from __future__ import annotations

import inspect
import json
from typing import Any, get_args

from pydantic import BaseModel

from livepane.wire import messages
from scripts.gen.schema import Schema, table, words

DIRECTIONS = [
    ("Viewer to server", messages.ViewerCommand),
    ("Server to viewer", messages.ViewerEvent),
    ("Producer to server", messages.ProducerMessage),
    ("Server to producer", messages.ProducerCommand),
]
INTRO = """# Messages

The JSON messages of our own two protocols; how they follow each other is in [protocols.md](protocols.md).
A message is a JSON object whose `type` says which one it is. Unknown fields are ignored. A field without a default must be there.
"""


def page() -> str:
    """The whole page."""
    parts = [INTRO]
    written: set[type[BaseModel]] = set()
    for heading, union in DIRECTIONS:
        members = _members(union)
        parts.append(f"## {heading}\n")
        parts.append(", ".join(f"[`{_tag(model)}`](#{model.__name__.lower()})" for model in members) + "\n")
        for model in members:
            if model not in written:
                written.add(model)
                parts.append(_section(model, f"### {model.__name__}"))
    parts.append("## Parts of messages\n")
    parts += [_section(model, f"### {model.__name__}") for model in _parts(written)]
    return "\n".join(parts)


def _members(union: Any) -> list[type[BaseModel]]:
    return list(get_args(get_args(union)[0]))


def _tag(model: type[BaseModel]) -> str:
    return str(model.model_fields["type"].default)


def _parts(written: set[type[BaseModel]]) -> list[type[BaseModel]]:
    """The models that other messages contain, in the order of the source."""
    found = [one for one in vars(messages).values() if inspect.isclass(one) and issubclass(one, messages.Message)]
    return [model for model in found if model is not messages.Message and model not in written]


def _section(model: type[BaseModel], heading: str) -> str:
    schema = model.model_json_schema()
    lines = [f"{heading}\n", f"{inspect.cleandoc(model.__doc__ or '')}\n"]
    rows = [_row(name, field, schema) for name, field in schema.get("properties", {}).items()]
    if rows:
        lines.append(table(rows, "field", "value", "default", "meaning") + "\n")
    return "\n".join(lines)


def _row(name: str, field: Schema, schema: Schema) -> tuple[str, str, str, str]:
    ref = field.get("$ref") or (field.get("allOf") or [{}])[0].get("$ref")
    target = schema.get("$defs", {}).get(str(ref).rpartition("/")[2], {})
    value = words(target) if "enum" in target else words(field, linked=True)
    default = "" if name in schema.get("required", []) or "const" in field else f"`{json.dumps(field.get('default'))}`"
    return (
        f"`{name}`",
        value,
        default,
        str(field.get("description", "")) if field.get("description") != target.get("description") else "",
    )
