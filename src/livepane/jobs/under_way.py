"""Jobs that this process has claimed, each run to its end: leases kept, cancels heeded, what they tell written, ends settled."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from types import TracebackType
from typing import Any, Self

from livepane.deadline import within
from livepane.domain.errors import Unavailable
from livepane.domain.job import Job, JobError, JobState
from livepane.jobs.items import LONGEST_MESSAGE, line
from livepane.jobs.leases import Leases, Standing
from livepane.jobs.queue import Queue
from livepane.scrapers.contract import ScrapeError

log = logging.getLogger(__name__)

Run = Callable[[Job, dict[str, Any]], Awaitable[None]]
"""Does one job, and puts facts about the run into the dictionary. Raises what went wrong; ends within seconds of a cancel."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often whoever runs jobs does what. Seconds."""

    look: float = 1.0  # for jobs that other processes have added or cancelled, and those whose time has come
    beat: float = 10.0  # a lease begins anew
    reap: float = 10.0  # jobs of dead runners are taken back
    patience: float = 10.0  # what a job tells may stay unwritten for so long before the job fails
    leave: float = 8.0  # until jobs have ended, when the process ends


class _Why(Enum):
    """For what reason a job was stopped from here."""

    CANCELLED = auto()
    LOST = auto()  # another runner has it
    LEAVING = auto()  # this process ends
    UNWRITTEN = auto()  # what it tells cannot be kept


@dataclass(slots=True, eq=False)
class Underway:
    """One of them."""

    job: Job  # as it was claimed
    summary: dict[str, Any] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None
    given_back: bool = False  # it waits again, because this process ends
    why: _Why | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)  # set when it has ended, and that is being written

    @property
    def settling(self) -> bool:
        """Whether it has ended, and that is being written."""
        return self.over.is_set()

    def stop(self, why: _Why) -> None:
        """End it, unless it ends already."""
        if self.why is None and not self.settling and self.task is not None:
            self.why = why
            self.task.cancel()


