"""What a scraper gets while its job runs: its page and its HTTP client, and a voice that ends up in the journal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livepane.domain.job import EventKind, Job
from livepane.jobs.items import LONGEST_LABEL, LONGEST_MESSAGE, facts, line
from livepane.jobs.journal import Journal
from livepane.scrapers.contract import Fetch, Keeper, ScrapeError

if TYPE_CHECKING:
    from playwright.async_api import Page

    from livepane.jobs.keeper import Voice

MOST_WARNINGS = 200  # of one run; what follows is counted and not kept


@dataclass(frozen=True, slots=True)
class Tools:
    """The ways out of one job: closed when it ends, whatever the scraper does."""

    http: Callable[[], Fetch]  # always the same one; made when it is asked for
    page: Callable[[], AbstractAsyncContextManager[Page]]
    show: Callable[[str, str | None], None]  # an action with its selector, beside the picture
    keeper: Callable[[str, Voice], AbstractAsyncContextManager[Keeper]]  # of the collection of that name
    spent: Callable[[], Mapping[str, Any]] = dict  # facts: requests and bytes so far


class JobWork:
    """A `Work` of one run. Once it is over it says nothing any more, and opens nothing."""

    def __init__(self, job: Job, tools: Tools, journal: Journal, summary: dict[str, Any]) -> None:
        self._job, self._tools, self._journal, self._summary = job, tools, journal, summary
        self._over = False
        self._warnings = 0

    @property
    def over(self) -> bool:
        """Whether the run has ended, or is to end."""
        return self._over

    @property
    def target(self) -> str:
        """What is to be scraped, as it was asked for."""
        return self._job.target

    @property
    def options(self) -> Mapping[str, Any]:
        """What else was asked for."""
        return self._job.options

    @property
    def http(self) -> Fetch:
        """To fetch with, without a browser."""
        self._check()
        return self._tools.http()

    def page(self) -> AbstractAsyncContextManager[Page]:
        """A page of Chromium in a fresh context, which people can watch."""
        self._check()
        return self._tools.page()

    def keeper(self, collection: str) -> AbstractAsyncContextManager[Keeper]:
        """Where files are kept: the collection of that name, which is made when there is none."""
        self._check()
        return self._tools.keeper(collection, self)

    def say(self, action: str, *, progress: float | None = None, selector: str | None = None) -> None:
        """What it does now. `progress` from 0 to 1."""
        if self._over:
            return
        label = line(action, LONGEST_LABEL)
        selector = None if selector is None else line(selector, LONGEST_LABEL)
        data = {"label": label} if selector is None else {"label": label, "selector": selector}
        self._journal.write(self._job, EventKind.ACTION, data, action=label)
        self._tools.show(label, selector)
        if progress is not None:
            share = 0.0 if math.isnan(progress) else min(1.0, max(0.0, float(progress)))
            self._journal.write(self._job, EventKind.PROGRESS, {"progress": share}, progress=share)

    def warn(self, message: str) -> None:
        """Something that whoever reads the results should know."""
        if self._over:
            return
        self._warnings += 1
        if self._warnings < MOST_WARNINGS:
            self._journal.write(self._job, EventKind.WARNING, {"message": line(message, LONGEST_MESSAGE)})
        elif self._warnings == MOST_WARNINGS:
            self._journal.write(self._job, EventKind.WARNING, {"message": "there are more warnings, which are not kept"})

    def report(self, **known: Any) -> None:
        """Facts about the run, kept in the job's summary; JSON.

        Raises:
            ScrapeError: `bad_item`: it is none.
        """
        if not self._over:
            self._summary.update(facts(self._summary, known))

    def end(self) -> None:
        """The run is over: a scraper that does not want to see it gets nothing more."""
        self._over = True

    def _check(self) -> None:
        if self._over:
            raise ScrapeError("failed", f"job {self._job.id} is over")
