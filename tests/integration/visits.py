"""One Chromium and one site for a file of tests: to start a Chromium costs more than most of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest_asyncio

from livepane.browsers.page import DEFAULT_VIEW, View
from livepane.browsers.pool import BrowserPool
from livepane.sources.page import PageSource, open_page
from tests.integration.web import browsing
from tests.patience import PATIENCE


class Visits:
    """Pages that a test opens, each in a context of its own, and closes at its end."""

    def __init__(self, pool: BrowserPool, base: str) -> None:
        self.pool, self.base = pool, base
        self._opened: list[PageSource] = []

    async def open(self, where: str, view: View = DEFAULT_VIEW, *, mask: Sequence[str] = ()) -> PageSource:
        """Open a path of the site, or an address."""
        page = await open_page(self.pool, f"{self.base}{where}" if where.startswith("/") else where, view, mask=mask)
        self._opened.append(page)
        return page

    async def end(self) -> None:
        """Close what is still open, until Chromium has no page left: the next test counts its own."""
        for page in self._opened:
            await page.close()
        targets = self.pool._targets
        async with asyncio.timeout(PATIENCE):
            while targets is not None and await targets.list():
                pass


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[tuple[BrowserPool, str]]:
    """Shared by the tests of a file."""
    async with browsing() as both:
        yield both


@pytest_asyncio.fixture(loop_scope="module")
async def visits(place: tuple[BrowserPool, str]) -> AsyncIterator[Visits]:
    """A test's own."""
    one = Visits(*place)
    yield one
    await one.end()
