"""`livepane jobs`: the queue of a server in a terminal: ask for jobs, look at them, follow them, end them, have their results."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from livepane.commands import job_words as words
from livepane.commands.job_server import Info, JobServer
from livepane.domain.errors import BadRequest, LivepaneError
from livepane.domain.job import OVER, JobState

app = typer.Typer(
    help="Jobs of the queue: add, list, show, watch, cancel, retry, delete, results.",
    no_args_is_help=True,
    epilog="Example: livepane jobs add job_postings example.com",
)
_ADD = """
Example: livepane jobs add job_postings example.com example.org --option limit=50 --group monday

Prints the ids, one a line. They are kept when this returns, and done as soon as there is a place.
"""
_LIST = "Example: livepane jobs list --state running --state queued"
_SHOW = "Example: livepane jobs show 42"
_WATCH = """
Example: livepane jobs watch 42

Ends when the job does: exit code 0 when it succeeded, 3 when not. With --group, when the last of them does. With neither, it
shows every job of the queue that changes, until Ctrl-C.
"""
_CANCEL = "Example: livepane jobs cancel 42 43"
_RETRY = "Example: livepane jobs retry 42"
_DELETE = "Example: livepane jobs delete 42"
_RESULTS = "Example: livepane jobs results 42 --format csv > postings.csv"

Server = Annotated[str | None, typer.Option(help="Server to ask. Without it: LIVEPANE_SERVER, else the server of this machine.")]
Token = Annotated[
    str | None,
    typer.Option(help="Better given as LIVEPANE_TOKEN: others can read a command line. Default: the admin token here."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text: one object a line.")]
Ids = Annotated[list[int], typer.Argument(metavar="ID…", min=1, help="As `livepane jobs list` shows them.")]
Id = Annotated[int, typer.Argument(metavar="ID", min=1, help="As `livepane jobs list` shows it.")]
FAILED = 3  # exit code of `watch` when a job did not succeed: 1 and 2 are for what went wrong with the command


class Form(StrEnum):
    """How results are written."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


@app.command(epilog=_ADD)
def add(
    kind: Annotated[str, typer.Argument(help="The scraper, such as job_postings.")],
    targets: Annotated[list[str], typer.Argument(metavar="TARGET…", help="A URL, a domain: whatever the scraper takes.")],
    option: Annotated[
        list[str] | None, typer.Option(help="NAME=VALUE that the scraper takes; the value is JSON or text.")
    ] = None,
    priority: Annotated[int, typer.Option(help="-10 to 10, the highest first.")] = 0,
    max_attempts: Annotated[int, typer.Option(help="Starts at the most.")] = 3,
    group: Annotated[str | None, typer.Option(help="A name to follow, list and cancel them by.")] = None,
    as_json: AsJson = False,
    server: Server = None,
    token: Token = None,
) -> None:
    """Ask for jobs, one for each target."""
    wish: Info = {"kind": kind, "targets": targets, "priority": priority, "max_attempts": max_attempts, "group": group}
    with _asking(server, token) as jobs:
        wish["options"] = dict(_option(one) for one in option or [])
        for job in jobs.add(wish):
            typer.echo(_line(job) if as_json else job["id"])


@app.command("list", epilog=_LIST)
def list_(
    state: Annotated[list[JobState] | None, typer.Option(help="Only these; may be given more than once.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only of these scrapers.")] = None,
    group: Annotated[str | None, typer.Option(help="Only of this group.")] = None,
    search: Annotated[str | None, typer.Option(help="Only those with this in the target or the error.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Jobs at the most.")] = 50,
    as_json: AsJson = False,
    server: Server = None,
    token: Token = None,
) -> None:
    """List jobs, the newest first."""
    filters = {"state": [str(one) for one in state or []], "kind": kind or [], "group": group, "q": search}
    with _asking(server, token) as jobs:
        said = jobs.find({name: value for name, value in filters.items() if value}, limit)
        if as_json:
            for job in said["jobs"]:
                typer.echo(_line(job))
            return
        for text in words.table(said["jobs"]):
            typer.echo(text)
        typer.echo(words.counts(said["counts"]), err=True)


@app.command(epilog=_SHOW)
def show(job: Id, as_json: AsJson = False, server: Server = None, token: Token = None) -> None:
    """Show one job."""
    with _asking(server, token) as jobs:
        found = jobs.job(job)
        typer.echo(_line(found) if as_json else words.whole(found, jobs.url))


