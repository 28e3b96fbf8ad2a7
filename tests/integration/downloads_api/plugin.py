"""A scraper for the tests of the API: keeps the files whose addresses are its target."""

from __future__ import annotations

from collections.abc import AsyncIterator

from livepane.downloads.record import Candidate, Wanted
from livepane.scrapers.contract import Item, Work, scraper


@scraper("keeping", about="Keeps files.", options={"upgrade": {"type": "boolean"}})
async def keeping(work: Work) -> AsyncIterator[Item]:
    """A result for each address, separated by spaces."""
    async with work.keeper("shop.example-gallery") as keeper:
        for url in work.target.split():
            await keeper.room()
            keeper.want(Wanted(url, (Candidate(url, "test"),), url.rsplit("/", 1)[0]))
        async for item in keeper.results():
            yield item
