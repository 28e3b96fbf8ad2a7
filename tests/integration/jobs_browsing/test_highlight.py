"""The element that a job works on is shown to those who watch, and the page under test sees nothing of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from livepane.domain.demand import RenditionSpec
from livepane.domain.stream import Box, Spot
from livepane.hub.stream import Stream
from livepane.hub.subscription import Subscription
from livepane.jobs.pane import JobPane
from livepane.sources.playwright_finder import PlaywrightFinder
from tests.integration.jobs_browsing.desk import Desk, desk
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Whatever a page can do to find out that somebody looks at it is in here: what it has noticed is in `noticed`.
WARY = """<!doctype html><title>Wary</title><style>
body { margin: 0; font: 20px sans-serif; height: 3000px }
li { height: 30px }
h1, p, #host, iframe, ul { position: absolute; left: 100px; margin: 0; width: 400px; height: 40px; border: 0; padding: 0 }
</style><body>
<h1 id=title style="top:50px">Welcome</h1>
<p class=hidden style="display:none">Next page</p>
<p id=next style="top:150px">Next page</p>
<ul style="top:250px"><li id=card>A card</li><li id=other>Another</li></ul>
<div id=host style="top:350px"></div>
<iframe style="top:450px" srcdoc="<style>body { margin: 0 }
button { position: absolute; left: 20px; top: 5px; width: 100px; height: 20px }</style>
<button id=inside>Inside</button>"></iframe>
<script>
const shadow = host.attachShadow({mode: 'open'});
shadow.innerHTML = '<em id=deep style="display:block;width:300px;height:30px">In the shadow</em>';
const noticed = [], note = what => noticed.push(what);
new MutationObserver(all => note(...all.map(one => one.type)))
  .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
for (const event of ['scroll', 'focus', 'blur', 'mousemove', 'pointermove', 'resize', 'selectionchange', 'visibilitychange'])
  addEventListener(event, () => note(event), true);
