"""One Chromium for all pages that Livepane opens: launched at the first page, ended some time after the last."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from livepane.browsers.chromium import Chromium
from livepane.browsers.fence import Fence
from livepane.browsers.find import find_chromium
from livepane.browsers.page import DEFAULT_VIEW, Context, OpenPage, View
from livepane.browsers.session import CLOSED
from livepane.browsers.targets import Target, Targets
from livepane.browsers.url import BLANK, page_url
from livepane.domain.demand import SIDE_RANGE
from livepane.domain.errors import BadRequest, SourceGone, Unavailable, UrlNotLoaded
from livepane.egress.account import Account

log = logging.getLogger(__name__)

SCALE_RANGE = (0.25, 4.0)


class BrowserPool:
    """Opens pages, each in a browser context of its own. A Chromium that died is replaced at the next page."""

    def __init__(self, browser: str | None = None, *, idle_after: float = 60.0, fence: Fence | None = None) -> None:
        """`fence`: its pages go out through the proxy, or nowhere; None: they reach whatever this machine does."""
        self._configured = browser
        self._fence = fence
        self._idle_after = idle_after  # s
        self._starting = asyncio.Lock()
        self._chromium: Chromium | None = None
        self._targets: Targets | None = None
        self._opening = 0
        self._timer: asyncio.TimerHandle | None = None
        self._endings: set[asyncio.Task[None]] = set()  # of idle and of dead Chromiums

    @property
    def chromium_pid(self) -> int | None:
        """The process of the running Chromium; None while there is none."""
        return self._chromium.pid if self._chromium else None

    async def open(self, url: str, view: View = DEFAULT_VIEW, *, ours: bool = False) -> OpenPage:
        """Open a page and wait until it answers. `url` is as somebody typed it, see page_url; `ours`: it is this server's own.

        Raises:
            BadRequest: a URL or size that is not allowed, or an address behind the fence.
            UrlNotLoaded: the address does not answer; nothing is left open.
            NoBrowser: there is no Chromium, or it does not start.
            Unavailable: Chromium ended meanwhile.
        """
        address = page_url(url)
        _check(view)
        account = None
        if self._fence is not None:
            account = self._fence.account(ours=ours)
            await self._fence.check(address, account)
        self._opening += 1
        self._stop_timer()
        try:
            return await self._open(address, view, account)
        except UrlNotLoaded as error:
            if self._fence is not None and account is not None and (why := self._fence.why(address, account)) is not None:
                raise UrlNotLoaded(f"{address} could not be opened: {why}") from error
            raise
        except SourceGone as error:
            raise Unavailable(f"{address} was not opened: {error.message} Try again.") from error
        finally:
            self._opening -= 1
            self._on_idle()

    async def close(self) -> None:
        """Close every page and end Chromium."""
        self._stop_timer()
        async with self._starting:
            await self._end()
        for task in tuple(self._endings):
            await task

    async def _open(self, address: str, view: View, account: Account | None) -> OpenPage:
        chromium, targets = await self._running()
        browser = chromium.connection.browser
        answer = await browser.send("Target.createBrowserContext", {"disposeOnDetach": True})
        context = Context(answer["browserContextId"])
        try:
            in_context = {"browserContextId": context.id}
            await browser.send("Browser.setDownloadBehavior", in_context | {"behavior": "deny"})
            size = {"width": view.width, "height": view.height}
            answer = await browser.send("Target.createTarget", {"url": BLANK} | in_context | size)
            page = OpenPage(chromium.connection, targets, Target(answer["targetId"], "", BLANK), context, view, account)
            await page.attach()
            if address != BLANK:
                await page.goto(address)
        except BaseException:
            browser.post("Target.disposeBrowserContext", {"browserContextId": context.id})
            raise
        return page

    async def _running(self) -> tuple[Chromium, Targets]:
        async with self._starting:
            if self._chromium is None or self._targets is None:
                flags = self._fence.flags if self._fence is not None else ()
                chromium = Chromium(find_chromium(self._configured), extra=flags)
                try:
                    await chromium.start()
                except BaseException:
                    await chromium.close()
                    raise
                chromium.connection.browser.on(CLOSED, lambda params: self._on_death(chromium, params["reason"]))
                self._chromium = chromium
                self._targets = Targets(chromium.connection, self._on_idle)
            return self._chromium, self._targets

    async def _end(self) -> None:
        chromium, self._chromium, self._targets = self._chromium, None, None
        if chromium is not None:
            await chromium.close()

    def _on_death(self, chromium: Chromium, reason: str) -> None:
        if chromium is self._chromium:  # else it is we who ended it
            log.warning("%s The next page starts another one.", reason)
            self._chromium = self._targets = None
            self._own(chromium.close(), "chromium-bury")

    @property
    def _is_idle(self) -> bool:
        return self._targets is not None and not self._targets.followed and not self._opening

    def _on_idle(self) -> None:
        self._stop_timer()
        if self._is_idle:
            self._timer = asyncio.get_running_loop().call_later(
                self._idle_after, lambda: self._own(self._end_if_idle(), "chromium-idle")
            )

    async def _end_if_idle(self) -> None:
        async with self._starting:
            if self._is_idle:
                log.info("No page has been open for %g s: ending Chromium", self._idle_after)
                await self._end()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _own(self, ending: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(ending, name=name)
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)


def _check(view: View) -> None:
    low, high = SIDE_RANGE
    for name, side in (("width", view.width), ("height", view.height)):
        if not low <= side <= high:
            raise BadRequest(f"{name} is {side}; a page may be {low} to {high} pixels.")
    if not SCALE_RANGE[0] <= view.scale <= SCALE_RANGE[1]:
        raise BadRequest(f"scale is {view.scale:g}; it may be {SCALE_RANGE[0]:g} to {SCALE_RANGE[1]:g}.")
