"""Where each setting has its value from, and which variables look like settings and are none."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import AliasChoices, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from livepane.log.scrub import GONE, is_secret, scrub
from livepane.settings import Settings
from livepane.wire.wrong import reason

PREFIX = "LIVEPANE_"
FOR_COMMANDS = ("LIVEPANE_SERVER", "LIVEPANE_TOKEN")  # read by commands and scripts, not by the server
DEFAULT = "default"
_PLACE = re.compile(
    r"(?P<scheme>[a-z+]+://)(?P<who>[^\s]*@)?(?P<where>[\w.:\[\],-]+(/[\w.-]*)?)(\?.*)?"
)  # of a database, a broker


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is now."""

    name: str
    variables: tuple[str, ...]  # that it can be set by, the strongest first
    value: str  # as one would write it, without secrets; a wrong one as it was written
    origin: str  # an option, a variable, or DEFAULT
    meaning: str
    problem: str | None = None  # why the value cannot be used


@dataclass(frozen=True, slots=True)
class Unknown:
    """A variable that nobody reads."""

    name: str
    meant: str | None  # the one that it was probably meant to be


def variables_of(name: str, field: FieldInfo) -> tuple[str, ...]:
    """The variables that a setting is read from."""
    if isinstance(field.validation_alias, AliasChoices):
        return tuple(str(choice) for choice in field.validation_alias.choices if str(choice).isupper())
    return (f"{PREFIX}{name}".upper(),)


def read(options: Mapping[str, Any], env: Mapping[str, str] = os.environ) -> list[Setting]:
    """Every setting, as `livepane serve` with these options (by the names of settings) would have it."""
    try:
        settings, wrong = Settings(**options), {}
    except ValidationError as error:
        settings, wrong = None, problems(error)
    return [_setting(name, field, options, env, settings, wrong) for name, field in Settings.model_fields.items()]


def unknown(env: Mapping[str, str] = os.environ) -> list[Unknown]:
    """Variables that start like ours and are not read by anything."""
    known = [one for name, field in Settings.model_fields.items() for one in variables_of(name, field)] + [*FOR_COMMANDS]
    strange = [name for name in sorted(env) if name.upper().startswith(PREFIX) and name.upper() not in known]
    return [Unknown(name, next(iter(difflib.get_close_matches(name.upper(), known, 1, 0.75)), None)) for name in strange]


def problems(error: ValidationError) -> dict[str, str]:
    """Why settings cannot be used, by their names."""
    found = {}
    for detail in error.errors(include_url=False):
        place = str(detail["loc"][0]) if detail["loc"] else ""
        for name, field in Settings.model_fields.items():
            named = not place and any(re.search(rf"\b{one}\b", detail["msg"]) for one in variables_of(name, field))
            if (
                place == name or place.upper() in variables_of(name, field) or named
            ):  # without a place: several do not fit together
                found[name] = reason(detail)
    return found


def _setting(
    name: str,
    field: FieldInfo,
    options: Mapping[str, Any],
    env: Mapping[str, str],
    settings: Settings | None,
    wrong: Mapping[str, str],
) -> Setting:
    names = variables_of(name, field)
    upper = {one.upper(): one for one, value in env.items() if value}  # an empty one counts as not set
    variable = next((upper[one] for one in names if one in upper), None)
    if name in options:
        origin, written = f"--{'port' if name == 'ports' else name.replace('_', '-')}", options[name]
    elif variable is not None:
        origin, written = variable, env[variable]
    else:
        origin, written = DEFAULT, field.get_default(call_default_factory=True)
    value = written if settings is None else getattr(settings, name)
    return Setting(name, names, _shown(name, field, value), origin, field.description or "", wrong.get(name))


def _shown(name: str, field: FieldInfo, value: object) -> str:
    if value is None or value == ():
        return ""
    if SecretStr in (field.annotation, *get_args(field.annotation)) or is_secret(name):  # also one that cannot be used
        said = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        place = _PLACE.fullmatch(said) if name.endswith(("_url", "_backend")) else None
        return f"{place['scheme']}{GONE if place['who'] else ''}{place['where']}" if place else GONE
    return scrub(",".join(str(one) for one in value) if isinstance(value, tuple) else str(value))
