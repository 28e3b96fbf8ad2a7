"""A server whose jobs are run by workers: tells them the numbers of jobs, and tells those again that have not arrived."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from enum import StrEnum
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from sqlalchemy import Connection, func, select

from livepane.domain.errors import Unavailable
from livepane.domain.job import WAITING, EventKind, Job, JobState
from livepane.jobs.journal import Line, write_lines
from livepane.jobs.leases import Leases
from livepane.jobs.queue import Queue
from livepane.jobs.recent import Entry
from livepane.jobs.rows import move
from livepane.jobs.runner import reap_for_ever
from livepane.store.db import moment
from livepane.store.tables import jobs

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between two looks for jobs that are to be tried again
CHECK_EVERY = 10.0  # seconds between two looks for messages that were lost, and for leases of the dead
LOST_AFTER = 60.0  # seconds that a job waits before its message may be one of those
AT_ONCE = 1000  # messages that are sent in one go
MOST_AGAIN = 20_000  # that are sent once more after one check


class Lane(StrEnum):
    """Where messages wait: workers take those of a lane when the ones before are empty."""

    HIGH = "high"
    DEFAULT = "default"
    LOW = "low"

    @classmethod
    def of(cls, priority: int) -> Lane:
        """The lane of jobs of this priority."""
        return cls.HIGH if priority > 0 else cls.LOW if priority < 0 else cls.DEFAULT


class Message(NamedTuple):
    """That a job waits."""

    number: int
    lane: Lane
    of: str | None  # the name of the database that it stands in: several installations may meet at one broker


class Carrier(Protocol):
    """Brings messages to workers. It may lose them, and bring them twice. Both methods block, for some seconds at the most."""

    address: str  # of the broker, for people: without passwords

    def send(self, messages: Sequence[Message]) -> None:
        """Send them.

        Raises:
            Unavailable: there is no broker at this moment; names it, without its password.
        """

    def waiting(self) -> int:
        """How many messages nobody has taken yet.

        Raises:
            Unavailable: there is no broker at this moment; names it, without its password.
        """


class Dispatcher:
    """Works inside its block. What is in the database is the truth: messages are only there so that nobody has to look."""

    def __init__(self, queue: Queue, carrier: Carrier) -> None:
        self.leases = Leases(queue)
        self.trouble: str | None = None  # why nothing can be sent now
        self._queue, self._carrier = queue, carrier
        self._name: str | None = None  # of the database
        self._begins = True  # whoever sent before us, or the broker, may have ended in the middle of it
        self._waiting: dict[int, Lane] = {}
        self._some = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Raises Unavailable: the database cannot be read."""
        self._name = await self._queue.database.name()
        self._queue.listeners.add(self._heard)
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._send_for_ever(), name="messages to workers"),
            loop.create_task(self._look_for_ever(), name="jobs to be tried again"),
            loop.create_task(reap_for_ever(self.leases, CHECK_EVERY, self._check), name="messages that were lost"),
        ]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """What is not sent yet is found by the check of whoever is there."""
        self._queue.listeners.discard(self._heard)
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)

    def _heard(self, changed: Iterable[Job]) -> None:
        """A user of this process has changed jobs, and that is committed."""
        for job in changed:
            if job.state is JobState.QUEUED:
                self._waiting[job.id] = Lane.of(job.priority)
        if self._waiting:
            self._some.set()

    async def _send_for_ever(self) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            waiting, self._waiting = list(self._waiting.items()), {}
            try:
                await self._send(waiting)
            except Exception:  # the check finds them again; those that come next are sent all the same
                log.exception("%d messages to workers are lost", len(waiting))

    async def _send(self, waiting: Sequence[tuple[int, Lane]]) -> None:
        messages = [Message(number, lane, self._name) for number, lane in waiting]
        for start in range(0, len(messages), AT_ONCE):
            try:
                await asyncio.to_thread(self._carrier.send, messages[start : start + AT_ONCE])
            except Unavailable as error:  # they wait in the database: the check finds them when there is a broker again
                self._failed(error)
                return

    def _failed(self, error: Unavailable) -> None:
        if self.trouble is None:
            log.warning("jobs wait in the database: %s", error.message)
        self.trouble = error.message

    # --- what has not arrived ---------------------------------------------------------------------

    async def _look_for_ever(self) -> None:
        """Whose time has come waits like others from then on: whichever server writes that sends it."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                due = (jobs.c.state == JobState.RETRYING) & (jobs.c.run_after <= self._queue.database.clock.now())
                async with self._queue.database.reading() as connection:
                    some = await connection.scalar(select(jobs.c.id).where(due).limit(1))
                if some is not None:
                    moved, _ = await self._queue.database.write(
                        self._put_in_line, lambda made: self._queue.journal.published(made[1])
                    )
                    self._heard(moved)
                if self.trouble is not None:
                    await self._check()
            except Unavailable as error:
                log.debug("no look at jobs that are to be tried again: %s", error)
            except Exception:
                log.exception("no look at jobs that are to be tried again")

    def _put_in_line(self, connection: Connection) -> tuple[list[Job], list[Entry]]:
        now = moment(connection)
        moved = move(connection, (jobs.c.state == JobState.RETRYING) & (jobs.c.run_after <= now), JobState.QUEUED, run_after=now)
        return moved, write_lines(connection, [Line(one.id, one.group, now, EventKind.QUEUED, {}) for one in moved])

    async def _check(self) -> None:
        """Send once more what has waited for long, if there are fewer messages than jobs that wait: some were lost.

        Which ones nobody knows; a message for a job that somebody has is nothing to anybody.
        """
        try:
            there = await asyncio.to_thread(self._carrier.waiting)
        except Unavailable as error:
            self._failed(error)
            return
        if self.trouble is not None:
            log.info("the broker is there again")
            self.trouble, self._begins = None, True
        now = self._queue.database.clock.now()
        waits = jobs.c.state.in_(WAITING) & (jobs.c.run_after <= now)
        before = now if self._begins else now - int(LOST_AFTER * 1000)
        old = select(jobs.c.id, jobs.c.priority).where(jobs.c.state == JobState.QUEUED, jobs.c.run_after <= before)
        try:
            async with self._queue.database.reading() as connection:
                count = int(await connection.scalar(select(func.count()).select_from(jobs).where(waits)) or 0)
                if count <= there:
                    self._begins = False
                    return
                rows = await connection.execute(old.order_by(jobs.c.priority.desc(), jobs.c.id).limit(MOST_AGAIN))
                lost = [(row.id, Lane.of(row.priority)) for row in rows]
        except Unavailable as error:
            log.debug("no look at messages that were lost: %s", error)
            return
        self._begins = False
        if lost:
            log.info("%d jobs wait, and %d messages: %d are sent once more", count, there, len(lost))
            await self._send(lost)
