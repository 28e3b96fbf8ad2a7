"""A page in a Chromium of ours, as a source: captured while watched, reloaded after a crash, closed with its stream."""

from __future__ import annotations

from collections.abc import Callable

from livepane.browsers.page import DEFAULT_VIEW, OpenPage, View
from livepane.browsers.pool import BrowserPool
from livepane.browsers.session import CdpSession
from livepane.domain.errors import SourceGone
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.sources.cast import Cast


async def open_page(pool: BrowserPool, url: str, view: View = DEFAULT_VIEW) -> PageSource:
    """Open a page and wait until it answers.

    Raises:
        What BrowserPool.open raises.
    """
    return PageSource(await pool.open(url, view))


class PageSource:
    """Title and URL are kept up to date whether it is captured or not; the callbacks are set by whoever holds it."""

    def __init__(self, page: OpenPage) -> None:
        self._page = page
        self._sink: FrameSink | None = None
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
    def gone(self) -> bool:
        """It closed itself, was closed, or its browser has ended."""
        return self._page.ended.is_set()

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Source: put pictures into `sink` until cancelled."""
        if self.gone:
            raise SourceGone(f"The page {self.url} was closed.")
        if self._page.crashed:
            await self._page.revive()
        self._sink = sink
        try:
            sink.describe(title=self.title, url=self.url)
            await Cast(self._page.session, sink).run(demand)
        finally:
            self._sink = None

    async def close(self) -> None:
        """Source: close the page."""
        await self._page.close()

    def _describe(self) -> None:
        if self._sink is not None:
            self._sink.describe(title=self.title, url=self.url)
        if self.on_describe is not None:
            self.on_describe(self.title, self.url)

    def _popup(self, page: OpenPage) -> bool:
        if self.on_popup is None:
            return False
        self.on_popup(PageSource(page))
        return True

    def _end(self, reason: str) -> None:
        if self.on_gone is not None:
            self.on_gone(reason)
