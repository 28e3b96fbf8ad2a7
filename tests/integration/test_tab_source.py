"""Tabs of a Chrome that somebody else started with a debugging port."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from PIL import Image

from livepane.browsers.running import debugging_endpoint
from livepane.domain.errors import BadRequest, NotFound, SourceGone, Unavailable
from livepane.domain.frame import Encoding
from livepane.sources.tab import ChromeTabs, Tab
from tests.integration.test_masking import seen
from tests.integration.web import PAGES, PageWish, captured, colour, evaluate, refusing_port, site
from tests.patience import PATIENCE


@asynccontextmanager
async def tabs_of(chrome: str, url: str) -> AsyncIterator[ChromeTabs]:
    """Its tabs, with one that somebody has just opened, and closes at the end."""
    async with httpx.AsyncClient(base_url=chrome, trust_env=False, timeout=PATIENCE) as client:
        opened = (await client.put(f"/json/new?{url}")).raise_for_status().json()["id"]
        tabs = ChromeTabs(chrome)
        try:
            yield tabs
        finally:
            await tabs.close()
            await client.get(f"/json/close/{opened}")


async def the_tab(tabs: ChromeTabs, title: str) -> Tab:
    async with asyncio.timeout(PATIENCE):
        while True:
            for tab in await tabs.list():
                if tab.title == title:
                    return tab


async def test_tabs_are_listed_photographed_and_shown(somebodys_chrome: str) -> None:
    with site() as base:
        async with tabs_of(somebodys_chrome, f"{base}/red") as tabs:
            tab = await the_tab(tabs, "Red")
            assert tab.url == f"{base}/red"
            for encoding in (Encoding.JPEG, Encoding.PNG, Encoding.WEBP):
                picture = await tabs.capture(tab.id, encoding, 50)
                assert picture.encoding is encoding
                assert picture.width == 900
            source = await tabs.attach(tab.id)
            assert (source.title, source.url) == ("Red", f"{base}/red")
            async with captured(source) as recorder:
                await recorder.until_picture(lambda picture: colour(picture) == "ff0000")
                await source.session.send("Page.navigate", {"url": f"{base}/blue"})
                await recorder.until_picture(lambda picture: colour(picture) == "0000ff")
                await recorder.until(lambda: recorder.last_news == "title: Blue")
            await source.close()
            assert (await the_tab(tabs, "Blue")).id == tab.id  # the tab is still there


async def test_a_tab_is_left_as_it_was(somebodys_chrome: str) -> None:
    with site() as base:
        async with tabs_of(somebodys_chrome, f"{base}/painting") as tabs:
            tab = await the_tab(tabs, "Painting")
            witness = await tabs.attach(tab.id)
            size = "[innerWidth, innerHeight, devicePixelRatio]"
            before = await evaluate(witness.session, size)
            source = await tabs.attach(tab.id)
            async with captured(source, PageWish(width=320, height=320)) as recorder:
                await recorder.until_picture()
                assert await evaluate(witness.session, size) == before
            full = await tabs.capture(tab.id, Encoding.PNG, full_page=True)
            assert full.height >= 720  # more than the window shows
            await source.close()
            assert await evaluate(witness.session, size) == before


async def test_a_tab_that_is_closed_is_gone(somebodys_chrome: str) -> None:
    with site() as base:
        async with tabs_of(somebodys_chrome, f"{base}/red") as tabs:
            tab = await the_tab(tabs, "Red")
            source = await tabs.attach(tab.id)
            reasons: asyncio.Queue[str] = asyncio.Queue()
            source.on_gone = reasons.put_nowait
            async with captured(source) as recorder:
                await recorder.until_picture()
                await source.session.send("Page.close")
                assert recorder.capture is not None
                await asyncio.wait([recorder.capture])
                with pytest.raises(SourceGone, match="closed"):
                    recorder.capture.result()
            assert await reasons.get() == "The page was closed."


async def test_an_unknown_tab_is_not_found(somebodys_chrome: str) -> None:
    async with tabs_of(somebodys_chrome, "about:blank") as tabs:
        for ask in (tabs.attach, tabs.capture):
            with pytest.raises(NotFound, match=r"no tab 'ABC'.*GET /api/chrome/tabs"):
                await ask("ABC")


async def test_a_chrome_that_ends_is_said_to_be_away_and_found_again(somebodys_chrome: str) -> None:
    with site() as base:
        async with tabs_of(somebodys_chrome, f"{base}/red") as tabs:
            source = await tabs.attach((await the_tab(tabs, "Red")).id)
            gone: asyncio.Queue[str] = asyncio.Queue()
            source.on_gone = gone.put_nowait
            await tabs.close()
            assert "Chrome has ended" in await gone.get()
            await the_tab(tabs, "Red")  # asked again, it connects again


async def test_nobody_at_the_endpoint_is_an_error_with_the_mend() -> None:
    with refusing_port() as port:
        tabs = ChromeTabs(f"http://127.0.0.1:{port}")
        with pytest.raises(Unavailable, match=rf"No Chrome answers at http://127.0.0.1:{port}.*--remote-debugging-port=9222"):
            await tabs.list()


async def test_something_else_at_the_endpoint_is_an_error() -> None:
    with site() as base, pytest.raises(Unavailable, match="is not the debugging port of a Chrome"):
        await ChromeTabs(base).list()


@pytest.mark.parametrize(
    "text", ["9222", "127.0.0.1:9222", "ftp://127.0.0.1:9222", "http://127.0.0.1", "http://a:b@127.0.0.1:9222", ""]
)
def test_an_endpoint_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match=r"Write it like http://127\.0\.0\.1:9222"):
        debugging_endpoint(text)


FIELDS = """<!doctype html><title>Secret</title><style>
body { margin: 0; height: 1600px; background: #fff }
input { position: absolute; left: 100px; width: 200px; height: 60px; background: #f0f; color: #f0f; border: 0 }
</style><input type=password style="top: 200px" value=hunter2><input type=password style="top: 1300px" value=hunter2>
<script>scrollTo(0, 90)</script>"""


async def test_passwords_are_in_no_photograph_of_a_tab_not_even_of_the_whole_page(somebodys_chrome: str) -> None:
    PAGES["/fields"] = FIELDS
    with site() as base:
        async with tabs_of(somebodys_chrome, f"{base}/fields") as tabs:
            tab = await the_tab(tabs, "Secret")
            for encoding in (Encoding.JPEG, Encoding.PNG):
                for whole, places in ((False, [110]), (True, [200, 1300])):
                    picture = await tabs.capture(tab.id, encoding, 90, full_page=whole)
                    image = Image.open(io.BytesIO(picture.data)).convert("RGB")
                    assert (picture.encoding, image.height >= 1600) == (encoding, whole)
                    for top in places:
                        shown: Any = image.getpixel((200, top + 30))
                        assert max(shown) < 90, f"{encoding}, {whole=}: the field at {top} px"
                    assert not seen(picture)
                    around: Any = image.getpixel((600, 500))
                    assert min(around) > 240
