"""docs/reference/settings.md: every setting, from livepane.settings.Settings."""

from __future__ import annotations

import inspect
import json
from typing import Any

from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from livepane.settings import Settings
from scripts.gen.schema import table, words

INTRO = """# Settings

Every setting is an environment variable. Lists are comma-separated. A value out of bounds stops the start with an error that
names it. Options of `livepane serve` win over variables.
"""


def page() -> str:
    """The whole page."""
    fields: dict[str, Any] = Settings.model_json_schema(by_alias=False, mode="serialization")["properties"]
    rows = [
        (_variables(name, field), words(fields[name]).removesuffix(" or null"), _default(field), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    return f"{INTRO}\n{table(rows, 'variable', 'value', 'default', 'meaning')}"


def _variables(name: str, field: FieldInfo) -> str:
    prefix = Settings.model_config.get("env_prefix", "")
    if isinstance(field.validation_alias, AliasChoices):
        names = [str(choice) for choice in field.validation_alias.choices if str(choice).isupper()]
    else:
        names = [f"{prefix}{name}".upper()]
    return " or ".join(f"`{one}`" for one in names)


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return inspect.cleandoc(field.default_factory.__doc__ or "").partition("\n")[0]
    match field.default:
        case None | () | "":
            return ""
        case tuple() as several:
            return f"`{','.join(str(one) for one in several)}`"
        case value:
            return f"`{value if isinstance(value, str) else json.dumps(value)}`"
