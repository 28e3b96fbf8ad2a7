"""Where runs keep files: the folder of all collections, what users have settled about it, and the board of what is under way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livepane.downloads.names import safe_folder
from livepane.jobs.keeper import JobKeeper, Keeping, Voice
from livepane.jobs.transfers import Transfers
from livepane.scrapers.contract import Fetch, Keeper, ScrapeError


@dataclass(frozen=True, slots=True)
class Shelf:
    """One for a server, or for a command."""

    folder: Path  # of all collections
    settled: Callable[[], Mapping[str, Any]] = dict  # the fields of `Keeping` as they are now
    transfers: Transfers = field(default_factory=Transfers)
    single: bool = False  # `folder` is itself the collection, whatever a scraper calls it

    def keeper(
        self,
        name: str,
        options: Mapping[str, Any],
        *,
        http: Callable[[], Fetch],
        voice: Voice,
        job: int,
        numbered: bool = True,
        spent: Callable[[], ScrapeError | None] = lambda: None,
    ) -> JobKeeper:
        """The keeper of a run, to be entered. `options`: of the job."""
        name = safe_folder(self.folder.name if self.single else name)
        folder = self.folder if self.single else self.folder / name
        keeping = Keeping.of(self.settled(), options)
        return JobKeeper(
            folder, name, keeping, http=http, voice=voice, transfers=self.transfers, job=job, numbered=numbered, spent=spent
        )


@asynccontextmanager
async def kept(keeper: JobKeeper, open_: set[JobKeeper]) -> AsyncIterator[Keeper]:
    """The keeper, listed in `open_` inside the block: whoever ends the run closes it though its scraper does not."""
    async with keeper:
        open_.add(keeper)
        try:
            yield keeper
        finally:
            open_.discard(keeper)
