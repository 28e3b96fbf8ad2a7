"""Scrapes: a list of domains in, what each of them has as it completes. Every domain is a job of the queue, all of one group."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import AfterValidator, BaseModel, Field

from livepane import __version__
from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.api.event_stream import EventStream, Left, unless_left, with_silences
from livepane.api.health import Health
from livepane.api.job_events import begin
from livepane.domain.access import Role
from livepane.domain.errors import BadDomains, BadRequest, LivepaneError, Unavailable
from livepane.domain.job import EventKind, JobError, JobState, NewJob
from livepane.jobs.queue import Queue
from livepane.log.calm import RESULTS
from livepane.log.lines import LINES, Lines
from livepane.scrapers.contract import SCRAPERS, Item
from livepane.services import Services
from livepane.wire import sse
from livepane.wire.jobs import DomainResult, ScrapeResults, domain_result, error_of
from livepane.wire.wishes import check_kind, check_options, check_target

log = logging.getLogger(RESULTS)
router = APIRouter(tags=["scrape"])

KIND = "job_postings"
ATTEMPTS = 2  # somebody waits for it
LOOK_EVERY = 30.0  # seconds of silence after which we see whether the jobs are still there
STARTED_AT = time.monotonic()


def _whole(text: str) -> str:
    text.encode()  # UnicodeEncodeError is a ValueError
    return text


Domain = Annotated[str, AfterValidator(_whole)]


class ScrapeRequest(BaseModel):
    """Companies to look at. Fields that are not known are passed over, as earlier servers did."""

    domains: Annotated[list[Domain], Field(description="domains or URLs; 100 at the most (LIVEPANE_MAX_DOMAINS)")]
    detach: Annotated[bool, Field(description="go on when the client leaves")] = False
    options: Annotated[dict[str, Any], Field(description="of the scraper `job_postings`, see GET /api/scrapers")] = {}


class Status(BaseModel):
    """What the server is at."""

    status: str = "ok"
    version: str
    uptime_seconds: float
    jobs: Annotated[dict[JobState, int], Field(description="of all jobs, by state")]
    running: Annotated[int, Field(description="jobs that run now")]


@dataclass(slots=True)
class Asked:
    """A scrape that was accepted."""

    queue: Queue
    group: str
    detach: bool
    waiting: dict[int, list[str]] = field(default_factory=dict)  # the client's own texts by job
    jobs: int = 0
    refused: list[tuple[str, JobError]] = field(default_factory=list)  # what can be no target at all

    @property
    def headers(self) -> dict[str, str]:
        """By what name its jobs can be followed and listed later."""
        return {"X-Job-Group": self.group}


@router.post("/scrape/stream", response_class=StreamingResponse, responses={200: {"content": {sse.CONTENT_TYPE: {}}}})
@allow(Role.SCRAPER, invalid=422)
async def scrape_stream(body: ScrapeRequest, services: ServicesOf) -> Response:
    """One event per domain as it completes, fastest first: `data: {"domain", "status", "jobs", "error"?}`.

    A client that leaves cancels what is still running, unless it said `detach`.
    """
    asked = await _ask(body, services)
    return EventStream(_events(asked), services.stopping, asked.headers)


@router.post("/run", response_model_exclude_unset=True)
@allow(Role.SCRAPER, invalid=422)
async def run(body: ScrapeRequest, request: Request, response: Response, services: ServicesOf) -> ScrapeResults:
    """The same in one answer, when the last domain is done. Leaving cancels what still runs."""
    asked = await _ask(body, services)
    response.headers.update(asked.headers)
    try:
        results = await unless_left(request.receive, _collected(asked), services.stopping)
    except Left:
        raise Unavailable("the server is stopping; ask again in a moment") from None
    return ScrapeResults(results=[DomainResult.model_validate(one) for one in results])


@router.get("/status")
@allow(Role.VIEWER)
async def status(services: ServicesOf) -> Status:
    """What the server is at."""
    counts = await services.jobs.queue.counts()
    uptime = round(time.monotonic() - STARTED_AT, 1)
    return Status(version=__version__, uptime_seconds=uptime, jobs=dict(counts), running=counts[JobState.RUNNING])


@router.head("/health", include_in_schema=False)
@router.get("/health")
@allow(None)
async def health() -> Health:
    """200 as soon as the server serves; the same as `/healthz`."""
    return Health()


@router.get("/events", response_class=StreamingResponse, responses={200: {"content": {sse.CONTENT_TYPE: {}}}})
@allow(Role.VIEWER)
async def log_events(
    services: ServicesOf,
    tail: Annotated[int, Query(ge=0, le=1000, description="lines of the past to begin with")] = 0,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventStream:
    """The log of this server as it is written, a line an event; secrets are taken out of it. Other servers have their own."""
    after = begin(max(0, LINES.newest - tail), last_event_id)
    return EventStream(_log_lines(LINES, after), services.stopping)


async def _log_lines(lines: Lines, after: int | None) -> AsyncGenerator[bytes, None]:
    async with aclosing(lines.follow(after)) as following:
        async for line in following:
            yield sse.event(line.text, id=line.number)


# --- a scrape ----------------------------------------------------------------------------------------


async def _ask(body: ScrapeRequest, services: Services) -> Asked:
    """Put the domains into the queue: all of them, or none.

    Raises:
        BadDomains: none, or too many.
        BadRequest: an option is wrong.
        Unavailable: the queue cannot take them now.
    """
    most = services.settings.max_domains
    if not body.domains:
        raise BadDomains("domains is empty; write at least one, such as example.com")
    if len(body.domains) > most:
        raise BadDomains(f"domains has {len(body.domains):,}; there may be {most:,} in one request (LIVEPANE_MAX_DOMAINS)")
    check_kind(KIND, SCRAPERS)
    check_options(body.options, SCRAPERS[KIND].options)
    from livepane.scrapers.ladder.target import spellings  # loaded with the scraper: a server may have none

    queue = services.jobs.queue
    asked = Asked(queue, f"scrape-{secrets.token_hex(6)}", body.detach)
    good = []
    for domain in dict.fromkeys(body.domains):
        try:
            check_target(domain)
        except BadRequest as error:
            asked.refused.append((domain, JobError("bad_target", error.message)))
        else:
            good.append(domain)
    each = spellings(good)
    wanted = [NewJob(KIND, target.strip(), body.options, max_attempts=ATTEMPTS, group=asked.group) for target in each]
    asked.waiting = {job.id: texts for job, texts in zip(await queue.add(wanted), each.values(), strict=True)}
    asked.jobs = len(asked.waiting)
    return asked


async def _events(asked: Asked) -> AsyncGenerator[bytes, None]:
    async with aclosing(_results(asked)) as results:
        async for result in results:
            yield sse.json_event(result)


async def _collected(asked: Asked) -> list[dict[str, Any]]:
    async with aclosing(_results(asked)) as results:
        return [result async for result in results]


async def _results(asked: Asked) -> AsyncGenerator[dict[str, Any], None]:
    """One answer for each domain, as they come. Whoever stops listening cancels what is not done, unless it was detached."""
    try:
        for domain, error in asked.refused:
            yield _told(domain, error, [])
        async with aclosing(_finished(asked)) as finished:
            async for job, failure, items in finished:
                for domain in asked.waiting.pop(job):
                    yield _told(domain, failure, items)
    except LivepaneError as trouble:  # the journal cannot be read: every domain still gets its answer
        for domain in chain.from_iterable(asked.waiting.values()):
            yield _told(domain, JobError("failed", trouble.message), [])
    finally:
        if asked.waiting and not asked.detach:
            with suppress(LivepaneError):
                await asked.queue.cancel_group(asked.group)


async def _finished(asked: Asked) -> AsyncGenerator[tuple[int, JobError | None, list[Item]], None]:
    """Jobs as they end, why those failed that did, and what they have found: as it was told, not read from the disk again."""
    left = set(asked.waiting)
    found: dict[int, list[Item]] = {}
    followed = asked.queue.journal.follow(group=asked.group)
    async with aclosing(with_silences(followed, LOOK_EVERY)) as events:
        while left:
            event = await anext(events)
            if event is None:
                there = {job.id for job in await asked.queue.find(group=asked.group, limit=asked.jobs)}
                ended: list[tuple[int, JobError | None]] = [
                    (job, JobError("cancelled", "it was deleted")) for job in left - there
                ]
            else:
                if event.kind is EventKind.STARTED:
                    found[event.job] = []  # those of a run before are history
                elif event.kind is EventKind.ITEM:
                    found.setdefault(event.job, []).append(event.data["item"])
                ended = [(event.job, error_of(event))] if event.kind is EventKind.FINISHED and event.job in left else []
            for job, error in ended:
                left.discard(job)
                yield job, error, found.pop(job, [])


def _told(domain: str, error: JobError | None, items: list[dict[str, Any]]) -> dict[str, Any]:
    # A line for each, by contract; what somebody typed must not look like a line of ours.
    log.info("[STREAM] Finished %s", "".join(char if char.isprintable() else "?" for char in domain[:200]))
    return domain_result(domain, error, items)
