"""The runner of one process: claims jobs as they come, by priority, and has as many under way at a time as it may."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from types import TracebackType
from typing import Self

from livepane.deadline import within
from livepane.domain.errors import Unavailable
from livepane.domain.job import Job, JobState
from livepane.jobs.leases import Leases
from livepane.jobs.queue import Queue
from livepane.jobs.under_way import Rhythm, Run, UnderWay

log = logging.getLogger(__name__)


class Runner:
    """Runs jobs inside its block. `limit` may change at any time."""

    def __init__(
        self, queue: Queue, run: Run, *, limit: int = 32, leases: Leases | None = None, rhythm: Rhythm | None = None
    ) -> None:
        self.leases = leases or Leases(queue)
        self._queue, self._journal = queue, queue.journal
        self._limit, self._rhythm = limit, rhythm or Rhythm()
        self._jobs = UnderWay(queue, run, leases=self.leases, rhythm=self._rhythm)
        self._wake = asyncio.Event()
        self._jobs.on_end = self._wake.set
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def limit(self) -> int:
        """Jobs at a time."""
        return self._limit

    @limit.setter
    def limit(self, limit: int) -> None:
        self._limit = limit
        self._wake.set()

    @property
    def running(self) -> list[int]:
        """The jobs that it runs now."""
        return self._jobs.running

    @property
    def ended(self) -> int:
        """Jobs that have ended here, so far."""
        return self._jobs.ended

    async def __aenter__(self) -> Self:
        self._queue.listeners.add(self._heard)
        await self._jobs.__aenter__()
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._claim_for_ever(), name="runner"),
            loop.create_task(reap_for_ever(self.leases, self._rhythm.reap, self._awake), name="reaper"),
        ]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop claiming, stop what runs, and give it back to the queue: another start goes on with it."""
        self._queue.listeners.discard(self._heard)
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        await self._jobs.__aexit__(kind, error, trace)

    async def _claim_for_ever(self) -> None:
        while True:
            self._wake.clear()
            room = self._limit - len(self._jobs.running)
            claimed: list[Job] = []
            if room > 0:
                try:
                    claimed = await self.leases.claim(room)
                except Unavailable as error:
                    self._journal.failed(error)
                except Exception:
                    log.exception("no job can be claimed")
            for job in claimed:
                self._jobs.start(job)
            if not claimed or len(claimed) == room:
                await self._woken()

    async def _woken(self) -> None:
        try:
            async with within(self._rhythm.look):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _awake(self) -> None:
        self._wake.set()

    def _heard(self, changed: Iterable[Job]) -> None:
        """A user of this process has changed jobs: those of other processes are seen by looking."""
        if any(job.state is JobState.QUEUED for job in changed):
            self._wake.set()


async def reap_for_ever(leases: Leases, every: float, then: Callable[[], Awaitable[None]]) -> None:
    """Take back, again and again, what was lost with its process; `then` is called after each look. `every`: seconds."""
    while True:
        try:
            for job in await leases.reap():
                log.warning("job %d (%s %s) was lost with its process: %s", job.id, job.kind, job.target, job.state)
        except Unavailable as error:
            log.debug("no look at the leases of others: %s", error)
        except Exception:
            log.exception("no look at the leases of others")
        try:
            await then()
        except Exception:
            log.exception("no look at what follows from the leases of others")
        await asyncio.sleep(every)
