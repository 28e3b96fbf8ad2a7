"""A page in a Chromium of ours, as a source: captured while watched, reloaded after a crash, closed with its stream."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from livepane.browsers.page import DEFAULT_VIEW, OpenPage, View
from livepane.browsers.pool import BrowserPool
from livepane.browsers.session import CdpSession
from livepane.deadline import within
from livepane.domain.errors import LivepaneError, SourceGone
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.domain.stream import Action
from livepane.sources.masking.veil import cast_masked
from livepane.sources.masking.witness import Witness
from livepane.sources.spotlight import Spotlight
from livepane.sources.world_finder import WorldFinder

GUARDED_WITHIN = 1.0  # s


async def open_page(
    pool: BrowserPool, url: str, view: View = DEFAULT_VIEW, *, ours: bool = False, mask: Sequence[str] = ()
) -> PageSource:
    """Open a page and wait until it answers. `ours`: one of this server's own. `mask`: as of a PageSource.

    Raises:
        What BrowserPool.open raises.
    """
    source = PageSource(await pool.open(url, view, ours=ours), mask)
    await source.guarded()
    return source


class PageSource:
    """Title and URL are kept up to date whether it is captured or not; the callbacks are set by whoever holds it.

    Password fields are painted over, and what `mask` (CSS selectors) matches.
    """

    def __init__(self, page: OpenPage, mask: Sequence[str] = ()) -> None:
        self._page = page
        self._witness = Witness(page.session, mask, page.frame)
        self._witness.begin()
        self._sink: FrameSink | None = None
        self._spotlight = Spotlight(WorldFinder(page.session))
        self.on_describe: Callable[[str, str], object] | None = None  # title, url
        self.on_popup: Callable[[PageSource], object] | None = None  # without it a popup is closed at once
        self.on_gone: Callable[[str], object] | None = None  # the reason
        page.on_describe = self._describe
        page.on_popup = self._popup
        page.on_end = self._end

    @property
    def session(self) -> CdpSession:
        """To drive the page by."""
        return self._page.session

    @property
    def title(self) -> str:
        """What the page calls itself: text from outside."""
        return self._page.title

    @property
    def url(self) -> str:
        """Where it is now."""
        return self._page.url

    @property
    def is_masked(self) -> bool:
        """Whether parts of it are painted over."""
        return self._witness.is_needed

    @property
    def gone(self) -> bool:
        """It closed itself, was closed, or its browser has ended."""
        return self._page.ended.is_set()

    def point(self, action: Action) -> None:
        """This is done now: the element of its selector, a CSS one, is shown to those who want to see it."""
        self._spotlight.point(action)

    async def guarded(self) -> None:
        """Wait until its password fields are known and stay so; not for a page that answers nobody, or has gone already."""
        with suppress(LivepaneError, TimeoutError):
            async with within(GUARDED_WITHIN):
                await asyncio.shield(self._witness.begin())

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Source: put pictures into `sink` until cancelled."""
        if self.gone:
            raise SourceGone(f"The page {self.url} was closed.")
        if self._page.crashed:
            await self._page.revive()
        self._sink = sink
        try:
            sink.describe(title=self.title, url=self.url)
            follow = self._spotlight.follow(self._page.session, sink, demand)
            pointing = asyncio.get_running_loop().create_task(follow, name="page spotlight")
            try:
                await cast_masked(self._page.session, self._witness, sink, demand)
            finally:
                pointing.cancel()
                await asyncio.wait([pointing])
        finally:
            self._sink = None

    async def close(self) -> None:
        """Source: close the page."""
        self._witness.end()
        await self._page.close()

    def _describe(self) -> None:
        if self._sink is not None:
            self._sink.describe(title=self.title, url=self.url)
        if self.on_describe is not None:
            self.on_describe(self.title, self.url)

    def _popup(self, page: OpenPage) -> bool:
        if self.on_popup is None:
            return False
        self.on_popup(PageSource(page, self._witness.selectors))
        return True

    def _end(self, reason: str) -> None:
        if self.on_gone is not None:
            self.on_gone(reason)
