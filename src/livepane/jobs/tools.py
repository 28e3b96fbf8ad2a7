"""What a job of the server fetches with: its account on the way out, its HTTP client, its pane and the pages in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from livepane.domain.job import Job
from livepane.egress.account import Budget
from livepane.egress.client import JobHttp
from livepane.egress.egress import Egress
from livepane.jobs.browsing import JobBrowser
from livepane.jobs.items import line
from livepane.jobs.keeper import JobKeeper, Voice
from livepane.jobs.pane import JobPane
from livepane.jobs.shelf import Shelf, kept
from livepane.jobs.work import Tools
from livepane.scrapers.contract import SCRAPERS, Fetch, Keeper, Limits

if TYPE_CHECKING:
    from playwright.async_api import Page

LONGEST_TITLE = 200  # characters
OUT = 0.9  # of a job's time: the way out closes a little earlier, so that its scraper can still give what it has


def outfitter(
    egress: Egress, browser: JobBrowser, budget: Budget, shelf: Shelf
) -> Callable[[Job], AbstractAsyncContextManager[Tools]]:
    """What an Executor asks for the tools of each job. `budget`: of a job whose scraper has no limits of its own."""

    @asynccontextmanager
    async def tools(job: Job) -> AsyncIterator[Tools]:
        scraper = SCRAPERS.get(job.kind)
        account = egress.credentials(job.id, budget if scraper is None else widened(budget, scraper.limits))
        pane = browser.open(job.id, line(job.target, LONGEST_TITLE), account)
        kit = _Kit(lambda: egress.http(name=job.id), pane)

        def keeper(name: str, voice: Voice) -> AbstractAsyncContextManager[Keeper]:
            return kit.keeper(
                shelf.keeper(name, job.options, http=kit.http, voice=voice, job=job.id, spent=lambda: account.spent)
            )

        def spent() -> Mapping[str, Any]:
            return {"requests": account.requests, "bytes": account.bytes, "pages_opened": kit.pages_opened}

        try:
            yield Tools(kit.http, kit.page, pane.say, keeper, spent)
        finally:
            try:
                await kit.close()
            finally:
                egress.close(job.id)
                await pane.close()

    return tools


def widened(budget: Budget, limits: Limits) -> Budget:
    """The budget of a job whose scraper has limits of its own."""
    return replace(
        budget,
        seconds=budget.seconds if limits.seconds is None else OUT * limits.seconds,
        bytes=budget.bytes if limits.bytes is None else limits.bytes,
        requests=budget.requests if limits.requests is None else limits.requests,
    )


class _Kit:
    """What one job has opened: all of it is closed from here, also when its scraper does not return."""

    def __init__(self, new_http: Callable[[], JobHttp], pane: JobPane) -> None:
        self.pages_opened = 0
        self._new_http, self._pane = new_http, pane
        self._http: JobHttp | None = None
        self._open: set[AsyncExitStack] = set()
        self._keepers: set[JobKeeper] = set()

    def http(self) -> Fetch:
        """The client, made when it is first asked for."""
        if self._http is None:
            self._http = self._new_http()
        return self._http

    @asynccontextmanager
    async def page(self) -> AsyncIterator[Page]:
        """A page of the pane."""
        async with AsyncExitStack() as stack:
            page = await stack.enter_async_context(self._pane.page())
            self.pages_opened += 1
            self._open.add(stack)
            try:
                yield page
            finally:
                self._open.discard(stack)

    def keeper(self, keeper: JobKeeper) -> AbstractAsyncContextManager[Keeper]:
        """One of its keepers."""
        return kept(keeper, self._keepers)

    async def close(self) -> None:
        """Close everything. A scraper that is still in one of its pages finds it closed."""
        for keeper in list(self._keepers):
            await keeper.aclose()
        for stack in list(self._open):
            await stack.aclose()
        if self._http is not None:
            await self._http.aclose()
