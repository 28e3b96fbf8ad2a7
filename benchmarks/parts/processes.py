"""The processes of a benchmark: how each is started, asked and ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from benchmarks.parts import cpu
from benchmarks.parts.quiet import MARK

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "bench"


class Failed(RuntimeError):
    """A part of the benchmark did not come up; the message says which and why."""


def start(command: list[str], env: Mapping[str, str] | None, log: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Start a command in the project's folder, in a session of its own; whoever starts it ends it."""
    return subprocess.Popen(command, env=_environment(env), stdout=log, stderr=log, start_new_session=True, cwd=ROOT)


class Child:
    """A Python module of ours as a process that answers each line we write with one line."""

    def __init__(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", module, *arguments]
        self._process = subprocess.Popen(
            command, env=_environment(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self._name = module

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def ask(self, line: str) -> str:
        """Write a line and read the answer."""
        self.say(line)
        return self.read()

    def say(self, line: str) -> None:
        """Write a line."""
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        self._process.kill()
        self._process.wait()

    def read(self) -> str:
        """Read a line.

        Raises:
            Failed: the process has ended.
        """
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise Failed(f"{self._name} ended with exit code {self._process.wait()}")
        return line.strip()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


def end(roots: set[int], patience: float = 5.0) -> None:
    """End processes with all their descendants: asked first, forced after `patience` seconds."""
    alive = cpu.family(roots)
    for pid in alive:
        _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and any(_alive(pid) for pid in alive):
        time.sleep(0.05)
    for pid in alive:
        if _alive(pid):
            _signal(pid, signal.SIGKILL)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(what: str, ready: Callable[[], bool], timeout: float = 30.0) -> None:
    """Poll until `ready`.

    Raises:
        Failed: it took longer than `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > deadline:
            raise Failed(f"{what} was not there after {timeout:.0f} s")
        time.sleep(0.05)


def listens(port: int) -> bool:
    """Whether somebody accepts connections on 127.0.0.1:`port`."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    paths = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), MARK: str(os.getpid()), **(extra or {})}


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
