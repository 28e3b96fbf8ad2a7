"""A page of the browser that is read: what it shows, what its scripts are answered, and what more it shows when asked."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from livepane.scrapers.job_postings.detect import of_url
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.paging import NEXT
from livepane.scrapers.ladder import desk

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Response

T = TypeVar("T")

OPENING = 20.0  # seconds until a page's markup has come
SETTLING = 8.0  # seconds at most that its scripts may take after that
QUIET = 0.5  # seconds without a request of a script: it has what it wanted
EMPTY_QUIET = 1.5  # the same, before nothing is believed to be all
BODY = 5 * 2**20  # bytes of an answer; lists of jobs are smaller
ANSWERS = 60
FAR = 10  # pages
FRAMES = 5
SIZE = "document.getElementsByTagName('*').length"
OF_WORK = re.compile("job|career|karriere|recruit", re.IGNORECASE)


@dataclass(slots=True)
class View:
    """What a page shows at one moment."""

    document: Document
    frames: list[Document]
    answers: list[Document]  # JSON that its scripts were answered since it was opened
    called: list[str]  # every address that its scripts asked

    async def read(self, work: Callable[[View], T]) -> T:
        """What `work` makes of it, done off the event loop; who has come as far as a browser goes before others."""
        size = sum(one.size for one in (self.document, *self.frames, *self.answers))
        return await desk.read(partial(work, self), size, FAR)


@dataclass(slots=True)
class Window:
    """One page while it is read; opened by `window()`."""

    page: Page
    answers: list[Document] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    _waiting: asyncio.Queue[Response] = field(default_factory=asyncio.Queue)
    _running: set[Any] = field(default_factory=set)
    _moved: float = 0.0
    _unread: int = 0

    async def show(self, url: str, done: Callable[[View], bool]) -> View:
        """Go there and wait until `done` finds what it looks for, or the scripts have nothing more to fetch."""
        self.answers.clear()
        self.called.clear()
        response = await self.page.goto(url, wait_until="domcontentloaded", timeout=OPENING * 1000)
        return await self._settle(done, response.status if response is not None else None)

    async def more(self, done: Callable[[View], bool]) -> View | None:
        """Press "load more", else scroll to the end; None when nothing came of it."""
        before, size = len(self.called), await self.page.evaluate(SIZE)
        if not await self._press():
            await self.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        view = await self._settle(done, None)
        return view if len(self.called) > before or await self.page.evaluate(SIZE) != size else None

    async def _press(self) -> bool:
        from playwright.async_api import Error

        for role in ("button", "link"):
            found = self.page.get_by_role(role, name=NEXT)
            for number in range(min(3, await found.count())):
                one = found.nth(number)
                if not await one.is_visible() or not await one.is_enabled():
                    continue
                if role == "link" and not (await one.get_attribute("href") or "#").startswith("#"):
                    continue  # another page: it is followed by its address
                with suppress(Error):  # something lies above it
                    await one.click(timeout=2000)
                    return True
        return False

    async def _settle(self, done: Callable[[View], bool], status: int | None) -> View:
        started = self._moved = time.monotonic()
        view = await self._view(status)
        found, seen = await view.read(done), len(view.answers)
        while (now := time.monotonic()) - started < SETTLING:
            idle = 0.0 if self._running or self._unread else now - self._moved
            if idle >= (QUIET if found else EMPTY_QUIET):
                break
            await asyncio.sleep(0.1)
            if len(self.answers) > seen:
                view = await self._view(status)
                found, seen = await view.read(done), len(view.answers)
        return await self._view(status)

    async def _view(self, status: int | None) -> View:
        from playwright.async_api import Error

        frames = []
        for frame in self.page.frames[1 : FRAMES + 1]:
            if frame.url.startswith("http") and (of_url(frame.url, embedded=True) or OF_WORK.search(frame.url)):
                with suppress(Error):  # it has gone meanwhile
                    frames.append(Document(await frame.content(), frame.url))
        content = await self.page.content()
        return View(Document(content, self.page.url, status=status), frames, list(self.answers), list(self.called))

    # What the scripts of the page fetch.

    def asked(self, request: Request) -> None:
        """A request goes out."""
        if request.resource_type in {"xhr", "fetch"} and len(self.called) < 500:
            self.called.append(request.url)
            self._running.add(request)
            self._moved = time.monotonic()

    def over(self, request: Request) -> None:
        """A request has ended, one way or the other."""
        if request in self._running:
            self._running.discard(request)
            self._moved = time.monotonic()

    def answered(self, response: Response) -> None:
        """An answer begins."""
        kind = response.headers.get("content-type", "")
        length = response.headers.get("content-length", "0")
        small = not length.isdigit() or int(length) <= BODY
        if "json" in kind and small and len(self.answers) + self._unread < ANSWERS:
            self._unread += 1
            self._waiting.put_nowait(response)

    async def read(self) -> None:
        """Take in the bodies of answers until cancelled."""
        from playwright.async_api import Error

        while True:
            response = await self._waiting.get()
            try:
                body = await response.body()
                if len(body) <= BODY:
                    kind = response.headers.get("content-type", "")
                    self.answers.append(Document(body, response.url, content_type=kind, status=response.status))
            except Error:
                continue  # the page has gone on, and the answer with it
            finally:
                self._unread -= 1
                self._moved = time.monotonic()


@asynccontextmanager
async def window(page: Page) -> AsyncIterator[Window]:
    """Listen to a page as long as the block lasts."""
    opened = Window(page)
    listeners: tuple[tuple[Any, Any], ...] = (  # functions: Playwright hangs something on each
        ("request", lambda request: opened.asked(request)),
        ("requestfinished", lambda request: opened.over(request)),
        ("requestfailed", lambda request: opened.over(request)),
        ("response", lambda response: opened.answered(response)),
    )
    for event, listener in listeners:
        page.on(event, listener)
    reader = asyncio.get_running_loop().create_task(opened.read(), name="answers of a page")
    try:
        yield opened
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        for event, listener in listeners:
            page.remove_listener(event, listener)
