"""`livepane config show`: every setting, its value, and where it comes from."""

from __future__ import annotations

import json
import os
import shutil
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from livepane.commands import provenance

app = typer.Typer(help="The settings of a server.", no_args_is_help=True, epilog="Example: livepane config show --json")

_SHOW = """
Example: LIVEPANE_CAPTURE_FPS=60 livepane config show

Secrets are not shown. Exit code 1 when a value cannot be used.
"""


@app.command(epilog=_SHOW)
def show(
    host: Annotated[str | None, typer.Option(help="As with `livepane serve`.")] = None,
    port: Annotated[list[int] | None, typer.Option(help="As with `livepane serve`.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="As with `livepane serve`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show every setting as `livepane serve` would have it here and now: its value, where that comes from, and what it does."""
    from livepane.commands import provenance  # late: brings the settings along

    given: dict[str, Any] = {"host": host, "ports": tuple(port) if port else None, "data_dir": data_dir}
    settings = provenance.read({name: value for name, value in given.items() if value is not None})
    strange = provenance.unknown()
    if as_json:
        shown = {"settings": [asdict(one) for one in settings], "unknown": [asdict(one) for one in strange]}
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        _print(settings, strange)
    if any(setting.problem for setting in settings):
        raise typer.Exit(1)


def _print(settings: list[provenance.Setting], strange: list[provenance.Unknown]) -> None:
    from livepane.commands import provenance

    width = min(110, shutil.get_terminal_size((100, 24)).columns)
    for setting in settings:
        is_set = setting.origin != provenance.DEFAULT
        name = typer.style(setting.variables[0], bold=is_set)
        value = typer.style(setting.value or "(none)", fg="cyan" if is_set else None)
        typer.echo(f"{name} = {value}  {typer.style(f'[{setting.origin}]', dim=True)}")
        if setting.problem:
            typer.echo(typer.style(f"    wrong: {setting.problem}", fg="red"))
        for line in textwrap.wrap(setting.meaning, width - 4):
            typer.echo(typer.style(f"    {line}", dim=True))
    for one in strange:
        meant = f"; did you mean {one.meant}?" if one.meant else ""
        typer.echo(typer.style(f"{one.name} is set, and nothing reads it{meant}", fg="yellow"), err=True)
    if any(name for name in os.environ if name in provenance.FOR_COMMANDS):
        typer.echo("LIVEPANE_SERVER and LIVEPANE_TOKEN are for commands and scripts; the server does not read them.", err=True)
