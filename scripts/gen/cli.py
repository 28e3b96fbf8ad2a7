"""docs/reference/cli.md: every command with its options, from the command line itself."""

from __future__ import annotations

import inspect
from typing import Any

import typer.main

from livepane.cli import app
from scripts.gen.schema import table

INTRO = """# Command line

`livepane COMMAND --help` says the same in a terminal.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRO, *(_section(f"livepane {name}", command) for name, command in _flat().items())])


def commands() -> dict[str, str]:
    """What the help of every command says, without its options."""
    return {name: _said(command) for name, command in _flat().items()}


def _flat() -> dict[str, Any]:
    """Every command by its whole name, such as `token create`."""
    found: dict[str, Any] = {}
    group: Any = typer.main.get_command(app)
    for name, command in group.commands.items():
        below = getattr(command, "commands", None)
        found.update({f"{name} {one}": part for one, part in below.items()} if below else {name: command})
    return found


def _section(name: str, command: Any) -> str:
    shown = [parameter for parameter in command.params if parameter.name != "help"]
    arguments = " ".join(parameter.name.upper() for parameter in shown if parameter.param_type_name == "argument")
    usage = " ".join(part for part in (name, "[OPTIONS]", arguments) if part)
    rows = [_row(parameter) for parameter in shown]
    return f"## {name}\n\n{_said(command)}\n\n```\n{usage}\n```\n\n{table(rows, 'option', 'default', 'meaning')}\n"


def _said(command: Any) -> str:
    """Its help and what comes after the options."""
    texts = [inspect.cleandoc(text) for text in (command.help, command.epilog) if text]
    return "\n\n".join(texts)


def _row(parameter: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`", "", parameter.help or ""
    default = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    shown = "" if default in (None, False, ()) else f"`{default}`"
    repeated = " (may be repeated)" if parameter.multiple else ""
    return f"`{'`, `'.join(parameter.opts)}`", shown, f"{parameter.help or ''}{repeated}"
