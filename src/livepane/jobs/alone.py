"""Scrapers run by a command: in its own process, without a queue, by the same way out and the same browser as in a server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from livepane.egress.account import Budget
from livepane.egress.egress import Egress
from livepane.egress.options import Outside
from livepane.hub.hub import Hub
from livepane.jobs.browsing import JobBrowser
from livepane.jobs.items import LONGEST_LABEL, LONGEST_MESSAGE, checked, facts, line
from livepane.jobs.keeper import JobKeeper
from livepane.jobs.pane import JobPane
from livepane.jobs.shelf import Shelf, kept
from livepane.jobs.tools import widened
from livepane.scrapers.contract import Fetch, Item, Keeper, Limits, Scraper
from livepane.scrapers.media.recipes.book import BOOK
from livepane.settings import Settings

if TYPE_CHECKING:
    from playwright.async_api import Page

Told = Callable[[str], None]


class Alone:
    """`async with Alone(settings) as alone:` then any number of runs, also side by side."""

    def __init__(self, settings: Settings, *, pages: int | None = None, shelf: Shelf | None = None) -> None:
        """`pages`: of the browser at once; None: as the settings say. It starts when the first is needed.

        `shelf`: where files are kept; None: where a server with these settings keeps them.
        """
        self._settings = settings
        self.shelf = shelf or Shelf(settings.downloads)
        self._pages = pages
        self._stack = AsyncExitStack()
        self._runs = 0

    async def __aenter__(self) -> Self:
        settings = self._settings
        BOOK.own = settings.own_recipes
        async with AsyncExitStack() as stack:
            self.egress = await stack.enter_async_context(Egress(Outside.of(settings)))
            hub = await stack.enter_async_context(Hub(encoder_threads=1))
            self.browser = await stack.enter_async_context(
                JobBrowser(
                    hub,
                    settings.browser,
                    self.egress.proxy_url,
                    pages=self._pages or 2,
                    agent=self.egress.user_agent,
                    extra=self.egress.chromium_flags,
                )
            )
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stack.__aexit__(kind, error, trace)

    @asynccontextmanager
    async def work(
        self, target: str, options: Mapping[str, Any], told: Told, limits: Limits | None = None
    ) -> AsyncIterator[AloneWork]:
        """The work of one run; its connections and its page are closed with the block. `limits`: of its scraper."""
        self._runs += 1
        number = self._runs
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(self.egress.http(widened(Budget(), limits or Limits()), number))
            pane = self.browser.open(number, target, http.account)
            stack.push_async_callback(pane.close)
            keepers: set[JobKeeper] = set()

            def keeper(name: str, work: AloneWork) -> AbstractAsyncContextManager[Keeper]:
                made = self.shelf.keeper(
                    name,
                    options,
                    http=lambda: http,
                    voice=work,
                    job=number,
                    numbered=False,  # no server knows it by that number
                    spent=lambda: http.account.spent,
                )
                return kept(made, keepers)

            async def close() -> None:
                for one in list(keepers):
                    await one.aclose()

            stack.push_async_callback(close)

            yield AloneWork(target, options, http, pane, told, keeper, number)

    async def run(self, scraper: Scraper, target: str, options: Mapping[str, Any], told: Told) -> Outcome:
        """All that a scraper yields for a target. Raises ScrapeError."""
        async with self.work(target, options, told, scraper.limits) as work:
            items: list[Item] = []
            async for item in scraper.run(work):
                items.append(checked(item)[0])  # noqa: PERF401 - what comes before an error is wanted, too
            return Outcome(items, work.facts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has come to."""

    items: list[Item]
    facts: Mapping[str, Any]


@dataclass(slots=True)
class AloneWork:
    """A `Work` that tells what it does, and keeps nothing."""

    target: str
    options: Mapping[str, Any]
    http: Fetch
    pane: JobPane
    told: Told
    new_keeper: Callable[[str, AloneWork], AbstractAsyncContextManager[Keeper]]
    number: int  # of the run, by which its files are on the board
    facts: dict[str, Any] = field(default_factory=dict)

    def page(self) -> AbstractAsyncContextManager[Page]:
        """A page of Chromium in a fresh context. Waits for a place."""
        return self.pane.page()

    def keeper(self, collection: str) -> AbstractAsyncContextManager[Keeper]:
        """Where files are kept: the collection of that name, which is made when there is none."""
        return self.new_keeper(collection, self)

    def say(self, action: str, *, progress: float | None = None, selector: str | None = None) -> None:
        """What it does now; nobody is told how far it is."""
        label = line(action, LONGEST_LABEL)
        self.pane.say(label, selector)
        self.told(label)

    def warn(self, message: str) -> None:
        """Something that whoever reads the results should know."""
        self.told(f"warning: {line(message, LONGEST_MESSAGE)}")

    def report(self, **known: Any) -> None:
        """Facts about the run."""
        self.facts.update(facts(self.facts, known))
