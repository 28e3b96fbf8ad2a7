"""Is it up, and who am I to it."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from livepane import __version__
from livepane.api.access import allow
from livepane.api.deps import CallerOf

router = APIRouter(tags=["server"])


class Health(BaseModel):
    """The server answers."""

    status: str = "ok"


class Session(BaseModel):
    """What the caller may do here."""

    version: str
    roles: list[str]


@router.get("/healthz")
@allow(None)
async def healthz() -> Health:
    """200 as soon as the server serves."""
    return Health()


@router.get("/api/session")
@allow(None)
async def session(caller: CallerOf) -> Session:
    """The roles of whoever asks."""
    return Session(version=__version__, roles=sorted(str(role) for role in caller.roles))
