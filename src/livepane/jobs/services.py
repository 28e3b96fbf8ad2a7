"""The jobs of a process, put together: queue, way out, browser, the settings that users change, and the engine that runs them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from livepane.domain.errors import Unavailable
from livepane.domain.stream import Kind
from livepane.egress.account import Budget
from livepane.egress.egress import Egress
from livepane.egress.options import file_politeness
from livepane.hub.hub import Hub
from livepane.jobs import plugins
from livepane.jobs.browsing import JobBrowser
from livepane.jobs.dispatch import Carrier, Dispatcher
from livepane.jobs.execute import Executor, Limits
from livepane.jobs.journal import Journal
from livepane.jobs.memory import keep_small
from livepane.jobs.past import PastStreams
from livepane.jobs.queue import Queue
from livepane.jobs.runner import Runner
from livepane.jobs.shelf import Shelf
from livepane.jobs.tools import OUT, outfitter
from livepane.jobs.transfers import Transfers
from livepane.jobs.under_way import UnderWay
from livepane.jobs.user_settings import UserSettingsInForce
from livepane.scrapers.contract import SCRAPERS
from livepane.scrapers.media.recipes.book import BOOK
from livepane.settings import Settings
from livepane.store.db import Database
from livepane.store.user_settings import SettingStore
from livepane.wire.user_settings import UserSettings

log = logging.getLogger(__name__)

TIDY_EVERY = 3600.0  # seconds between two removals of old jobs
SETTINGS_EVERY = 2.0  # seconds between two looks at what users have changed on other servers
DAY = 86_400_000  # ms


@dataclass(slots=True)
class JobServices:
    """What the routes use, and what runs a job."""

    queue: Queue
    journal: Journal
    browser: JobBrowser
    egress: Egress
    user_settings: UserSettingsInForce
    transfers: Transfers
    executor: Executor
    at_once: Callable[[int], None]  # called with how many jobs may run at a time, whenever that changes
    dispatcher: Dispatcher | None = None  # where workers run them


@asynccontextmanager
async def jobs_running(
    settings: Settings, database: Database, hub: Hub, egress: Egress, *, limit: int | None = None
) -> AsyncIterator[JobServices]:
    """Jobs are run while the block runs, here or by workers; what is under way here at its end is given back to the queue.

    `limit`: jobs at a time; None: as users want it.

    Raises:
        BadRequest: a plug-in cannot be loaded.
        Unavailable: the database cannot be read, or what the engine needs is not installed.
    """
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(job_services(settings, database, hub, egress))
        queue, users = services.queue, services.user_settings
        running: list[Runner] = []  # here: one or none
        if settings.jobs_engine == "celery":
            queue.journal.others.busy = True
            services.dispatcher = await stack.enter_async_context(Dispatcher(queue, carrier(settings)))
        else:
            runner = Runner(queue, services.executor, limit=limit or users.current.jobs.concurrency)
            running.append(runner)
            if limit is None:
                services.at_once = lambda wanted: setattr(runner, "limit", wanted)
            await stack.enter_async_context(runner)
            await stack.enter_async_context(_beside(keep_small(lambda: runner.ended), "memory of jobs"))
        opener = PastStreams(
            services.browser.past,
            queue,
            here=lambda job: any(job in one.running for one in running),
            carried=settings.kafka is not None,
        )
        hub.opener(Kind.JOB, opener.open)
        await stack.enter_async_context(_beside(_tidy(queue, settings), "old jobs"))
        yield services


@asynccontextmanager
async def jobs_to_do(
    settings: Settings, database: Database, hub: Hub, egress: Egress
) -> AsyncIterator[tuple[JobServices, UnderWay]]:
    """For a process that is told which jobs to run; what is under way at the end of the block is given back to the queue.

    Raises: as `jobs_running`.
    """
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(job_services(settings, database, hub, egress))
        jobs = await stack.enter_async_context(UnderWay(services.queue, services.executor))
        await stack.enter_async_context(_beside(keep_small(lambda: jobs.ended), "memory of jobs"))
        yield services, jobs


@asynccontextmanager
async def job_services(settings: Settings, database: Database, hub: Hub, egress: Egress) -> AsyncIterator[JobServices]:
    """All but an engine. Raises: as `jobs_running`."""
    plugins.load(map(Path, settings.plugins))
    BOOK.own = settings.own_recipes
    async with AsyncExitStack() as stack:
        users = UserSettingsInForce(SettingStore(database), settings)
        await users.load()
        browser = await stack.enter_async_context(
            JobBrowser(
                hub,
                settings.browser,
                egress.proxy_url,
                pages=users.current.jobs.pages,
                idle_after=settings.browser_idle_seconds,
                agent=egress.user_agent,
                extra=egress.chromium_flags,
            )
        )
        queue = Queue(database)
        await stack.enter_async_context(queue.journal)
        budget = Budget(
            seconds=OUT * settings.job_seconds,
            bytes=settings.job_bytes,
            requests=settings.job_requests,
            redirects=settings.job_redirects,
            popups=settings.job_popups,
        )
        shelf = Shelf(settings.downloads, lambda: users.current.downloads.model_dump())
        shelf.transfers.listeners.add(lambda job: queue.changes.tell([job]))
        tools = outfitter(egress, browser, budget, shelf)
        executor = Executor(queue.journal, SCRAPERS, tools, Limits(settings.job_seconds, settings.job_items))
        services = JobServices(queue, queue.journal, browser, egress, users, shelf.transfers, executor, lambda limit: None)
        users.apply = lambda wanted: _apply(services, hub, wanted)
        users.apply(users.current)
        if settings.database_url or settings.jobs_engine == "celery":
            await stack.enter_async_context(_beside(_follow(users), "settings of others"))
        yield services


def carrier(settings: Settings) -> Carrier:
    """What tells workers of jobs.

    Raises:
        Unavailable: what it needs is not installed.
    """
    try:
        from livepane.jobs.celery_carrier import CeleryCarrier
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("celery", "kombu", "redis"):
            raise
        raise Unavailable("JOBS_ENGINE=celery needs Celery. Install it with: pip install 'livepane[celery]'") from None
    return CeleryCarrier(settings)


def _apply(services: JobServices, hub: Hub, wanted: UserSettings) -> None:
    hub.highlight(wanted.live_screenshots.highlight)
    services.at_once(wanted.jobs.concurrency)
    services.browser.resize(wanted.jobs.pages)
    rates = services.egress.rates
    manners = wanted.politeness
    rates.change(replace(rates.politeness, requests_per_second=manners.requests_per_second, per_host=manners.per_host))
    if rates.files is not None:
        rates.files.change(file_politeness(manners.files_per_second, manners.files_per_host))


async def _follow(users: UserSettingsInForce) -> None:
    while True:
        await asyncio.sleep(SETTINGS_EVERY)
        try:
            await users.look()
        except Unavailable as error:
            log.debug("settings of users cannot be read: %s", error)
        except Exception:
            log.exception("settings that users have changed elsewhere cannot be used")


async def _tidy(queue: Queue, settings: Settings) -> None:
    while True:
        try:
            if gone := await queue.prune(queue.database.clock.now() - int(settings.jobs_kept_days * DAY), settings.jobs_kept):
                log.info("%d old jobs were removed", gone)
        except Unavailable as error:
            log.debug("old jobs stay: %s", error)
        except Exception:
            log.exception("old jobs stay")
        await asyncio.sleep(TIDY_EVERY)


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None], name: str) -> AsyncIterator[None]:
    """Something that goes on for ever, while the block runs."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
