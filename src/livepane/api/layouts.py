"""Saved walls over HTTP."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Response
from pydantic import AfterValidator, BaseModel, Field

from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.domain import names
from livepane.domain.access import Role
from livepane.store.layouts import Layout

router = APIRouter(tags=["layouts"])

LARGEST = 64 * 2**10  # bytes of JSON
DEEPEST = 50  # objects and lists within each other
LONGEST = 60  # characters of a name


def _named(name: str) -> str:
    if name in (".", ".."):
        raise ValueError(f"the name {name!r} is a place in an address; write more than dots")
    return names.checked(name, LONGEST)


def _small(wall: dict[str, Any]) -> dict[str, Any]:
    level: list[Any] = [wall]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
        level = [one for one in level if isinstance(one, (dict, list))]
    if level:  # what writes and reads JSON gives up somewhere below, each at another depth
        raise ValueError(f"objects and lists in it lie more than {DEEPEST} deep in each other")
    size = len(json.dumps(wall, ensure_ascii=False, allow_nan=False).encode())  # ValueError: NaN, or half a character
    if size > LARGEST:
        raise ValueError(f"it has {size:,} bytes of JSON; {LARGEST:,} are possible")
    return wall


LayoutName = Annotated[str, Path(min_length=1, max_length=LONGEST), AfterValidator(_named)]


class LayoutListed(BaseModel):
    """The name of a saved wall."""

    name: str
    updated_at: Annotated[int, Field(description="milliseconds since the Unix epoch")]


class LayoutList(BaseModel):
    """Saved walls in alphabetical order."""

    layouts: list[LayoutListed]


class LayoutBody(BaseModel):
    """A wall to save: any JSON object of at most 64 KiB, kept as it is."""

    wall: Annotated[dict[str, Any], AfterValidator(_small)]


class SavedLayout(LayoutListed):
    """A saved wall."""

    wall: dict[str, Any]
    version: Annotated[str, Field(description="changes with the wall; the ETag has it in quotes")]


@router.get("/api/layouts")
@allow(Role.VIEWER)
async def list_layouts(services: ServicesOf) -> LayoutList:
    """The names of all saved walls."""
    return LayoutList(layouts=[LayoutListed(name=name, updated_at=at) for name, at in await services.layouts.names()])


@router.get("/api/layouts/{name}")
@allow(Role.VIEWER)
async def get_layout(name: LayoutName, services: ServicesOf, response: Response) -> SavedLayout:
    """One saved wall, with an ETag."""
    return _saved(await services.layouts.get(name), response)


@router.put("/api/layouts/{name}")
@allow(Role.OPERATOR)
async def put_layout(
    name: LayoutName,
    body: LayoutBody,
    services: ServicesOf,
    response: Response,
    if_match: Annotated[str | None, Header(description="ETags; 412 when what is saved has none of them")] = None,
) -> SavedLayout:
    """Save a wall under a name; one of the same name is replaced, with If-Match only the one that was read."""
    layout = Layout(name, body.wall, int(time.time() * 1000))
    known = None if if_match is None else frozenset(one.strip().strip('"') for one in if_match.split(","))
    await services.layouts.put(layout, known)
    return _saved(layout, response)


@router.delete("/api/layouts/{name}", status_code=204)
@allow(Role.OPERATOR)
async def remove_layout(name: LayoutName, services: ServicesOf) -> None:
    """Delete a saved wall."""
    await services.layouts.remove(name)


def _saved(layout: Layout, response: Response) -> SavedLayout:
    response.headers["ETag"] = f'"{layout.version}"'
    return SavedLayout(name=layout.name, updated_at=layout.updated_at, wall=layout.wall, version=layout.version)
