"""The page that keeps the results: one section a bench, each with its own date and machine, replaced one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from benchmarks.parts import machine
from benchmarks.parts.processes import ROOT
from benchmarks.parts.report import Report

PAGE = ROOT / "docs" / "explanation" / "performance.md"
_HEAD = """# Performance

Every table is printed by `make bench`: each row stands beside its rival, the naive way or the floor of the same run, on
the same machine. Figures are medians of alternating runs. On another machine the milliseconds differ; compare the ratios.
"""
_MARK = re.compile(r"^<!-- bench: ([a-z_]+) -->$", re.MULTILINE)


def section(reports: Sequence[Report], noise: float) -> str:
    """What one bench has found, headed by when and on what. `noise`: cores that others used meanwhile, at the worst."""
    first, *rest = [report.markdown() for report in reports]
    title, _, body = first.partition("\n\n")
    facts = dict(machine.describe())
    where = f"{facts.pop('CPU')}, {facts.pop('Memory')}, {facts.pop('Kernel')}"
    versions = "; ".join(f"{name} {value}" if name != "Packages" else value for name, value in facts.items())
    when = f"Measured on {datetime.now(UTC):%d %B %Y}: {where}; {versions}. Other processes used up to {noise:.2f} cores."
    return "\n".join([f"{title}\n\n_{when}_\n\n{body}", *rest])


def sections(page: str) -> dict[str, str]:
    """The sections of a page, by bench."""
    _, *parts = _MARK.split(page)
    return {name: text.strip("\n") + "\n" for name, text in zip(parts[::2], parts[1::2], strict=True)}


def with_sections(page: str, measured: Mapping[str, str], order: Sequence[str]) -> str:
    """The page with the sections of these benches replaced or added; those of benches that are gone go, too."""
    kept = {**sections(page), **measured}
    return "\n".join([_HEAD, *[f"<!-- bench: {name} -->\n{kept[name]}" for name in order if name in kept]])
