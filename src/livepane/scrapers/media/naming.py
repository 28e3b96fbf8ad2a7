"""What the file of an item is to be called, where its address has no name that says anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from livepane.downloads.record import Candidate
from livepane.scrapers.media.candidates import is_file
from livepane.scrapers.media.items import Found

_SAYS_NOTHING = re.compile(
    r"(?:image|img|photo|picture|pic|default|index|download|view|show|get|file|media|original|full|large|render|thumb|medium|small|\d{1,2})s?",
    re.IGNORECASE,
)


def name_of(item: Found, candidates: Sequence[Candidate]) -> str | None:
    """A name, or None where the address has a good one. The ending is for whoever sees what came."""
    if not candidates:
        return None
    url = candidates[0].url
    last = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    bare = last.rpartition(".")[0] or last
    if is_file(url) and not _SAYS_NOTHING.fullmatch(bare):
        return None
    if item.title:
        return " ".join(re.sub(r"[^\w\s().,'&-]+", " ", item.title).split())[:80] or None
    page = unquote(urlsplit(item.detail).path.rstrip("/").rpartition("/")[2]).rpartition(".")
    return (page[0] or page[2])[:80] or None
