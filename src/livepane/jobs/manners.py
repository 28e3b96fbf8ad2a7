"""What a page of a job may do: show text cheaply and pictures to those who watch, open few popups, stay on the web."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from livepane.egress.account import Account
from livepane.jobs import page_errors
from livepane.scrapers.contract import ScrapeError

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Frame, Page, Response, Route

POPUPS = 3  # of a page whose job has no account
HEAVY = frozenset({"image", "font", "media"})
_AGAIN = (
    "for (const one of document.images) if (one.complete && !one.naturalWidth) { one.srcset = one.srcset; one.src = one.src }"
)
ON_THE_WEB = ("http://", "https://", "about:blank", "about:srcdoc", "data:", "blob:")
_MAY_BE_HEAVY = re.compile(
    r"\.(png|jpe?g|gif|webp|avif|bmp|svg|ico|woff2?|ttf|otf|eot|mp4|webm|ogg|mp3|m4a|m3u8|mov)([?&#%/]|$)|/_next/image",
    re.IGNORECASE,
)


class Manners:
    """Of one context. What must not be ends the context, and `fault` says why."""

    def __init__(self, context: BrowserContext, account: Account | None, watched: Callable[[], bool]) -> None:
        self._context, self._account, self._watched = context, account, watched
        self._popups = POPUPS if account is None else account.budget.popups
        self._opened = 0
        self._left_out = False  # a picture, since they were last fetched again
        self._ending: asyncio.Task[None] | None = None
        self.fault: ScrapeError | None = None

    async def teach(self) -> Page:
        """The first page of the context, which keeps to all this."""
        await self._context.route(_MAY_BE_HEAVY, self._weigh)
        self._context.on("page", self._meet)
        return await self._context.new_page()

    async def _weigh(self, route: Route) -> None:
        with suppress(Exception):  # the page has gone meanwhile, and its requests with it
            if route.request.resource_type in HEAVY and not self._watched():
                self._left_out = True
                await route.abort("blockedbyclient")
            else:
                await route.fallback()

    async def fill_in(self, page: Page) -> None:
        """Somebody watches now: fetch the pictures that were left out while nobody did."""
        if self._left_out:
            self._left_out = False
            for frame in page.frames:
                with suppress(Exception):  # it navigates on, and then it has them anyway
                    await frame.evaluate(_AGAIN)

    def _meet(self, page: Page) -> None:
        page.on("popup", self._popup)
        page.on("framenavigated", self._navigated)
        page.on("frameattached", self._guard)
        self._guard(page)
        self._guard(page.main_frame)

    def _guard(self, thing: Page | Frame) -> None:
        """Have its `goto` refuse other addresses before Chromium hears of them: where that goes inside a machine, no proxy
        sees. And what the proxy itself answers is an error, not a page."""
        plain = thing.goto

        async def goto(url: str, **options: Any) -> Response | None:
            if not url.strip().lower().startswith(ON_THE_WEB):
                raise off_the_web(url)
            response = await plain(url, **options)
            if response is not None and response.headers.get("proxy-status", "").startswith("livepane;"):
                raise page_errors.refused(response.url, await response.text(), self._account)
            return response

        setattr(thing, "goto", goto)  # noqa: B010 - mypy forbids it in the plainer way

    def _popup(self, _: Page) -> None:
        self._opened += 1
        if self._opened > self._popups:
            self._fail(ScrapeError("budget", f"The page opened {self._opened} popups; {self._popups} are allowed."))

    def _navigated(self, frame: Frame) -> None:
        if frame.url and not frame.url.startswith((*ON_THE_WEB, "chrome-error:")):
            self._fail(off_the_web(frame.url))

    def _fail(self, fault: ScrapeError) -> None:
        if self.fault is None:
            self.fault = fault
            self._ending = asyncio.get_running_loop().create_task(self._end(), name="job context fault")

    async def _end(self) -> None:
        with suppress(Exception):  # it ends anyway
            await self._context.close()


def off_the_web(url: str) -> ScrapeError:
    """Why an address is not opened: `file:`, `chrome:` and others open doors on this machine."""
    return ScrapeError("refused_target", f"{url[:200]!r} is not opened: pages are opened at http:// and https:// only.")
