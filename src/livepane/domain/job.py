"""Jobs: what they are asked to do, their states, what they tell while they run. Moments are ms since the Unix epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"  # waits for a place
    RUNNING = "running"
    RETRYING = "retrying"  # failed in a way that may pass: waits until `run_after`
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self in OVER


WAITING = frozenset({JobState.QUEUED, JobState.RETRYING})
OVER = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})
MOVES: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED}),
    JobState.RETRYING: frozenset({JobState.RUNNING, JobState.CANCELLED, JobState.QUEUED}),
    JobState.RUNNING: frozenset({JobState.QUEUED, JobState.RETRYING, *OVER}),  # queued again: its runner went away
    JobState.SUCCEEDED: frozenset({JobState.QUEUED}),  # asked for once more
    JobState.FAILED: frozenset({JobState.QUEUED}),
    JobState.CANCELLED: frozenset({JobState.QUEUED}),
}


class EventKind(StrEnum):
    """What a line of the journal tells."""

    QUEUED = "queued"
    STARTED = "started"  # {attempt}
    ACTION = "action"  # {label, selector?}
    PROGRESS = "progress"  # {progress: 0..1}
    ITEM = "item"  # {number, item}
    WARNING = "warning"  # {message}
    RETRYING = "retrying"  # {code, message, run_after}
    FINISHED = "finished"  # {state, error?: {code, message}, items, summary}


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed: a code for programs (see `scrapers.contract.CODES`) and a sentence for people."""

    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass(frozen=True, slots=True)
class NewJob:
    """What somebody asks for."""

    kind: str  # the name of a scraper
    target: str  # a URL, a domain, a name: whatever the scraper takes
    options: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 0  # -10..10, the highest first
    max_attempts: int = 3
    group: str | None = None  # those that are followed or cancelled together, such as the domains of one request


@dataclass(frozen=True, slots=True)
class Job:
    """A row of the queue."""

    id: int
    kind: str
    target: str
    options: Mapping[str, Any]
    priority: int
    group: str | None
    state: JobState
    created_at: int
    run_after: int
    started_at: int | None
    finished_at: int | None
    attempt: int  # how often it was started
    max_attempts: int
    fence: int  # grows with every claim: who holds an older one may write nothing any more
    lease_owner: str | None
    lease_until: int | None
    progress: float | None  # 0..1
    action: str | None  # what it does now, or did last
    items: int
    cancel_requested_at: int | None
    error: JobError | None
    summary: Mapping[str, Any] | None  # facts about the run: pages, requests, bytes, what the scraper reports


@dataclass(frozen=True, slots=True)
class JobEvent:
    """A line of the journal. `id` grows over all jobs: it is what `Last-Event-ID` names."""

    id: int
    job: int
    at: int
    kind: EventKind
    data: Mapping[str, Any]
