"""A scraper that works on one element after the other, as a job does that reads cards and opens their details."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

from livepane.scrapers import Work, scraper

CARDS = 40


@scraper("elements", about="Reads cards and opens their details.")
async def elements(work: Work) -> AsyncIterator[dict[str, Any]]:
    """Says each step with its element, and how long all of them took."""
    async with work.page() as page:
        work.say("Opening the page")
        await page.goto(work.target)
        started = time.perf_counter()
        for number in range(1, CARDS + 1):
            card = f"article:nth-of-type({number})"
            work.say(f"Reading card {number} of {CARDS}", selector=f"{card} h2", progress=number / CARDS)
            await page.locator(card).scroll_into_view_if_needed()
            title = await page.locator(f"{card} h2").inner_text()
            work.say(f"Opening card {number} of {CARDS}", selector=f"{card} >> text=Details")
            await page.locator(card).get_by_text("Details").click()
            await page.locator(f"{card} .more").wait_for()
            work.say(f"Noting card {number} of {CARDS}", selector=f"{card} input")
            await page.locator(f"{card} input").fill(title)
        yield {"seconds": time.perf_counter() - started}
