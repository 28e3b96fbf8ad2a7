"""A process that runs jobs and serves nobody: what it needs, built once and taken down in order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from livepane.deadline import within
from livepane.domain.errors import Unavailable
from livepane.egress.egress import Egress
from livepane.egress.options import Outside
from livepane.hub.hub import Hub
from livepane.jobs.dispatch import Lane, Message
from livepane.jobs.services import JobServices, jobs_running, jobs_to_do
from livepane.jobs.under_way import UnderWay
from livepane.settings import Settings
from livepane.store.db import Database, chosen

log = logging.getLogger(__name__)

TRY_AGAIN = 1.0  # seconds, while the database is away
SHORT = 0.05  # seconds that a job takes at the most which is not worth waiting for
MOST_SHORT = 8  # such jobs at a time: their claims and ends are written together


class Workshop:
    """Runs the jobs that it is told to, one after the other, until it leaves. Those that are over at once overlap."""

    def __init__(self, services: JobServices, jobs: UnderWay, name: str) -> None:
        """`name`: of the database that the jobs stand in."""
        self.name = name
        self.undone: list[Message] = []  # jobs that wait still, or again, since we leave: somebody else has to be told
        self._journal, self._jobs = services.journal, jobs
        self._begun: dict[asyncio.Task[None], float | None] = {}  # when (monotonic); None: it is being claimed
        self._short = 0  # jobs in a row
        self._leaving = asyncio.Event()

    async def do(self, message: Message) -> None:
        """Claim a job and run it, if it waits. Returns when there is room for another: when it is over, unless it is short."""
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._one(message), name=f"message of job {message.number}")
        self._begun[task] = None
        task.add_done_callback(lambda done: self._begun.pop(done))
        while len(self._begun) >= self._room():
            await asyncio.wait(self._begun, return_when=asyncio.FIRST_COMPLETED)

    def _room(self) -> int:
        """How many may be under way: one, unless the last ones were short, and those that are might be."""
        old = time.monotonic() - SHORT
        if self._leaving.is_set() or any(begun is not None and begun < old for begun in self._begun.values()):
            return 1
        return max(1, min(MOST_SHORT, self._short))

    async def _one(self, message: Message) -> None:
        while not self._leaving.is_set():
            try:
                job = await self._jobs.leases.take(message.number)
            except Unavailable as error:
                self._journal.failed(error)
                with suppress(TimeoutError):
                    async with within(TRY_AGAIN):
                        await self._leaving.wait()
                continue
            except Exception:
                log.exception("job %d cannot be claimed", message.number)  # a server tells it once more in a while
                return
            if job is None:  # it is over, or was deleted, or somebody has it
                return
            one, began = self._jobs.start(job), time.monotonic()
            if (task := asyncio.current_task()) in self._begun and task is not None:
                self._begun[task] = began
            await one.over.wait()  # the next one may begin while the end of this one is written
            self._short = self._short + 1 if time.monotonic() - began < SHORT else 0
            if self._leaving.is_set() and one.task is not None:
                await asyncio.wait([one.task])
            if one.given_back:
                self.undone.append(message._replace(lane=Lane.of(job.priority)))
            return
        self.undone.append(message)

    async def leave(self) -> None:
        """Give back what is under way; nothing is begun any more."""
        self._leaving.set()
        await self._jobs.leave()
        if self._begun:
            await asyncio.wait(self._begun)


@asynccontextmanager
async def workshop(settings: Settings) -> AsyncIterator[Workshop]:
    """For a process that is told its jobs.

    Raises:
        BadRequest: a plug-in cannot be loaded.
        Unavailable: the database cannot be read.
    """
    async with AsyncExitStack() as stack:
        database, hub, egress = await _common(stack, settings)
        services, jobs = await stack.enter_async_context(jobs_to_do(settings, database, hub, egress))
        await jobs.leases.reap()  # of the process whose place we take, if it was killed: nobody elsewhere can see that it is dead
        yield Workshop(services, jobs, await database.name())


@asynccontextmanager
async def runner(settings: Settings) -> AsyncIterator[JobServices]:
    """For a process that looks for jobs itself in a database that it shares. Raises: as `workshop`."""
    async with AsyncExitStack() as stack:
        database, hub, egress = await _common(stack, settings)
        yield await stack.enter_async_context(jobs_running(settings, database, hub, egress, limit=settings.worker_concurrency))


async def _common(stack: AsyncExitStack, settings: Settings) -> tuple[Database, Hub, Egress]:
    database = Database(chosen(settings))
    stack.push_async_callback(database.close)
    egress = await stack.enter_async_context(Egress(Outside.of(settings)))
    hub = await stack.enter_async_context(Hub(grace=settings.grace_seconds, encoder_threads=1))
    if settings.kafka is not None:  # so its jobs can be watched at every server
        from livepane.bus.joining import joined

        await stack.enter_async_context(joined(settings, settings.kafka, hub, worker=True))
    return database, hub, egress
