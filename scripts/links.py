"""Checks every link of the documentation that points into this repository: the file is there, and so is the heading."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import unquote

from scripts.house.tree import ROOT, written_files

_LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_HTML_LINK = re.compile(r"<(?:img|a)\s[^>]*(?:src|href)=\"([^\"]+)\"")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def problems() -> list[str]:
    """One sentence for each link that leads nowhere."""
    found = []
    for page in written_files():
        if page.suffix == ".md":
            found += [f"{page.relative_to(ROOT)}: {problem}" for problem in _problems_of(page)]
    return found


def _problems_of(page: Path) -> list[str]:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = [*_LINK.findall(_CODE.sub("", text)), *_HTML_LINK.findall(_CODE.sub("", text))]
    return [problem for target in targets if (problem := _problem(page, target)) is not None]


def _problem(page: Path, target: str) -> str | None:
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    name, _, anchor = unquote(target).partition("#")
    file = (page.parent / name).resolve() if name else page
    if not file.exists():
        return f"there is no {target}"
    if anchor and file.suffix == ".md" and anchor not in _anchors(file):
        return f"{target} names a heading that is not there"
    return None


def _anchors(page: Path) -> set[str]:
    """The ids that a renderer gives to the headings; a repeated one gets a number."""
    anchors: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        base = re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")
        number = 0
        while (anchor := base if number == 0 else f"{base}-{number}") in anchors:
            number += 1
        anchors.add(anchor)
    return anchors


if __name__ == "__main__":
    broken = problems()
    print("\n".join(broken) if broken else "every link of the documentation leads somewhere")
    sys.exit(1 if broken else 0)
