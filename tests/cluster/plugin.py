"""A scraper for the tests of a cluster: a page that changes all the time, until a file is there."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from livepane.scrapers import Item, Work, scraper


@scraper("beacon", about="Shows a page that changes, until the file that is its target is there.")
async def beacon(work: Work) -> AsyncIterator[Item]:
    async with work.page() as page:
        await page.set_content("<body style='margin:0'><h1>0</h1>")
        work.say("Shining")
        turn = 0
        while not await asyncio.to_thread(Path(work.target).exists):
            turn += 1
            await page.evaluate(
                "turn => { document.querySelector('h1').textContent = turn;"
                " document.body.style.background = `hsl(${turn * 40} 80% 60%)` }",
                turn,
            )
            await asyncio.sleep(0.2)  # the rate of what it shows
        yield {"pid": os.getpid(), "turns": turn}
