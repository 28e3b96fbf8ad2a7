"""The journal: what every job tells, in one order, kept and followed live or from any point."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, bindparam, func, select, update

from livepane.deadline import within
from livepane.domain.errors import Unavailable
from livepane.domain.job import EventKind, Job, JobEvent, JobState
from livepane.jobs.changes import Changes
from livepane.jobs.others import Others
from livepane.jobs.recent import Entry, Recent
from livepane.store.db import Database, given, inserted
from livepane.store.tables import job_events, jobs

log = logging.getLogger(__name__)

FLUSH_AFTER = 0.05  # seconds that a line may wait for others before it is written
FLUSH_AT = 100  # lines that do not wait any longer
TRY_AGAIN = 1.0  # seconds, when they could not be written
MOST_ACTIONS = 20  # of one job between two writings: a scraper that says more is cut short
MOST_LINES, MOST_BYTES = 500, 8 * 2**20  # that wait for the disk
PAGE = 500  # lines that are read at once

_TOLD = ("progress", "action", "items")
_TELL = (
    update(jobs)
    .where(jobs.c.id == bindparam("this"))
    .values({name: func.coalesce(bindparam(name, type_=jobs.c[name].type), jobs.c[name]) for name in _TOLD})
)


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be written: as JobEvent, still without its number."""

    job: int
    group: str | None
    at: int
    kind: EventKind
    data: Mapping[str, Any]


@dataclass(slots=True)
class Sheet:
    """Lines of one running job that are not written yet, and what its row shall say."""

    job: int
    fence: int
    lines: list[Line] = field(default_factory=list)
    row: dict[str, Any] = field(default_factory=dict)  # progress, action, items
    bytes: int = 0  # of what is large in it


class Journal:
    """Write lines and forget them: they are kept together for a moment, and until the disk takes them."""

    def __init__(self, database: Database, changes: Changes | None = None) -> None:
        self.changes = changes or Changes()
        self.trouble: tuple[float, Unavailable] | None = None  # since when (monotonic s) nothing can be written, and why
        self._database = database
        self._sheets: dict[int, Sheet] = {}
        self._recent = Recent()
        self.others = Others(database, self._recent, self.changes)
        self._lines = self._bytes = 0
        self._some, self._full = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._flush_for_ever(), name="journal"),
            loop.create_task(self.others.follow_for_ever(), name="journal of others"),
        ]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        try:
            await self.flush()
        except Unavailable as trouble:
            log.warning("what running jobs told last could not be written: %s", trouble)

    # --- writing --------------------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """Lines that are not written yet."""
        return self._lines

    def holds(self, job: int) -> bool:
        """Whether something of this job is not written yet."""
        return job in self._sheets

    def write(self, job: Job, kind: EventKind, data: Mapping[str, Any], size: int = 0, **row: Any) -> None:
        """A line of a running job, and what changes in its row (`progress`, `action`, `items`). `size`: its bytes, if many.

        Returns at once. A runner whose lease was given to another one writes nothing: its fence is old.
        """
        sheet = self._sheets.get(job.id)
        if sheet is None or sheet.fence < job.fence:
            sheet = self._sheets[job.id] = Sheet(job.id, job.fence)
        elif sheet.fence > job.fence:
            return
        sheet.row.update(row)
        sheet.bytes += size
        self._bytes += size
        line = Line(job.id, job.group, self._database.clock.now(), kind, data)
        if not _replaces(sheet.lines, line):
            sheet.lines.append(line)
            self._lines += 1
        self._some.set()
        if self._lines >= FLUSH_AT:
            self._full.set()

    async def room(self) -> None:
        """Wait until more may be written: a scraper may be faster than the disk."""
        while self._lines >= MOST_LINES or self._bytes >= MOST_BYTES:
            try:
                await self.flush()
            except Unavailable:
                await asyncio.sleep(TRY_AGAIN)

    async def flush(self) -> None:
        """Write what waits.

        Raises:
            Unavailable: the database does not take it; it is kept and tried again.
        """
        sheets = self.take()
        if not sheets:
            return
        try:
            await self._database.write(lambda connection: write_sheets(connection, sheets), self.published)
        except Unavailable as error:
            self.put_back(sheets)
            self.failed(error)
            raise

    def take(self, job: int | None = None) -> list[Sheet]:
        """What waits to be written (of one job): whoever takes it writes it, or puts it back."""
        if job is None:
            taken, self._sheets = list(self._sheets.values()), {}
        else:
            sheet = self._sheets.pop(job, None)
            taken = [sheet] if sheet else []
        self._lines -= sum(len(one.lines) for one in taken)
        self._bytes -= sum(one.bytes for one in taken)
        return taken

    def put_back(self, sheets: Iterable[Sheet]) -> None:
        """It could not be written: it goes before what has come since."""
        for old in sheets:
            new = self._sheets.get(old.job)
            if new is None or new.fence == old.fence:
                if new is not None:
                    self._lines -= len(new.lines)
                    self._bytes -= new.bytes
                    old.lines += new.lines
                    old.row |= new.row
                    old.bytes += new.bytes
                self._sheets[old.job] = old
                self._lines += len(old.lines)
                self._bytes += old.bytes
        self._some.set()

    def failed(self, error: Unavailable) -> None:
        """Nothing can be written now."""
        if self.trouble is None:
            log.warning("jobs cannot be written down for now: %s", error)
            self.trouble = (time.monotonic(), error)

    def published(self, entries: Sequence[Entry]) -> None:
        """These lines are written: called in the loop, in their order, by whoever wrote them."""
        if not entries:
            return
        if self.trouble is not None:
            log.info("jobs can be written down again")
            self.trouble = None
        self._recent.add(entries)
        self.changes.tell({one.event.job for one in entries})

    async def _flush_for_ever(self) -> None:
        while True:
            await self._some.wait()
            if self._lines < FLUSH_AT:
                self._full.clear()
                await _either(self._full, FLUSH_AFTER)
            self._some.clear()
            try:
                await self.flush()
            except Unavailable:
                await asyncio.sleep(TRY_AGAIN)
            except Exception:
                log.exception("lines of the journal are lost")

    # --- reading --------------------------------------------------------------------------------

    async def read(
        self, job: int | None = None, *, group: str | None = None, after: int = 0, limit: int = PAGE
    ) -> list[JobEvent]:
        """Lines behind `after`, oldest first: of one job, of a group, or of all."""
        return (await self._read(job, group, after, limit))[0]

    async def items(self, job: int, *, after: int = 0, limit: int = PAGE) -> list[JobEvent]:
        """Results: the ITEM lines of the last run, oldest first, behind the line `after`. Those of a run before are history."""
        began = (
            select(func.coalesce(func.max(job_events.c.id), 0))
            .where(job_events.c.job == job, job_events.c.kind == EventKind.STARTED)
            .scalar_subquery()
        )
        wanted = select(job_events).where(
            job_events.c.job == job,
            job_events.c.kind == EventKind.ITEM,
            job_events.c.id > after,
            job_events.c.id > began,
        )
        async with self._database.reading() as connection:
            return [_event(row) for row in await connection.execute(wanted.order_by(job_events.c.id).limit(limit))]

    async def last(self, job: int, kind: EventKind) -> JobEvent | None:
        """The newest line of one kind that a job has told."""
        wanted = select(job_events).where(job_events.c.job == job, job_events.c.kind == kind)
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted.order_by(job_events.c.id.desc()).limit(1))).first()
        return _event(row) if row is not None else None

    async def follow(self, job: int | None = None, *, group: str | None = None, after: int = 0) -> AsyncGenerator[JobEvent, None]:
        """Every line behind `after`, those that are there and those that come; endless. Nothing is left out or told twice."""
        with self._recent.listening(job, group) as poked:
            while True:
                poked.clear()
                found = self._recent.since(after, job, group)
                if found is not None:
                    events, after, more = *found, False
                else:
                    events, newest = await self._read(job, group, after, PAGE)
                    more = len(events) == PAGE
                    after = events[-1].id if more else max(newest, after, *(one.id for one in events[-1:]))
                for one in events:
                    yield one
                if not more:
                    await poked.wait()

    async def newest(self) -> int:
        """The number of the last line: to follow what comes from now on."""
        async with self._database.reading() as connection:
            return int(await connection.scalar(select(func.max(job_events.c.id))) or 0)

    async def given(self) -> int:
        """The greatest number that a line has had, also if that was deleted since."""
        async with self._database.reading() as connection:
            return await connection.run_sync(given, job_events)

    async def _read(self, job: int | None, group: str | None, after: int, limit: int) -> tuple[list[JobEvent], int]:
        wanted = select(job_events).where(job_events.c.id > after).order_by(job_events.c.id).limit(limit)
        if job is not None:
            wanted = wanted.where(job_events.c.job == job)
        if group is not None:
            wanted = wanted.where(job_events.c.job.in_(select(jobs.c.id).where(jobs.c.group == group)))
        async with self._database.reading() as connection:
            newest = int(await connection.scalar(select(func.max(job_events.c.id))) or 0)
            return [_event(row) for row in await connection.execute(wanted)], newest


