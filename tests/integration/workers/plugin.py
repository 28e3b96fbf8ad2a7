"""Scrapers whose steps the tests decide: each looks at files in the folder that its target names."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from livepane.scrapers.contract import Item, Work, scraper


@scraper("stepping", about="A step for each file, until there is one called `end`.", options={"page": {"type": "boolean"}})
async def stepping(work: Work) -> AsyncIterator[Item]:
    """Says which process it is, so that it can be killed; with a page of Chromium if it is asked for."""
    folder = Path(work.target)
    if work.options.get("page"):
        async with work.page() as page:
            await page.set_content("<h1>at work</h1>")
            async for item in steps(work, folder):
                yield item
        return
    async for item in steps(work, folder):
        yield item


async def steps(work: Work, folder: Path) -> AsyncIterator[Item]:
    """One item first, one for each step, one at the end."""
    work.say(f"process {os.getpid()}")
    yield {"pid": os.getpid()}
    number = 1
    while True:
        if (folder / f"step {number}").exists():
            yield {"step": number}
            number += 1
        elif (folder / "end").exists():
            break
        else:
            await asyncio.sleep(0.02)
    yield {"end": True}


@scraper("noop", about="Does nothing.")
async def noop(work: Work) -> AsyncIterator[Item]:
    """Gives its target back."""
    yield {"target": work.target, "pid": os.getpid()}
