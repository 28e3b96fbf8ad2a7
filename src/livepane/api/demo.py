"""The demo: a bundled small site, a script that drives one of its pages, and both as live panes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from livepane.api.access import allow
from livepane.api.files import inside
from livepane.demo.script import SITE, drive
from livepane.domain.errors import LivepaneError, NotFound
from livepane.domain.stream import Action
from livepane.services import Services

log = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)


@router.get("/demo/{name:path}")
@allow(None, page=True)
async def page(name: str) -> Response:
    """A file of the demo site."""
    path = inside(SITE, name)
    if path is None:
        raise NotFound(f"the demo has no page {name!r}")
    return FileResponse(path)


@asynccontextmanager
async def running(services: Services, wanted: bool) -> AsyncIterator[None]:
    """Drive the demo inside the block, when it is wanted."""
    if not wanted:
        yield
        return
    task = asyncio.get_running_loop().create_task(_play(services), name="demo")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _play(services: Services) -> None:
    base = f"http://127.0.0.1:{services.settings.ports[0]}/demo"
    try:
        stream, page = await services.pages.open(f"{base}/driven.html", ours=True)
        await services.pages.open(f"{base}/static.html", ours=True)
    except LivepaneError as error:
        log.error("the demo's pages cannot be shown: %s", error)
        return

    def say(label: str, selector: str) -> None:
        action = Action(label, time.time_ns(), selector)
        stream.action(action)
        page.point(action)

    await drive(page.session, say)
