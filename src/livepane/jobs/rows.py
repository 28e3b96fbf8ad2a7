"""Jobs as rows: read, and moved from state to state only as `MOVES` allows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from livepane.domain.job import MOVES, Job, JobError, JobState
from livepane.store.tables import jobs

_SAME = [name for name in Job.__slots__ if name not in ("state", "error")]


def job_of(row: Row[Any]) -> Job:
    """Read a row of the table."""
    values = row._mapping
    error = JobError(values["error_code"], values["error_message"] or "") if values["error_code"] else None
    return Job(state=JobState(values["state"]), error=error, **{name: values[name] for name in _SAME})


def held(job: Job) -> ColumnElement[bool]:
    """The row of a running job, as long as its runner has it: another claim makes the fence a greater one."""
    return (jobs.c.id == job.id) & (jobs.c.fence == job.fence)


def move(connection: Connection, which: ColumnElement[bool], to: JobState, **values: Any) -> list[Job]:
    """Bring those jobs to a state that may go there by `MOVES`, and return them; the others stay as they are."""
    legal = jobs.c.state.in_([state for state, ways in MOVES.items() if to in ways])
    moved = connection.execute(update(jobs).where(which & legal).values(state=to, **values).returning(*jobs.c))
    return sorted(map(job_of, moved), key=lambda job: job.id)


def by_ids(connection: Connection, ids: Iterable[int]) -> list[Job]:
    """These jobs, as far as they are there, by their numbers."""
    return [job_of(row) for row in connection.execute(select(jobs).where(jobs.c.id.in_(list(ids))).order_by(jobs.c.id))]
