"""Jobs over HTTP: ask for them, look at them, end them, have their results."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.domain.access import Role
from livepane.domain.errors import BadRequest
from livepane.domain.job import Job, JobEvent, JobState, NewJob
from livepane.jobs.journal import Journal
from livepane.scrapers.contract import SCRAPERS, ScrapeError, Scraper
from livepane.services import Services
from livepane.wire import rows
from livepane.wire.jobs import (
    ATTEMPTS_RANGE,
    ItemList,
    JobList,
    JobModel,
    JobsMade,
    Priority,
    ScraperList,
    ScraperModel,
    TransferModel,
)
from livepane.wire.wishes import check_kind, check_options, check_target

router = APIRouter(tags=["jobs"])

MOST = 1000  # jobs or results in one answer
LARGEST_ID = 2**63 - 1
_BODIES = {"json": "application/json", "jsonl": "application/jsonl", "csv": "text/csv; charset=utf-8"}

JobId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
After = Annotated[int | None, Query(ge=0, le=LARGEST_ID)]
Group = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]


class NewJobs(BaseModel):
    """Jobs to do: one target, or many at once. All of them are accepted, or none."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[str, Field(min_length=1, max_length=60, description="the name of a scraper, see GET /api/scrapers")]
    target: Annotated[str | None, Field(description="what is to be scraped: a URL, a domain, whatever the scraper takes")] = None
    targets: Annotated[list[str] | None, Field(description="the same, for many jobs at once")] = None
    options: Annotated[dict[str, Any], Field(description="what the scraper takes besides")] = {}
    priority: Priority = 0
    max_attempts: Annotated[int, Field(ge=ATTEMPTS_RANGE[0], le=ATTEMPTS_RANGE[1], description="starts at the most")] = 3
    group: Annotated[Group | None, Field(description="a name to follow, list and cancel them by")] = None


class JobChange(BaseModel):
    """What can be changed of a job."""

    model_config = ConfigDict(extra="forbid")

    priority: Priority


