"""Builds every part once and takes them down in order: the only file that knows them all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from livepane.auth import Keys
from livepane.browsers.pool import BrowserPool
from livepane.domain.errors import LivepaneError
from livepane.domain.ports import Source
from livepane.domain.stream import Kind, StreamId
from livepane.hub.hub import Hub
from livepane.media.image import Limits
from livepane.pages import Pages, Tabs
from livepane.settings import Settings
from livepane.sources import screen
from livepane.sources.tab import ChromeTabs
from livepane.transports.producer import Producers

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Services:
    """The parts of one server; routes find them as `app.state.services`."""

    settings: Settings
    keys: Keys
    limits: Limits
    hub: Hub
    producers: Producers
    pages: Pages
    tabs: Tabs
    stopping: asyncio.Event = field(default_factory=asyncio.Event)  # set when the server is asked to end


@asynccontextmanager
async def running(settings: Settings, keys: Keys) -> AsyncIterator[Services]:
    """Everything a server needs, started; ended when the block is left."""
    async with AsyncExitStack() as stack:
        pool = BrowserPool(settings.browser, idle_after=settings.browser_idle_seconds)
        stack.push_async_callback(pool.close)
        chrome = ChromeTabs(settings.chrome_url) if settings.chrome_url else None
        if chrome is not None:
            stack.push_async_callback(chrome.close)
        hub = await stack.enter_async_context(Hub(grace=settings.grace_seconds, encoder_threads=settings.encoder_threads))
        services = Services(
            settings=settings,
            keys=keys,
            limits=Limits(settings.max_frame_bytes, settings.max_frame_pixels),
            hub=hub,
            producers=Producers(hub),
            pages=Pages(hub, pool, limit=settings.max_pages),
            tabs=Tabs(hub, chrome),
        )
        await _screens(hub, settings.display)
        yield services


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
