"""`livepane scrape DOMAIN…`: the open postings of companies, found in this process, without a server."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from livepane.commands.job_words import plain
from livepane.domain.errors import BadRequest, LivepaneError
from livepane.domain.job import JobError
from livepane.wire import rows

if TYPE_CHECKING:
    from livepane.jobs.alone import Alone, Outcome
    from livepane.settings import Settings

Result = Mapping[str, Any]
Teller = Callable[[str], None]

AT_ONCE = 32  # domains
FAILED = 3  # exit code when a domain failed: 1 and 2 are for what went wrong with the command
EXAMPLE = """
Example: livepane scrape acme.com example.org --format jsonl > postings.jsonl

One object a line and domain, the first that is done before the others: {"domain":"acme.com","status":"success","jobs":[…]} or
{"domain":"example.org","status":"error","jobs":[],"error":"no_careers_page: …"}. Progress goes to standard error.
"""


class Form(StrEnum):
    """How postings are written."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


class Details(StrEnum):
    """Which pages of single postings are read."""

    MISSING = "missing"
    ALL = "all"
    NEVER = "never"


def scrape(
    domains: Annotated[list[str], typer.Argument(metavar="DOMAIN…", help="Companies: domains, or addresses of careers pages.")],
    form: Annotated[
        Form, typer.Option("--format", help="A table for people, an object a line and domain, or a row a posting.")
    ] = (Form.TABLE),
    limit: Annotated[int, typer.Option(min=1, max=5000, help="Postings of one company at most.")] = 500,
    details: Annotated[
        Details, typer.Option(help="Pages of single postings to read: where the list leaves something out, all, or none.")
    ] = Details.MISSING,
    browser: Annotated[bool, typer.Option(help="Render pages that scripts fill.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing on standard error but what failed.")] = False,
) -> None:
    """Find the open postings of companies. Nothing else has to run; exit code 3 when a company failed."""
    from pydantic import ValidationError  # late, as the settings are: `livepane --help` need not load them

    from livepane.commands import provenance
    from livepane.settings import Settings

    options = {"limit": limit, "details": details.value, "browser": "auto" if browser else "never"}
    writer = _WRITERS[form]()
    failed = 0
    try:
        settings = Settings()
        for_all = asyncio.run(_all(settings, list(dict.fromkeys(domains)), options, writer, quiet=quiet))
        failed = sum(result["status"] == "error" for result in for_all)
    except ValidationError as error:
        wrong = next(iter(provenance.problems(error).items()), ("a setting", str(error)))
        typer.echo(f"Error: {wrong[0]}: {wrong[1]}", err=True)
        raise typer.Exit(2) from None
    except (LivepaneError, ValueError) as error:
        typer.echo(f"Error: {getattr(error, 'message', error)}", err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(FAILED if failed else 0)


async def _all(
    settings: Settings, domains: Sequence[str], options: Mapping[str, Any], writer: _Writer, *, quiet: bool
) -> list[Result]:
    """Every result, written as it comes."""
    from livepane.jobs.alone import Alone

    results: list[Result] = []
    async with Alone(settings) as alone, aclosing(_results(alone, domains, options, quiet=quiet)) as coming:
        async for result in coming:
            writer.write(result)
            results.append(result)
            if result["status"] == "error":
                _tell(f"{result['domain']}: {result['error']}")
            elif not quiet:
                _tell(f"{result['domain']}: {len(result['jobs'])} jobs")
    return results


async def _results(
    alone: Alone, domains: Sequence[str], options: Mapping[str, Any], *, quiet: bool
) -> AsyncGenerator[dict[str, Any], None]:
    """One for each domain, the first that is done before the others."""
    from livepane.scrapers.ladder.target import spellings

    places = asyncio.Semaphore(AT_ONCE)
    done: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def one(target: str, texts: Sequence[str]) -> None:
        async with places:
            result = await _result(alone, target, options, (lambda _: None) if quiet else _teller(target))
        for text in texts:
            done.put_nowait(result | {"domain": text})

    async with asyncio.TaskGroup() as group:
        for target, texts in spellings(domains).items():
            group.create_task(one(target, texts), name=f"scrape {target}")
        for _ in domains:
            yield await done.get()


async def _result(alone: Alone, domain: str, options: Mapping[str, Any], told: Teller) -> dict[str, Any]:
    """What a client of the server would get for a domain."""
    from livepane.scrapers.contract import ScrapeError
    from livepane.scrapers.ladder.scraper import SCRAPER
    from livepane.wire.jobs import domain_result
    from livepane.wire.wishes import check_target

    try:
        check_target(domain)
        found: Outcome = await alone.run(SCRAPER, domain.strip(), options, told)
    except BadRequest as error:
        return domain_result(domain, JobError("bad_target", error.message), [])
    except ScrapeError as error:
        return domain_result(domain, JobError(error.code, error.message), [])
    except ImportError as error:
        message = f"{error.name} is missing. Install the part for it: pip install 'livepane[scrape]'."
        return domain_result(domain, JobError("failed", message), [])
    except Exception as error:
        return domain_result(domain, JobError("failed", f"{type(error).__name__}: {error}"), [])
    return domain_result(domain, None, found.items)


def _teller(domain: str) -> Teller:
    return lambda said: _tell(f"{domain}: {said}")


def _tell(line: str) -> None:
    typer.echo(plain(line), err=True)


class _Writer(Protocol):
    """Writes results to standard output."""

    def write(self, result: Result) -> None:
        """One result, at once."""


class _Lines:
    """An object a line."""

    def write(self, result: Result) -> None:
        sys.stdout.write(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n")
        sys.stdout.flush()


class _Csv:
    """A row a posting, with a head."""

    def __init__(self) -> None:
        from livepane.scrapers.job_postings.job import Job

        self._columns = ["domain", *(column.name for column in fields(Job)), "company_health"]
        sys.stdout.buffer.write(rows.csv_head(self._columns))

    def write(self, result: Result) -> None:
        for job in result["jobs"]:
            sys.stdout.buffer.write(rows.csv_line({"domain": result["domain"], **job}, self._columns))
        sys.stdout.buffer.flush()


class _Table:
    """For people."""

    def write(self, result: Result) -> None:
        jobs = result["jobs"]
        typer.echo(
            f"{plain(result['domain'])}: {f'{len(jobs)} jobs' if result['status'] == 'success' else plain(result['error'])}"
        )
        for job in jobs:
            facts = (
                job["location"],
                job["location_type"],
                job["department"],
                job["employment_type"],
                (job["posted_at"] or "")[:10],
            )
            typer.echo(f"{job['score']:>4}  {plain(job['title'])}")
            typer.echo(f"      {plain(' · '.join(fact for fact in facts if fact))}")
            typer.echo(f"      {plain(job['url'])}")
        typer.echo("")


_WRITERS: Mapping[Form, Callable[[], _Writer]] = {Form.TABLE: _Table, Form.JSONL: _Lines, Form.CSV: _Csv}
