"""The pages of single postings, for what a list leaves out; and whether they are still open."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace

from livepane.deadline import within
from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.job_postings.detect import similar
from livepane.scrapers.job_postings.extract import Known
from livepane.scrapers.job_postings.job import Job
from livepane.scrapers.job_postings.urls import canonical
from livepane.scrapers.ladder.asks import detail
from livepane.scrapers.ladder.board import Board
from livepane.scrapers.ladder.site import Page, Site

MOST = 40
SECONDS = 4.0  # a burst and a few more at one a second: what somebody who waits can be asked to wait
MOST_SECONDS = 3 * SECONDS  # with the last pages, and with the time in which we read those of others
AT_ONCE = 2
VAIN = 3  # pages at the beginning; then the others are left alone


def lacking(job: Job) -> bool:
    """Whether its own page may tell what the list does not."""
    elsewhere = canonical(job.url).partition("#")[0] != canonical(job.source_page).partition("#")[0]
    unknown = not job.summary or not job.location or "location:placeholder" in job.signals
    return elsewhere and unknown


async def complete(
    board: Board, site: Site, known: Callable[[str], Known], *, everything: bool, said: Callable[[int, int], None]
) -> int:
    """Fill in what is missing; how many postings turned out to be closed. Ends early, and quietly, when time or budget do."""
    wanted = [job for job in board.jobs if everything or lacking(job)][:MOST]
    reading = _Reading(board, site, known, everything, len(wanted), said)
    with suppress(TimeoutError):  # what the list says has to be enough then
        async with within(None if everything else MOST_SECONDS), asyncio.TaskGroup() as group:
            for job in wanted:
                group.create_task(reading.one(job), name=f"details of {job.url}")
    # Where no page is there at all, it is the addresses that are wrong, and not every job that is closed.
    gone = [*reading.closed, *(reading.missing if reading.found and board.rung != "vendor_feed" else [])]
    board.jobs = [job for job in board.jobs if not any(job is one for one in gone)]
    return len(gone)


class _Reading:
    """The pages of one list's jobs, two at a time."""

    def __init__(
        self,
        board: Board,
        site: Site,
        known: Callable[[str], Known],
        everything: bool,
        wanted: int,
        said: Callable[[int, int], None],
    ) -> None:
        self._board, self._site, self._known, self._everything = board, site, known, everything
        self._wanted, self._said = wanted, said
        self._places = asyncio.Semaphore(AT_ONCE)
        self._begun = 0
        self._started, self._queued = time.monotonic(), site.tally.queued
        self.found = 0
        self.vain = 0  # pages that added nothing, one after the other
        self.closed: list[Job] = []
        self.missing: list[Job] = []

    async def one(self, job: Job) -> None:
        """Read the page of a job, unless the first ones have shown that nothing is to be had there."""
        async with self._places:
            if not self._everything and ((self.vain >= VAIN and not self.found) or self._late):
                return
            self._begun += 1
            self._said(self._begun, self._wanted)
            with suppress(ScrapeError):  # a page that cannot be had adds nothing, nor one that the budget has no place for
                self._take(job, await self._site.read(detail(self._board.ats, self._board.ask, job.id, job.url), self._known))

    @property
    def _late(self) -> bool:
        """Whether it has taken long enough; that we are busy with other documents is no fault of this site."""
        return time.monotonic() - self._started - (self._site.tally.queued - self._queued) / AT_ONCE > SECONDS

    def _take(self, job: Job, page: Page) -> None:
        if page.error == "expired":
            self.closed.append(job)
        elif page.error == "not_found":
            self.missing.append(job)
            self.vain += 1
        elif (found := _same(job, page)) is not None:
            self.found += 1
            self._board.jobs[next(index for index, one in enumerate(self._board.jobs) if one is job)] = merged(job, found)
        else:
            self.vain += 1


def _same(job: Job, page: Page) -> Job | None:
    """The job on its page: by its id, or as the only one there."""
    found = next((one for one in page.read.jobs if one.id == job.id and job.id), None)
    if found is None and len(page.read.jobs) == 1 and similar(page.read.jobs[0].title, job.title):
        return page.read.jobs[0]
    return found


def merged(listed: Job, detailed: Job) -> Job:
    """The posting by its own page; what that leaves empty by the list."""
    kept = {
        field.name: getattr(listed, field.name)
        for field in fields(Job)
        if not getattr(detailed, field.name) and field.name not in {"is_contract", "score"}
    }
    if "department:assumed" in detailed.signals and "department:assumed" not in listed.signals and listed.department:
        kept["department"] = listed.department
    if "location_type:assumed" in detailed.signals and "location_type:assumed" not in listed.signals:
        kept["location_type"] = listed.location_type
    return replace(detailed, **{**kept, "url": listed.url, "id": listed.id or detailed.id, "company": listed.company})
