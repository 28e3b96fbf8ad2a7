"""A client of the API of jobs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from livepane.wire import sse
from tests.patience import PATIENCE

Info = dict[str, Any]


async def add(client: httpx.AsyncClient, kind: str, *targets: str, **wish: Any) -> list[int]:
    """Ask for jobs; their ids."""
    answer = await client.post("/api/jobs", json={"kind": kind, "targets": list(targets), **wish})
    assert answer.status_code == 201, answer.text
    return [job["id"] for job in answer.json()["jobs"]]


async def job(client: httpx.AsyncClient, number: int) -> Info:
    """One job as it stands."""
    answer = await client.get(f"/api/jobs/{number}")
    found: Info = answer.raise_for_status().json()
    return found


async def events(
    client: httpx.AsyncClient, path: str, until: Callable[[Info], bool] = lambda _: False, *, seen: str = ""
) -> list[sse.Event]:
    """What a stream of events tells: to its end, or to the event that is as wanted; behind the event `seen`."""
    found = []
    headers = {"Last-Event-ID": seen} if seen else {}
    async with asyncio.timeout(PATIENCE), following(client, path, **headers) as told:
        async for event in told:
            found.append(event)
            if until(json.loads(event.data)):
                break
    return found


@asynccontextmanager
async def following(client: httpx.AsyncClient, path: str, **headers: str) -> AsyncIterator[AsyncIterator[sse.Event]]:
    """A stream of events, left at the end of the block."""
    async with client.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        decoder = sse.Decoder()

        async def told() -> AsyncIterator[sse.Event]:
            async for chunk in answer.aiter_bytes():
                for event in decoder.feed(chunk):
                    yield event

        yield told()


async def until_state(client: httpx.AsyncClient, number: int, *states: str) -> Info:
    """Wait until a job is in one of these states, and return it."""
    async with asyncio.timeout(PATIENCE), following(client, "/api/jobs/events") as told:
        found = await job(client, number)
        while found["id"] != number or found.get("state") not in states:
            found = json.loads((await anext(told)).data)
    return found