class UnderWay:
    """Runs what it is given inside its block, however many that are. What is under way at the end goes back to the queue."""

    def __init__(self, queue: Queue, run: Run, *, leases: Leases | None = None, rhythm: Rhythm | None = None) -> None:
        self.leases = leases or Leases(queue)
        self.ended = 0  # jobs, so far
        self.on_end: Callable[[], None] = lambda: None  # called when one has ended
        self._queue, self._journal, self._run = queue, queue.journal, run
        self._rhythm = rhythm or Rhythm()
        self._running: dict[int, Underway] = {}
        self._looking: asyncio.Task[None] | None = None
        self._leaving = False

    @property
    def running(self) -> list[int]:
        """The jobs that are under way now."""
        return sorted(self._running)

    async def __aenter__(self) -> Self:
        self._queue.listeners.add(self._heard)
        self._looking = asyncio.get_running_loop().create_task(self._look_for_ever(), name="leases")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop what runs, and give it back to the queue: another start, or another process, goes on with it."""
        self._queue.listeners.discard(self._heard)
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])
        await self.leave()
        try:
            async with within(self._rhythm.leave):
                await self.leases.release_all()
        except (Unavailable, TimeoutError) as trouble:
            log.warning("jobs could not be given back to the queue; the next start takes them: %s", trouble)

    async def leave(self) -> None:
        """Give back what runs; nothing new may be started."""
        self._leaving = True
        for one in self._running.values():
            one.stop(_Why.LEAVING)
        tasks = [one.task for one in self._running.values() if one.task is not None]
        if tasks:
            _, stuck = await asyncio.wait(tasks, timeout=self._rhythm.leave)
            for task in stuck:
                task.cancel()

    def start(self, job: Job) -> Underway:
        """Run a job that was claimed by `leases`. Await its `task` for its end."""
        one = self._running[job.id] = Underway(job)
        one.task = asyncio.get_running_loop().create_task(self._one(one), name=f"job {job.id}")
        one.task.add_done_callback(lambda task: self._ended(one, task))
        return one

    # --- what goes on all the time --------------------------------------------------------------

    async def _look_for_ever(self) -> None:
        beaten = time.monotonic()
        while True:
            await asyncio.sleep(self._rhythm.look)
            running = [one.job for one in self._running.values() if not one.settling]
            if not running:
                continue
            try:
                if time.monotonic() - beaten >= self._rhythm.beat:
                    beaten = time.monotonic()
                    self._heed(await self.leases.beat(running))
                else:
                    self._heed(await self.leases.look(running))
            except Unavailable as error:
                self._journal.failed(error)
            except Exception:
                log.exception("how the running jobs stand cannot be read")
            if self._journal.trouble and time.monotonic() - self._journal.trouble[0] > self._rhythm.patience:
                for one in self._running.values():
                    if self._journal.holds(one.job.id) and one.why is None and not one.settling:
                        log.warning("job %d is stopped: what it tells cannot be kept", one.job.id)
                        one.stop(_Why.UNWRITTEN)

    def _heed(self, standings: dict[int, Standing]) -> None:
        for number, standing in standings.items():
            one = self._running.get(number)
            if one is None or one.settling:
                continue
            if not standing.held:
                one.stop(_Why.LOST)
            elif standing.cancel:
                one.stop(_Why.CANCELLED)

    def _heard(self, changed: Iterable[Job]) -> None:
        """A user of this process has changed jobs: those of other processes are seen by looking."""
        for job in changed:
            if job.state is JobState.RUNNING and job.cancel_requested_at is not None and job.id in self._running:
                self._running[job.id].stop(_Why.CANCELLED)

    # --- one job --------------------------------------------------------------------------------

    def _ended(self, one: Underway, task: asyncio.Task[None]) -> None:
        if self._running.get(one.job.id) is one:
            del self._running[one.job.id]
        self.ended += 1
        self.on_end()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("how job %d ended was not written", one.job.id, exc_info=error)

    async def _one(self, one: Underway) -> None:
        failure: BaseException | None = None
        try:
            await self._run(one.job, one.summary)
        except (Exception, asyncio.CancelledError) as error:
            failure = error
        one.over.set()
        pause, odd = 0.25, 0
        while True:
            try:
                await self._settle(one, failure)
                return
            except Unavailable as error:  # kept until the disk takes it, or the process ends
                if self._leaving:
                    return
                if failure is None and time.monotonic() - (self._journal.trouble or (0.0, error))[0] > self._rhythm.patience:
                    failure, one.why = error, _Why.UNWRITTEN
            except Exception:  # something in it is nothing that can be written: the end counts more than the words
                odd += 1
                if odd > 2:
                    raise
                log.exception("how job %d ended cannot be written as it is", one.job.id)
                if failure is not None:
                    failure = ScrapeError("failed", "how it failed cannot be written down; the server's log has more")
                one.summary.clear()
                if odd == 2:
                    self._journal.take(one.job.id)
            await asyncio.sleep(pause)
            pause = min(2 * pause, 5.0)

    async def _settle(self, one: Underway, failure: BaseException | None) -> None:
        job, leases, summary = one.job, self.leases, one.summary
        if one.why is _Why.LOST:
            self._journal.take(job.id)
            log.warning("job %d is another runner's now: stopped here", job.id)
        elif one.why is _Why.CANCELLED:
            await leases.cancelled(job, summary)
        elif failure is None:
            await leases.finish(job, summary)
        elif one.why is _Why.LEAVING:
            one.given_back = await leases.release(job) is not None
        elif one.why is _Why.UNWRITTEN:
            reason = str((self._journal.trouble or (0, failure))[1])
            await leases.fail(job, JobError("failed", f"what it told could not be kept: {reason}"), summary, retry=False)
        elif isinstance(failure, ScrapeError):
            await leases.fail(job, _error(failure.code, failure.message), summary, retry=failure.retry)
        elif isinstance(failure, asyncio.CancelledError):  # the loop itself ends
            one.given_back = await leases.release(job) is not None
        else:
            log.error("job %d (%s %s) failed", job.id, job.kind, job.target, exc_info=failure)
            await leases.fail(job, _error("failed", f"{type(failure).__name__}: {failure}"), summary, retry=True)


def _error(code: str, message: object) -> JobError:
    return JobError(code, line(message, LONGEST_MESSAGE))
