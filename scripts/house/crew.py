"""Programs that run side by side: each is heard in its turn, has a log of its own, and ends when the others are told to."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.house.step import CACHE, ROOT

LOGS = CACHE / "logs"
TAIL_LINES = 40
TESTS_FAILED = 1  # what pytest and Playwright exit with; any other code says that they could not do their work
PATIENCE = 30.0  # s that programs have to end when they are told to
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Command:
    """One program of a step; `closing` is the pattern of the lines that sum it up.

    `again` are words that have it run only what has just failed. Where there are any, it does so up to `times` times, when
    nothing else of its track runs: what passes then is unsteady, which is said, and no failure.
    """

    step: str
    words: Sequence[str]
    closing: str = ""
    cwd: Path = ROOT
    again: Sequence[str] = ()
    times: int = 1

    def __str__(self) -> str:
        """Without this machine's paths."""
        tools = str(Path(sys.executable).parent)
        where = "" if self.cwd == ROOT else f" in {self.cwd.relative_to(ROOT)}"
        return " ".join(Path(word).name if word.startswith(tools) else word for word in self.words) + where


@dataclass(frozen=True)
class Outcome:
    """How a program ended; `tail` is what it said last, `unsteady` that some of it failed before it passed."""

    command: Command
    code: int
    began: float
    ended: float
    closing: str
    tail: str
    log: Path
    unsteady: bool = False


class Screen:
    """Shows what several say: the first one as it goes, each other one when all before it are done."""

    def __init__(self, speakers: int) -> None:
        self._kept: list[deque[str]] = [deque() for _ in range(speakers)]
        self._done = [False] * speakers
        self._heard = 0
        self._lock = threading.Lock()

    def say(self, speaker: int, text: str) -> None:
        """Show it, now or in its turn."""
        with self._lock:
            self._kept[speaker].append(text)
            self._show()

    def end(self, speaker: int) -> None:
        """This one says no more."""
        with self._lock:
            self._done[speaker] = True
            self._show()

    def _show(self) -> None:
        while self._heard < len(self._kept):
            kept = self._kept[self._heard]
            while kept:
                sys.stdout.write(kept.popleft())
            if not self._done[self._heard]:
                break
            self._heard += 1
        sys.stdout.flush()


class Crew:
    """Runs tracks of programs."""

    def __init__(self) -> None:
        LOGS.mkdir(parents=True, exist_ok=True)
        for old in LOGS.glob("test-*.log"):
            old.unlink()
        self._running: list[subprocess.Popen[bytes]] = []
        self._stopping = False
        self._lock = threading.Lock()

    def run(self, tracks: Sequence[Sequence[Command]]) -> list[Outcome]:
        """Tracks run side by side, the commands of a track one after the other; a failed one keeps none from running.

        Raises:
            KeyboardInterrupt: Ctrl-C; all of them have ended.
        """
        screen = Screen(len(tracks))
        with ThreadPoolExecutor(len(tracks)) as threads:
            waiting = [threads.submit(self._track, track, screen, number) for number, track in enumerate(tracks)]
            try:
                return [outcome for one in waiting for outcome in one.result()]
            except BaseException:
                self._stop()
                raise

    def _track(self, track: Sequence[Command], screen: Screen, number: int) -> list[Outcome]:
        try:
            return [outcome for command in track for outcome in [self._steadily(command, screen, number)] if outcome is not None]
        finally:
            screen.end(number)

    def _steadily(self, command: Command, screen: Screen, number: int) -> Outcome | None:
        """Run it, and what failed of it again."""
        first = self._run(command, screen, number)
        if first is None or first.code != TESTS_FAILED or not command.again:
            return first
        for _ in range(command.times):
            next_one = self._run(replace(command, words=[*command.words, *command.again]), screen, number)
            if next_one is None:
                break
            first = replace(first, ended=next_one.ended, closing=f"{first.closing}; again: {next_one.closing}")
            if next_one.code == 0:
                return replace(first, code=0, unsteady=True)
        return first

    def _run(self, command: Command, screen: Screen, number: int) -> Outcome | None:
        """None when it was not started any more."""
        began = time.monotonic()
        log = LOGS / f"test-{command.step}-{number + 1}.log"
        tail: deque[str] = deque(maxlen=TAIL_LINES)
        closing: list[str] = []
        process = self._start(command)
        if process is None:
            return None
        assert process.stdout is not None
        screen.say(number, f"\n=== {command.step}: {command}\n")
        with log.open("a", encoding="utf-8") as kept:
            for raw in process.stdout:
                line = raw.decode(errors="replace")
                screen.say(number, line)
                kept.write(line)
                kept.flush()
                tail.append(line)
                plain = _COLOURS.sub("", line).strip().strip("=").strip()
                if command.closing and re.search(command.closing, plain):
                    closing.append(plain)
        said = ", ".join(closing)
        unsteady = re.search(r"\d+ flaky", said) is not None  # Playwright's word
        return Outcome(command, process.wait(), began, time.monotonic(), said, "".join(tail), log, unsteady)

    def _start(self, command: Command) -> subprocess.Popen[bytes] | None:
        """In a group of its own, so that all of what it starts can be told to end, once."""
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        with self._lock:
            if self._stopping:
                return None
            process = subprocess.Popen(
                list(command.words),
                cwd=command.cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
            self._running.append(process)
        return process

    def _stop(self) -> None:
        """As Ctrl-C in a terminal; who is still there after a while is killed."""
        with self._lock:
            self._stopping = True
        for process in self._running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
        until = time.monotonic() + PATIENCE
        for process in self._running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0, until - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
