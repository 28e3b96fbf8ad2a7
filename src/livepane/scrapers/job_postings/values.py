"""Reads values out of JSON of unknown shape without ever failing."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.text import clean, joined


def dig(value: Any, *keys: str | int) -> Any:
    """The value below a path of keys and indexes, None when a step is missing."""
    for key in keys:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def rows(value: Any, *keys: str | int) -> list[dict[str, Any]] | None:
    """The objects of a list, None when there is no list of objects."""
    found = dig(value, *keys)
    if not isinstance(found, list):
        return None
    objects = [row for row in found if isinstance(row, dict)]
    return objects if objects or not found else None


def number(value: Any) -> int | None:
    """A whole number that is not negative."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int) and 0 <= value < 10**9:
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return None


def flag(value: Any) -> bool | None:
    """True or false, also as words."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int):
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(str(value).strip().lower())
    return None


def named(value: Any) -> str:
    """The name of something that is a string, an object with a name, or a list of them."""
    for _ in range(3):
        if not isinstance(value, dict):
            break
        value = next(
            (
                value[key]
                for key in ("name", "label", "title", "text", "value", "displayName", "descriptor", "city", "rendered")
                if value.get(key)
            ),
            "",
        )
    if isinstance(value, list):
        return joined((named(item) for item in value[:20] if not isinstance(item, list)), ", ")
    return clean(value)


def place(value: Any) -> str:
    """One place in words: a string, or an object with city, region and country."""
    if isinstance(value, str):
        return clean(value)
    if not isinstance(value, dict):
        return ""
    if isinstance(value.get("address"), dict) and not value.get("city"):
        return place(value["address"])
    spoken = joined(
        code.upper() if len(code := named(next((value[key] for key in keys if value.get(key)), ""))) == 2 else code
        for keys in (
            ("city", "addressLocality", "locality", "town"),
            ("region", "state", "addressRegion", "province", "stateCode", "region_name"),
            ("country", "addressCountry", "countryName", "country_name", "countryCode", "country_code"),
        )
    )
    full = next(
        (
            clean(value[key])
            for key in ("fullLocation", "full_location", "formatted_address", "formattedAddress", "locationString")
            if value.get(key)
        ),
        "",
    )
    return full or spoken or named({key: item for key, item in value.items() if not isinstance(item, dict | list)})


def places(value: Any) -> list[str]:
    """Every place of a string, an object or a list of them."""
    values = value if isinstance(value, list) else [value]
    return [text for item in values[:60] if (text := place(item))]
