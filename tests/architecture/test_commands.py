"""The command line explains itself."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from livepane.cli import app
from scripts.gen.cli import commands


@pytest.mark.parametrize("name", sorted(commands()))
def test_the_help_of_every_command_has_an_example(name: str) -> None:
    shown = CliRunner().invoke(app, [*name.split(), "--help"], env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"})
    assert shown.exit_code == 0, shown.output
    assert "Example" in shown.output
    assert f"livepane {name}" in shown.output.partition("Example")[2]


@pytest.mark.parametrize("name", ["serve", "watch", "share", "token create", "token list", "token revoke", "token share"])
def test_a_promised_command_is_there(name: str) -> None:
    assert name in commands()
