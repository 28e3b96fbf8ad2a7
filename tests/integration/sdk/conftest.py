"""A browser, a site to visit, and an environment in which the script finds a server, or none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright

from livepane.browsers.find import find_chromium
from livepane.browsers.flags import IN_A_SCRIPT
from tests.integration.web import site
from tests.serving import server, start_server

__all__ = ["server", "start_server"]


@pytest.fixture
def base() -> Iterator[str]:
    """Where the site is."""
    with site() as where:
        yield where


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium that Playwright drives: one for a file, because to start it costs more than most tests."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(find_chromium()), args=["--no-sandbox", *IN_A_SCRIPT])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A context of a test's own."""
    context = await browser.new_context(viewport={"width": 640, "height": 360})
    yield context
    await context.close()


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No server and no token come from outside."""
    monkeypatch.delenv("LIVEPANE_SERVER", raising=False)
    monkeypatch.delenv("LIVEPANE_TOKEN", raising=False)
    monkeypatch.setenv("LIVEPANE_DATA_DIR", str(tmp_path / "data"))