def write_lines(connection: Connection, lines: Sequence[Line]) -> list[Entry]:
    """Write lines within a transaction; their numbers follow each other."""
    if not lines:
        return []
    rows = [{"job": one.job, "at": one.at, "kind": one.kind, "data": one.data} for one in lines]
    numbers = inserted(connection, job_events, rows)
    written = zip(numbers, lines, strict=True)
    return [Entry(JobEvent(number, one.job, one.at, one.kind, one.data), one.group) for number, one in written]


def write_sheets(connection: Connection, sheets: Sequence[Sheet]) -> list[Entry]:
    """Write what running jobs told, of those whose fence is still theirs."""
    held = select(jobs.c.id, jobs.c.fence).where(jobs.c.id.in_([one.job for one in sheets]), jobs.c.state == JobState.RUNNING)
    fences = {row.id: row.fence for row in connection.execute(held)}
    good = [one for one in sheets if fences.get(one.job) == one.fence]
    rows = [{"this": one.job, **{name: one.row.get(name) for name in _TOLD}} for one in good if one.row]
    if rows:
        connection.execute(_TELL, rows)
    return write_lines(connection, [line for one in good for line in one.lines])


def _replaces(lines: list[Line], new: Line) -> bool:
    """Whether it took the place of an older line that nobody has seen: a progress bar need not tell every step."""
    if new.kind is EventKind.PROGRESS:
        for n in range(len(lines) - 1, -1, -1):
            if lines[n].kind is EventKind.PROGRESS:
                lines[n] = new
                return True
    if new.kind is EventKind.ACTION and sum(one.kind is EventKind.ACTION for one in lines[-2 * MOST_ACTIONS :]) >= MOST_ACTIONS:
        last = max(n for n, one in enumerate(lines) if one.kind is EventKind.ACTION)
        lines[last] = new
        return True
    return False


def _event(row: Any) -> JobEvent:
    return JobEvent(row.id, row.job, row.at, EventKind(row.kind), row.data)


async def _either(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with within(seconds):
            await event.wait()
