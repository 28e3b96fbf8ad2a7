"""Is it up, and is it able to do its work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.datastructures import State

from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.deadline import within
from livepane.discovery import check_data_dir
from livepane.domain.bus import LinkState
from livepane.domain.errors import LivepaneError
from livepane.services import Services

PATIENCE = 2.0  # seconds that a check may take
KEPT = 1.0  # seconds that an answer is good: anybody may ask, as often as they like

router = APIRouter(tags=["server"])


class Health(BaseModel):
    """The server answers."""

    status: str = "ok"


class Check(BaseModel):
    """One thing that has to work."""

    name: Literal["data_folder", "database", "event_loop", "server", "bus", "broker"]
    ok: bool
    reason: str | None = Field(None, description="why it does not; the server's log has more")


class Readiness(BaseModel):
    """Whether the server can do its work."""

    ready: bool
    checks: list[Check]


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
@allow(None)
async def healthz() -> Health:
    """200 as soon as the server serves."""
    return Health()


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", responses={503: {"model": Readiness, "description": "One of the checks failed"}})
@allow(None)
async def readyz(services: ServicesOf, request: Request, response: Response) -> Readiness:
    """200 while it can do its work; 503 with reasons when it cannot, or is about to end.

    `bus` is there in a cluster, `broker` where workers run the jobs. While they are away a server still serves what it has
    itself, and takes jobs, which wait: so it stays ready.
    """
    checks = [
        *await _stored(services, request.app.state),
        _loop(services),
        _server(services),
        *_bus(services),
        *_broker(services),
    ]
    alone = services.node is None or services.node.condition.clash is None
    ready = alone and all(check.ok for check in checks if check.name not in ("bus", "broker"))
    response.status_code = 200 if ready else 503
    response.headers["Cache-Control"] = "no-store"
    return Readiness(ready=ready, checks=checks)


async def _stored(services: Services, state: State) -> list[Check]:
    now = time.monotonic()
    kept: tuple[float, list[Check]] | None = getattr(state, "stored_checks", None)
    if kept is None or now - kept[0] > KEPT:
        found = [
            await _check("data_folder", lambda: asyncio.to_thread(check_data_dir, services.settings.data_dir)),
            await _check("database", services.database.ping),
        ]
        state.stored_checks = kept = (now, found)
    return kept[1]


async def _check(name: Literal["data_folder", "database"], work: Callable[[], Awaitable[None]]) -> Check:
    # No details: whoever asks may be anybody, and errors name files of this machine.
    try:
        async with within(PATIENCE):
            await work()
    except TimeoutError:
        return Check(name=name, ok=False, reason=f"no answer within {PATIENCE:g} s")
    except LivepaneError:
        return Check(name=name, ok=False, reason="it cannot be written" if name == "data_folder" else "it does not answer")
    return Check(name=name, ok=True)


def _loop(services: Services) -> Check:
    worst = services.pulse.worst
    reason = f"it has hung for {worst:.1f} s within the last ten seconds" if services.pulse.stuck else None
    return Check(name="event_loop", ok=reason is None, reason=reason)


def _bus(services: Services) -> list[Check]:
    if services.node is None:
        return []
    condition = services.node.condition
    if condition.clash is not None:
        return [Check(name="bus", ok=False, reason=f"another server has the name {condition.node!r}, set LIVEPANE_NODE")]
    up = condition.link.state is LinkState.UP
    return [Check(name="bus", ok=up, reason=None if up else f"it is {condition.link.state}")]


def _broker(services: Services) -> list[Check]:
    dispatcher = services.jobs.dispatcher
    if dispatcher is None:
        return []
    well = dispatcher.trouble is None
    return [Check(name="broker", ok=well, reason=None if well else "it cannot be used: jobs wait; the log says why")]


def _server(services: Services) -> Check:
    stopping = services.stopping.is_set()
    return Check(name="server", ok=not stopping, reason="it is stopping" if stopping else None)
