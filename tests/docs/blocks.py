"""The fenced blocks of a page of documentation, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from scripts.house.tree import ROOT

DOCS = ROOT / "docs"
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two fences, without its indentation."""

    language: str
    text: str
    line: int  # where it begins, for messages


def blocks(page: Path) -> list[Block]:
    """All of them."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        lines = [line.removeprefix(match["indent"]) for line in match["text"].splitlines()]
        found.append(Block(match["language"], "\n".join(lines) + "\n", text.count("\n", 0, match.start()) + 1))
    return found
