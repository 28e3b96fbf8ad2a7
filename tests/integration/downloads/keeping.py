"""A keeper over the real way out, for tests: what it is told is written down."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livepane.downloads.record import Candidate, Wanted
from livepane.egress.account import Budget
from livepane.egress.egress import Egress
from livepane.egress.options import Outside, Politeness
from livepane.jobs.keeper import JobKeeper
from livepane.jobs.shelf import Shelf
from livepane.jobs.transfers import Transfers
from livepane.scrapers.contract import Item, ScrapeError
from tests.galleries.hostile import Hostile

QUICK = Politeness(requests_per_second=1000.0, burst=1000, per_host=8)
SMALL = {"free_bytes": 0, "at_once": 4}
PAGE = "http://pictures.example/gallery"
HOST = "pictures.example"


@dataclass
class Told:
    """What a run says."""

    said: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def say(self, action: str, *, progress: float | None = None, selector: str | None = None) -> None:
        """What is done now."""
        self.said.append(action)

    def report(self, **facts: Any) -> None:
        """Facts."""
        self.facts |= facts


@dataclass
class Run:
    """One run: its keeper, and what can be seen of it."""

    keeper: JobKeeper
    told: Told
    transfers: Transfers
    egress: Egress


@asynccontextmanager
async def keeping(
    one: Hostile, folder: Path, *, budget: Budget | None = None, stall: float = 20.0, **settled: Any
) -> AsyncIterator[Run]:
    """A run that keeps files of that server. `stall`: seconds without a byte that are waited."""
    outside = Outside(host_addresses=(f"{HOST}=127.0.0.1:{one.port}",), politeness=QUICK, files=QUICK)
    async with (
        Egress(outside, answer_seconds=stall) as egress,
        egress.http(budget or Budget(bytes=None, requests=None), 1) as http,
    ):
        told = Told()
        shelf = Shelf(folder, lambda: SMALL | settled)
        keeper = shelf.keeper("made", {}, http=lambda: http, voice=told, job=1, spent=lambda: http.account.spent)
        async with keeper:
            yield Run(keeper, told, shelf.transfers, egress)


def wanted(one: Hostile, *paths: str, key: str | None = None, name: str | None = None) -> Wanted:
    """An item that may be had at these paths, the best first."""
    return Wanted(key or paths[0], tuple(Candidate(one.url(path), "test") for path in paths), PAGE, name)


async def drained(run: Run) -> tuple[list[Item], ScrapeError | None]:
    """The results up to the end, and why it ended."""
    found: list[Item] = []
    try:
        async for item in run.keeper.results():
            found.append(item)
    except ScrapeError as error:
        return found, error
    return found, None


async def results(run: Run, items: Iterable[Wanted]) -> dict[str, Item]:
    """What becomes of them, by key."""
    for item in items:
        await run.keeper.room()
        run.keeper.want(item)
    return {result["key"]: result async for result in run.keeper.results()}
