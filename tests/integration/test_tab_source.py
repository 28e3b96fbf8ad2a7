"""Tabs of a Chrome that somebody else started with a debugging port."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from livepane.browsers.find import find_chromium
from livepane.browsers.running import debugging_endpoint
from livepane.domain.errors import BadRequest, NotFound, SourceGone, Unavailable
from livepane.domain.frame import Encoding
from livepane.sources.tab import ChromeTabs, Tab
from tests.integration.web import PageWish, captured, colour, evaluate, refusing_port, site, until


@asynccontextmanager
async def somebodys_chrome(profile: Path, url: str) -> AsyncIterator[ChromeTabs]:
    """A Chrome that runs on its own, with one tab."""
    words = [str(find_chromium()), "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", "--no-first-run"]
    if os.geteuid() == 0:
        words.append("--no-sandbox")
    process = await asyncio.create_subprocess_exec(
        *words, "--window-size=900,700", url, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    port_file = profile / "DevToolsActivePort"
    try:
        await until(lambda: port_file.exists() and "\n" in port_file.read_text())
        tabs = ChromeTabs(f"http://127.0.0.1:{port_file.read_text().splitlines()[0]}")
        try:
            yield tabs
        finally:
            await tabs.close()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def the_tab(tabs: ChromeTabs, title: str) -> Tab:
    async with asyncio.timeout(10):
        while True:
            for tab in await tabs.list():
                if tab.title == title:
                    return tab


async def test_tabs_are_listed_photographed_and_shown(tmp_path: Path) -> None:
    with site() as base:
        async with somebodys_chrome(tmp_path, f"{base}/red") as tabs:
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


async def test_a_tab_is_left_as_it_was(tmp_path: Path) -> None:
    with site() as base:
        async with somebodys_chrome(tmp_path, f"{base}/painting") as tabs:
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


async def test_a_tab_that_is_closed_is_gone(tmp_path: Path) -> None:
    with site() as base:
        async with somebodys_chrome(tmp_path, f"{base}/red") as tabs:
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


async def test_an_unknown_tab_is_not_found(tmp_path: Path) -> None:
    async with somebodys_chrome(tmp_path, "about:blank") as tabs:
        for ask in (tabs.attach, tabs.capture):
            with pytest.raises(NotFound, match=r"no tab 'ABC'.*GET /api/chrome/tabs"):
                await ask("ABC")


async def test_a_chrome_that_ends_is_said_to_be_away_and_found_again(tmp_path: Path) -> None:
    with site() as base:
        async with somebodys_chrome(tmp_path / "one", f"{base}/red") as tabs:
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
