"""Scrapers that keep files: a plug-in, loaded by the tests. Their target is a list of paths of pictures.example."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from livepane.downloads.record import Candidate, Wanted
from livepane.scrapers import Limits, Work, scraper

SITE = "http://pictures.example"


@scraper("keeps", about="Keeps what its target names.", limits=Limits(seconds=60, bytes=10**9, requests=1000))
async def keeps(work: Work) -> AsyncIterator[dict[str, Any]]:
    """As a gallery's scraper does."""
    async with work.keeper("made-gallery") as keeper:
        for path in work.target.split():
            await keeper.room()
            keeper.want(Wanted(path, (Candidate(SITE + path, "listed"),), SITE))
            for item in keeper.ready():
                yield item
        async for item in keeper.results():
            yield item


@scraper("keeps little", about="The same with the limits of any job.")
async def keeps_little(work: Work) -> AsyncIterator[dict[str, Any]]:
    """A loop of the other."""
    async for item in keeps(work):
        yield item
