"""A runner's side of the queue: what it claims is its own until it gives it back, or its lease runs out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from livepane.domain.job import WAITING, EventKind, Job, JobError, JobState
from livepane.jobs.backoff import Backoff
from livepane.jobs.endings import Ending, Endings, last_line
from livepane.jobs.journal import Line, write_lines
from livepane.jobs.owner import is_dead, new_owner
from livepane.jobs.queue import Queue
from livepane.jobs.recent import Entry
from livepane.jobs.rows import held, job_of, move
from livepane.store.db import moment
from livepane.store.tables import jobs

LEASE = 30.0  # seconds
MOST_LOSSES = 20  # a job that was under way when its server died so often is not tried again: it may be the reason
LONGEST_AFTER_LOSS = 15.0  # seconds until it is tried again then: no site has asked us to wait
_FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}
_NEW_RUN: dict[str, Any] = dict.fromkeys(("progress", "action", "summary", "error_code", "error_message"))
_CLAIM = (
    update(jobs)
    .where(jobs.c.state.in_(WAITING), jobs.c.run_after <= bindparam("at"))
    .values(
        state=JobState.RUNNING,
        lease_owner=bindparam("whose"),
        lease_until=bindparam("until"),
        attempt=jobs.c.attempt + 1,
        fence=jobs.c.fence + 1,
        started_at=bindparam("at"),
        items=0,
        **_NEW_RUN,
    )
    .returning(*jobs.c)
)
_TAKE = _CLAIM.where(jobs.c.id == bindparam("this"))  # made once: to put a statement together takes longer than to run it


@dataclass(frozen=True, slots=True)
class Standing:
    """What a runner has to know of a job that it runs."""

    held: bool  # still ours
    cancel: bool  # somebody wants it to end


_GONE = Standing(held=False, cancel=False)


class Leases:
    """One runner's leases. What it writes counts only while the job's fence is the one that it was given.

    Every method raises Unavailable when the database is away or cannot be written.
    """

    def __init__(self, queue: Queue, backoff: Backoff | None = None, lease: float = LEASE) -> None:
        self.owner = new_owner()
        self._queue, self._journal, self._database = queue, queue.journal, queue.database
        self._endings = Endings(self._database, self._journal)
        self._backoff, self._lease = backoff or Backoff(), lease

    async def claim(self, limit: int, kinds: Collection[str] | None = None) -> list[Job]:
        """Up to `limit` jobs that wait (of these kinds), by priority, then the oldest first. The attempt counts from now on."""

        def change(connection: Connection) -> tuple[list[Job], list[Entry]]:
            now = moment(connection)
            due = select(jobs.c.id).where(jobs.c.state.in_(WAITING), jobs.c.run_after <= now)
            if kinds is not None:
                due = due.where(jobs.c.kind.in_(list(kinds)))
            first = due.order_by(jobs.c.priority.desc(), jobs.c.id).limit(limit)
            claimed = list(map(job_of, connection.execute(_CLAIM.where(jobs.c.id.in_(first)), self._claiming(now))))
            return sorted(claimed, key=lambda job: (-job.priority, job.id)), _tell_start(connection, claimed, now)

        return (await self._database.write(change, lambda made: self._journal.published(made[1])))[0]

    async def take(self, number: int) -> Job | None:
        """This job, if it waits and its time has come. The attempt counts from now on."""

        def change(connection: Connection) -> tuple[Job | None, list[Entry]]:
            now = moment(connection)
            row = connection.execute(_TAKE, {"this": number, **self._claiming(now)}).first()
            if row is None:
                return None, []
            job = job_of(row)
            return job, _tell_start(connection, [job], now)

        return (await self._database.write(change, lambda made: self._journal.published(made[1])))[0]

    def _claiming(self, now: int) -> dict[str, Any]:
        return {"whose": self.owner, "at": now, "until": now + int(self._lease * 1000)}

    async def look(self, running: Sequence[Job]) -> dict[int, Standing]:
        """How these jobs stand."""
        async with self._database.reading() as connection:
            return await connection.run_sync(_standing, running)

    async def beat(self, running: Sequence[Job]) -> dict[int, Standing]:
        """The same, and their leases begin anew."""

        def change(connection: Connection) -> dict[int, Standing]:
            this = (jobs.c.id == bindparam("this")) & (jobs.c.fence == bindparam("held"))
            longer = update(jobs).where(this, jobs.c.state == JobState.RUNNING).values(lease_until=bindparam("until"))
            until = moment(connection) + int(self._lease * 1000)
            connection.execute(longer, [{"this": job.id, "held": job.fence, "until": until} for job in running])
            return _standing(connection, running)

        return await self._database.write(change) if running else {}

    async def finish(self, job: Job, summary: Mapping[str, Any]) -> Job | None:
        """It is done. None, here and below: it was not ours any more."""
        return await self._endings.write(Ending(job, JobState.SUCCEEDED, summary=summary))

    async def cancelled(self, job: Job, summary: Mapping[str, Any]) -> Job | None:
        """It was ended because somebody wanted it."""
        return await self._endings.write(Ending(job, JobState.CANCELLED, summary=summary))

    async def fail(self, job: Job, error: JobError, summary: Mapping[str, Any], *, retry: bool) -> Job | None:
        """It has failed; with `retry`, and as long as attempts are left, it is tried again after a while."""
        if not retry or job.attempt >= job.max_attempts:
            return await self._endings.write(Ending(job, JobState.FAILED, error, summary))
        run_after = self._database.clock.now() + int(self._backoff.delay(job.attempt) * 1000)
        return await self._endings.write(Ending(job, JobState.RETRYING, error, summary, run_after))

    async def release(self, job: Job) -> Job | None:
        """Give it back undone, because this runner goes: the attempt does not count."""
        return await self._endings.write(Ending(job, JobState.QUEUED, counts=False))

    async def release_all(self) -> None:
        """Give back whatever this runner still has."""

        def change(connection: Connection) -> list[Entry]:
            mine = (jobs.c.lease_owner == self.owner) & (jobs.c.state == JobState.RUNNING)
            back = move(connection, mine, JobState.QUEUED, **_FREE, attempt=jobs.c.attempt - 1, started_at=None)
            return _tell(connection, _heeding(connection, back))

        await self._database.write(change, self._journal.published)

    async def reap(self) -> list[Job]:
        """Take back jobs whose runner let its lease run out, or has died on this machine: they wait, then run again."""
        running = select(jobs).where(jobs.c.state == JobState.RUNNING, jobs.c.lease_owner != self.owner)
        async with self._database.reading() as connection:  # first without the lock: nearly always there is none
            rows = (await connection.execute(running)).all()
        owners = {owner: is_dead(owner) for owner in {row.lease_owner for row in rows}}
        lost = [row for row in rows if owners[row.lease_owner] or row.lease_until < self._database.clock.now()]
        if not lost:
            return []

        def change(connection: Connection) -> tuple[list[Job], list[Entry]]:
            reaped = [job for row in lost for job in self._take_back(connection, row)]
            return reaped, _tell(connection, reaped)

        def then(made: tuple[list[Job], list[Entry]]) -> None:
            self._journal.published(made[1])

        return (await self._database.write(change, then))[0]

    def _take_back(self, connection: Connection, row: Any) -> list[Job]:
        job, losses = job_of(row), row.losses + 1
        now = moment(connection)
        still = held(job) & or_(jobs.c.lease_until < now, jobs.c.lease_until == row.lease_until)
        if job.cancel_requested_at is not None:
            return move(connection, still, JobState.CANCELLED, **_FREE, finished_at=now)
        message = "the server that ran it has ended without a word"
        if losses > MOST_LOSSES:
            why = {"error_code": "failed", "error_message": f"{message}, {losses} times", "losses": losses}
            return move(connection, still, JobState.FAILED, **_FREE, **why, finished_at=now)
        pause = min(self._backoff.delay(losses), LONGEST_AFTER_LOSS)
        again = {"attempt": jobs.c.attempt - 1, "losses": losses, "run_after": now + int(pause * 1000)}
        return move(connection, still, JobState.RETRYING, **_FREE, **again, error_code="failed", error_message=message)


def _standing(connection: Connection, running: Sequence[Job]) -> dict[int, Standing]:
    columns = (jobs.c.id, jobs.c.fence, jobs.c.state, jobs.c.cancel_requested_at)
    rows = {row.id: row for row in connection.execute(select(*columns).where(jobs.c.id.in_([job.id for job in running])))}
    found = {}
    for job in running:
        row = rows.get(job.id)
        ours = row is not None and row.fence == job.fence and row.state == JobState.RUNNING
        found[job.id] = Standing(True, row.cancel_requested_at is not None) if row is not None and ours else _GONE
    return found


def _heeding(connection: Connection, waiting: list[Job]) -> list[Job]:
    """Jobs as they are, but those that somebody wanted to end meanwhile, which would wait for a start, are over."""
    unwanted = [job.id for job in waiting if job.state in WAITING and job.cancel_requested_at is not None]
    if not unwanted:
        return waiting
    ended = move(connection, jobs.c.id.in_(unwanted), JobState.CANCELLED, finished_at=moment(connection))
    return [*(job for job in waiting if job.id not in unwanted), *ended]


def _tell_start(connection: Connection, claimed: Sequence[Job], now: int) -> list[Entry]:
    started = sorted(claimed, key=lambda job: job.id)
    return write_lines(connection, [Line(one.id, one.group, now, EventKind.STARTED, {"attempt": one.attempt}) for one in started])


def _tell(connection: Connection, moved: Sequence[Job]) -> list[Entry]:
    return write_lines(connection, [last_line(job, moment(connection)) for job in moved])
