"""A file becomes a recipe, or an error that says what is wrong, on which line, and what was probably meant."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from livepane.domain.errors import BadRecipe, RecipeFault
from livepane.scrapers.media.recipes import lines, model
from livepane.scrapers.media.recipes.lines import Place
from livepane.scrapers.media.recipes.model import VERBS, Recipe

LARGEST = 256 * 2**10  # bytes of a file
ENDINGS = (".toml", ".json")
_AT = re.compile(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", re.DOTALL)
_PARTS: Mapping[str, type[BaseModel]] = {"cards": model.Cards, "more": model.More}
_STEPS: Mapping[str, type[BaseModel]] = {
    "fill": model.Fill,
    "choose": model.Choose,
    "click": model.Click,
    "press": model.Press,
    "wait": model.Wait,
}


def read(path: Path) -> Recipe:
    """The recipe in a file.

    Raises:
        BadRecipe: it cannot be read, or says something wrong; names file, line, key and value.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise BadRecipe(str(path), [RecipeFault(f"it cannot be read: {error.strerror or error}")]) from None
    if path.suffix.lower() not in ENDINGS:
        raise BadRecipe(str(path), [RecipeFault(f"its name ends in {path.suffix!r}; a recipe is a .toml or a .json file")])
    if len(data) > LARGEST:
        raise BadRecipe(str(path), [RecipeFault(f"it is larger than {LARGEST:,} bytes")])
    return of_text(data, str(path), toml=path.suffix.lower() == ".toml")


def of_text(data: bytes, name: str, *, toml: bool = True) -> Recipe:
    """The recipe in the content of a file. Raises BadRecipe."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadRecipe(name, [RecipeFault("it is no UTF-8 text", line)]) from None
    try:
        value = tomllib.loads(text) if toml else json.loads(text, object_pairs_hook=_once)
        places = lines.of_toml(text) if toml else lines.of_json(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT.match(str(error))
        what, number = (found["what"], found["line"]) if found else (str(error), None)
        last = text.count("\n") + 1
        raise BadRecipe(name, [RecipeFault(f"it is no TOML: {what}", int(number) if number else last)]) from None
    except json.JSONDecodeError as error:
        raise BadRecipe(name, [RecipeFault(f"it is no JSON: {error.msg}", error.lineno)]) from None
    except (ValueError, RecursionError) as error:
        raise BadRecipe(name, [RecipeFault(str(error) or "it is nested too deeply")]) from None
    return of_value(value, name, places)


def of_value(value: object, name: str, places: Mapping[Place, int] | None = None) -> Recipe:
    """The recipe that a value is, such as the body of a request; `places`: the lines that its parts are on. Raises BadRecipe."""
    if not isinstance(value, dict):
        raise BadRecipe(name, [RecipeFault("it is no table of keys and values")])
    try:
        return Recipe.model_validate(value)
    except ValidationError as error:
        faults = [_fault(detail, places or {}, value) for detail in error.errors(include_url=False)]
        raise BadRecipe(name, sorted(faults, key=lambda fault: fault.line or 0)) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} is there twice")
        found[key] = value
    return found


def _fault(detail: ErrorDetails, places: Mapping[Place, int], whole: Mapping[str, Any]) -> RecipeFault:
    place = _plain(detail["loc"])
    line = lines.nearest(places, place)
    where, key = _called(place[:-1]), str(place[-1]) if place else ""
    match detail["type"]:
        case "extra_forbidden":
            said = _no_such_key(place, key, whole)
        case "missing":
            said = f"{where} has no {key!r}, and needs one"
        case "union_tag_not_found":
            said, meant = _no_verb(place, detail["input"])
            line = lines.nearest(places, (*place, meant)) if meant else line
        case "value_error":
            said = f"{_called(place)}{_shown(detail['input'])}: {detail['ctx']['error']}"
        case _:
            said = f"{_called(place)}{_shown(detail['input'])}: {_plainly(detail['msg'])}"
    return RecipeFault(said, line)


def _plain(loc: Iterable[int | str]) -> Place:
    """A place without the name of the kind of step that it is in, which the file does not have."""
    place = tuple(loc)
    if len(place) > 2 and place[0] == "steps" and isinstance(place[1], int):
        return (*place[:2], *place[3:])
    return place


def _called(place: Place) -> str:
    match place:
        case ():
            return "the recipe"
        case ("steps", int(number)):
            return f"step {number + 1}"
        case ("steps", int(number), str(key), *_):
            return f"{key} of step {number + 1}"
        case (str(name), int(number), *_):
            return f"{name}, number {number + 1}"
        case _:
            return ".".join(str(part) for part in place)


def _no_such_key(place: Place, key: str, whole: Mapping[str, Any]) -> str:
    where = _called(place[:-1])
    part: type[BaseModel] = Recipe
    if place[0] == "steps" and len(place) > 2:
        step = whole["steps"][place[1]]
        verb = next(one for one in VERBS if one in step)
        part, where = _STEPS[verb], f"{where}, a {verb} step,"
        if key in VERBS:
            return f"{where} has {key!r} as well; a step does one thing: make it two steps"
    elif len(place) > 1:
        part = _PARTS.get(str(place[0]), Recipe)
    known = [field.alias or name for name, field in part.model_fields.items()]
    return f"{where} has no key {key!r}; {_meant(key, known)}"


def _no_verb(place: Place, given: object) -> tuple[str, str]:
    """Why a step is none, and which of its keys was meant as what it does."""
    where = _called(place)
    if not isinstance(given, dict):
        return f'{where}{_shown(given)}: it has to be a table such as {{ click = "button" }}', ""
    for key in map(str, given):
        if near := difflib.get_close_matches(key, VERBS, 1):
            return f"{where} has no key {key!r}; did you mean {near[0]!r}?", key
    return f"{where} does not say what to do; it needs one of {', '.join(VERBS)}", ""


def _meant(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, 1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(one for one in known if one != '$schema')}"


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return ""
    text = repr(value)
    return f" = {text if len(text) <= 80 else text[:77] + '…'}"


def _plainly(message: str) -> str:
    """A sentence of pydantic as one about the file."""
    said = message.replace("Input should be", "it has to be").replace("should", "has to").replace("String has", "it has")
    return said.replace("a valid string", "text").replace("a valid list", "a list").replace(" True or None", " true")
