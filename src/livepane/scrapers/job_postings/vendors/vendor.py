"""What is known of one system: how its boards are recognised, and how its feeds and pages are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found

JsonReader = Callable[[Any, Document], Found | None]
PageReader = Callable[[Document], Found | None]


@dataclass(frozen=True, slots=True)
class Vendor:
    """One system. A pattern is matched against `host/path?query` and names the board in its group `token`."""

    name: str
    boards: tuple[str, ...] = ()  # addresses of a board, its feed or one of its postings
    embeds: tuple[str, ...] = ()  # scripts and frames on a customer's own page; the group may be missing
    inline: tuple[str, ...] = ()  # inside scripts
    marks: str = ""  # CSS selector of what only its pages or widgets have
    token_attribute: str = ""  # attribute of such a mark that holds the token
    feed: str = ""  # address of the feed, with {token}
    home: str = ""  # address of the board, with {token}
    not_tokens: frozenset[str] = frozenset()
    rendered: bool = False  # its own board pages come empty and are filled by script
    json: JsonReader | None = None
    xml: PageReader | None = None
    html: PageReader | None = None
