"""The demo: a page that is really driven, one that never changes, and not a byte from elsewhere."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from livepane.browsers.pool import BrowserPool
from livepane.demo.script import SITE, drive
from livepane.domain.stream import Action, Box
from livepane.sources.page import open_page
from livepane.sources.world_finder import WorldFinder
from tests.integration.web import PageWish, captured, evaluate, heard
from tests.patience import PATIENCE


class Strict(SimpleHTTPRequestHandler):
    """Serves with the policy of the real server: no inline script or style, nothing from elsewhere."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def demo_site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(SITE))) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


async def test_the_script_fills_the_form_and_says_what_it_does() -> None:
    pool = BrowserPool()
    with demo_site() as base:
        page = await open_page(pool, f"{base}/driven.html")
        said: list[str] = []
        finder, looks = WorldFinder(page.session), list[tuple[str, asyncio.Task[Box | None]]]()
        submitted = asyncio.Event()

        def say(label: str, selector: str) -> None:
            looks.append((selector, asyncio.get_running_loop().create_task(finder.find(selector), name=f"look at {selector}")))
            page.point(Action(label, time.time_ns(), selector))
            said.append(label)
            if label == "Starting over":
                submitted.set()

        async with captured(page, PageWish(highlight=True)) as recorder:
            driving = asyncio.get_running_loop().create_task(drive(page.session, say), name="drive")
            async with asyncio.timeout(PATIENCE):
                await submitted.wait()
            assert (
                await evaluate(page.session, "document.getElementById('welcome-name').textContent")
                == "Welcome aboard, ada.winter!"
            )
            assert (
                await evaluate(page.session, "document.getElementById('welcome-pass').textContent")
                == "Your season pass is on its way."
            )
            driving.cancel()
            await asyncio.wait([driving])
            assert len(recorder.pictures) > 20
        assert said[:2] == ["Filling username", "Filling e-mail"]
        assert "Reading the departures" in said
        *during, _ = looks  # the last one is clicked away
        assert [selector for selector, look in during if await look is None] == []
        shown = [spot for spot in recorder.spots if spot is not None]  # a busy machine looks less often
        assert {spot.selector for spot in shown} <= {selector for selector, _ in looks}
        assert {(spot.width, spot.height) for spot in shown} == {(1280, 720)}
        await pool.close()


@pytest.mark.parametrize("name", ["driven.html", "static.html"])
async def test_the_pages_fit_the_window_and_break_no_policy(name: str) -> None:
    pool = BrowserPool()
    with demo_site() as base:
        page = await open_page(pool, "about:blank")
        complaints = heard(page.session, "Log.entryAdded")
        loaded = heard(page.session, "Page.loadEventFired")
        await page.session.send("Log.enable")
        await page.session.send("Page.navigate", {"url": f"{base}/{name}"})
        await loaded.get()
        assert await evaluate(page.session, "document.documentElement.scrollHeight <= innerHeight")
        assert complaints.empty()
        await pool.close()


async def test_the_static_page_stays_as_it_is() -> None:
    pool = BrowserPool()
    with demo_site() as base:
        still = await open_page(pool, f"{base}/static.html")
        ticking = await open_page(pool, f"{base}/driven.html")
        async with captured(still) as recorder, captured(ticking) as clock:
            await recorder.until_picture()
            await clock.until(lambda: len(clock.pictures) > 5)
            settled = len(recorder.pictures)
            await clock.until(lambda: len(clock.pictures) > 15)
            assert len(recorder.pictures) == settled
        await pool.close()


def test_the_site_asks_nobody_for_anything() -> None:
    for file in SITE.iterdir():
        text = file.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//[a-z]+\.[a-z]", text), file.name
        if file.suffix == ".html":
            assert "<style" not in text
            assert " style=" not in text
            assert not re.search(r"<script(?![^>]* src=)", text)
