"""`livepane.watch(page, mask=[...])`: what is painted over never gets as far as the server."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext

import livepane
from livepane.domain.errors import BadRequest
from livepane.sources.driver import AsyncDriver
from livepane.sources.watched_page import WatchedPage
from tests.integration.masked_scenes import FIELD, SECRET
from tests.integration.sdk.test_screencast import ByScreencast
from tests.integration.test_masking import assert_hidden, page_of, seen
from tests.integration.wall import wall_of
from tests.integration.web import PageWish, captured
from tests.serving import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_masked_page_says_so_and_shows_all_but_that(
    server: Server, monkeypatch: pytest.MonkeyPatch, context: BrowserContext, base: str
) -> None:
    monkeypatch.setenv("LIVEPANE_SERVER", server.url)
    page = await context.new_page()
    await page.goto(base + page_of(SECRET + "<a href='/red' target=_blank>more</a>"))
    async with wall_of(server.url) as wall, livepane.watch(page, name="masked", mask=".secret") as pane:
        assert list(pane.masked) == [".secret"]
        await wall.until(lambda: "page:masked" in wall.streams and wall.streams["page:masked"].masked)
        await wall.watch("page:masked", fps=10.0)
        for _ in range(3):
            frames = await wall.pictures("page:masked")
        assert_hidden([frame.picture for frame in frames])
        assert livepane.watch(page, mask=["a"]) is pane
        assert list(pane.masked) == [".secret", "a"]
    with pytest.raises(BadRequest, match="selector"):
        livepane.watch(page, mask=[""])


async def test_a_new_tab_is_masked_as_its_first_one_is(context: BrowserContext, base: str) -> None:
    page = await context.new_page()
    async with livepane.watch(page, name="first", mask=[".secret"], server="127.0.0.1:1") as pane:
        await context.new_page()
        assert [tab.masked for tab in pane.tabs] == [(".secret",)]


async def test_a_page_that_is_watched_by_playwright_hides_its_password_field(context: BrowserContext, base: str) -> None:
    page = await context.new_page()
    await page.goto(base + page_of(FIELD))
    source = WatchedPage(page, AsyncDriver())
    async with captured(source, PageWish(15.0)) as recorder:
        await recorder.until(lambda: recorder.masked is True)
        before = len(recorder.pictures)
        await page.evaluate("field.type = 'text'")
        await recorder.until(lambda: len(recorder.pictures) >= before + 8)
        assert_hidden(recorder.pictures[before:])
    await source.close()


async def test_where_nothing_can_be_painted_over_there_is_no_picture_while_there_is_a_field(
    context: BrowserContext, base: str
) -> None:
    page = await context.new_page()
    await page.goto(base + page_of(FIELD))
    async with captured(ByScreencast(page), PageWish(15.0)) as recorder:
        for _ in range(5):
            await recorder.until(lambda: "has a password field" in recorder.last_news)
            await page.evaluate("window.kept = field, field.remove()")
            before = len(recorder.pictures)
            await recorder.until(lambda: len(recorder.pictures) >= before + 3)  # noqa: B023 - it is over within the round
            await page.evaluate("document.body.append(kept)")
        assert not any(seen(picture) for picture in recorder.pictures)
