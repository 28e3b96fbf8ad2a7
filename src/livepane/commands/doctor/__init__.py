"""`livepane doctor`: does everything that a server needs work on this machine? It tries, and says how to mend what does not."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import sys
import textwrap
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from livepane import __version__
from livepane.commands.doctor.finding import Finding, Level

if TYPE_CHECKING:
    from livepane.settings import Settings

EXAMPLE = """
Example: livepane doctor --json

Starts Chromium, takes a picture of a page and of the screen, looks at ports, files and settings. Changes nothing. Exit code 0
when the server would work, 1 when there is a problem.
"""
_MARKS = {Level.OK: ("✓", "ok", "green"), Level.WARNING: ("!", "warning", "yellow"), Level.PROBLEM: ("✗", "problem", "red")}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    port: Annotated[
        list[int] | None, typer.Option(help="Port to look at instead of the configured ones; may be given more than once.")
    ] = None,
    data_dir: Annotated[Path | None, typer.Option(help="As with `livepane serve`.")] = None,
) -> None:
    """Try everything that a server needs, and say how to mend what does not work."""
    logging.disable(logging.CRITICAL)  # what goes wrong is told as a finding
    given: dict[str, Any] = {"ports": tuple(port) if port else None, "data_dir": data_dir}
    try:
        findings = asyncio.run(_report({name: value for name, value in given.items() if value is not None}, as_json))
    finally:
        logging.disable(logging.NOTSET)
    count = {level: sum(one.level is level for one in findings) for level in Level}
    if as_json:
        shown = {"version": __version__, "ok": not count[Level.PROBLEM], "findings": [asdict(one) for one in findings]}
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    elif count[Level.PROBLEM]:
        typer.echo(f"\n{_count(count[Level.PROBLEM], 'problem')}, {_count(count[Level.WARNING], 'warning')}.")
    else:
        warned = f" There {'is' if count[Level.WARNING] == 1 else 'are'} {_count(count[Level.WARNING], 'warning')}."
        typer.echo(f"\nA server works here.{warned if count[Level.WARNING] else ''}")
    if count[Level.PROBLEM]:
        raise typer.Exit(1)


async def _report(given: dict[str, Any], as_json: bool) -> list[Finding]:
    if not as_json:
        typer.echo(f"Livepane {__version__} on {sys.platform}\n")
    findings = []
    async for finding in _examine(given):
        findings.append(finding)
        if not as_json:
            _print(finding)
    return findings


async def _examine(given: dict[str, Any]) -> AsyncIterator[Finding]:
    # Imported late: `livepane --help` need not load all of this.
    from livepane.commands.doctor import broker, bus, configuration, database, machine, pictures

    yield machine.python()
    yield machine.event_loop()
    settings = _settings(given)
    for finding in configuration.findings(given, settings):
        yield finding
    yield machine.dashboard()
    for finding in await asyncio.to_thread(machine.data_folder, settings.data_dir):
        yield finding
    for finding in await asyncio.to_thread(database.shared, settings):
        yield finding
    for finding in await asyncio.to_thread(broker.findings, settings):
        yield finding
    async for finding in bus.findings(settings):
        yield finding
    for number in settings.ports:
        yield await asyncio.to_thread(machine.port, settings.host, number, settings.data_dir)
    yield await asyncio.to_thread(pictures.codecs)
    async for finding in pictures.browser(settings):
        yield finding
    yield await pictures.display(settings.display)


def _settings(given: dict[str, Any]) -> Settings:
    """Those of a server here; what cannot be used is left at its default, so that the rest can be looked at."""
    from pydantic import ValidationError

    from livepane.settings import Settings

    usable = dict(given)
    for _ in Settings.model_fields:
        try:
            return Settings(**usable)
        except ValidationError as error:
            from livepane.commands import provenance

            for name in provenance.problems(error):
                usable[name] = Settings.model_fields[name].get_default(call_default_factory=True)
    raise typer.Exit(1)


def _print(finding: Finding) -> None:
    sign, word, colour = _MARKS[finding.level]
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        sign = word
    width = min(120, shutil.get_terminal_size((100, 24)).columns)
    lines = textwrap.wrap(finding.says, max(30, width - 18)) or [""]
    typer.echo(f"  {typer.style(sign, fg=colour, bold=True)} {typer.style(f'{finding.name:<12}', bold=True)}  {lines[0]}")
    for line in lines[1:]:
        typer.echo(f"{'':18}{line}")
    for line in textwrap.wrap(finding.mend or "", max(30, width - 18)):
        typer.echo(f"{'':18}{typer.style(line, fg=colour)}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