@router.get("/api/jobs")
@allow(Role.VIEWER)
async def list_jobs(
    services: ServicesOf,
    state: Annotated[list[JobState] | None, Query(description="may be given more than once")] = None,
    kind: Annotated[list[str] | None, Query(description="may be given more than once")] = None,
    group: Annotated[str | None, Query(max_length=64)] = None,
    q: Annotated[str | None, Query(max_length=200, description="a part of the target or of the error")] = None,
    before: Annotated[int | None, Query(ge=0, le=LARGEST_ID, description="an id: only older ones")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> JobList:
    """Jobs, the newest first, finished ones included."""
    queue = services.jobs.queue
    found = await queue.find(state or (), kind or (), group, q, before, limit)
    return JobList(jobs=[standing(job, services) for job in found], counts=dict(await queue.counts()))


@router.post("/api/jobs", status_code=201)
@allow(Role.SCRAPER)
async def add_jobs(body: NewJobs, services: ServicesOf) -> JobsMade:
    """Ask for jobs. They are kept when this answers, whatever happens to the server then."""
    if (body.target is None) == (body.targets is None):
        raise BadRequest("write either target or targets")
    targets = body.targets if body.targets is not None else [body.target or ""]
    most = services.settings.max_targets
    if not 1 <= len(targets) <= most:
        raise BadRequest(f"targets has {len(targets):,}; it must have from 1 to {most:,} (LIVEPANE_MAX_TARGETS)")
    check_kind(body.kind, SCRAPERS)
    check_options(body.options, SCRAPERS[body.kind].options)
    for target in targets:
        check_target(target)
        _check(SCRAPERS[body.kind], target.strip(), body.options)
    wanted = [NewJob(body.kind, target.strip(), body.options, body.priority, body.max_attempts, body.group) for target in targets]
    return JobsMade(jobs=[standing(job, services) for job in await services.jobs.queue.add(wanted)])


def _check(kind: Scraper, target: str, options: Mapping[str, Any]) -> None:
    """What its scraper would end with at once is refused. Raises BadRequest."""
    if kind.check is not None:
        try:
            kind.check(target, options)
        except ScrapeError as error:
            raise BadRequest(error.message) from None


@router.get("/api/jobs/{job_id}")
@allow(Role.VIEWER)
async def get_job(job_id: JobId, services: ServicesOf) -> JobModel:
    """One job as it stands."""
    return standing(await services.jobs.queue.get(job_id), services)


@router.patch("/api/jobs/{job_id}")
@allow(Role.SCRAPER)
async def change_job(job_id: JobId, body: JobChange, services: ServicesOf) -> JobModel:
    """Let a job be started earlier or later than others."""
    return standing(await services.jobs.queue.reprioritise(job_id, body.priority), services)


@router.post("/api/jobs/{job_id}/cancel")
@allow(Role.SCRAPER)
async def cancel_job(job_id: JobId, services: ServicesOf) -> JobModel:
    """End a job: at once while it waits, within two seconds while it runs. What is over stays as it is."""
    return standing(await services.jobs.queue.cancel(job_id), services)


@router.post("/api/jobs/{job_id}/retry")
@allow(Role.SCRAPER)
async def retry_job(job_id: JobId, services: ServicesOf) -> JobModel:
    """Do a job that is over once more; 409 when it is not."""
    return standing(await services.jobs.queue.retry(job_id), services)


@router.delete("/api/jobs/{job_id}", status_code=204)
@allow(Role.OPERATOR)
async def delete_job(job_id: JobId, services: ServicesOf) -> None:
    """Remove a job that is over, with its results; 409 when it is not."""
    await services.jobs.queue.delete(job_id)
    await services.jobs.browser.forget(job_id)


@router.get(
    "/api/jobs/{job_id}/items",
    response_model=ItemList,
    responses={200: {"content": {"application/jsonl": {}, "text/csv": {}}}},
)
@allow(Role.VIEWER)
async def job_items(
    job_id: JobId,
    services: ServicesOf,
    format: Annotated[Literal["json", "jsonl", "csv"], Query(description="csv is safe to open in a spreadsheet")] = "json",
    after: Annotated[int, Query(ge=0, le=LARGEST_ID, description="`next` of the page before")] = 0,
    limit: Annotated[int | None, Query(ge=1, le=MOST, description="of a page, 100 by default; a file has them all")] = None,
    download: Annotated[bool, Query(description="all of them as a file; jsonl and csv always are one")] = False,
) -> Response:
    """Results of the last run in their order, also while it goes on."""
    await services.jobs.queue.get(job_id)
    journal = services.jobs.queue.journal
    if format == "json" and not download:
        size = limit or 100
        found = await journal.items(job_id, after=after, limit=size + 1)
        page = ItemList(items=[_item(one) for one in found[:size]], next=found[size - 1].id if len(found) > size else None)
        return Response(page.model_dump_json(), media_type="application/json")
    headers = {"Content-Disposition": f'attachment; filename="job-{job_id}.{format}"', "X-Accel-Buffering": "no"}
    parts = {"json": _json, "jsonl": _jsonl, "csv": _csv}[format]
    return StreamingResponse(parts(Pages(journal, job_id, after, limit)), media_type=_BODIES[format], headers=headers)


@router.get("/api/scrapers")
@allow(Role.VIEWER)
async def list_scrapers() -> ScraperList:
    """What kinds of jobs this server can do, plug-ins included."""
    known = sorted(SCRAPERS.values(), key=lambda one: one.name)
    return ScraperList(scrapers=[ScraperModel(name=one.name, about=one.about, options=dict(one.options)) for one in known])


def standing(job: Job, services: Services) -> JobModel:
    """A job as it stands, with the files that it fetches just now."""
    return JobModel.of(job, [TransferModel(**one.as_dict()) for one in services.jobs.transfers.of(job.id)])


# --- results as files ---------------------------------------------------------------------------------


class Pages:
    """Results of one job page by page, as often as one likes; those that come meanwhile are for the next time."""

    def __init__(self, journal: Journal, job: int, after: int, limit: int | None) -> None:
        self._journal, self._job, self._after, self._limit = journal, job, after, limit
        self._last: int | None = None  # where the first reading ended

    async def __aiter__(self) -> AsyncGenerator[list[dict[str, Any]], None]:
        after, left = self._after, self._limit or LARGEST_ID
        while left > 0 and (found := await self._journal.items(self._job, after=after, limit=min(MOST, left))):
            kept = [one for one in found if self._last is None or one.id <= self._last]
            if kept:
                yield [_item(one) for one in kept]
            after, left = found[-1].id, left - len(found)
            if len(kept) < len(found):
                break
        self._last = after if self._last is None else self._last


async def _json(pages: Pages) -> AsyncGenerator[bytes, None]:
    before = b"[\n"
    async for page in pages:
        yield before + b",\n".join(rows.json_line(item).rstrip(b"\n") for item in page)
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


async def _jsonl(pages: Pages) -> AsyncGenerator[bytes, None]:
    async for page in pages:
        yield b"".join(map(rows.json_line, page))


async def _csv(pages: Pages) -> AsyncGenerator[bytes, None]:
    names: list[str] = []
    async for page in pages:
        names = rows.columns(page, names)
    yield rows.csv_head(names)
    async for page in pages:
        yield b"".join(rows.csv_line(item, names) for item in page)


def _item(event: JobEvent) -> dict[str, Any]:
    item = event.data.get("item")
    return item if isinstance(item, dict) else {"item": item}
