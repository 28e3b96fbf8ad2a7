"""`python -m benchmarks [name …] [--quick] [--save]`: measure, print, and keep the results."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Iterator
from typing import Protocol, cast

from benchmarks.parts import quiet
from benchmarks.parts.page import PAGE, section, with_sections
from benchmarks.parts.processes import ROOT
from benchmarks.parts.report import Report

NAMES = (
    "fanout",
    "rival",
    "freshness",
    "idle",
    "capture_tax",
    "glass",
    "desktop",
    "wall",
    "revocation",
    "queue",
    "celery",
    "watching",
    "highlight",
    "extraction",
    "truth",
    "sites",
    "quality",
    "downloads",
    "resume",
    "extension",
    "publish",
    "masking",
    "kafka",
)


class Bench(Protocol):
    """What every bench module offers."""

    def run(self, quick: bool) -> Iterator[Report]:
        """Measure, and yield each table as it is done."""


def main() -> int:
    """Exit 0 when every bar was met, 1 when one was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which: {', '.join(NAMES)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="shorter runs and fewer rounds: for a first look")
    parser.add_argument("--save", action="store_true", help=f"keep what was measured in {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no bench is called {', '.join(sorted(unknown))}; there are: {', '.join(NAMES)}")
    if options.save and options.quick:
        parser.error("--save keeps figures that somebody may rely on: leave out --quick")
    reports: list[Report] = []
    started, noise = time.monotonic(), 0.0
    for name in options.names or NAMES:
        bench = cast(Bench, importlib.import_module(f"benchmarks.{name}"))
        found: list[Report] = []
        for report in bench.run(options.quick):
            print(report.text(), end="\n\n", flush=True)
            found.append(report)
        reports += found
        disturbed = quiet.take_worst()
        noise = max(noise, disturbed)
        if options.save:  # after each bench: what is measured is kept, whatever becomes of the next one
            PAGE.write_text(with_sections(PAGE.read_text(), {name: section(found, disturbed)}, NAMES))
    missed = [verdict for report in reports for verdict in report.verdicts if not verdict.met]
    bars = sum(len(report.verdicts) for report in reports)
    print(f"{bars - len(missed)} of {bars} bars met, {time.monotonic() - started:.0f} s", end="; ")
    print(f"others used up to {noise:.2f} cores during a measurement")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
