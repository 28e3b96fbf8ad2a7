"""Playwright's own screencast as a source: the way for browsers without CDP, tried here on the one browser that is here."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import BrowserContext

from livepane.domain.errors import SourceGone
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.sources.driver import AsyncDriver
from livepane.sources.screencast import Screencast
from tests.integration.watching import Recorder
from tests.integration.web import PageWish, captured, colour
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")


class ByScreencast:
    """A source that captures so."""

    def __init__(self, page: object) -> None:
        self._page = page

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        await Screencast(self._page, AsyncDriver(), sink).run(demand)

    async def close(self) -> None:
        pass


async def test_a_static_page_has_a_first_picture(context: BrowserContext, base: str) -> None:
    page = await context.new_page()
    await page.goto(f"{base}/red")
    async with captured(ByScreencast(page)) as recorder:
        picture = await recorder.until_picture()
    assert colour(picture) == "ff0000"
    assert (picture.width, picture.height) == (640, 360)


async def test_it_is_paced_by_the_demand_and_ends_with_the_newest_state(context: BrowserContext, base: str) -> None:
    page = await context.new_page()
    await page.goto(f"{base}/busy-then-green")
    async with captured(ByScreencast(page), PageWish(2.0)) as recorder:
        await recorder.until_picture(lambda picture: colour(picture) == "00ff00")
        assert len(recorder.pictures) < 20  # it changed 40 times


async def test_a_smaller_demand_makes_smaller_pictures(context: BrowserContext, base: str) -> None:
    page = await context.new_page()
    await page.goto(f"{base}/painting")
    wish = PageWish(30.0)
    async with captured(ByScreencast(page), wish) as recorder:
        await recorder.until_picture()
        wish.change(30.0, width=320, height=180, quality=40)
        picture = await recorder.until_picture(lambda picture: picture.width <= 320)
    assert picture.quality == 40


async def test_it_can_be_started_again(context: BrowserContext, base: str) -> None:
    page = await context.new_page()
    await page.goto(f"{base}/painting")
    for _ in range(2):
        async with captured(ByScreencast(page)) as recorder:
            await recorder.until_picture()


async def test_a_closed_page_is_gone(context: BrowserContext) -> None:
    page = await context.new_page()
    await page.close()
    with pytest.raises(SourceGone):
        await asyncio.wait_for(ByScreencast(page).capture(Recorder(), PageWish()), PATIENCE)
