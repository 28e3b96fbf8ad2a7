"""A page of an in-process Playwright as a source: of somebody's script, or of a job."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from livepane.deadline import within
from livepane.domain.errors import SourceGone, Unavailable
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.sources.driver import Driver
from livepane.sources.lent_session import LentSession, refusal
from livepane.sources.masking.witness import Witness
from livepane.sources.playwright_finder import PlaywrightFinder
from livepane.sources.spotlight import Spotlight

log = logging.getLogger(__name__)

DETACH_WITHIN = 1.0  # s


class WatchedPage:
    """Captured over a CDP session of its own in Chromium, by Playwright's screencast elsewhere. Never closes the page.

    Password fields are painted over, and what `selectors` (CSS) match.
    """

    def __init__(self, page: Any, driver: Driver, selectors: Sequence[str] = ()) -> None:
        self.page = page
        self.selectors = tuple(selectors)
        self._guarding: asyncio.Task[Witness] | None = None
        self._guard: Any = None  # the session that the page is witnessed over
        self.on_describe: Callable[[str | None, str], object] = lambda title, url: None  # title (None: as it was), url
        self.on_closed: Callable[[], object] = lambda: None
        self.spotlight = Spotlight(PlaywrightFinder(page, driver))
        self._driver = driver
        self._crashed = False
        self._recovered = asyncio.Event()
        self._titles: asyncio.Task[None] | None = None
        self._title_wanted = False
        page.on("framenavigated", self._navigated)
        page.on("domcontentloaded", self._loaded)
        page.on("load", self._loaded)
        page.on("crash", self._crash)
        page.on("close", self._closed)

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Source: put pictures into `sink` until cancelled."""
        if self.page.is_closed():
            raise SourceGone("the page was closed")
        if self._crashed:
            await self._recovered.wait()
        try:
            session = await self._driver.call(self.page.context.new_cdp_session, self.page)
        except Exception as error:
            if "Chromium" not in str(error):  # elsewhere it says that only Chromium has such sessions
                raise refusal(error) from None
            from livepane.sources.screencast import Screencast

            await Screencast(self.page, self._driver, sink, self.selectors).run(demand)
            return
        lent = LentSession(session, self._driver)
        pointing = asyncio.get_running_loop().create_task(self.spotlight.follow(lent, sink, demand), name="livepane spotlight")
        try:
            from livepane.sources.masking.veil import cast_masked

            await cast_masked(lent, await asyncio.shield(self.guard()), sink, demand)
        finally:
            pointing.cancel()
            await asyncio.wait([pointing], timeout=DETACH_WITHIN)
            with suppress(Exception):  # a session of a page that is gone is detached already
                async with within(DETACH_WITHIN):
                    await self._driver.call(session.detach)

    def guard(self) -> asyncio.Task[Witness]:
        """Let the page be witnessed from now on: what is a password field now stays one when the page shows what is in it."""
        if self._guarding is None or self._guarding.cancelled() or (self._guarding.done() and self._guarding.exception()):
            self._guarding = asyncio.get_running_loop().create_task(self._begin_to_guard(), name="livepane mask")
            self._guarding.add_done_callback(lambda task: task.cancelled() or task.exception())  # `capture` says what it is
        return self._guarding

    def mask(self, selectors: Sequence[str]) -> None:
        """Paint over these, too, from now on."""
        self.selectors = tuple(dict.fromkeys((*self.selectors, *selectors)))
        if self._guarding is not None and self._guarding.done() and self._guarding.exception() is None:
            self._guarding.result().selectors = self.selectors

    async def _begin_to_guard(self) -> Witness:
        try:
            self._guard = await self._driver.call(self.page.context.new_cdp_session, self.page)
        except Exception as error:
            raise refusal(error) from None
        witness = Witness(LentSession(self._guard, self._driver), self.selectors, self._frame)
        witness.begin()
        return witness

    async def _frame(self, frame_id: str) -> LentSession:
        """A session of a frame that another process draws; Playwright says of no frame what its id is."""
        for frame in self.page.frames[1:]:
            try:
                session = await self._driver.call(self.page.context.new_cdp_session, frame)
            except Exception:  # noqa: S112 - it is drawn with the page, or has gone
                continue
            lent = LentSession(session, self._driver)
            if (await lent.send("Page.getFrameTree"))["frameTree"]["frame"]["id"] == frame_id:
                return lent
            await self._driver.call(session.detach)
        raise Unavailable("there is no such frame in another process")

    async def close(self) -> None:
        """Source: let go of the page, which belongs to the script."""
        for event, handler in (
            ("framenavigated", self._navigated),
            ("domcontentloaded", self._loaded),
            ("load", self._loaded),
            ("crash", self._crash),
            ("close", self._closed),
        ):
            with suppress(Exception):
                self.page.remove_listener(event, handler)
        if self._titles is not None:
            self._titles.cancel()
        if self._guarding is not None:
            if self._guarding.done() and not self._guarding.cancelled() and self._guarding.exception() is None:
                self._guarding.result().end()
            self._guarding.cancel()
        if self._guard is not None:
            with suppress(Exception):  # it goes with its page
                async with within(DETACH_WITHIN):
                    await self._driver.call(self._guard.detach)

    def describe(self) -> None:
        """Say the title and the URL of now."""
        self.on_describe(None, self.page.url)
        self._loaded(self.page)

    def _navigated(self, frame: Any) -> None:
        if frame.parent_frame is None:
            if self._crashed:
                self._crashed = False
                self._recovered.set()
            self.on_describe(None, self.page.url)

    def _loaded(self, _: Any) -> None:
        """Ask for the title, in the background and one question at a time."""
        self._title_wanted = True
        if self._titles is None or self._titles.done():
            self._titles = asyncio.get_running_loop().create_task(self._ask_title(), name="livepane title")

    async def _ask_title(self) -> None:
        while self._title_wanted and not self._crashed:
            self._title_wanted = False
            with suppress(Exception):  # the page navigates on or closes: the next event asks again
                self.on_describe(await self._driver.call(self.page.title), self.page.url)

    def _crash(self, _: Any) -> None:
        self._crashed = True
        self._recovered.clear()

    def _closed(self, _: Any) -> None:
        self.on_closed()
