"""A page that Livepane opened: its session, its address and title, and the manners it is held to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from livepane.browsers.cdp import CdpConnection, Session
from livepane.browsers.fence import Login
from livepane.browsers.session import CLOSED
from livepane.browsers.targets import Target, Targets
from livepane.browsers.url import BLANK
from livepane.deadline import within
from livepane.domain import discreet
from livepane.domain.errors import LivepaneError, SourceGone, Unavailable, UrlNotLoaded
from livepane.egress.account import Account

log = logging.getLogger(__name__)

LOAD_TIMEOUT = 20.0  # s until the first bytes of a page
RELOAD_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class View:
    """The size of a page in CSS pixels, and how many device pixels one of them has."""

    width: int = 1280
    height: int = 720
    scale: float = 1.0


DEFAULT_VIEW = View()


@dataclass(slots=True)
class Context:
    """A browser context: cookies and storage that the pages of one `open` share with nobody else."""

    id: str
    logged_in: bool = False  # the proxy, when there is one, has its credentials
    pages: set[str] = field(default_factory=set)


class OpenPage:
    """One page in a context. `ended` is set, and `on_end` called, when it closes itself or its browser dies."""

    def __init__(
        self,
        connection: CdpConnection,
        targets: Targets,
        target: Target,
        context: Context,
        view: View,
        account: Account | None = None,
    ) -> None:
        """`account`: what it shows to the proxy, when there is one."""
        self.target_id = target.id
        self.url = target.url
        self.title = target.title
        self._alive = asyncio.Event()  # cleared while its renderer has crashed
        self._alive.set()
        self.ended = asyncio.Event()
        self.on_describe: Callable[[], object] | None = None
        self.on_popup: Callable[[OpenPage], bool] | None = None  # True: somebody keeps it; else it is closed
        self.on_end: Callable[[str], object] | None = None  # the reason
        self._left_blank = asyncio.Event()
        self._connection = connection
        self._targets = targets
        self._context = context
        self._view = view
        self._account = account
        self._login: Login | None = None
        self._session: Session | None = None
        self._popups: set[asyncio.Task[None]] = set()

    @property
    def session(self) -> Session:
        """Commands to the page.

        Raises:
            SourceGone: it was never attached.
        """
        if self._session is None:
            raise SourceGone(f"The page {discreet.address(self.url)} is not open.")
        return self._session

    async def frame(self, frame_id: str) -> Session:
        """A session of a frame in it that another process draws.

        Raises:
            SourceGone: the browser has ended.
            Unavailable: there is no such frame, or it is drawn with the page.
        """
        return await self._connection.attach(frame_id)

    @property
    def crashed(self) -> bool:
        """Its renderer has ended; `revive` loads it again."""
        return not self._alive.is_set()

    async def attach(self) -> None:
        """Take hold of the target and teach it manners: no dialog stops it, it has its size, and it is followed."""
        self._context.pages.add(self.target_id)
        session = self._session = await self._connection.attach(self.target_id)
        session.on(CLOSED, self._on_closed)
        session.on("Page.javascriptDialogOpening", self._on_dialog)
        session.on("Inspector.targetCrashed", self._on_crash)
        session.on("Inspector.targetReloadedAfterCrash", self._on_reload)
        session.on("Page.domContentEventFired", self._on_parsed)
        await session.send("Page.enable")
        await session.send("Inspector.enable")
        view = self._view
        size = {"width": view.width, "height": view.height, "screenWidth": view.width, "screenHeight": view.height}
        await session.send("Emulation.setDeviceMetricsOverride", size | {"deviceScaleFactor": view.scale, "mobile": False})
        await session.send("Emulation.setFocusEmulationEnabled", {"enabled": True})  # each page believes it is in front
        if self._account is not None and not self._context.logged_in:
            self._login = Login(session, self._account)
            await self._login.begin()
        await self._targets.follow(self.target_id, self)

    async def goto(self, url: str) -> None:
        """Go from about:blank to an address and wait until it answers.

        Raises:
            UrlNotLoaded: it does not; the message has the URL and Chromium's reason.
            SourceGone: the page or the browser has ended.
        """
        try:
            async with within(LOAD_TIMEOUT):
                answer = await self.session.send("Page.navigate", {"url": url})
                if answer.get("isDownload"):
                    raise UrlNotLoaded(f"{url} is a download, not a page.")
                if reason := answer.get("errorText"):
                    raise UrlNotLoaded(
                        f"{url} could not be opened: {reason}. Check the address, and that this machine reaches it."
                    )
                await self._left_blank.wait()  # the answer comes before the page has really taken its place
                self._end_login()
        except TimeoutError:
            raise UrlNotLoaded(f"{url} did not answer within {LOAD_TIMEOUT:.0f} s.") from None
        if self.ended.is_set():
            raise SourceGone(f"The page was closed before {url} came.")

    def _end_login(self) -> None:
        if self._login is not None and self._login.answered:
            self._login.end()
            self._login = None
            self._context.logged_in = True

    async def revive(self) -> None:
        """Load a crashed page again.

        Raises:
            SourceGone: the page or the browser has ended.
            Unavailable: it does not come back.
        """
        await self.session.send("Page.reload")
        try:
            async with within(RELOAD_TIMEOUT):
                await self._alive.wait()
        except TimeoutError:
            raise Unavailable(f"The page {self.url} crashed and did not come back within {RELOAD_TIMEOUT:.0f} s.") from None

    async def close(self) -> None:
        """Close the page, and its context with the last page in it. Silent when it has gone already."""
        for task in self._popups:
            task.cancel()
        self._leave()
        with suppress(LivepaneError):
            if self._context.pages:
                await self._connection.browser.send("Target.closeTarget", {"targetId": self.target_id})
            else:
                await self._connection.browser.send("Target.disposeBrowserContext", {"browserContextId": self._context.id})

    def described(self, target: Target) -> None:
        """Follower: where it is now, and what it is called."""
        if target.url not in (BLANK, ""):  # Chromium has pages without an address for a moment
            self._left_blank.set()
        if (target.title, target.url) != (self.title, self.url):
            self.title, self.url = target.title, target.url
            if self.on_describe is not None:
                self.on_describe()

    def opened(self, popup: Target) -> None:
        """Follower: it opened another page."""
        page = OpenPage(self._connection, self._targets, popup, self._context, self._view, self._account)
        task = asyncio.get_running_loop().create_task(self._adopt(page), name=f"popup {popup.id}")
        self._popups.add(task)
        task.add_done_callback(self._popups.discard)

    async def _adopt(self, popup: OpenPage) -> None:
        try:
            await popup.attach()
        except LivepaneError as error:  # it closed itself again
            log.debug("A popup of %s was not followed: %s", self.url, error)
            popup._leave()
            return
        if self.on_popup is None or not self.on_popup(popup):
            await popup.close()

    def _leave(self) -> None:
        self._targets.unfollow(self.target_id)
        self._context.pages.discard(self.target_id)

    def _on_dialog(self, params: dict[str, Any]) -> None:
        # Nobody is there to answer. A page that asks whether to leave is left.
        self.session.post("Page.handleJavaScriptDialog", {"accept": params["type"] == "beforeunload"})

    def _on_parsed(self, params: dict[str, Any]) -> None:
        self._targets.refresh()  # now it has its title
        self._end_login()

    def _on_crash(self, params: dict[str, Any]) -> None:
        self._alive.clear()

    def _on_reload(self, params: dict[str, Any]) -> None:
        self._alive.set()

    def _on_closed(self, params: dict[str, Any]) -> None:
        self._leave()
        self.ended.set()
        self._left_blank.set()  # nobody need wait any longer
        if self.on_end is not None:
            self.on_end(params["reason"])
