"""Steps that show themselves: one line each with its seconds, long output in a log file, the tail of it on failure."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
TAIL_LINES = 30
_last_line = threading.Lock()  # of a terminal: of steps that run side by side, one counts its seconds there


class Failed(Exception):
    """A step could not be done; the message says what to do about it."""


class Step:
    """One line of progress and the log file behind it."""

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.log = log
        self.note = ""

    def run(self, *command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
        """Run a program with its output in the log.

        Raises:
            Failed: it is not there or did not end with 0.
        """
        words = [str(word) for word in command]
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(words)}\n")
            log.flush()
            try:
                code = subprocess.run(
                    words,
                    cwd=cwd,
                    env={**os.environ, **(env or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    check=False,
                ).returncode
            except FileNotFoundError:
                raise Failed(f"there is no program {words[0]!r} on this machine") from None
        if code:
            raise Failed(f"`{' '.join(words)}` ended with exit code {code}")


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Show `name` while the block runs, then what became of it. Failed ends the program with exit code 1."""
    log = CACHE / "logs" / f"{name.replace(' ', '-')}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("", encoding="utf-8")
    one = Step(name, log)
    start = time.monotonic()
    finished = threading.Event()
    ticker = threading.Thread(target=_tick, args=(name, start, finished), daemon=True)
    ticker.start()
    try:
        yield one
    except Failed as failure:
        _finish(finished, ticker)
        print(f"{_line(name, start)}  FAILED", flush=True)
        _show_tail(log)
        sys.exit(f"\n{name}: {failure}\n(everything it said: {log.relative_to(ROOT)})")
    except BaseException:
        _finish(finished, ticker)
        print(f"{_line(name, start)}  stopped", flush=True)
        raise
    _finish(finished, ticker)
    print(f"{_line(name, start)}  {one.note or 'done'}", flush=True)


def _line(name: str, start: float) -> str:
    return f"  {name:<18}{time.monotonic() - start:7.1f} s"


def _tick(name: str, start: float, finished: threading.Event) -> None:
    """On a terminal the seconds run; in a log a long step says once that it has begun."""
    if not sys.stdout.isatty():
        if not finished.wait(2):
            print(f"  {name} …", flush=True)
        return
    has_line = False
    while not finished.wait(0.2):
        has_line = has_line or _last_line.acquire(blocking=False)
        if has_line:
            print(f"\r{_line(name, start)}  …", end="", flush=True)
    if has_line:
        _last_line.release()


def _finish(finished: threading.Event, ticker: threading.Thread) -> None:
    finished.set()
    ticker.join()
    if sys.stdout.isatty():
        print("\r\033[K", end="")


def _show_tail(log: Path) -> None:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    for line in lines[-TAIL_LINES:]:
        print(f"    | {line}", flush=True)
