"""A list of jobs that is read page after page, and what is known of it: how many there should be, whether all were seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from livepane.scrapers.job_postings.extract import Extraction
from livepane.scrapers.job_postings.job import Job
from livepane.scrapers.job_postings.score import WEIGHTS
from livepane.scrapers.job_postings.urls import canonical
from livepane.scrapers.ladder.asks import Ask


@dataclass(slots=True)
class Board:
    """Jobs of one source, each once."""

    rung: str
    ask: Ask
    ats: str = ""
    token: str = ""
    verified: bool | None = None
    rule: str = ""
    total: int | None = None  # as the source says
    rows: int = 0  # read, before rows of one job are put together
    pages: int = 0
    expired: int = 0
    zero: str = ""
    cut: str = ""  # why not all was read
    jobs: list[Job] = field(default_factory=list)
    _known: dict[tuple[str, str], Job] = field(default_factory=dict)

    def take(self, read: Extraction) -> int:
        """Add a page; how many of its jobs were new."""
        self.pages += 1
        self.rows += read.rows
        self.expired += read.expired
        self.rule = self.rule or read.rule
        # Some name the total on their first page only, others repeat it.
        self.total = read.total if self.total is None else self.total
        self.zero = self.zero or read.zero
        return self.add(read.jobs)

    def add(self, jobs: Iterable[Job]) -> int:
        """Put in what is new, and the further places of what is known."""
        new = 0
        for job in jobs:
            keys = _keys(job)
            other = next((self._known[key] for key in keys if key in self._known), None)
            if other is None:
                new += 1
                self.jobs.append(job)
            elif job.location and job.location not in other.location.split("; "):
                other.location = "; ".join(filter(None, (other.location, job.location)))
            for key in keys:
                self._known.setdefault(key, other or job)
        return new

    @property
    def whole(self) -> bool:
        """Whether all that the source speaks of was read."""
        return not self.cut and (self.total is None or self.rows >= self.total)

    def reconcile(self) -> None:
        """A list that is shorter than its source says, and nobody knows why, costs every job of it some belief."""
        if self.cut or self.total is None or self.rows >= self.total:
            return
        for job in self.jobs:
            if "count:mismatch" not in job.signals:
                job.signals.append("count:mismatch")
                job.score = max(0, job.score + WEIGHTS["count:mismatch"])


def _keys(job: Job) -> list[tuple[str, str]]:
    """By the vendor's id; by the address where there is none. Never by the title alone: two posts may share it."""
    title = job.title.casefold()
    if job.id:
        return [("id", f"{job.id} {title}")]
    if canonical(job.url) != canonical(job.source_page):
        return [("url", f"{canonical(job.url)} {title}")]
    return [("row", f"{title} {job.location.casefold()}")]
