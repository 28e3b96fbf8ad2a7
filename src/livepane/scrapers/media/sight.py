"""Looks at a page that is driven: waits until it rests, reads it with its frames, scrolls it like a person."""

from __future__ import annotations

import asyncio
import binascii
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from livepane.scrapers.media import words
from livepane.scrapers.media.candidates import FILE
from livepane.scrapers.media.items import AD_HOSTS
from livepane.scrapers.media.seen import Control, Seen, View, elements_of

if TYPE_CHECKING:
    from playwright.async_api import Frame, JSHandle, Page, Request, Response

OPENING = 30.0  # s until a page's markup has come
RESTING = 8.0  # s at most that a page may take until it rests
PATIENCE = 4.0  # s for one answer: what takes longer is a line that is kept open
CLICK = 8.0  # s until an element has come to rest, and nothing lies above it
QUIET = 0.4  # s without a request of a script: it has what it wanted
POLL = 0.05  # s
MOST = 4_000  # elements told at once; the others come with the next look
FRAMES = 8
STEP = 0.85  # of the height of the view: people keep a line that they have read
_READ = files("livepane.scrapers.media").joinpath("snapshot.js").read_text("utf-8")
_MEMORY = "() => ({ known: new WeakMap(), elements: new Map(), next: 1 })"
_ELEMENT = "(memory, id) => memory.elements.get(id)?.deref() ?? null"
_PLACE = "element => { const one = document.scrollingElement || document.documentElement; return [scrollY, one.scrollHeight]; }"
# Pictures are fetched by a page only while somebody watches. Many a site takes a card away, or shows another picture, when one
# does not come: it is not told.
_CALM = """addEventListener("error", (event) => {
  if (event.target instanceof HTMLImageElement || event.target instanceof HTMLSourceElement) event.stopImmediatePropagation();
}, true)"""
_INLINE = """async (element) => {
  const source = element.currentSrc || element.src || "";
  if (source.startsWith("data:")) return source.length < 40_000_000 ? source : "";
  const blob = await (await fetch(source)).blob();
  if (blob.size > 30_000_000) return "";
  return await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => resolve("");
    reader.readAsDataURL(blob);
  });
}"""
PATTERNS: Mapping[str, str] = {"file": FILE, "next": words.NEXT, "more": words.MORE}


