"""Jobs as the API tells of them, and what a scrape answers per domain. Times are milliseconds since the Unix epoch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from livepane.domain.job import OVER, EventKind, Job, JobError, JobEvent, JobState
from livepane.domain.stream import Kind
from livepane.wire.messages import Message

PRIORITY_RANGE = (-10, 10)
ATTEMPTS_RANGE = (1, 20)
LONGEST_TARGET = 2048  # characters

Priority = Annotated[
    int, Field(ge=PRIORITY_RANGE[0], le=PRIORITY_RANGE[1], description="the highest first; equal ones in their order")
]


class JobErrorModel(Message):
    """Why a job failed, or what it tries again for."""

    code: str
    message: str


class TransferModel(Message):
    """A file that a job fetches just now."""

    name: str
    received: Annotated[int, Field(description="bytes so far")]
    total: Annotated[int | None, Field(description="bytes that it will have; null: nobody knows")]
    bytes_per_second: float


class JobModel(Message):
    """One job as it stands."""

    id: int
    kind: Annotated[str, Field(description="the name of its scraper")]
    target: str
    options: dict[str, Any]
    priority: Priority
    group: Annotated[str | None, Field(description="what it was asked for together with")]
    state: JobState
    stream: Annotated[str, Field(description="where it can be watched")]
    created_at: int
    run_after: Annotated[int, Field(description="it waits until then at least")]
    started_at: int | None
    finished_at: int | None
    attempt: Annotated[int, Field(description="how often it was started")]
    max_attempts: int
    progress: Annotated[float | None, Field(description="0 to 1")]
    action: Annotated[str | None, Field(description="what it does now, or did last")]
    items: Annotated[int, Field(description="results so far")]
    cancel_requested: bool
    error: JobErrorModel | None
    summary: Annotated[dict[str, Any] | None, Field(description="facts about the run: pages, requests, bytes and the like")]
    transfers: Annotated[list[TransferModel], Field(default_factory=list, description="files that it fetches just now")]

    @classmethod
    def of(cls, job: Job, transfers: Iterable[TransferModel] = ()) -> JobModel:
        """A row of the queue, with the files that are under way."""
        return cls(
            id=job.id,
            kind=job.kind,
            target=job.target,
            options=dict(job.options),
            priority=job.priority,
            group=job.group,
            state=job.state,
            stream=f"{Kind.JOB}:{job.id}",
            created_at=job.created_at,
            run_after=job.run_after,
            started_at=job.started_at,
            finished_at=job.finished_at,
            attempt=job.attempt,
            max_attempts=job.max_attempts,
            progress=job.progress,
            action=job.action,
            items=job.items,
            cancel_requested=job.cancel_requested_at is not None and job.state not in OVER,
            error=JobErrorModel(code=job.error.code, message=job.error.message) if job.error else None,
            summary=dict(job.summary) if job.summary is not None else None,
            transfers=list(transfers),
        )


class JobList(Message):
    """Jobs, the newest first."""

    jobs: list[JobModel]
    counts: Annotated[dict[JobState, int], Field(description="of all jobs, by state")]


class JobsMade(Message):
    """Jobs that were accepted, in the order of their targets."""

    jobs: list[JobModel]


class ItemList(Message):
    """Results of a job in their order."""

    items: list[dict[str, Any]]
    next: Annotated[int | None, Field(description="`after` of the next page; null: that was all so far")]


class ScraperModel(Message):
    """A kind of job that this server can do."""

    name: str
    about: str
    options: Annotated[dict[str, Any], Field(description="what it takes besides the target: name and JSON schema of each")]


class ScraperList(Message):
    """Every kind of job that this server can do."""

    scrapers: list[ScraperModel]


class DomainResult(Message):
    """What a scrape answers for one domain."""

    domain: Annotated[str, Field(description="the client's own text")]
    status: Annotated[str, Field(description="success or error")]
    jobs: list[dict[str, Any]]
    error: Annotated[str | None, Field(description="`code: message`, only when the status is error")] = None


class ScrapeResults(Message):
    """What `/run` answers: one result for each domain, those that were done first before the others."""

    results: list[DomainResult]


def domain_result(domain: str, error: JobError | None, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One answer of a scrape. A domain that failed has no jobs, also when some had been found before."""
    if error is not None:
        return {"domain": domain, "status": "error", "jobs": [], "error": str(error)}
    return {"domain": domain, "status": "success", "jobs": list(items)}


def event_data(event: JobEvent) -> dict[str, Any]:
    """A line of the journal as its followers get it."""
    return {"id": event.id, "job": event.job, "at": event.at, "kind": event.kind, "data": dict(event.data)}


def error_of(event: JobEvent) -> JobError | None:
    """Why a job ended as it did, from the last line of its journal; None when it succeeded."""
    if event.kind is not EventKind.FINISHED or event.data.get("state") == JobState.SUCCEEDED:
        return None
    said = event.data.get("error")
    if isinstance(said, Mapping):
        return JobError(str(said.get("code", "failed")), str(said.get("message", "")))
    if event.data.get("state") == JobState.CANCELLED:
        return JobError("cancelled", "somebody cancelled it")
    return JobError("failed", "it says no more")
