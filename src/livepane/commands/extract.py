"""`livepane extract FILE --url URL`: say what jobs a saved page holds, by which rule, without asking the network."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from livepane.scrapers.job_postings.extract import Extraction

LARGEST = 64 * 2**20  # bytes

EXAMPLE = """
Example: livepane extract saved.html --url https://example.com/careers --json

Prints one object: {"jobs":[…],"error":null,"needs_escalation":false,"next_page":null,"detect":{"ats":"lever","token":"example"}}
"""


def extract(
    file: Annotated[str, typer.Argument(help="The saved page, feed or answer: HTML, JSON or XML; - reads standard input.")],
    url: Annotated[str, typer.Option(help="Where it came from: http:// or https://.")],
    content_type: Annotated[str, typer.Option(help="Content-Type that it was served with, for its encoding.")] = "",
    status: Annotated[int | None, typer.Option(help="HTTP status that it was served with.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print nothing but one JSON object.")] = False,
) -> None:
    """Say what jobs a saved page holds and by which rule; nothing is fetched."""
    try:
        body = _read(file)
        result = _extract(body, url, content_type, status)
    except _Wrong as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(result.as_dict(), ensure_ascii=False, separators=(",", ":")))
    else:
        typer.echo(explained(result))


class _Wrong(ValueError):
    """A value of the command line that cannot be used."""


def _read(file: str) -> bytes:
    try:
        if file == "-":
            body = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(file).open("rb") as opened:
                body = opened.read(LARGEST + 1)
    except OSError as error:
        raise _Wrong(f"{file!r} cannot be read: {error.strerror or error}.") from None
    if len(body) > LARGEST:
        raise _Wrong(f"{file!r} is larger than {LARGEST // 2**20} MiB. Is it one page?")
    return body


def _extract(body: bytes, url: str, content_type: str, status: int | None) -> Extraction:
    try:
        from livepane.scrapers.job_postings import urls
        from livepane.scrapers.job_postings.extract import extract as read
    except ImportError as error:  # pragma: no cover - tested where the extra is not installed
        raise _Wrong(f"{error.name} is missing. Install the part for it: pip install 'livepane[scrape]'.") from None
    if not url.lower().startswith(("http://", "https://")) or not urls.absolute(url, url):
        raise _Wrong(f"--url = {url!r} is not an address. Give the whole of it, as in https://example.com/careers.")
    return read(body, url, content_type=content_type, status=status)


def explained(result: Extraction) -> str:
    """The answer for a person."""
    lines = [f"Rule:      {result.rule or 'none found a job'}"]
    system = result.detect.ats or "not recognised"
    lines.append(
        f"System:    {system}"
        + (f", board {result.detect.token}" if result.detect.token else "")
        + (f" (told by {result.detect.evidence})" if result.detect.evidence else "")
    )
    lines.append(
        f"Jobs:      {len(result.jobs)}"
        + (f" of {result.total}" if result.total is not None else "")
        + (f", {result.expired} left out because they are past their last day" if result.expired else "")
    )
    if result.zero:
        lines.append(f"Zero:      {result.zero}")
    if result.error:
        lines.append(f"Error:     {result.error}")
    if result.needs_escalation:
        lines.append("Rendering: a browser has to render this page before anything can be said of it")
    if result.next_page:
        lines.append(f"Next:      {result.next_page}")
    if result.detect.feed and not result.jobs:
        lines.append(f"Feed:      {result.detect.feed}")
    lines += [f"  - {step}" for step in result.steps]
    for one in result.jobs:
        lines.append("")
        lines.append(f"{one.score:>3}  {one.title}")
        lines.append(
            "     "
            + " · ".join(
                filter(
                    None,
                    (
                        one.company,
                        one.location,
                        one.location_type,
                        one.department,
                        one.seniority,
                        one.employment_type,
                        (one.posted_at or "")[:10],
                    ),
                )
            )
        )
        lines.append(f"     {one.url}")
        lines.append(f"     {', '.join(one.signals)}")
    return "\n".join(lines)
