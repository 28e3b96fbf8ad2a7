"""A browser of the script's own, a site to visit, and an environment in which the script finds a server, or none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, async_playwright

from livepane.browsers.find import find_chromium
from tests.integration.web import site
from tests.serving import server, start_server

__all__ = ["server", "start_server"]


@pytest.fixture
def base() -> Iterator[str]:
    """Where the site is."""
    with site() as where:
        yield where


@pytest.fixture
async def context() -> AsyncIterator[BrowserContext]:
    """A context of a Chromium that Playwright drives."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(find_chromium()), args=["--no-sandbox"])
        yield await browser.new_context(viewport={"width": 640, "height": 360})
        await browser.close()


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No server and no token come from outside."""
    monkeypatch.delenv("LIVEPANE_SERVER", raising=False)
    monkeypatch.delenv("LIVEPANE_TOKEN", raising=False)
    monkeypatch.setenv("LIVEPANE_DATA_DIR", str(tmp_path / "data"))
