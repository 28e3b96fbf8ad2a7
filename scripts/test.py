"""Runs every check and every test of the project, and ends with what failed and what each step said.

Tracks of programs run side by side: the first one is shown as it goes, each other one when those before it are done. What each
says is in .cache/logs/test-*.log meanwhile. Ctrl-C ends all of them.

python -m scripts.test                  all steps
python -m scripts.test check pytest     only these
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.house.crew import Command, Crew, Outcome
from scripts.house.step import ROOT

WEB = ROOT / "web"
EXTENSION = ROOT / "extension"
COVERAGE = ROOT / ".cache" / "coverage"
COVERAGE_FLOOR = 90  # per cent of lines and branches; raise it when the tests hold more
PY = sys.executable

SUMMARY = r"\d+ (passed|failed|error)"
# One process more than there are cores: a test waits for browsers and servers a good part of its time. The tests of a file stay
# together. In the order of their folders, so that the many small files of tests/unit come last and no core is left with a long
# one; by itself xdist begins with those that have the most tests.
PROCESSES = str((os.cpu_count() or 1) + 1)
DEPLOYED = "tests/deploy/test_files.py"  # deploy/, by its programs: a check that happens to be a test
REST = ["-m", "not packaging", f"--ignore={DEPLOYED}", "-n", PROCESSES, "--dist", "loadfile", "--no-loadscope-reorder"]
PACKAGING = ["-m", "packaging", "tests/packaging"]
TRIAL = ["-rN"]  # no list of what failed yet: that is in what runs it again

# What failed is run again, alone: no test is about a busy machine that stops a browser for a minute.
# It is still said in the end, since a test that is unsteady is a defect.
PYTEST_AGAIN = ["-rfE", "-n", "0", "--last-failed", "--last-failed-no-failures", "none", "--maxfail", "1"]
PLAYWRIGHT_AGAIN = ["--", "--last-failed", "--workers", "1", "--max-failures", "1"]
VITEST_AGAIN = ["--", "--bail", "1"]  # all of it: it knows no failed ones, and takes seconds


def _npm(step: str, script: str, folder: Path, closing: str = "", again: Sequence[str] = ()) -> Command:
    return Command(step, ["npm", "run", "--silent", script], closing, folder, again)


def _e2e(folder: Path) -> Command:
    return _npm("e2e", "e2e", folder, r"^\d+ (passed|failed|flaky|did not run)", PLAYWRIGHT_AGAIN)


Track = Sequence[Command]
# One stage after the other: each keeps the cores busy, and what waits for a moment waits too long beside all the rest.
STAGES: list[list[Track]] = [
    [
        [
            Command("check", [PY, "-m", "ruff", "format", "--check"], "file"),
            Command("check", [PY, "-m", "ruff", "check"], "passed|Found"),
            Command("check", [PY, "-m", "mypy"], "Success|Found"),
            Command("check", [str(Path(PY).parent / "lint-imports")], "Contracts:"),
            Command("check", [PY, "-m", "pytest", "-q", DEPLOYED], SUMMARY),
            _npm("check", "typecheck", WEB),
        ],
        [
            _npm("check", "lint", WEB),  # as much work as all of the other track
            _npm("check", "typecheck", EXTENSION),
            _npm("check", "lint", EXTENSION),
        ],
    ],
    [[Command("pytest", [PY, "-m", "pytest", *REST, *TRIAL], SUMMARY, again=PYTEST_AGAIN, times=2)]],
    [
        [_e2e(WEB)],
        [
            *(_npm("vitest", "test", folder, r"Tests +\d", VITEST_AGAIN) for folder in (WEB, EXTENSION)),
            Command("packaging", [PY, "-m", "pytest", *PACKAGING, *TRIAL], SUMMARY, again=PYTEST_AGAIN),
            _e2e(EXTENSION),  # one browser for all of them, which waits most of the time
        ],
    ],
]
ASKED_FOR: list[list[Track]] = [  # only when named: measuring every server costs half as much again
    [
        [
            Command("coverage", [PY, "-m", "coverage", "erase"]),
            Command("coverage", [PY, "-m", "coverage", "run", "-m", "pytest", *REST], SUMMARY),
            Command("coverage", [PY, "-m", "coverage", "combine", "--quiet"]),
            Command("coverage", [PY, "-m", "coverage", "report", f"--fail-under={COVERAGE_FLOOR}"], "TOTAL|Coverage failure"),
        ]
    ],
]


def main() -> None:
    """Run the steps; exit 1 when one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m scripts.test", description="Run the checks and tests.")
    usual, known = _names(STAGES), _names([*STAGES, *ASKED_FOR])
    about = f"any of: {', '.join(usual)} (default: these), {', '.join(_names(ASKED_FOR))}"
    parser.add_argument("steps", nargs="*", metavar="step", help=about)
    chosen: list[str] = parser.parse_args().steps or usual
    if unknown := [name for name in chosen if name not in known]:
        parser.error(f"there is no step {', '.join(unknown)}; there are {', '.join(known)}")
    COVERAGE.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    crew = Crew()
    outcomes: list[Outcome] = []
    try:
        for stage in [*STAGES, *ASKED_FOR]:
            tracks = [wanted for track in stage if (wanted := [command for command in track if command.step in chosen])]
            outcomes += crew.run(tracks) if tracks else []
    except KeyboardInterrupt:
        print("\nstopped", flush=True)
        sys.exit(130)
    _show_failures(outcomes)
    _show_steps(outcomes)
    sys.exit(1 if any(one.code for one in outcomes) else 0)


def _names(stages: list[list[Track]]) -> list[str]:
    """Of their steps, in order."""
    return list(dict.fromkeys(command.step for stage in stages for track in stage for command in track))


def _show_failures(outcomes: list[Outcome]) -> None:
    """Once more, so that nobody has to look for them; also of what did not pass at the first try."""
    for one in outcomes:
        if one.code or one.unsteady:
            print(f"\n=== the end of what failed, {one.command.step}: {one.command} (all of it: {one.log.relative_to(ROOT)})")
            print(one.tail, end="")


def _show_steps(outcomes: list[Outcome]) -> None:
    """One line for each, and what sums it up."""
    print("\n=== what each step said")
    for step in dict.fromkeys(one.command.step for one in outcomes):
        its = [one for one in outcomes if one.command.step == step]
        seconds = max(one.ended for one in its) - min(one.began for one in its)
        how = "FAILED" if any(one.code for one in its) else "shaky" if any(one.unsteady for one in its) else "ok"
        print(f"{how:<7}{step:<10}{seconds:7.1f} s")
        for one in its:
            if one.closing:
                print(f"         {one.closing}")
            if one.code:
                print(f"         exit code {one.code}: {one.command}")


if __name__ == "__main__":
    main()
