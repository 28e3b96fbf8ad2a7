"""Reads documents for one company: parsed off the event loop and counted; a host that refuses us is left alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from livepane.scrapers.contract import Fetch, Fetched, ScrapeError
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.extract import Extraction, Known, extract
from livepane.scrapers.job_postings.urls import canonical, host
from livepane.scrapers.ladder import desk
from livepane.scrapers.ladder.asks import Ask

T = TypeVar("T")

SMALL = 50_000  # bytes; to look through so many takes a millisecond or two


@dataclass(frozen=True, slots=True)
class Page:
    """A document and what was found in it."""

    document: Document
    read: Extraction
    redirects: tuple[str, ...] = ()
    rendered: bool = False

    @property
    def url(self) -> str:
        """Where it came from, after redirects."""
        return self.document.url

    @property
    def error(self) -> str:
        """The code of what the page is instead of one with jobs; "" when it is none of those."""
        return (self.read.error or "").partition(":")[0]


@dataclass(slots=True)
class Tally:
    """What it took."""

    requests: int = 0
    bytes: int = 0
    pages: int = 0
    opened: int = 0  # pages of the browser
    queued: float = 0.0  # seconds that documents waited to be read, and were read
    started: float = field(default_factory=time.monotonic)

    @property
    def ms(self) -> int:
        """Milliseconds since the beginning."""
        return round((time.monotonic() - self.started) * 1000)


class Site:
    """The way to everything that is read for one company."""

    def __init__(self, http: Fetch, now: datetime) -> None:
        self.now = now
        self.tally = Tally()
        self.refused: dict[str, str] = {}  # hosts that block us, and how they said so
        self._http = http
        self._seen: set[str] = set()

    def seen(self, url: str) -> bool:
        """Whether it was asked for before, or is where a request ended."""
        return canonical(url) in self._seen

    async def read(self, ask: Ask | str, known: Callable[[str], Known] | None = None) -> Page:
        """Fetch and read one document; `known` gets its final address. Raises ScrapeError when it cannot be had."""
        ask = Ask(ask) if isinstance(ask, str) else ask
        fetched = await self.fetch(ask)
        document = Document(fetched.body, _read_as(ask, fetched), content_type=fetched.content_type, status=fetched.status)
        self.tally.pages += 1
        page = Page(document, await self.extract(document, known(document.url) if known else None), fetched.redirects)
        if page.error == "blocked":
            self.refused[host(page.url)] = page.read.error or ""
        return page

    async def extract(self, document: Document, known: Known | None = None) -> Extraction:
        """Parsing takes milliseconds to hundreds of them: not on the loop that everybody shares."""
        asked = time.monotonic()
        try:
            return await desk.read(partial(extract, document, now=self.now, known=known), document.size, self.tally.pages)
        finally:
            self.tally.queued += time.monotonic() - asked

    async def look(self, through: Callable[[Document], T], document: Document) -> T:
        """What a function finds in a document that was read; in a large one not on the loop either."""
        if document.size < SMALL:
            return through(document)
        return await desk.read(partial(through, document), document.size, self.tally.pages)

    async def fetch(self, ask: Ask) -> Fetched:
        """One request that is counted, to hosts that have not refused us."""
        self._admit(ask.url)
        self._seen.add(canonical(ask.url))
        self.tally.requests += 1
        if ask.body is None:
            fetched = await self._http.get(ask.url)
        else:
            fetched = await self._http.post_json(ask.url, ask.body)
        self._count(fetched)
        return fetched

    async def robots(self, url: str) -> Fetched:
        """A robots.txt, for the sitemaps that it names."""
        self._admit(url)
        self.tally.requests += 1
        fetched = await self._http.get(url, robots=False)
        self._count(fetched)
        return fetched

    def _admit(self, url: str) -> None:
        if said := self.refused.get(host(url)):
            raise ScrapeError("blocked", said.partition(": ")[2] or said)

    def _count(self, fetched: Fetched) -> None:
        self._seen.add(canonical(fetched.url))
        self.tally.requests += len(fetched.redirects)
        self.tally.bytes += len(fetched.body)


def _read_as(ask: Ask, fetched: Fetched) -> str:
    return ask.read_as if ask.body is not None else fetched.url
