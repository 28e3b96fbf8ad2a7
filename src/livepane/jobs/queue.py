"""The queue: jobs as rows, from the moment that somebody asks for one until somebody deletes it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from livepane.domain.errors import Conflict, NotFound
from livepane.domain.job import OVER, WAITING, EventKind, Job, JobState, NewJob
from livepane.jobs.changes import Changes
from livepane.jobs.journal import Journal, Line, write_lines
from livepane.jobs.recent import Entry
from livepane.jobs.rows import by_ids, job_of, move
from livepane.store.db import Database, inserted, moment
from livepane.store.tables import job_events, jobs

TOLD_EVERY = 0.2  # seconds: of one job not more than five changes a second are told
_FRESH: dict[str, Any] = {  # what a job says that waits for its first start, or once more for it
    "started_at": None,
    "finished_at": None,
    "lease_owner": None,
    "lease_until": None,
    "cancel_requested_at": None,
    "progress": None,
    "error_code": None,
    "error_message": None,
}


@dataclass(frozen=True, slots=True)
class Deleted:
    """A job that is no more."""

    id: int


class Queue:
    """What users do with jobs. The runner's side of it is `jobs/leases.py`; both write through the same journal.

    Every method raises Unavailable when the database is away or cannot be written.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.changes = Changes()
        self.journal = Journal(database, self.changes)
        self.listeners: set[Callable[[Sequence[Job]], None]] = set()  # called with what users of this process have changed

    # --- asking for jobs ------------------------------------------------------------------------

    async def add(self, wanted: Sequence[NewJob]) -> list[Job]:
        """Put jobs into the queue: all of them, or none. When this returns they outlive a power cut."""
        if not wanted:
            return []

        def change(connection: Connection) -> tuple[list[Job], list[Entry]]:
            now = moment(connection)
            added = by_ids(connection, inserted(connection, jobs, [_new(one, now) for one in wanted]))
            return added, _tell(connection, added, EventKind.QUEUED)

        return (await self._change(change))[0]

    async def cancel(self, job: int) -> Job:
        """End it: at once while it waits, within two seconds while it runs. What is over stays as it is.

        Raises:
            NotFound: there is no such job.
        """
        cancelled = await self._cancel(jobs.c.id == job)
        return cancelled[0] if cancelled else await self.get(job)

    async def cancel_group(self, group: str) -> list[Job]:
        """The same with every job of a group that is not over."""
        return await self._cancel(jobs.c.group == group)

    async def retry(self, job: int) -> Job:
        """Once more, with all its attempts. One that waits for its next attempt need not wait any longer.

        Raises:
            NotFound: there is no such job.
            Conflict: it runs, or waits for its first start.
        """

        def change(connection: Connection) -> tuple[list[Job], list[Entry]]:
            this = (jobs.c.id == job) & (jobs.c.state != JobState.RUNNING)
            moved = move(connection, this, JobState.QUEUED, **_FRESH, run_after=moment(connection), attempt=0, losses=0)
            return moved, _tell(connection, moved, EventKind.QUEUED)

        moved, _ = await self._change(change)
        if not moved:
            found = await self.get(job)
            raise Conflict(f"job {job} is {found.state}: only one that is over, or waits for its next attempt, can be retried")
        return moved[0]

    async def reprioritise(self, job: int, priority: int) -> Job:
        """Let it be started earlier or later than others; -10..10, the highest first.

        Raises:
            NotFound: there is no such job.
        """

        def change(connection: Connection) -> tuple[list[Job], list[Entry]]:
            set_to = update(jobs).where(jobs.c.id == job).values(priority=priority).returning(*jobs.c)
            return [job_of(row) for row in connection.execute(set_to)], []

        changed, _ = await self._change(change)
        if not changed:
            raise _missing(job)
        return changed[0]

    async def delete(self, job: int) -> None:
        """Remove it with everything that it has told.

        Raises:
            NotFound: there is no such job.
            Conflict: it is not over.
        """

        def change(connection: Connection) -> bool:
            return connection.execute(delete(jobs).where(jobs.c.id == job, jobs.c.state.in_(OVER))).rowcount == 1

        if not await self.database.write(change, lambda gone: self.changes.tell([job] if gone else [])):
            found = await self.get(job)
            raise Conflict(f"job {job} is {found.state}: cancel it first")

    async def prune(self, before: int, most: int) -> int:
        """Remove jobs that were over before this moment (ms since the epoch), and the oldest of more than `most`; how many."""
        over = jobs.c.state.in_(OVER)
        newest = select(jobs.c.id).where(over).order_by(jobs.c.id.desc()).limit(most)
        old = delete(jobs).where(over, or_(jobs.c.finished_at < before, jobs.c.id.not_in(newest)))
        gone = await self.database.write(lambda connection: [row.id for row in connection.execute(old.returning(jobs.c.id))])
        self.changes.tell(gone)
        return len(gone)

    # --- looking at them ------------------------------------------------------------------------

    async def get(self, job: int) -> Job:
        """One of them.

        Raises:
            NotFound: there is no such job.
        """
        async with self.database.reading() as connection:
            row = (await connection.execute(select(jobs).where(jobs.c.id == job))).first()
        if row is None:
            raise _missing(job)
        return job_of(row)

    async def find(
        self,
        states: Collection[JobState] = (),
        kinds: Collection[str] = (),
        group: str | None = None,
        text: str | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Job]:
        """Those that fit, the newest first: `text` is in the target or the error, `before` is an id. Nothing named: all fit."""
        wanted = select(jobs).order_by(jobs.c.id.desc()).limit(limit)
        if states:
            wanted = wanted.where(jobs.c.state.in_(list(states)))
        if kinds:
            wanted = wanted.where(jobs.c.kind.in_(list(kinds)))
        if group is not None:
            wanted = wanted.where(jobs.c.group == group)
        if text:
            inside = [column.icontains(text, autoescape=True) for column in (jobs.c.target, jobs.c.error_message)]
            wanted = wanted.where(or_(*inside))
        if before is not None:
            wanted = wanted.where(jobs.c.id < before)
        async with self.database.reading() as connection:
            return [job_of(row) for row in await connection.execute(wanted)]

    async def changed(self, after: int, most: int = 1000) -> list[Job]:
        """Those that have told something behind a line of the journal, the newest first."""
        told = select(job_events.c.job).where(job_events.c.id > after).distinct()
        wanted = select(jobs).where(jobs.c.id.in_(told)).order_by(jobs.c.id.desc()).limit(most)
        async with self.database.reading() as connection:
            return [job_of(row) for row in await connection.execute(wanted)]

    async def counts(self) -> Counter[JobState]:
        """How many there are of each state."""
        async with self.database.reading() as connection:
            rows = await connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
            return Counter({JobState(state): count for state, count in rows})

    async def follow(self, group: str | None = None, since: int | None = None) -> AsyncGenerator[Job | Deleted, None]:
        """Those that are not over, then every one that changes, as it stands then; endless. Five a second of one job at most.

        `since`: a line of the journal; those that have told something behind it come first, also when they are over.
        """
        with self.changes.listening() as listener:
            await self.journal.others.meet()
            for one in reversed(await self.changed(since)) if since is not None else ():
                if group is None or one.group == group:
                    yield one
            async with self.database.reading() as connection:
                alive = select(jobs).where(jobs.c.state.not_in(OVER)).order_by(jobs.c.id)
                found = [job_of(row) for row in await connection.execute(alive)]
            for one in found:
                if group is None or one.group == group:
                    yield one
            while True:
                ids = await listener.next()
                async with self.database.reading() as connection:
                    found = await connection.run_sync(by_ids, ids)
                for one in found:
                    if group is None or one.group == group:
                        yield one
                if group is None:
                    for gone in sorted(ids - {one.id for one in found}):
                        yield Deleted(gone)
                await asyncio.sleep(TOLD_EVERY)

    # --- how it is written ----------------------------------------------------------------------

    async def _cancel(self, which: Any) -> list[Job]:
        def change(connection: Connection) -> tuple[list[Job], list[Entry]]:
            now = moment(connection)
            waiting = and_(which, jobs.c.state.in_(WAITING))
            ended = move(connection, waiting, JobState.CANCELLED, finished_at=now, cancel_requested_at=now)
            asked = and_(which, jobs.c.state == JobState.RUNNING)
            flag = update(jobs).where(asked).values(cancel_requested_at=func.coalesce(jobs.c.cancel_requested_at, now))
            running = [job_of(row) for row in connection.execute(flag.returning(*jobs.c))]
            lines = [Line(one.id, one.group, now, EventKind.FINISHED, finished(one)) for one in ended]
            return sorted([*ended, *running], key=lambda job: job.id), write_lines(connection, lines)

        return (await self._change(change))[0]

    async def _change(self, change: Any) -> tuple[list[Job], list[Entry]]:
        def then(made: tuple[list[Job], list[Entry]]) -> None:
            self.journal.published(made[1])
            self.changes.tell(job.id for job in made[0])
            for one in list(self.listeners):
                one(made[0])

        made: tuple[list[Job], list[Entry]] = await self.database.write(change, then)
        return made


def finished(job: Job) -> dict[str, Any]:
    """What the FINISHED line of a job says."""
    error = {"error": {"code": job.error.code, "message": job.error.message}} if job.error else {}
    return {"state": job.state.value, **error, "items": job.items, "summary": job.summary}


def _new(one: NewJob, now: int) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "target": one.target,
        "options": dict(one.options),
        "priority": one.priority,
        "group": one.group,
        "state": JobState.QUEUED,
        "created_at": now,
        "run_after": now,
        "attempt": 0,
        "max_attempts": one.max_attempts,
        "losses": 0,
        "fence": 0,
        "items": 0,
    }


def _tell(connection: Connection, which: Sequence[Job], kind: EventKind) -> list[Entry]:
    return write_lines(connection, [Line(one.id, one.group, moment(connection), kind, {}) for one in which])


def _missing(job: int) -> NotFound:
    return NotFound(f"there is no job {job}; GET /api/jobs lists what there is")
