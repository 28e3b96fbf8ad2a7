"""How runs end: written for all jobs that end at about the same time together, each with the last lines that it told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from livepane.domain.errors import Unavailable
from livepane.domain.job import WAITING, EventKind, Job, JobError, JobState
from livepane.jobs.journal import Journal, Line, Sheet, write_lines
from livepane.jobs.queue import finished
from livepane.jobs.recent import Entry
from livepane.jobs.rows import job_of
from livepane.store.db import Database, moment
from livepane.store.tables import jobs

_WRITTEN = ("run_after", "started_at", "finished_at", "attempt", "progress", "action", "items", "summary")
_RUN = select(jobs).where(jobs.c.id.in_(bindparam("these", expanding=True)), jobs.c.state == JobState.RUNNING)
_END = (
    update(jobs)
    .where(jobs.c.id == bindparam("this"), jobs.c.fence == bindparam("held"), jobs.c.state == JobState.RUNNING)
    .values(
        state=bindparam("to"),
        lease_owner=None,
        lease_until=None,
        error_code=bindparam("code"),
        error_message=bindparam("message"),
        **{name: bindparam(name) for name in _WRITTEN},
    )
)


@dataclass(frozen=True, slots=True)
class Ending:
    """What becomes of a job that ran."""

    job: Job  # as it was claimed
    to: JobState
    error: JobError | None = None
    summary: Mapping[str, Any] | None = None
    run_after: int | None = None  # when it is tried again
    counts: bool = True  # whether the attempt was one


@dataclass(slots=True, eq=False)
class _Asked:
    ending: Ending
    sheets: list[Sheet]
    made: asyncio.Future[Job | None]


class Endings:
    """`write` them; those that come while the disk is busy go together."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database, self._journal = database, journal
        self._waiting: list[_Asked] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, ending: Ending) -> Job | None:
        """The job as it stands then; None: it was not ours any more, and nothing has happened.

        Raises:
            Unavailable: it cannot be written; what the job told last is kept.
        """
        loop = asyncio.get_running_loop()
        asked = _Asked(ending, self._journal.take(ending.job.id), loop.create_future())
        self._waiting.append(asked)
        if self._writing is None:
            self._writing = loop.create_task(self._write(), name="ends of jobs")
        return await asked.made

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._together(batch)
        finally:
            self._writing = None

    async def _together(self, batch: list[_Asked]) -> None:
        pairs = [(one.ending, one.sheets) for one in batch]
        try:
            ended, _ = await self._database.write(
                lambda connection: write_endings(connection, pairs), lambda made: self._journal.published(made[1])
            )
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, Unavailable):  # one that cannot be written takes no other with it
                for one in batch:
                    await self._together([one])
                return
            if isinstance(error, Unavailable):
                self._journal.failed(error)
            for one in batch:
                self._journal.put_back(one.sheets)
                if not one.made.done():
                    one.made.set_exception(error)
            return
        for one in batch:
            if not one.made.done():
                one.made.set_result(ended.get(one.ending.job.id))


def write_endings(connection: Connection, pairs: Sequence[tuple[Ending, Sequence[Sheet]]]) -> tuple[dict[int, Job], list[Entry]]:
    """Write them within a transaction; those whose runner has lost its job are left out."""
    now = moment(connection)
    rows = {row.id: job_of(row) for row in connection.execute(_RUN, {"these": [ending.job.id for ending, _ in pairs]})}
    ended: dict[int, Job] = {}
    lines: list[Line] = []
    for ending, sheets in pairs:
        row = rows.get(ending.job.id)
        if row is None or row.fence != ending.job.fence:
            continue
        told: dict[str, Any] = {}
        for sheet in sheets:
            told |= sheet.row
            lines += sheet.lines
        job = _after(replace(row, **told), ending, now)
        ended[job.id] = job
        lines.append(last_line(job, now))
    if ended:
        connection.execute(_END, [_values(job) for job in ended.values()])
    return ended, write_lines(connection, lines)


def last_line(job: Job, now: int) -> Line:
    """What the journal says of a job that was moved at this moment (ms)."""
    if job.state is JobState.QUEUED:
        return Line(job.id, job.group, now, EventKind.QUEUED, {})
    if job.state is JobState.RETRYING:
        error = job.error or JobError("failed", "")
        why = {"code": error.code, "message": error.message, "run_after": job.run_after}
        return Line(job.id, job.group, now, EventKind.RETRYING, why)
    return Line(job.id, job.group, now, EventKind.FINISHED, finished(job))


def _after(job: Job, ending: Ending, now: int) -> Job:
    to = ending.to
    if to in WAITING and job.cancel_requested_at is not None:  # it would wait for a start that nobody wants
        to = JobState.CANCELLED
    return replace(
        job,
        state=to,
        error=ending.error if to is not JobState.CANCELLED else None,
        summary=dict(ending.summary) if ending.summary is not None else None,
        run_after=ending.run_after or job.run_after,
        finished_at=now if to.over else None,
        started_at=job.started_at if ending.counts else None,
        attempt=job.attempt if ending.counts else job.attempt - 1,
        progress=1.0 if to is JobState.SUCCEEDED else job.progress,
        lease_owner=None,
        lease_until=None,
    )


def _values(job: Job) -> dict[str, Any]:
    error = {"code": job.error.code if job.error else None, "message": job.error.message if job.error else None}
    return {"this": job.id, "held": job.fence, "to": job.state, **error, **{name: getattr(job, name) for name in _WRITTEN}}
