"""Memory of everything that a process has started: what is shared is counted once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from benchmarks.parts import cpu


def of_trees(roots: Iterable[int]) -> float:
    """MB of processes and their living descendants (PSS: a page shared by three counts a third for each)."""
    return sum(_of_process(pid) for pid in cpu.family(roots)) / 1e6


def browsers(root: int) -> int:
    """How many process trees of a Chromium there are below `root`."""
    return sum(_is_browser(pid) for pid in cpu.family({root}))


def _of_process(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has gone
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _is_browser(pid: int) -> bool:
    """The process that leads the others: it has a profile and is of no type."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return False
    return "--user-data-dir=" in words and "--type=" not in words
