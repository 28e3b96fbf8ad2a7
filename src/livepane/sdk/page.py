"""A page of somebody's Playwright script as a source."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from livepane.deadline import within
from livepane.domain.errors import SourceGone
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.sdk.driver import Driver
from livepane.sdk.session import LentSession, refusal

log = logging.getLogger(__name__)

DETACH_WITHIN = 1.0  # s


class WatchedPage:
    """Captured over a CDP session of its own in Chromium, by Playwright's screencast elsewhere. Never closes the page."""

    def __init__(self, page: Any, driver: Driver) -> None:
        self.page = page
        self.on_describe: Callable[[str | None, str], object] = lambda title, url: None  # title (None: as it was), url
        self.on_closed: Callable[[], object] = lambda: None
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
            from livepane.sdk.screencast import Screencast

            await Screencast(self.page, self._driver, sink).run(demand)
            return
        try:
            from livepane.sources.cast import Cast

            await Cast(LentSession(session, self._driver), sink).run(demand)
        finally:
            with suppress(Exception):  # a session of a page that is gone is detached already
                async with within(DETACH_WITHIN):
                    await self._driver.call(session.detach)

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
