"""What jobs tell, as server-sent events: one job, a group, or how every job stands."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response, StreamingResponse

from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.api.event_stream import EventStream
from livepane.api.jobs import LARGEST_ID, After, JobId, standing
from livepane.domain.access import Role
from livepane.domain.errors import BadRequest, NotFound
from livepane.domain.job import OVER, EventKind, JobState
from livepane.jobs.queue import Deleted, Queue
from livepane.services import Services
from livepane.wire import sse
from livepane.wire.jobs import event_data

router = APIRouter(tags=["jobs"])

ALIVE = frozenset(JobState) - OVER
SETTLED = 10.0  # seconds after which everything up to a line of the journal has surely been told

LastEventId = Annotated[str | None, Header(description="where a client that comes back goes on")]
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {sse.CONTENT_TYPE: {}}},
    204: {"description": "there is nothing more to come"},
}


@router.get("/api/jobs/events", response_class=StreamingResponse, responses=_STREAM)
@allow(Role.VIEWER)
async def jobs_events(
    services: ServicesOf,
    group: Annotated[str | None, Query(max_length=64, description="what the jobs of one group tell; ends with the last")] = None,
    after: After = None,
    last_event_id: LastEventId = None,
) -> Response:
    """Every job as it stands: those that are not over at once (`event: job`), then each that changes, and `deleted` ones.

    With `group`, what its jobs tell, line by line, as of one job.
    """
    queue = services.jobs.queue
    seen = begin(after, last_event_id)
    if group is None:
        return EventStream(_standing(services, seen, await queue.journal.newest()), services.stopping)
    if not await queue.find(group=group, limit=1):
        raise NotFound(f"there is no job in a group {group!r}; GET /api/jobs lists what there is")
    return await _telling(services, seen, group=group)


@router.get("/api/jobs/{job_id}/events", response_class=StreamingResponse, responses=_STREAM)
@allow(Role.VIEWER)
async def job_events(job_id: JobId, services: ServicesOf, after: After = None, last_event_id: LastEventId = None) -> Response:
    """What one job tells: `queued started action progress item warning retrying finished`; ends when the job does."""
    await services.jobs.queue.get(job_id)
    return await _telling(services, begin(after, last_event_id), job=job_id)


def begin(after: int | None, last_event_id: str | None) -> int | None:
    """The line after which to begin; None when nobody says.

    Raises:
        BadRequest: Last-Event-ID is not one of ours.
    """
    if not last_event_id:
        return after
    if not (last_event_id.isascii() and last_event_id.isdigit()) or int(last_event_id) > LARGEST_ID:
        raise BadRequest(f"Last-Event-ID = {last_event_id[:40]!r} is none of this server; leave it out to begin anew")
    return int(last_event_id)


async def _telling(services: ServicesOf, seen: int | None, *, job: int | None = None, group: str | None = None) -> Response:
    queue = services.jobs.queue
    if seen is not None and seen > await queue.journal.given():
        seen = None  # a line of another journal: an older data folder was put back, or it is another one
    if seen is not None and await _is_told(queue, seen, job, group):
        return Response(status_code=204)  # an EventSource that comes back then stays away
    return EventStream(_lines(queue, seen or 0, job, group), services.stopping)


async def _lines(queue: Queue, after: int, job: int | None, group: str | None) -> AsyncGenerator[bytes, None]:
    async with aclosing(queue.journal.follow(job, group=group, after=after)) as events:
        async for one in events:
            yield sse.json_event(event_data(one), kind=one.kind, id=one.id)
            if one.kind is EventKind.FINISHED and await _is_told(queue, one.id, job, group):
                return


async def _is_told(queue: Queue, seen: int, job: int | None, group: str | None) -> bool:
    """Whether nothing more comes by itself behind a line."""
    some_alive = await queue.find(ALIVE, group=group, limit=1) if job is None else not (await queue.get(job)).state.over
    return not some_alive and not await queue.journal.read(job, group=group, after=seen, limit=1)


async def _standing(services: Services, seen: int | None, told: int) -> AsyncGenerator[bytes, None]:
    queue = services.jobs.queue
    # The id says up to where all has been told: a line of a while ago, for what is written now may still be on its way.
    fresh, read_at = told, time.monotonic()
    async with aclosing(queue.follow(since=seen)) as changes:
        async for change in changes:
            if time.monotonic() - read_at > SETTLED:
                told, fresh, read_at = fresh, await queue.journal.newest(), time.monotonic()
            if isinstance(change, Deleted):
                yield sse.json_event({"id": change.id}, kind="deleted", id=told)
            else:
                yield sse.json_event(standing(change, services).model_dump(mode="json"), kind="job", id=told)
