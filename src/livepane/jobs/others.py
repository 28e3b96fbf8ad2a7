"""What other processes do with jobs, as one that shares their database sees it: by looking, while somebody here wants to know."""

from __future__ import annotations

import asyncio
import logging
import time

from sqlalchemy import func, select

from livepane.domain.errors import Unavailable
from livepane.domain.job import EventKind, JobEvent
from livepane.jobs.changes import Changes
from livepane.jobs.recent import Entry, Recent
from livepane.store.db import Database
from livepane.store.tables import job_events, jobs

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between two looks, while somebody here wants to know
LOOK_OFTEN = 0.25  # the same, when others write
OFTEN_FOR = 60.0  # seconds since they last did
COUNT_EVERY = 1.0  # seconds between two looks for jobs that were deleted, of which the journal says nothing
PAGE = 500  # lines that are read at once


class Others:
    """Brings their lines into `recent`, and tells `changes` which jobs they have changed or deleted."""

    def __init__(self, database: Database, recent: Recent, changes: Changes) -> None:
        self.busy = False  # somebody else is known to run jobs: look often
        self._database, self._recent, self._changes = database, recent, changes
        self._heard = float("-inf")  # when they were last seen to write; monotonic
        self._jobs: set[int] | None = None  # that there were; None: not known
        self._counted = float("-inf")

    async def follow_for_ever(self) -> None:
        """Look again and again."""
        while True:
            often = self.busy or time.monotonic() - self._heard < OFTEN_FOR
            await asyncio.sleep(LOOK_OFTEN if often else LOOK_EVERY)
            if not self._changes.heard:
                self._jobs = None
                if not self._recent.followed:
                    continue
            try:
                await self.look()
            except Unavailable as error:
                log.debug("the journal cannot be read: %s", error)
            except Exception:
                log.exception("the journal cannot be followed")

    async def meet(self) -> None:
        """Learn which jobs there are: from now on those that go are told. Raises Unavailable."""
        if self._jobs is None:
            await self._count()

    async def look(self) -> None:
        """Look once. Raises Unavailable."""
        behind = self._recent.newest
        if behind is None:
            async with self._database.reading() as connection:
                newest = int(await connection.scalar(select(func.max(job_events.c.id))) or 0)
            theirs = await self._lines(newest - PAGE)
            self._recent.overtaken(newest)
        else:
            theirs = await self._lines(behind)
            if len(theirs) == PAGE:  # too much to keep up with: who follows reads it page by page
                async with self._database.reading() as connection:
                    newest = int(await connection.scalar(select(func.max(job_events.c.id))) or 0)
                self._recent.overtaken(newest)
            else:
                self._recent.learned(behind, theirs)
            if theirs:
                self._heard = time.monotonic()
        if self._changes.heard and time.monotonic() - self._counted >= COUNT_EVERY:
            self._counted = time.monotonic()
            await self._count()
        self._changes.tell({one.event.job for one in theirs})

    async def _lines(self, behind: int) -> list[Entry]:
        wanted = select(job_events, jobs.c.group).join(jobs, jobs.c.id == job_events.c.job).where(job_events.c.id > behind)
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted.order_by(job_events.c.id).limit(PAGE))
            return [Entry(JobEvent(row.id, row.job, row.at, EventKind(row.kind), row.data), row.group) for row in rows]

    async def _count(self) -> None:
        """See whether jobs have gone."""
        known = self._jobs
        async with self._database.reading() as connection:
            if known is not None:
                found = (await connection.execute(select(func.count(), func.max(jobs.c.id)))).one()
                if tuple(found) == (len(known), max(known, default=None)):
                    return
            self._jobs = {row.id for row in await connection.execute(select(jobs.c.id))}
        if known is not None:
            self._changes.tell(known - self._jobs)
