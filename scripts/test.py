"""Runs every check and every test of the project, one step after the other, and ends with what each of them said.

python -m scripts.test                  all steps
python -m scripts.test check pytest     only these
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
COVERAGE = ROOT / ".cache" / "coverage"
COVERAGE_FLOOR = 90  # per cent of lines and branches; raise it when the tests hold more
PY = sys.executable
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Command:
    """One program of a step; `closing` is the pattern of the line that sums it up."""

    words: Sequence[str]
    closing: str = ""
    cwd: Path = ROOT


STEPS: dict[str, list[Command]] = {
    "check": [
        Command([PY, "-m", "ruff", "format", "--check"], "file"),
        Command([PY, "-m", "ruff", "check"], "passed|Found"),
        Command([PY, "-m", "mypy"], "Success|Found"),
        Command([str(Path(PY).parent / "lint-imports")], "Contracts:"),
        Command(["npm", "run", "--silent", "typecheck"], cwd=WEB),
        Command(["npm", "run", "--silent", "lint"], cwd=WEB),
    ],
    "pytest": [
        Command([PY, "-m", "coverage", "erase"]),
        Command([PY, "-m", "coverage", "run", "-m", "pytest", "-m", "not packaging"], r"\d+ (passed|failed|error)"),
        Command([PY, "-m", "coverage", "combine", "--quiet"]),
        Command([PY, "-m", "coverage", "report", f"--fail-under={COVERAGE_FLOOR}"], "TOTAL|Coverage failure"),
    ],
    "vitest": [Command(["npm", "run", "--silent", "test"], r"Tests +\d", WEB)],
    "e2e": [Command(["npm", "run", "--silent", "e2e"], r"\d+ (passed|failed)", WEB)],
    "packaging": [Command([PY, "-m", "pytest", "-m", "packaging", "tests/packaging"], r"\d+ (passed|failed|error)")],
}


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    step: str
    ok: bool
    seconds: float
    closing: list[str]


def main() -> None:
    """Run the steps; exit 1 when one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m scripts.test", description="Run the checks and tests.")
    parser.add_argument("steps", nargs="*", metavar="step", help=f"any of: {', '.join(STEPS)} (default: all)")
    chosen: list[str] = parser.parse_args().steps or list(STEPS)
    if unknown := [name for name in chosen if name not in STEPS]:
        parser.error(f"there is no step {', '.join(unknown)}; there are {', '.join(STEPS)}")
    COVERAGE.mkdir(parents=True, exist_ok=True)
    outcomes = [_run_step(name) for name in chosen]
    print("\n=== what each step said")
    for one in outcomes:
        print(f"{'ok    ' if one.ok else 'FAILED'} {one.step:<10}{one.seconds:7.1f} s")
        for line in one.closing:
            print(f"         {line}")
    sys.exit(0 if all(one.ok for one in outcomes) else 1)


def _run_step(name: str) -> Outcome:
    """Every command of the step is run, so that one run shows all there is to mend."""
    print(f"\n=== {name}", flush=True)
    start = time.monotonic()
    ok = True
    closing: list[str] = []
    for command in STEPS[name]:
        code, last = _run(command)
        ok = ok and code == 0
        closing += [last] if last else []
        if code:
            closing.append(f"exit code {code}: {' '.join(_short(word) for word in command.words)}")
    return Outcome(name, ok, time.monotonic() - start, closing)


def _run(command: Command) -> tuple[int, str]:
    """Pass the output through as it comes; returns the exit code and the closing line."""
    print(f"$ {' '.join(_short(word) for word in command.words)}", flush=True)
    env = {**os.environ, "PATH": f"{Path(PY).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    process = subprocess.Popen(
        list(command.words), cwd=command.cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    matching: deque[str] = deque(maxlen=1)
    for raw in process.stdout:
        line = raw.decode(errors="replace")
        sys.stdout.write(line)
        sys.stdout.flush()
        plain = _COLOURS.sub("", line).strip().strip("=").strip()
        if command.closing and re.search(command.closing, plain):
            matching.append(plain)
    return process.wait(), "".join(matching)


def _short(word: str) -> str:
    """A word of a command without this machine's paths."""
    return Path(word).name if word.startswith(str(Path(PY).parent)) else word


if __name__ == "__main__":
    main()