@app.command(epilog=_WATCH)
def watch(
    job: Annotated[int | None, typer.Argument(metavar="ID", min=1, help="The job to follow.", show_default=False)] = None,
    group: Annotated[str | None, typer.Option(help="Follow every job of this group.")] = None,
    as_json: AsJson = False,
    server: Server = None,
    token: Token = None,
) -> None:
    """Follow what a job tells, from its beginning to its end."""
    with _asking(server, token) as jobs:
        if job is not None and group is not None:
            raise BadRequest("name either a job or a group")
        if job is None and group is None:
            for event in jobs.events("api/jobs/events"):
                if event.kind in ("job", "deleted"):
                    typer.echo(event.data if as_json else words.standing(event.kind, json.loads(event.data)))
            return
        path = f"api/jobs/{job}/events" if job is not None else "api/jobs/events"
        ends: dict[int, str] = {}
        for event in jobs.events(path, **({"group": group} if group is not None else {})):
            told = json.loads(event.data)
            if told["kind"] == "finished":
                ends[told["job"]] = told["data"].get("state", "")
            elif told["kind"] == "queued":
                ends.pop(told["job"], None)  # asked for once more
            if as_json:
                typer.echo(event.data)
            elif text := words.told(told, several=job is None):
                typer.echo(text)
        if not ends or any(state != JobState.SUCCEEDED for state in ends.values()):
            raise typer.Exit(FAILED)


@app.command(epilog=_CANCEL)
def cancel(
    ids: Annotated[list[int] | None, typer.Argument(metavar="ID…", min=1, help="As `livepane jobs list` shows them.")] = None,
    group: Annotated[str | None, typer.Option(help="Every job of this group that is not over.")] = None,
    server: Server = None,
    token: Token = None,
) -> None:
    """End jobs: at once while they wait, within two seconds while they run."""
    with _asking(server, token) as jobs:
        alive = [one["id"] for one in jobs.of_group(group) if one["state"] not in OVER] if group is not None else []
        if not ids and group is None:
            raise BadRequest("name the jobs to cancel, or a --group")
        _each(jobs, "cancel", [*(ids or []), *alive])


@app.command(epilog=_RETRY)
def retry(ids: Ids, server: Server = None, token: Token = None) -> None:
    """Do jobs that are over once more."""
    with _asking(server, token) as jobs:
        _each(jobs, "retry", ids)


@app.command(epilog=_DELETE)
def delete(ids: Ids, server: Server = None, token: Token = None) -> None:
    """Remove jobs that are over, with their results."""
    with _asking(server, token) as jobs:
        _each(jobs, "delete", ids)


@app.command(epilog=_RESULTS)
def results(
    job: Id,
    form: Annotated[Form, typer.Option("--format", help="csv is safe to open in a spreadsheet.")] = Form.JSONL,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
    server: Server = None,
    token: Token = None,
) -> None:
    """Write the results of a job, also while it runs."""
    with _asking(server, token) as jobs:
        pieces = jobs.results(job, form)
        first = next(pieces, b"")  # what is refused leaves no file
        if output is None:
            _write(sys.stdout.buffer, first, pieces)
            return
        try:
            with output.open("wb") as file:
                _write(file, first, pieces)
        except OSError as error:
            raise BadRequest(f"--output {str(output)!r} cannot be written: {error.strerror or error}") from None


# --- parts -------------------------------------------------------------------------------------------


@contextmanager
def _asking(server: str | None, token: str | None) -> Iterator[JobServer]:
    """The server; what it refuses is said in one line."""
    try:
        with JobServer(server, token) as jobs:
            yield jobs
    except LivepaneError as error:
        typer.echo(f"Error: {error.message}", err=True)
        raise typer.Exit(2 if isinstance(error, BadRequest) else 1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _each(jobs: JobServer, verb: str, ids: Sequence[int]) -> None:
    """Do it to each; one that is refused does not keep the others from it."""
    failed = False
    for one in dict.fromkeys(ids):
        try:
            if verb == "delete":
                jobs.delete(one)
                typer.echo(f"{one} is deleted")
            else:
                typer.echo(words.after(verb, jobs.do(verb, one)))
        except LivepaneError as error:
            typer.echo(f"Error: {error.message}", err=True)
            failed = True
    if failed:
        raise typer.Exit(1)


def _option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise BadRequest(f"--option {text!r} has no value; write NAME=VALUE, such as limit=50")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _line(job: Info) -> str:
    return json.dumps(job, ensure_ascii=False, separators=(",", ":"))


def _write(file: Any, first: bytes, rest: Iterator[bytes]) -> None:
    file.write(first)
    for piece in rest:
        file.write(piece)
    file.flush()
