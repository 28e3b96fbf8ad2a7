"""The scraper `job_postings`: a company's address in, its open postings out."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from livepane.scrapers.contract import SCRAPERS, Item, ScrapeError, Work, scraper
from livepane.scrapers.job_postings.health import company_health
from livepane.scrapers.job_postings.job import Job
from livepane.scrapers.ladder import details
from livepane.scrapers.ladder.board import Board
from livepane.scrapers.ladder.boards import Boards
from livepane.scrapers.ladder.climb import Climb
from livepane.scrapers.ladder.owner import Owner
from livepane.scrapers.ladder.site import Site
from livepane.scrapers.ladder.target import Target, parse
from livepane.scrapers.ladder.top import Top

log = logging.getLogger(__name__)

OPTIONS: dict[str, Any] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 5000, "default": 500, "description": "Jobs at most."},
    "details": {
        "type": "string",
        "enum": ["missing", "all", "never"],
        "default": "missing",
        "description": "Whether the pages of single postings are read: where the list leaves something out, all, or never.",
    },
    "browser": {
        "type": "string",
        "enum": ["auto", "never"],
        "default": "auto",
        "description": "Whether a page that scripts fill may be rendered.",
    },
}
# What stood in the way, by how much it explains that nothing was found.
WEIGHTY = (
    "blocked",
    "robots_disallowed",
    "login",
    "budget",
    "timeout",
    "tls",
    "dns",
    "refused_target",
    "http",
    "browser",
    "expired",
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options, checked."""

    limit: int
    details: str
    browser: str

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Wishes:
        """Raises ScrapeError `bad_target` for a value that is none."""
        given = {name: options.get(name, option["default"]) for name, option in OPTIONS.items()}
        limit = given["limit"]
        if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= 5000:
            raise ScrapeError("bad_target", f"limit = {limit!r} is no number of jobs from 1 to 5000.")
        for name in ("details", "browser"):
            if given[name] not in OPTIONS[name]["enum"]:
                raise ScrapeError("bad_target", f"{name} = {given[name]!r} is none of {', '.join(OPTIONS[name]['enum'])}.")
        return cls(limit, given["details"], given["browser"])


@scraper(
    "job_postings", about="The open postings of a company, by its domain or the address of its careers page.", options=OPTIONS
)
async def job_postings(work: Work) -> AsyncIterator[Item]:
    """Yields jobs in the shape of the wire, each once. No job and no error is a zero that the company states itself."""
    now = datetime.now(UTC)
    site = Site(work.http, now)
    board: Board | None = None
    found = 0
    try:
        wishes = Wishes.of(work.options)
        target = parse(work.target)
        owner = Owner.of(target.url)
        boards = Boards(work, site, owner, wishes.limit)
        climb = Climb(work, site, owner, boards)
        board = await _climbed(climb, target, wishes)
        beyond, board.jobs = board.jobs[wishes.limit :], board.jobs[: wishes.limit]
        if beyond:
            board.cut = f"the limit of {wishes.limit} jobs is reached"
        closed = 0
        if board.jobs and wishes.details != "never":
            closed = await details.complete(
                board, site, boards.of_page, everything=wishes.details == "all", said=_say_details(work)
            )
        board.reconcile()
        health = _health(board, [*board.jobs, *beyond], now)
        _report(work, site, board, climb, health, closed)
        for job in board.jobs:
            found += 1
            yield {**job.as_dict(), **({"company_health": health} if health else {})}
    finally:
        tally = site.tally
        log.info(
            "%s: rung=%s pages=%d requests=%d bytes=%d opened=%d ms=%d jobs=%d",
            work.target[:200],
            board.rung if board is not None else "none",
            tally.pages,
            tally.requests,
            tally.bytes,
            tally.opened,
            tally.ms,
            found,
        )


async def _climbed(climb: Climb, target: Target, wishes: Wishes) -> Board:
    """The board, or the ScrapeError that explains best why there is none."""
    try:
        board = await climb.up(target)
        if board is None and climb.to_render:
            if wishes.browser == "never":
                page = min(climb.to_render).url
                climb.problems.append(ScrapeError("unknown", f"scripts fill {page}, and rendering is turned off for this job"))
            else:
                board = await Top(climb).reach()
    except ScrapeError as error:
        raise _told(climb, error) from None
    if board is None:
        raise _told(climb, failure(climb))
    return board


def _told(climb: Climb, error: ScrapeError) -> ScrapeError:
    """The error, with the facts about the run kept in the job's summary."""
    _count(climb.work, climb.site, rung="none", diagnostics=_diagnostics(climb))
    return error


def failure(climb: Climb) -> ScrapeError:
    """Blocked, no careers page and unknown are three answers."""
    for code in WEIGHTY:
        met = next((error for error in climb.problems if error.code == code), None)
        if met is not None and (code != "http" or climb.careers or met.retry):
            return met
    if climb.careers:
        said = next((error for error in climb.problems if error.code == "unknown"), None)
        where = climb.careers[0]
        return said or ScrapeError("unknown", f"no jobs are recognised at {where}, and nothing there says that there are none")
    if climb.lost is not None:
        return climb.lost
    return next(
        (error for error in climb.problems if error.code == "unknown"),
        ScrapeError("no_careers_page", "no page of the site is about work, and none was found at the usual addresses"),
    )


def _health(board: Board, jobs: Sequence[Job], now: datetime) -> dict[str, Any] | None:
    """Only of a board that is the company's own and was read to its end."""
    if board.verified is False or (not jobs and not board.zero):
        return None
    return company_health(jobs, now=now, ats=board.ats, verified=board.verified, total=board.total, zero=board.zero)


def _report(work: Work, site: Site, board: Board, climb: Climb, health: dict[str, Any] | None, closed: int) -> None:
    for note in [f"not all jobs were read: {board.cut}"] if board.cut else []:
        work.warn(note)
    if board.total is not None and not board.whole and not board.cut:
        work.warn(f"the source speaks of {board.total} jobs, {board.rows} were found")
    _count(
        work,
        site,
        rung=board.rung,
        ats=board.ats or None,
        board=board.token or None,
        rule=board.rule or None,
        company_health=health,
        diagnostics={
            **_diagnostics(climb),
            "zero": board.zero or None,
            "vendor_total": board.total,
            "rows": board.rows,
            "parsed_total": len(board.jobs),
            "complete": board.whole,
            "cut": board.cut or None,
            "closed": closed + board.expired,
            "verified": board.verified,
        },
    )


def _diagnostics(climb: Climb) -> dict[str, Any]:
    return {
        "careers_pages": climb.careers[:5],
        "problems": [str(error)[:300] for error in climb.problems[:5]],
        "notes": climb.boards.notes[:10],
    }


def _count(work: Work, site: Site, **facts: Any) -> None:
    tally = site.tally
    work.report(pages=tally.pages, requests=tally.requests, bytes=tally.bytes, opened=tally.opened, ms=tally.ms, **facts)


def _say_details(work: Work) -> Any:
    return lambda number, of: work.say(f"Reading job {number}/{of}", progress=0.8 + 0.19 * number / of)


SCRAPER = SCRAPERS["job_postings"]  # as it was declared, for commands
