"""One run of one job: the scraper gets its work, what it yields is checked and kept, and what goes wrong gets a name."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import Any

from livepane.domain.errors import LivepaneError
from livepane.domain.job import EventKind, Job
from livepane.jobs.items import LONGEST_MESSAGE, checked, line
from livepane.jobs.journal import Journal
from livepane.jobs.work import JobWork, Tools
from livepane.log.calm import RESULTS
from livepane.scrapers.contract import Item, ScrapeError, Scraper

log = logging.getLogger(__name__)
results = logging.getLogger(RESULTS)  # a line for each run, also when there are thousands

ENDING = 1.5  # seconds that a scraper has to end when it is told to: a cancel takes two at most
BAD_TOLD = 20  # bad items of a run that get a warning each; the others are counted


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may take whose scraper has no limits of its own."""

    seconds: float = 600.0
    items: int = 100_000


class Executor:
    """Runs jobs: `await executor(job, summary)` is what a Runner needs."""

    def __init__(
        self,
        journal: Journal,
        scrapers: Mapping[str, Scraper],
        tools: Callable[[Job], AbstractAsyncContextManager[Tools]],
        limits: Limits | None = None,
    ) -> None:
        """`tools` opens what a job fetches with, and closes it when the block ends."""
        self._journal, self._scrapers, self._tools = journal, scrapers, tools
        self._limits = limits or Limits()

    async def __call__(self, job: Job, summary: dict[str, Any]) -> None:
        """Run it to its end.

        Raises:
            ScrapeError: it failed, for a reason that has a code.
            CancelledError: it was told to end, and has, or was left behind.
        """
        began = time.monotonic()
        ended = "cancelled"
        try:
            scraper = self._scrapers.get(job.kind)
            if scraper is None:
                there = ", ".join(sorted(self._scrapers)) or "none"
                raise ScrapeError("bad_target", f"there is no scraper {job.kind!r} in this server; there are: {there}")
            async with self._tools(job) as tools:
                most = scraper.limits.items or self._limits.items
                run = _Run(job, JobWork(job, tools, self._journal, summary), self._journal, most)
                try:
                    await self._within_limits(run, scraper)
                finally:
                    run.work.end()
                    summary.update(tools.spent())
            ended = "succeeded"
        except ScrapeError as error:
            ended = str(error)
            raise
        finally:
            summary["ms"] = round((time.monotonic() - began) * 1000)
            told = " ".join(f"{name}={value}" for name, value in summary.items() if isinstance(value, str | int | float))
            results.info("job %d %s %s: %s; %s", job.id, job.kind, job.target, line(ended, LONGEST_MESSAGE), told)

    async def _within_limits(self, run: _Run, scraper: Scraper) -> None:
        seconds = scraper.limits.seconds or self._limits.seconds
        task = asyncio.get_running_loop().create_task(run.drain(scraper), name=f"scraper of job {run.job.id}")
        try:
            done, _ = await asyncio.wait([task], timeout=seconds)
        except asyncio.CancelledError:
            await self._end(run, task)
            raise
        if not done:
            await self._end(run, task)
            raise ScrapeError("budget", f"it took longer than {seconds:g} s, which is the limit of a job")
        if task.cancelled():
            raise ScrapeError("failed", "the scraper ended itself with CancelledError; let it return instead")
        error = task.exception()
        if error is not None:
            raise _named(error) from error

    async def _end(self, run: _Run, task: asyncio.Task[None]) -> None:
        """Tell it to end, and drop it if it does not: its tools are closed next."""
        run.work.end()
        task.cancel()
        if not (await asyncio.wait([task], timeout=ENDING))[0]:
            log.warning("job %d does not end within %g s of being told to: dropped where it is", run.job.id, ENDING)
            coroutine = task.get_coro()
            with suppress(Exception):
                assert coroutine is not None  # noqa: S101 - tasks that start at once have none when they are done
                coroutine.close()
            task.cancel()  # wakes the task, which finds that there is nothing left to do
            await asyncio.wait([task], timeout=ENDING)
        if task.done() and not task.cancelled():
            task.exception()  # seen: it was told to end


class _Run:
    """The items of one run."""

    def __init__(self, job: Job, work: JobWork, journal: Journal, most: int) -> None:
        self.job, self.work = job, work
        self._journal, self._most = journal, most
        self._items = self._bad = 0

    async def drain(self, scraper: Scraper) -> None:
        """Take everything that the scraper yields.

        Raises:
            ScrapeError: nothing good came, or too much.
        """
        try:
            run: Callable[[Any], Any] = scraper.run  # a plug-in may have declared anything
            stream = run(self.work)
            if not hasattr(stream, "__aiter__"):
                if inspect.iscoroutine(stream):
                    stream.close()
                raise ScrapeError(
                    "failed", f"the scraper {scraper.name!r} is no `async def` with a `yield`: it can give no results"
                )
            async for item in stream:
                await self._take(item)
        except (SystemExit, KeyboardInterrupt) as error:  # it would end the server
            raise ScrapeError("failed", f"the scraper raised {type(error).__name__}") from error
        if self._bad > BAD_TOLD:
            self.work.warn(f"{self._bad} items in all were no JSON objects, or too large")
        if self._bad and not self._items:
            raise ScrapeError("bad_item", f"none of the {self._bad} things that the scraper yielded was a JSON object")

    async def _take(self, item: Item) -> None:
        try:
            good, size = checked(item)
        except ScrapeError as error:
            self._bad += 1
            if self._bad <= BAD_TOLD:
                self.work.warn(error.message)
            await asyncio.sleep(0)  # one that yields nothing else without a pause must not stop everybody
            return
        if self._items >= self._most:
            raise ScrapeError("budget", f"it has more than {self._most:,} results, which is the limit of a job")
        self._items += 1
        await self._journal.room()
        if self.work.over:
            raise asyncio.CancelledError
        self._journal.write(self.job, EventKind.ITEM, {"number": self._items, "item": good}, size, items=self._items)


def _named(error: BaseException) -> BaseException:
    """As a ScrapeError what has a meaning of its own; other errors are the scraper's, and tried again."""
    text = line(error, LONGEST_MESSAGE)
    if isinstance(error, ScrapeError):
        return error
    if isinstance(error, LivepaneError):
        return ScrapeError("browser" if error.code == "no_browser" else "failed", text, retry=error.status == 503)
    if type(error).__module__.startswith("playwright."):
        if type(error).__name__ == "TimeoutError":
            return ScrapeError("timeout", text, retry=True)
        closed = "has been closed" in text or "crashed" in text
        return ScrapeError("browser" if closed else "failed", text, retry=True)
    name = type(error).__name__
    return ScrapeError("failed", f"the scraper raised {name}: {text}" if text else f"the scraper raised {name}", retry=True)