const element = ['getBoundingClientRect', 'getClientRects', 'matches', 'querySelector', 'querySelectorAll', 'scrollIntoView'];
const whole = ['querySelector', 'querySelectorAll', 'evaluate', 'elementFromPoint', 'createRange', 'createTreeWalker'];
for (const [thing, name] of [...element.map(one => [Element.prototype, one]), ...whole.map(one => [Document.prototype, one]),
    [window, 'getComputedStyle']]) {
  const plain = thing[name];
  thing[name] = function (...given) { note(name); return plain.apply(this, given) };
}
</script>"""
SEEN = """() => [noticed.slice(), Object.getOwnPropertyNames(window).sort().join(), document.documentElement.outerHTML,
    String(scrollX) + ' ' + scrollY, document.activeElement.tagName]"""


class Counting(PlaywrightFinder):
    """Says how often it was asked, and can be waited for."""

    asked = done = 0
    _answered: asyncio.Event | None = None

    async def find(self, selector: str) -> Box | None:
        self.asked += 1
        try:
            return await super().find(selector)
        finally:
            self.done += 1
            if self._answered is not None:
                self._answered.set()

    async def until(self, answers: int) -> None:
        """Wait until it has answered so often."""
        async with asyncio.timeout(PATIENCE):
            while self.done < answers:
                self._answered = asyncio.Event()
                await self._answered.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here() -> AsyncIterator[Desk]:
    """One browser for all tests."""
    async with desk() as one:
        yield one


@asynccontextmanager
async def wary(here: Desk) -> AsyncIterator[tuple[JobPane, Page, Counting]]:
    """A job with the wary page."""
    pane = here.job()
    async with pane.page() as page:
        await page.set_content(WARY)
        assert pane._shown is not None
        finder = pane._shown.spotlight._finder = Counting(page, pane._shown._driver)
        yield pane, page, finder


async def until(stream: Stream, viewer: Subscription, selector: str | None, box: Box | None = None) -> Spot | None:
    """Wait until the element of this selector is shown (somewhere else than at `box`); None: until nothing is."""
    moved = asyncio.Event()
    viewer.on_point = moved.set

    def is_there() -> bool:
        spot = stream.spot
        return spot is None if selector is None else spot is not None and spot.selector == selector and spot.box != box

    async with asyncio.timeout(PATIENCE):
        while not is_there():
            moved.clear()
            await moved.wait()
    return stream.spot


async def test_the_page_sees_nothing_of_it_and_looks_the_same(here: Desk) -> None:
    async with wary(here) as (pane, page, finder):
        pane.say("Reading the title", "h1")
        before: list[Any] = await page.evaluate(SEEN)
        alone = await page.screenshot(caret="initial")
        unwatched: list[Any] = await page.evaluate(SEEN)
        assert finder.asked == 0
        with pane.stream.subscribe(RenditionSpec(), 10, highlight=True) as viewer:
            assert await until(pane.stream, viewer, "h1") == Spot("Reading the title", "h1", Box(100, 50, 400, 40), 1280, 720)
            pane.say("Going on", "#next")
            await until(pane.stream, viewer, "#next")
            watched = await page.screenshot(caret="initial")
            after: list[Any] = await page.evaluate(SEEN)
        assert finder.asked >= 2
        assert watched == alone
        assert after == unwatched  # what Playwright's own screenshot does to the page is the same both times
        assert before[1:] == after[1:]
        assert not any("ivepane" in name or "playwright" in name for name in after[1].split(","))


PLACES = {
    "#title": Box(100, 50, 400, 40),
    "text=Next page": Box(100, 150, 400, 40),  # the first one that can be seen
    "p": Box(100, 150, 400, 40),
    "xpath=//p[@id='next']": Box(100, 150, 400, 40),
    "//p[2]": Box(100, 150, 400, 40),
    "ul >> li >> nth=0": Box(100, 250, 400, 30),
    "role=heading[name='Welcome']": Box(100, 50, 400, 40),
    "#deep": Box(100, 350, 300, 30),
    "#inside": Box(120, 455, 100, 20),
    "iframe >> internal:control=enter-frame >> button": Box(120, 455, 100, 20),
}


async def test_elements_are_found_as_playwright_finds_them_also_in_frames_and_in_shadow(here: Desk) -> None:
    async with wary(here) as (pane, _, _finder):
        with pane.stream.subscribe(highlight=True) as viewer:
            for selector, box in PLACES.items():
                pane.say("Working", selector)
                spot = await until(pane.stream, viewer, selector)
                assert spot is not None
                assert spot.box == box, selector


async def test_it_follows_the_element_and_goes_with_it(here: Desk) -> None:
    async with wary(here) as (pane, page, _):
        pane.say("Reading", "#next")
        with pane.stream.subscribe(RenditionSpec(width=320), 10, highlight=True) as viewer:
            there = await until(pane.stream, viewer, "#next")
            assert there is not None
            await page.evaluate("scrollTo(0, 100)")
            moved = await until(pane.stream, viewer, "#next", there.box)
            assert moved == Spot("Reading", "#next", Box(100, 50, 400, 40), 1280, 720)  # however small the picture is
            await page.evaluate("scrollTo(0, 170)")
            cut = await until(pane.stream, viewer, "#next", moved.box)
            assert cut is not None
            assert cut.box == Box(100, 0, 400, 20)
            await page.evaluate("scrollTo(0, 2000)")
            await until(pane.stream, viewer, None)
            await page.evaluate("scrollTo(0, 0)")
            await until(pane.stream, viewer, "#next")
            await page.evaluate("document.getElementById('next').remove()")
            await until(pane.stream, viewer, None)
            pane.say("Reading the card", "#card")
            await until(pane.stream, viewer, "#card")
            pane.say("Thinking")
            assert pane.stream.spot is None


async def test_nothing_is_said_of_what_cannot_be_found_and_what_comes_after_it_is_shown_as_ever(here: Desk) -> None:
    async with wary(here) as (pane, _, finder):
        with pane.stream.subscribe(highlight=True) as viewer:
            for selector in ("#nothing", "][", "unknown=engine", "//p[", "iframe >> x >> y"):
                pane.say("Looking", selector)
                asked = finder.done
                await finder.until(asked + 1)
                assert pane.stream.spot is None
                pane.say("Reading the title", "h1")
                await until(pane.stream, viewer, "h1")
            pane.say("Looking", "")
            assert pane.stream.spot is None


async def test_nothing_is_looked_for_when_nobody_watches_any_more(here: Desk) -> None:
    async with wary(here) as (pane, page, finder):
        pane.say("Reading", "h1")
        with pane.stream.subscribe(highlight=True) as viewer:
            await until(pane.stream, viewer, "h1")
        assert pane.stream.spot is None
        with pane.stream.subscribe() as plain:  # one who sees pictures only
            await asyncio.sleep(0)
            asked = finder.asked
            for colour in ("red", "green", "blue"):
                await page.evaluate("colour => { document.body.style.background = colour }", colour)
                await plain.next()
            assert finder.asked <= asked + 1  # one may have been under way
