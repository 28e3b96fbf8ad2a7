"""The application: routes of every kind behind one door."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from livepane import __version__
from livepane.api import (
    dashboard,
    demo,
    downloads,
    health,
    job_events,
    jobs,
    layouts,
    metrics,
    moments,
    pairings,
    problems,
    publish,
    recipes,
    scrape,
    screens,
    sessions,
    shares,
    sockets,
    streams,
    tokens,
    user_settings,
)
from livepane.api.access import AccessTable
from livepane.api.direct import Direct
from livepane.api.door import Door
from livepane.api.root_path import RootPath
from livepane.auth.keyring import Keyring
from livepane.services import running
from livepane.settings import Settings


def build(settings: Settings, keyring: Keyring, *, with_demo: bool = False) -> ASGIApp:
    """The ASGI application of one server."""
    app = api(settings, keyring, with_demo=with_demo)
    return RootPath(Door(Direct(app), AccessTable(app.routes), settings, keyring), settings.root_path)


def api(settings: Settings, keyring: Keyring, *, with_demo: bool = False) -> FastAPI:
    """The routes, without the door: for those who read its OpenAPI description."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(settings, keyring) as services:
            app.state.services = services
            with _ending(services.stopping):
                async with demo.running(services, with_demo):
                    yield

    app = FastAPI(title="Livepane", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.router.redirect_slashes = False  # it would send a query with its token around once more, and below no root path
    problems.install(app)
    parts = [
        publish,  # what is asked for most is looked for first
        health,
        metrics,
        sessions,
        streams,
        screens,
        tokens,
        shares,
        pairings,
        layouts,
        job_events,  # before jobs: /api/jobs/events is no job
        jobs,
        moments,
        recipes,
        downloads,
        scrape,
        user_settings,
        sockets,
        dashboard,
        *([demo] if with_demo else []),
    ]
    for part in parts:  # one flat list: the door reads it too
        app.router.routes.extend(part.router.routes)
    return app


@contextmanager
def _ending(stopping: asyncio.Event) -> Iterator[None]:
    """Learn of SIGTERM and SIGINT before the server waits for its connections: endless answers must end by themselves."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before: dict[signal.Signals, Any] = {}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stopping.set)
        earlier = before[signal.Signals(number)]
        if callable(earlier):
            earlier(number, frame)

    for one in (signal.SIGTERM, signal.SIGINT):
        before[one] = signal.signal(one, handle)
    try:
        yield
    finally:
        stopping.set()
        for one, earlier in before.items():
            signal.signal(one, earlier)
