"""What a scraper is: a name, and a coroutine that gets its `Work` and yields items. All that a plug-in has to know.

from livepane.scrapers import Work, scraper

@scraper("headlines", about="The headlines of a page.")
async def headlines(work: Work):
    async with work.page() as page:
        work.say("Reading the headlines")
        await page.goto(work.target)
        for text in await page.locator("h2").all_inner_texts():
            yield {"title": text}
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from playwright.async_api import Page

    from livepane.downloads.record import Wanted

Item = dict[str, Any]  # JSON
# What a document can say by itself, and what a request for it can come to.
PAGE_CODES = frozenset(
    {
        "blocked",  # a challenge, 401, 403, 429 that does not pass
        "not_found",
        "login",
        "expired",
        "no_careers_page",
        "unknown",
        "robots_disallowed",
        "timeout",
        "dns",
        "tls",
        "refused_target",  # not http or https, a private address, a port that is not allowed
        "http",  # any other answer that is an error, or a connection that breaks
    }
)
CODES = PAGE_CODES | frozenset(
    {
        "budget",  # over the job's limit in time, bytes, requests, redirects or popups
        "bad_item",  # the scraper yielded something that is no JSON object
        "bad_target",
        "browser",  # Chromium is missing, or died
        "bad_file",  # what came is no picture, video or sound, is cut off, or is not safe to open
        "disk",  # no room, or the folder cannot be written to
        "bad_recipe",  # a recipe does not fit the page: a selector finds nothing, a form is gone
        "failed",  # the scraper raised: our fault or its author's
    }
)


class ScrapeError(Exception):
    """An end that a scraper foresees. `retry`: it may go better later."""

    def __init__(self, code: str, message: str, *, retry: bool = False) -> None:
        if code not in CODES:
            raise ValueError(f"{code!r} is no code of an error; there are {', '.join(sorted(CODES))}")
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry = retry

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Astray(ScrapeError):
    """`budget`, of one address alone: its redirects come to no end. The job may go on with others."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer to a request: the last one, after redirects."""

    url: str
    status: int
    headers: Mapping[str, str]  # lower-case names
    body: bytes  # unpacked
    requested: str = ""  # what was asked for
    redirects: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """As the header says; it may lie."""
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer whose body is still to come: the last one, after redirects."""

    url: str
    status: int
    headers: Mapping[str, str]  # lower-case names
    pieces: AsyncIterator[bytes]  # as they were sent: asked for without compression

    @property
    def length(self) -> int | None:
        """Bytes that the header promises."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


class Fetch(Protocol):
    """An HTTP client that keeps to the rules: public targets, robots.txt, rates, budgets. Errors are ScrapeErrors."""

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, robots: bool = True) -> Fetched:
        """GET, redirects followed. Any status is an answer; an error is what does not answer, or what we may not ask."""
        ...

    async def post_json(
        self, url: str, body: object, *, headers: Mapping[str, str] | None = None, robots: bool = True
    ) -> Fetched:
        """POST of a JSON document, for vendors whose search is one."""
        ...

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, robots: bool = True
    ) -> AbstractAsyncContextManager[Streamed]:
        """GET of something large: its body is read piece by piece inside the block, and not counted as a document."""
        ...

    async def permit(self, url: str) -> None:
        """Wait until a page may be sent to this URL: robots.txt allows it and it is our turn. Errors as for `get`."""
        ...


class Keeper(Protocol):
    """Fetches files and keeps them in a folder with a manifest, some at a time."""

    def want(self, wanted: Wanted) -> None:
        """Take an item on, and return at once. The first candidate that is what it promises is kept; see `results`."""
        ...

    async def kept(self, key: str) -> str | None:
        """Where what is kept of an item came from; None: nothing is, or the last run could not have a better one of it."""
        ...

    async def room(self) -> None:
        """Wait until few enough items are under way.

        Raises:
            ScrapeError: `disk`, `budget`: nothing more can be kept; what is done is still among the results.
        """
        ...

    def ready(self) -> list[Item]:
        """The results that are there by now, which `results` then has no more: to yield between two looks at a page."""
        ...

    def results(self) -> AsyncIterator[Item]:
        """What became of every item so far wanted, the first that is done before the others; ends when none is under way.

        An item that fails is a result as well, with its error: the others go on. To be yielded as it is.

        Raises:
            ScrapeError: `disk`, `budget`: nothing more can be kept.
        """
        ...


class Work(Protocol):
    """What a scraper gets."""

    @property
    def target(self) -> str:
        """What is to be scraped, as it was asked for."""
        ...

    @property
    def options(self) -> Mapping[str, Any]:
        """What else was asked for."""
        ...

    @property
    def http(self) -> Fetch:
        """To fetch with, without a browser."""
        ...

    def page(self) -> AbstractAsyncContextManager[Page]:
        """A page of Chromium in a fresh context, which people can watch. Waits for a place; give it back early."""
        ...

    def keeper(self, collection: str) -> AbstractAsyncContextManager[Keeper]:
        """Where files are kept: the collection of that name, which is made when there is none."""
        ...

    def say(self, action: str, *, progress: float | None = None, selector: str | None = None) -> None:
        """What it does now: "Reading page 2 of 3". `progress` from 0 to 1; `selector` is the element that it is about."""
        ...

    def warn(self, message: str) -> None:
        """Something that whoever reads the results should know."""
        ...

    def report(self, **facts: Any) -> None:
        """Facts about the run, kept in the job's summary; JSON."""
        ...


Run = Callable[[Work], AsyncIterator[Item]]
Check = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run of a scraper may take, where the settings' limits for any job do not fit it. None: as the settings say."""

    seconds: float | None = None
    bytes: int | None = None  # over the line, in both directions
    requests: int | None = None
    items: int | None = None


@dataclass(frozen=True, slots=True)
class Scraper:
    """A kind of job."""

    name: str
    about: str
    run: Run
    options: Mapping[str, Any] = field(default_factory=dict)  # JSON Schema properties of what it takes besides the target
    limits: Limits = field(default_factory=Limits)
    check: Check | None = None  # of a target and its options, before a job is kept; raises ScrapeError


SCRAPERS: dict[str, Scraper] = {}


def scraper(
    name: str,
    *,
    about: str,
    options: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
    check: Check | None = None,
) -> Callable[[Run], Run]:
    """Declare a scraper, as a decorator of an async generator function.

    Args:
        limits: where those of any job do not fit it.
        check: what cannot begin at all is refused when it is asked for; raises ScrapeError.
    """

    def declare(run: Run) -> Run:
        if name in SCRAPERS and SCRAPERS[name].run.__module__ != run.__module__:
            raise ValueError(f"there are two scrapers called {name!r}: in {SCRAPERS[name].run.__module__} and {run.__module__}")
        SCRAPERS[name] = Scraper(name, about, run, options or {}, limits or Limits(), check)
        return run

    return declare
