"""`python -m benchmarks [name …] [--quick] [--save]`: measure, print, and keep the results."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol, cast

from benchmarks.parts import machine, quiet
from benchmarks.parts.processes import ROOT
from benchmarks.parts.report import Report

NAMES = ("fanout", "rival", "freshness", "idle", "capture_tax", "glass", "desktop")
PAGE = ROOT / "docs" / "explanation" / "performance.md"
_HEAD = """# Performance

Every table is printed by `make bench`: each row stands beside its rival, the naive way or the floor of the same run, on
the same machine. Figures are medians of alternating runs. On another machine the milliseconds differ; compare the ratios.

"""


class Bench(Protocol):
    """What every bench module offers."""

    def run(self, quick: bool) -> Iterator[Report]:
        """Measure, and yield each table as it is done."""


def main() -> int:
    """Exit 0 when every bar was met, 1 when one was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which: {', '.join(NAMES)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="shorter runs and fewer rounds: for a first look")
    parser.add_argument("--save", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no bench is called {', '.join(sorted(unknown))}; there are: {', '.join(NAMES)}")
    if options.save and (options.names or options.quick):
        parser.error("--save keeps a whole run: leave out the names and --quick")
    reports: list[Report] = []
    started = time.monotonic()
    for name in options.names or NAMES:
        bench = cast(Bench, importlib.import_module(f"benchmarks.{name}"))
        for report in bench.run(options.quick):
            print(report.text(), end="\n\n", flush=True)
            reports.append(report)
    missed = [verdict for report in reports for verdict in report.verdicts if not verdict.met]
    bars = sum(len(report.verdicts) for report in reports)
    print(f"{bars - len(missed)} of {bars} bars met, {time.monotonic() - started:.0f} s", end="; ")
    print(f"others used up to {quiet.worst():.2f} cores during a measurement")
    if options.save:
        PAGE.write_text(_HEAD + _machine() + "\n" + "\n".join(report.markdown() for report in reports))
    return 1 if missed else 0


def _machine() -> str:
    rows = "".join(f"| {name} | {value} |\n" for name, value in machine.describe())
    noise = f"other processes used up to {quiet.worst():.2f} cores during a measurement that was kept"
    return f"Measured on {datetime.now(UTC):%d %B %Y}; {noise}.\n\n| machine | |\n|---|---|\n{rows}"


if __name__ == "__main__":
    sys.exit(main())
