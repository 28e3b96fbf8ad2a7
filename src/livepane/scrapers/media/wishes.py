"""What a media job is asked for, and what its options may be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.media import recipe as recipes

MOST_ITEMS, MOST_PAGES = 10_000, 1_000
LONGEST_WORDS = 40  # characters of a page in the name of its collection
OPTIONS: dict[str, Any] = {
    **recipes.OPTIONS,
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": 500, "description": "Items at most."},
    "pages": {
        "type": "integer",
        "minimum": 1,
        "maximum": MOST_PAGES,
        "default": 50,
        "description": "Pages of a list that are followed at most.",
    },
    "detail_pages": {
        "type": "string",
        "enum": ["auto", "always", "never"],
        "default": "auto",
        "description": "Whether the page of each item is opened, or the item clicked on: where the first of them show that it "
        "brings a larger picture, always, or never.",
    },
    "upgrade": {
        "type": "boolean",
        "default": True,
        "description": "Whether a better version of an item that is there already is fetched.",
    },
    "collection": {
        "type": "string",
        "maxLength": 100,
        "description": "Name of the collection; without one it is made of the host, the recipe, and the user name or the path.",
    },
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of the generic gallery, checked."""

    limit: int = 500
    pages: int = 50
    details: str = "auto"

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Wishes:
        """Raises ScrapeError `bad_target` for a value that is none."""
        upgrade = options.get("upgrade", True)
        if not isinstance(upgrade, bool):
            raise ScrapeError("bad_target", f"upgrade = {upgrade!r} is neither true nor false.")
        details = options.get("detail_pages", "auto")
        if details not in OPTIONS["detail_pages"]["enum"]:
            raise ScrapeError("bad_target", f"detail_pages = {details!r} is none of auto, always, never.")
        return cls(_whole(options, "limit", "items"), _whole(options, "pages", "pages"), details)


def _whole(options: Mapping[str, Any], name: str, of: str) -> int:
    said = OPTIONS[name]
    value = options.get(name, said["default"])
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= said["maximum"]:
        raise ScrapeError("bad_target", f"{name} = {value!r} is no number of {of} from 1 to {said['maximum']}.")
    return value


def collection(url: str, recipe: str, user: str | None, wish: Any = None) -> str:
    """The name of the collection, as one folder: the same for every run of the same target."""
    if wish is not None and not isinstance(wish, str):
        raise ScrapeError("bad_target", f"collection = {wish!r} is no name.")
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    port = str(parts.port) if parts.port not in (None, 80, 443) else ""
    said = wish or "-".join(part for part in (host, port, recipe, user or _album(parts)) if part)
    name = re.sub(r"[^\w.@+-]+", "-", said).strip(".-_ ")[:100]
    if not name:
        raise ScrapeError("bad_target", f"collection = {wish!r} has no letter or digit that a folder could be called by.")
    return name


def _album(parts: SplitResult) -> str:
    """Words for one page among those of its host, of its path and query; of many the last, and what tells them from others."""
    path = re.sub(r"(?:/index)?\.(?:html?|php|aspx?)$|/index$", "", parts.path)
    query = [value for name, value in parse_qsl(parts.query) if not name.lower().startswith("utm_")]
    whole = "-".join(re.findall(r"[\w.@+]+", unquote("/".join((path, *query)))))
    if len(whole) <= LONGEST_WORDS:
        return whole
    end = whole[-LONGEST_WORDS + 9 :]
    return f"{end.partition('-')[2] or end}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"
