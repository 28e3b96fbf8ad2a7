"""docs/reference/recipes.md and recipe.schema.json: what a recipe may say, from livepane.scrapers.media.recipes.model."""

from __future__ import annotations

import inspect
import json
from typing import Any

from livepane.scrapers.media.recipes import model
from scripts.gen.schema import Schema, table, words

INTRO = """# Recipes

Every key that a recipe may have. [Write a recipe](../howto/write-a-recipe.md) has a whole one, step by step;
[recipe.schema.json](recipe.schema.json) is the same for editors, also printed by `livepane recipe schema`.

A recipe is a `.toml` or a `.json` file of at most 256 KiB, called as its `name` is. A selector is CSS, of at most 500 characters;
those of other languages (XPath, Playwright's) are refused. A place to fill is a word in braces: `{user}`; two
braces stand for one.
There are no scripts, no files, and no addresses but `http://` and `https://`.
"""
HEADINGS = {
    "Recipe": "The recipe",
    "Fill": "A step that fills a field",
    "Choose": "A step that chooses from a list",
    "Click": "A step that clicks",
    "Press": "A step that presses a key",
    "Wait": "A step that waits",
    "Cards": "`[cards]`",
    "More": "`[more]`",
}


def page() -> str:
    """The whole page."""
    schema = model.schema()
    parts: dict[str, Any] = {"Recipe": schema, **schema["$defs"]}
    return "\n".join([INTRO, *(_section(heading, parts[name]) for name, heading in HEADINGS.items())])


def schema() -> str:
    """The schema as a file."""
    return json.dumps(model.schema(), indent=2, ensure_ascii=False)


def _section(heading: str, part: Schema) -> str:
    rows = []
    for key, value in part["properties"].items():
        if key == "$schema":
            continue
        needed = key in part.get("required", [])
        default = "needed" if needed else f"`{json.dumps(value['default'])}`" if value.get("default") not in (None, []) else ""
        rows.append((f"`{key}`", _kind(key, value), default, str(value.get("description", ""))))
    return f"## {heading}\n\n{inspect.cleandoc(part['description'])}\n\n{table(rows, 'key', 'value', 'default', 'meaning')}\n"


def _kind(key: str, value: Schema) -> str:
    if key == "steps":
        return "list of steps"
    return words(value).removesuffix(" or null")
