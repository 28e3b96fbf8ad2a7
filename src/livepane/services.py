"""Builds every part once and takes them down in order: the only file that knows them all."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livepane.auth.keyring import Keyring
from livepane.auth.pairings import Pairings
from livepane.auth.register import Register, registered
from livepane.auth.throttle import Throttle
from livepane.browsers.fence import Fence
from livepane.browsers.pool import BrowserPool
from livepane.domain.errors import LivepaneError
from livepane.domain.ports import Source
from livepane.domain.stream import Kind, StreamId
from livepane.downloads.library import Library
from livepane.downloads.pictures import AT_ONCE
from livepane.egress.egress import Egress
from livepane.egress.options import Outside
from livepane.hub.budget import Budget
from livepane.hub.hub import Hub
from livepane.jobs.services import JobServices, jobs_running
from livepane.media.image import Limits
from livepane.pages import Pages, Tabs
from livepane.pulse import Pulse
from livepane.settings import Settings
from livepane.sources import screen
from livepane.sources.tab import ChromeTabs
from livepane.store.db import Database
from livepane.store.layouts import LayoutStore
from livepane.transports.producer import Producers
from livepane.transports.pushed import Pushes, Quota

if TYPE_CHECKING:
    from livepane.bus.node import Node

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Services:
    """The parts of one server; routes find them as `app.state.services`."""

    settings: Settings
    keyring: Keyring
    register: Register
    throttle: Throttle
    database: Database
    layouts: LayoutStore
    limits: Limits
    hub: Hub
    budget: Budget
    producers: Producers
    pushes: Pushes
    pairings: Pairings
    pages: Pages
    tabs: Tabs
    pulse: Pulse
    egress: Egress
    jobs: JobServices
    library: Library
    node: Node | None = None  # our part of a cluster; None: this server is alone
    previews: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))  # are made at the same time
    sockets: Counter[str] = field(default_factory=Counter)  # that are open, by their route
    stopping: asyncio.Event = field(default_factory=asyncio.Event)  # set when the server is asked to end


@asynccontextmanager
async def running(settings: Settings, keyring: Keyring) -> AsyncIterator[Services]:
    """Everything a server needs, started; ended when the block is left."""
    async with AsyncExitStack() as stack:
        register, database = await stack.enter_async_context(registered(keyring))
        egress = await stack.enter_async_context(Egress(Outside.of(settings)))
        fence = None if settings.near_only else Fence(egress, own=f"127.0.0.1:{settings.ports[0]}")
        pool = BrowserPool(settings.browser, idle_after=settings.browser_idle_seconds, fence=fence)
        stack.push_async_callback(pool.close)
        chrome = ChromeTabs(settings.chrome_url) if settings.chrome_url else None
        if chrome is not None:
            stack.push_async_callback(chrome.close)
        hub = await stack.enter_async_context(Hub(grace=settings.grace_seconds, encoder_threads=settings.encoder_threads))
        budget = Budget(hub, cpu_limit=settings.capture_cpu, fps=settings.capture_fps)
        await stack.enter_async_context(budget)
        producers, limits = Producers(hub), Limits(settings.max_frame_bytes, settings.max_frame_pixels)
        services = Services(
            settings=settings,
            keyring=keyring,
            register=register,
            throttle=Throttle(settings.signin_per_minute, settings.signin_per_hour),
            database=database,
            layouts=LayoutStore(database),
            limits=limits,
            hub=hub,
            budget=budget,
            producers=producers,
            pushes=Pushes(hub, producers, limits, _quota(settings)),
            pairings=Pairings(Throttle(settings.signin_per_minute, settings.signin_per_hour)),
            pages=Pages(hub, pool, limit=settings.max_pages),
            tabs=Tabs(hub, chrome),
            pulse=await stack.enter_async_context(Pulse()),
            egress=egress,
            jobs=await stack.enter_async_context(jobs_running(settings, database, hub, egress)),
            library=Library(settings.downloads),
        )
        await _screens(hub, settings.display)
        if settings.kafka is not None:
            from livepane.bus.joining import joined  # imported late: a server that is alone need not load any of it

            services.node = await stack.enter_async_context(joined(settings, settings.kafka, hub))
            services.node.remote.on_end = services.jobs.browser.past.keep
        yield services


def _quota(settings: Settings) -> Quota:
    return Quota(
        settings.publish_per_second, settings.publish_per_second_of_address, settings.max_pushed, settings.pushed_kept_seconds
    )


async def _screens(hub: Hub, display: str | None) -> None:
    """Desktop, monitors and windows open when somebody names them; the desktop is listed when there is one."""

    async def opener(stream_id: StreamId) -> tuple[Source, str]:
        source = await asyncio.to_thread(screen.open_source, stream_id, display=display)
        return source, await _title(stream_id, display)

    for kind in (Kind.DESKTOP, Kind.MONITOR, Kind.WINDOW):
        hub.opener(kind, opener)
    try:
        await hub.open("desktop:0", transient=False)
    except LivepaneError as error:
        log.info("no desktop to show: %s", error)


async def _title(stream_id: StreamId, display: str | None) -> str:
    if stream_id.kind is Kind.WINDOW:
        titles = {str(window.handle): window.title for window in await screen.list_windows(display)}
        return titles.get(stream_id.name) or f"Window {stream_id.name}"
    return "Desktop" if stream_id.kind is Kind.DESKTOP else f"Monitor {stream_id.name}"
