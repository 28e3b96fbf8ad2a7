"""Print the JSON schema of the viewer and producer protocols, from which `npm run gen` in web/ makes the TypeScript types."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from livepane.wire import messages


def members(union: Any) -> list[type[BaseModel]]:
    """The models of an annotated union, in the order in which they are written."""
    return list(get_args(get_args(union)[0]))


def without_titles(schema: Any) -> Any:
    """Drop the titles that pydantic gives to plain fields: each would become a type name of its own."""
    if isinstance(schema, list):
        return [without_titles(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: without_titles(value) for key, value in schema.items() if not (key == "title" and isinstance(value, str))}


def protocol_schema() -> dict[str, Any]:
    """One document: what a client sends may leave defaults out, what a server sends has every field."""
    sent = {"ViewerCommand": messages.ViewerCommand, "ProducerMessage": messages.ProducerMessage}
    answered = {"ViewerEvent": messages.ViewerEvent, "ProducerCommand": messages.ProducerCommand}
    unions = sent | answered
    ours = {model.__name__ for union in sent.values() for model in members(union)}
    mode: JsonSchemaMode = "validation"
    _, schema = models_json_schema([(model, mode) for union in unions.values() for model in members(union)])
    defs = without_titles(schema["$defs"])
    for name, model in defs.items():
        if "properties" in model:
            model["required"] = sorted({*model.get("required", []), "type"} if name in ours else model["properties"])
    for name, union in unions.items():
        defs[name] = {"oneOf": [{"$ref": f"#/$defs/{model.__name__}"} for model in members(union)]}
    places = {
        "command": "ViewerCommand",
        "event": "ViewerEvent",
        "producer_message": "ProducerMessage",
        "producer_command": "ProducerCommand",
    }
    return {
        "title": "Protocols",
        "description": "Both directions of the viewer socket and of the producer socket.",
        "type": "object",
        "properties": {place: {"$ref": f"#/$defs/{name}"} for place, name in places.items()},
        "required": list(places),
        "$defs": defs,
    }


if __name__ == "__main__":
    json.dump(protocol_schema(), sys.stdout, indent=2, sort_keys=True)
    sys.stdout.write("\n")
