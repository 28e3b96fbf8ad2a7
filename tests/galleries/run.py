"""Runs the media scraper on a shape, with everything real: a browser, the way out, files on the disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livepane.jobs.alone import Alone
from livepane.scrapers.contract import Item, ScrapeError
from livepane.scrapers.media.scraper import SCRAPER
from livepane.settings import Settings
from tests.galleries.nouns import Shape
from tests.galleries.world import Galleries


@dataclass(slots=True)
class Brought:
    """What came of one run."""

    items: list[Item] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    error: str = ""  # its code
    message: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def warnings(self) -> list[str]:
        """What it warned of."""
        return [one for one in self.said if one.startswith("warning: ")]


@asynccontextmanager
async def downloader(made: Galleries, folder: Path, pages: int = 2) -> AsyncIterator[Alone]:
    """What runs them: one browser, in more of a hurry than one on the real web."""
    settings = Settings(
        host_addresses=made.host_addresses,
        ca_file=made.ca_file,
        requests_per_second=100,
        request_burst=1000,
        files_per_second=1000,
        downloads_dir=folder,
    )
    async with Alone(settings, pages=pages) as alone:
        yield alone


async def bring(alone: Alone, shape: Shape, **options: Any) -> Brought:
    """One run, from the address of the shape to its files."""
    brought = Brought()
    given = {**shape.options, **options}
    try:
        async with alone.work(shape.url, given, brought.said.append, SCRAPER.limits) as work:
            brought.facts = work.facts
            async for item in SCRAPER.run(work):
                brought.items.append(item)
    except ScrapeError as error:
        brought.error, brought.message = error.code, error.message
    return brought
