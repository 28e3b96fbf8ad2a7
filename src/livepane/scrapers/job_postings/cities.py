"""Which words are the name of a place: every city of 15,000 people or more, from GeoNames (see NOTICE)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

POSTCODE = re.compile(r"^(?:[A-Z]{1,3}-)?\d{4,5}\s+")
PARTS = re.compile(r"\s*[/;|&+]\s*|\s+(?:und|and|oder|or|et|y|och|og)\s+")
LONGEST = 60  # characters of a piece that may be a place


@cache
def names() -> frozenset[str]:
    """The names, in lower case and without accents. Read when the first word is looked up: about 4 MB."""
    text = files("livepane.scrapers.job_postings").joinpath("cities.txt").read_text(encoding="utf-8")
    return frozenset(text.splitlines())


def plain(name: str) -> str:
    """A name in lower case and without accents."""
    return "".join(part for part in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(part))


def is_city(text: str) -> bool:
    """Whether a text is one city, or several: "Fulda", "36037 Fulda", "Fulda (Hessen)", "Boise, ID", "Köln / Bonn"."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return False
    parts = [re.split(r"\s*[,(]", POSTCODE.sub("", part), maxsplit=1)[0].strip() for part in PARTS.split(text)]
    return all(part[:1].isupper() and plain(part) in names() for part in parts)
