"""One Chromium for the pages of many jobs, driven by Playwright: started, asked for contexts, ended with all that it started."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from livepane import __version__
from livepane.browsers.find import find_chromium
from livepane.browsers.flags import IN_A_SCRIPT
from livepane.browsers.group import clean_environment, kill_group, reap_group
from livepane.deadline import within
from livepane.domain.errors import NoBrowser
from livepane.egress.account import Account
from livepane.scrapers.contract import ScrapeError

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright, ProxySettings

    from livepane.browsers.profile import Profile

log = logging.getLogger(__name__)

START_TIMEOUT = 20.0  # s
QUIT_TIMEOUT = 3.0  # s
CONTEXT_TIMEOUT = 5.0  # s until a context is closed; a Chromium that takes longer is not well
VIEW = (1280, 720)  # CSS px
NEVER_DIRECT = "<-loopback>"  # Chromium would go around a proxy to reach loopback and link-local addresses


class JobChromium:
    """Made for one life: `start`, any number of contexts, `close`."""

    def __init__(
        self, executable: str | None, proxy_url: str | None, *, agent: str = f"Livepane/{__version__}", extra: Sequence[str] = ()
    ) -> None:
        """`proxy_url`: of the guard that everything goes through; None: none, pages reach whatever this machine does."""
        self._executable, self._proxy_url, self._agent, self._extra = executable, proxy_url, agent, extra
        self._profile: Profile | None = None
        self._playwright: Playwright | None = None
        self._home: BrowserContext | None = None  # the profile's own context, which nobody uses
        self._browser: Browser | None = None
        self._user_agent = ""
        self.pid: int | None = None  # of the browser process, which leads a process group of its own
        self.served = 0  # contexts, so far
        self.open = 0  # contexts, now
        self.quiet = asyncio.Event()  # set while none is open
        self.quiet.set()
        self.ended = asyncio.Event()  # set when it died, or was closed

    @property
    def profile(self) -> Path | None:
        """The folder that it writes to; None before the start and after the end."""
        return self._profile.path if self._profile else None

    async def start(self) -> None:
        """Start it. On any failure call `close`.

        Raises:
            ScrapeError: `browser`: Playwright or Chromium is missing, or Chromium does not start.
        """
        if sys.platform == "win32":
            raise ScrapeError("browser", "Livepane does not launch Chromium on Windows: jobs that need a page fail here.")
        try:
            from playwright.async_api import Error, async_playwright
        except ImportError:
            raise ScrapeError("browser", "A page needs Playwright. Install it with: pip install 'livepane[scrape]'") from None
        from livepane.browsers.profile import Profile

        try:
            path = find_chromium(self._executable)
        except NoBrowser as error:
            raise ScrapeError("browser", error.message) from None
        self._profile = Profile()
        self._playwright = await async_playwright().start()
        try:
            # With a profile of ours, not one of Playwright's: it is locked while in use, and swept if we die with all else.
            self._home = await self._playwright.chromium.launch_persistent_context(
                self._profile.path / "chromium",
                artifacts_dir=self._profile.path / "artifacts",
                executable_path=path,
                args=[*IN_A_SCRIPT, *self._extra],
                chromium_sandbox=os.geteuid() != 0,
                env=dict(clean_environment()),
                proxy=self._proxy(None),
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=START_TIMEOUT * 1000,
            )
            self._browser = self._home.browser
            if self._browser is None:
                raise ScrapeError("browser", f"Chromium at {path} cannot be driven by this Playwright.")
            self._home.on("close", self._on_end)
            await self._meet(self._browser)
        except Error as error:
            reason = str(error).partition("\n")[0]
            raise ScrapeError("browser", f"Chromium at {path} does not start: {reason}", retry=True) from error
        log.info("Started a Chromium for jobs (process %s)", self.pid)

    async def _meet(self, browser: Browser) -> None:
        """Learn its process, and what it calls itself."""
        session = await browser.new_browser_cdp_session()
        processes = await session.send("SystemInfo.getProcessInfo")
        self.pid = next(one["id"] for one in processes["processInfo"] if one["type"] == "browser")
        version = await session.send("Browser.getVersion")
        self._user_agent = f"{version['userAgent']} {self._agent}"
        await session.detach()

    async def context(self, account: Account | None) -> BrowserContext:
        """A fresh one: cookies, storage and cache of nobody else; no downloads, no service workers; an honest user agent.

        Raises:
            playwright's Error: it has died.
        """
        if self._browser is None:
            raise RuntimeError("this Chromium has not been started")
        context = await self._browser.new_context(
            viewport={"width": VIEW[0], "height": VIEW[1]},
            user_agent=self._user_agent,
            accept_downloads=False,
            service_workers="block",
            proxy=self._proxy(account),
        )
        self.served += 1
        self.open += 1
        self.quiet.clear()
        return context

    def _proxy(self, account: Account | None) -> ProxySettings | None:
        if self._proxy_url is None:
            return None
        settings: ProxySettings = {"server": self._proxy_url, "bypass": NEVER_DIRECT}
        if account is not None:
            settings |= {"username": account.username, "password": account.password}
        return settings

    async def end_context(self, context: BrowserContext) -> None:
        """Close it and its pages. A Chromium that cannot is ended."""
        try:
            async with within(CONTEXT_TIMEOUT):
                await context.close()
        except TimeoutError:
            log.warning("Chromium did not close a context within %g s, and is ended", CONTEXT_TIMEOUT)
            self._kill()
        except Exception as error:
            if not self.ended.is_set():
                log.warning("a context could not be closed: %s", str(error).partition("\n")[0])
        finally:
            self.open -= 1
            if not self.open:
                self.quiet.set()

    async def has_ended(self) -> bool:
        """Whether it has died, or is just dying: the error of a call comes before the word that all has ended."""
        with suppress(TimeoutError):
            async with within(1.0):
                await self.ended.wait()
        return self.ended.is_set()

    async def close(self) -> None:
        """End it, wait until it has gone, delete its profile. May be called at any time, and twice."""
        home, self._home, playwright, self._playwright = self._home, None, self._playwright, None
        self._browser = None
        try:
            if home is not None and not self.ended.is_set():
                with suppress(Exception):
                    async with within(QUIT_TIMEOUT):
                        await home.close()
            if playwright is not None:
                with suppress(Exception):
                    async with within(QUIT_TIMEOUT):
                        await playwright.stop()
        finally:
            self._kill()
            profile, self._profile = self._profile, None
            if profile is not None:
                await asyncio.to_thread(profile.remove)

    def _kill(self) -> None:
        self.ended.set()
        pid, self.pid = self.pid, None
        if pid is not None:
            kill_group(pid)
            reap_group(pid)

    def _on_end(self, _: object) -> None:
        self.ended.set()
