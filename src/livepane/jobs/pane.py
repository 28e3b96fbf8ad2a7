"""What one job shows: its actions, and its page while it has one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING

from livepane.deadline import within
from livepane.domain.errors import SourceGone
from livepane.domain.frame import Encoding, Picture
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.domain.stream import Action
from livepane.egress.account import Account
from livepane.hub.stream import Stream
from livepane.jobs import page_errors
from livepane.jobs.manners import Manners
from livepane.media.jpeg import jpeg_size
from livepane.scrapers.contract import ScrapeError
from livepane.sources.driver import AsyncDriver
from livepane.sources.masking.script import FIELDS
from livepane.sources.watched_page import WatchedPage

if TYPE_CHECKING:
    from playwright.async_api import Page

    from livepane.jobs.browsing import JobBrowser

NO_PAGE = "no browser needed"
WAITS = "waits for a page of the browser"
OPENS = "opens a page"
PAGE_CLOSED = "its page is closed"
UNCHANGED_AFTER = 0.3  # s that a picture may be late
LAST_LOOK, LAST_QUALITY = 1.0, 80  # s that it may take; of the JPEG
MASK_COLOUR = "#2e3440"  # of media.cover
FINISHED = "the job has finished"
_LONGEST = 500  # characters of a label


class JobPane:
    """Made by `JobBrowser.open`; `close` it when the job ends, however it ends."""

    def __init__(self, browser: JobBrowser, job_id: int, stream: Stream, account: Account | None) -> None:
        self.job_id = job_id
        self.stream = stream
        self._browser, self._account = browser, account
        self._open: AsyncExitStack | None = None  # what its page holds
        self._action: Action | None = None
        self._shown: _JobPage | None = None
        stream.unplug(NO_PAGE)

    @property
    def watched(self) -> bool:
        """Whether somebody wants pictures."""
        return self.stream.busy

    def say(self, label: str, selector: str | None = None) -> None:
        """What the job does now: viewers read it beside the picture."""
        self._keep_moment()
        self._action = Action(label[:_LONGEST], time.time_ns(), selector[:_LONGEST] if selector else None)
        self.stream.action(self._action)
        if self._shown is not None:
            self._shown.spotlight.point(self._action)

    @asynccontextmanager
    async def page(self) -> AsyncIterator[Page]:
        """A page in a fresh context, shown while it is open. Waits for a place.

        Raises:
            ScrapeError: `browser`, `budget`, `refused_target` …: there is no Chromium, or it ended meanwhile; or what an error
                of Playwright inside the block stands for.
        """
        if self._open is not None:
            raise ScrapeError("failed", "A job has one page at a time; open a tab of it with page.context.new_page().")
        stack = self._open = AsyncExitStack()
        try:
            async with stack:
                await self._place(stack)
                self.stream.unplug(OPENS)
                chromium, context = await stack.enter_async_context(self._browser.context(self._account))
                manners = Manners(context, self._account, lambda: self.watched)
                try:
                    page = await manners.teach()
                    source = self._shown = _JobPage(page, manners)
                    if self._action is not None:
                        source.spotlight.point(self._action)
                    source.on_describe = lambda title, url: self.stream.describe(url=url)
                    self.stream.attach(source)
                    try:
                        yield page
                    except Exception:
                        if self.watched:
                            await self._last_look(page)
                        raise
                    finally:
                        self._keep_moment()
                        if self.stream.capture.source is source:
                            self.stream.unplug(PAGE_CLOSED)
                            await self.stream.capture.finished()
                        await source.close()
                except Exception as error:
                    first = page_errors.first(error)
                    if first is error and isinstance(error, ScrapeError):
                        raise
                    if isinstance(first, ScrapeError):
                        raise first from error
                    if manners.fault is not None:
                        raise manners.fault from error
                    if "closed" in str(first) and await chromium.has_ended():
                        raise page_errors.died() from error
                    if (meant := page_errors.meaning(first, self._account)) is not None:
                        raise meant from error
                    raise
        finally:
            self._open = self._shown = None

    def _keep_moment(self) -> None:
        """An action is over: what its page looks like is kept, if somebody has watched it."""
        action, frame = self._action, self.stream.newest_or_none()
        if action is None or frame is None or not (self.watched and self.stream.fresh):
            return
        # A picture from before the action shows what was before; unless none has come for so long that nothing has changed.
        unchanged = time.time_ns() - action.at > (1 / self.stream.capture.now.fps + UNCHANGED_AFTER) * 1e9
        if frame.picture.captured_at >= action.at or unchanged:
            self._browser.moments.keep(self.job_id, action, frame.picture)

    async def _last_look(self, page: Page) -> None:
        """What the page looks like when something goes wrong in it: the next picture may be seconds away."""
        with suppress(Exception):
            async with within(LAST_LOOK):
                now = time.time_ns()
                fields = [frame.locator(FIELDS) for frame in page.frames]
                data = await page.screenshot(type="jpeg", quality=LAST_QUALITY, mask=fields, mask_color=MASK_COLOUR)
                self.stream.put(Picture(now, *jpeg_size(data), Encoding.JPEG, data, LAST_QUALITY))

    async def _place(self, stack: AsyncExitStack) -> None:
        if not self._browser.full:
            await stack.enter_async_context(self._browser.place())
            return
        self.stream.unplug(WAITS)
        try:
            async with AsyncExitStack() as waiting:
                if self._account is not None:
                    waiting.enter_context(self._account.waiting())
                await stack.enter_async_context(self._browser.place())
        except BaseException:
            self.stream.unplug(NO_PAGE)
            raise

    async def close(self, reason: str = FINISHED) -> None:
        """The job is over, or will be tried again: the last picture stays for those who look.

        A page that is still open goes, whatever its scraper is doing.
        """
        if self._open is not None:
            await self._open.aclose()
        self._browser.past.remember(self.job_id, self.stream)
        self.stream.last_used = time.monotonic()  # it is listed for a while, so that people see how it ended
        self.stream.end(reason)
        await self.stream.release()


class _JobPage(WatchedPage):
    """A page whose end is not the end of its stream: the job goes on, and may open another."""

    def __init__(self, page: Page, manners: Manners) -> None:
        super().__init__(page, AsyncDriver())
        self._manners = manners

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Source: put pictures into `sink` until cancelled."""
        filling = asyncio.get_running_loop().create_task(self._manners.fill_in(self.page), name="pictures for a viewer")
        try:
            await super().capture(sink, demand)
        except SourceGone:
            sink.hidden(PAGE_CLOSED)
            await asyncio.get_running_loop().create_future()
        finally:
            filling.cancel()
