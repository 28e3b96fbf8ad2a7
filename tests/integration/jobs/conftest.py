"""A queue with a runner and everything that a job can use, as in a server, without its HTTP side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from livepane.domain.job import Job, JobState, NewJob
from livepane.egress.account import Budget
from livepane.egress.egress import Egress
from livepane.hub.hub import Hub
from livepane.jobs import plugins
from livepane.jobs.backoff import Backoff
from livepane.jobs.browsing import JobBrowser
from livepane.jobs.execute import Executor, Limits
from livepane.jobs.leases import Leases
from livepane.jobs.queue import Queue
from livepane.jobs.runner import Runner
from livepane.jobs.shelf import Shelf
from livepane.jobs.tools import outfitter
from livepane.jobs.under_way import Rhythm
from livepane.scrapers.contract import SCRAPERS
from livepane.store import db

SCRAPERS_FILE = Path(__file__).with_name("scrapers.py")


@dataclass(slots=True)
class Works:
    """Where jobs are done. `runner` starts one, as often as a test likes."""

    folder: Path
    queue: Queue
    hub: Hub
    egress: Egress
    browser: JobBrowser

    @asynccontextmanager
    async def runner(self, limit: int = 32, limits: Limits | None = None, rhythm: Rhythm | None = None) -> AsyncIterator[Runner]:
        """A runner inside the block, quick at everything that depends on the clock."""
        tools = outfitter(self.egress, self.browser, Budget(), Shelf(self.folder / "downloads"))
        executor = Executor(self.queue.journal, SCRAPERS, tools, limits)
        leases = Leases(self.queue, Backoff(first=0.01, most=0.02))
        quick = rhythm or Rhythm(look=0.05)
        async with Runner(self.queue, executor, limit=limit, leases=leases, rhythm=quick) as runner:
            yield runner

    async def add(self, kind: str, target: str = "", **more: object) -> Job:
        """Put one job into the queue."""
        return (await self.queue.add([NewJob(kind, target, **more)]))[0]  # type: ignore[arg-type]

    async def until(self, *wanted: Job, items: int = 0, running: bool = False) -> list[Job]:
        """Wait until these jobs are over, or run and have so many items; as they are then."""

        async def there() -> list[Job] | None:
            found = [await self.queue.get(job.id) for job in wanted]
            good = [job.state is JobState.RUNNING and job.items >= items if running else job.state.over for job in found]
            return found if all(good) else None

        with self.queue.changes.listening() as listener:
            while (found := await there()) is None:
                await listener.next()
        return found


@pytest.fixture
async def works(tmp_path: Path) -> AsyncIterator[Works]:
    """A place for jobs, with nobody at work."""
    plugins.load([SCRAPERS_FILE])
    await asyncio.to_thread(db.prepare, tmp_path)
    async with AsyncExitStack() as stack:
        database = db.Database(tmp_path)
        stack.push_async_callback(database.close)
        hub = await stack.enter_async_context(Hub())
        egress = await stack.enter_async_context(Egress())
        browser = await stack.enter_async_context(JobBrowser(hub, None, egress.proxy_url, pages=1))
        queue = Queue(database)
        await stack.enter_async_context(queue.journal)
        yield Works(tmp_path, queue, hub, egress, browser)