@dataclass(slots=True)
class Sight:
    """One page while it is read; opened by `sight()`."""

    page: Page
    views: list[View] = field(default_factory=list)  # of the document that is open, oldest first
    documents: int = 0  # that were opened so far
    _memory: dict[Frame, JSHandle] = field(default_factory=dict)
    _running: dict[Request, float] = field(default_factory=dict)  # when it went out
    _moved: float = 0.0

    async def open(self, url: str) -> Response | None:
        """Go there, and wait until it rests."""
        self.forget()
        response = await self.page.goto(url, wait_until="domcontentloaded", timeout=OPENING * 1000)
        await self.rest()
        return response

    def forget(self) -> None:
        """Another document begins."""
        self.documents += 1
        self.views.clear()
        self._memory.clear()
        self._running.clear()

    async def rest(self, quiet: float = QUIET) -> None:
        """Wait until its scripts have been answered, and some time has passed without another question."""
        began = self._moved = time.monotonic()
        while (now := time.monotonic()) - began < RESTING:
            if now - self._moved >= quiet and not any(now - since < PATIENCE for since in self._running.values()):
                return
            await asyncio.sleep(POLL)

    @property
    def elements(self) -> list[Seen]:
        """All that has been read of the open document."""
        return elements_of(self.views)

    async def look(self) -> View:
        """Read what is new. What a frame shows belongs to its page."""
        from playwright.async_api import Error

        view = await self._read(self.page.main_frame)
        self.views.append(view)
        for frame in self.page.frames[1 : FRAMES + 1]:
            where = _frame_of(view, frame)
            if where is None:
                continue
            with suppress(Error):  # it has gone meanwhile
                self.views.append(await self._read(frame, where))
        return view

    async def _read(self, frame: Frame, where: str = "") -> View:
        from playwright.async_api import Error

        for left in (True, False):
            try:
                if frame not in self._memory:
                    self._memory[frame] = await frame.evaluate_handle(_MEMORY)
                said = await frame.evaluate(_READ, {"memory": self._memory[frame], "patterns": dict(PATTERNS), "most": MOST})
                return View.of(said, where)
            except Error:
                self._memory.pop(frame, None)  # the document has been replaced under it
                if not left:
                    raise
                await self.rest()
        raise AssertionError("the second try returns or raises")

    async def element(self, number: int, frame: Frame | None = None) -> Any:
        """The element of an id, None when it has gone."""
        memory = self._memory.get(frame or self.page.main_frame)
        if memory is None:
            return None
        return (await memory.evaluate_handle(_ELEMENT, number)).as_element()

    async def inline(self, seen: Seen) -> bytes:
        """A picture that is in the page itself; nothing when it cannot be had."""
        from playwright.async_api import Error

        with suppress(Error, OSError, ValueError):
            element = await self.element(seen.id)
            address = str(await element.evaluate(_INLINE)) if element is not None else ""
            if address:
                return await asyncio.to_thread(_unpacked, address)
        return b""

    async def scroll(self, view: View) -> bool:
        """One step down, as with a wheel; False at the end."""
        scroll = view.scroll
        box = scroll["box"]
        place = [scroll["top"], scroll["height"]] if box else await self.page.evaluate(_PLACE)
        if place[0] + scroll["view"] >= place[1] - 2:
            return False
        left, top, width, height = box or (0, 0, 1280, 720)
        await self.page.mouse.move(left + width / 2, top + min(height, 700) / 2)
        await self.page.mouse.wheel(0, round(scroll["view"] * STEP))
        await asyncio.sleep(POLL)
        await self.rest(POLL)
        return True

    async def press(self, control: Control | Seen) -> bool:
        """Click on it; False when something lies above it, or it has gone."""
        from playwright.async_api import Error

        with suppress(Error):
            element = await self.element(control.id)
            if element is None:
                return False
            await element.click(timeout=CLICK * 1000)
            return True
        return False

    def asked(self, request: Request) -> None:
        """A request goes out."""
        if request.resource_type in {"xhr", "fetch", "document", "script"}:
            self._running[request] = self._moved = time.monotonic()

    def over(self, request: Request) -> None:
        """A request has ended, one way or the other."""
        if request in self._running:
            del self._running[request]
            self._moved = time.monotonic()


def _unpacked(address: str) -> bytes:
    """What a data: URL holds (RFC 2397)."""
    head, _, body = address.partition(",")
    plain = unquote_to_bytes(body)
    return binascii.a2b_base64(plain) if head.endswith(";base64") else plain


def _frame_of(view: View, frame: Frame) -> str | None:
    """The selector of a frame that may hold content; None for those that hold ads, or nothing to be seen."""
    if not frame.url.startswith(("http", "about:srcdoc", "blob:")) or AD_HOSTS.search(urlsplit(frame.url).hostname or ""):
        return None
    known = next((one for one in view.frames if one["src"] == frame.url or (one["name"] and one["name"] == frame.name)), None)
    if known is None:
        known = next((one for one in view.frames if frame.url == "about:srcdoc" and not one["src"]), None)
    if known is None:
        return "iframe" if frame.parent_frame is not None and frame.parent_frame.parent_frame is None else None
    if known["hidden"] or known["box"][2] < 200 or known["box"][3] < 150 or words.ADS & words.among(known["marks"][:4]):
        return None
    return str(known["selector"])


@asynccontextmanager
async def sight(page: Page) -> AsyncIterator[Sight]:
    """Watch what a page asks for as long as the block lasts."""
    one = Sight(page)
    listeners: tuple[tuple[Any, Any], ...] = (  # functions: Playwright hangs something on each
        ("request", lambda request: one.asked(request)),
        ("requestfinished", lambda request: one.over(request)),
        ("requestfailed", lambda request: one.over(request)),
    )
    for event, listener in listeners:
        page.on(event, listener)
    await page.add_init_script(_CALM)
    try:
        yield one
    finally:
        for event, listener in listeners:
            page.remove_listener(event, listener)
