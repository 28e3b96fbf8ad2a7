"""Every command and every piece of Python in the documentation is one that exists and can be read."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from livepane.cli import app
from scripts.house.tree import ROOT
from tests.docs.blocks import DOCS, blocks

PAGES = [ROOT / "README.md", *sorted(path for path in DOCS.rglob("*.md") if path.parent.name != "reference")]
SHELL = {"sh", "bash", "console"}
_ASSIGNMENT = re.compile(r"^[A-Z_]+=\S*$")


def commands(page: Path) -> list[list[str]]:
    """The words after `livepane`, of every call of it in the shell blocks of a page."""
    found = []
    for block in blocks(page):
        if block.language not in SHELL:
            continue
        for line in block.text.replace("\\\n", " ").splitlines():
            for part in re.split(r"\$\(|\||&&|;", line.rstrip("&) ")):
                try:
                    words = shlex.split(part.rstrip(")"), comments=True)
                except ValueError:
                    continue  # a piece of another program's quoting
                while words and (_ASSIGNMENT.match(words[0]) or words[0] in {"sudo", "exec", "$"}):
                    words = words[1:]
                redirected = next((place for place, word in enumerate(words) if re.match(r"\d?[<>]", word)), len(words))
                if words and Path(words[0]).name == "livepane":
                    found.append(words[1:redirected])
    return found


def parse(words: list[str]) -> None:
    """Read a command as the program would, without running it."""
    command: Any = get_command(app)
    context = None
    while True:
        is_group = hasattr(command, "resolve_command")
        options = {"allow_extra_args": True} if is_group else {}
        context = command.make_context(command.name or "livepane", list(words), parent=context, **options)
        if not is_group:
            return
        _, command, words = command.resolve_command(context, [*context._protected_args, *context.args])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_livepane_command_in_a_page_is_understood(page: Path) -> None:
    for words in commands(page):
        try:
            parse(words)
        except Exception as error:
            pytest.fail(f"livepane {shlex.join(words)}: {error}")


def test_the_commands_are_really_found() -> None:
    found = [words[0] for page in PAGES for words in commands(page) if words]
    assert {"serve", "watch", "share", "token"} <= set(found), found


@pytest.mark.parametrize("words", [["serve", "--prot", "1"], ["wach", "x"], ["token", "share"]])
def test_a_command_that_does_not_exist_is_found_out(words: list[str]) -> None:
    with pytest.raises(Exception, match=r"(?i)no such|missing"):
        parse(words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_piece_of_python_in_a_page_can_be_read(page: Path) -> None:
    for block in blocks(page):
        if block.language == "python":
            compile(block.text, f"{page.name}:{block.line}", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
