"""Scrapers for the tests of the API: a plug-in, as a user would write one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from livepane.scrapers.contract import Item, ScrapeError, Work, scraper


@scraper(
    "counting",
    about="Counts as far as it is told.",
    options={"to": {"type": "integer", "minimum": 0, "maximum": 5000}, "text": {"type": "string"}},
)
async def counting(work: Work) -> AsyncIterator[Item]:
    """Items with numbers, texts and structures in them."""
    to = int(work.options.get("to", 3))
    work.say("Counting", progress=0.5)
    for number in range(to):
        item: Item = {"number": number, "title": f"{work.target} {number}", "signals": ["a", "b"]}
        yield item | ({"formula": work.options["text"]} if number == to - 1 and "text" in work.options else {})
    work.report(counted=to)


@scraper("waiting", about="Waits until it is cancelled.")
async def waiting(work: Work) -> AsyncIterator[Item]:
    """One item, and then nothing for ever."""
    work.say("Waiting")
    yield {"title": "the first"}
    await asyncio.Event().wait()


@scraper("failing", about="Fails as its target says.")
async def failing(work: Work) -> AsyncIterator[Item]:
    """Raises a foreseen error or another one, or yields nonsense."""
    if work.target == "nonsense":
        yield ["no object"]  # type: ignore[misc]
        return
    yield {"title": "before"}
    if work.target == "bug":
        raise ZeroDivisionError("a bug of its author")
    raise ScrapeError("blocked", "they turn us away")
