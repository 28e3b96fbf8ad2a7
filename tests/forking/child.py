"""`livepane` as a fork: the part of `subprocess` that the tests use, over the socket of tests/forking/parent.py."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

_ROOT = Path(__file__).resolve().parents[2]
_parent: str | None = None  # where ours listens


class Fork:
    """A `livepane` that runs, with the answers of `subprocess.Popen`. Who lets go of it kills it."""

    def __init__(
        self,
        *arguments: str,
        env: Mapping[str, str],
        cwd: Path | None = None,
        stdin: int | None = None,
        stdout: int = 1,
        stderr: int = 2,
        parent: str | None = None,
    ) -> None:
        self._told = socket.socket(socket.AF_UNIX)
        self._told.connect(parent or _started())
        wish = json.dumps({"arguments": arguments, "env": dict(env), "cwd": str(cwd or Path.cwd())}).encode()
        with Path(os.devnull).open("rb") as nothing:
            files = [nothing.fileno() if stdin is None else stdin, stdout, stderr]
            socket.send_fds(self._told, [len(wish).to_bytes(4, "big")], files)
        self._told.sendall(wish)
        self._heard = b""
        self.pid: int = self._hear(None)["process"]
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, negative for a signal.

        Raises:
            subprocess.TimeoutExpired: it still runs after so many seconds.
        """
        if self.returncode is None:
            try:
                self.returncode = int(self._hear(timeout)["code"])
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired("livepane", timeout or 0) from None
        return self.returncode

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, number: int) -> None:
        """Nothing happens when it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._told.close()

    def _hear(self, timeout: float | None) -> dict[str, Any]:
        self._told.settimeout(timeout)
        while b"\n" not in self._heard:
            part = self._told.recv(4096)
            if not part:
                raise RuntimeError("the process that forks has ended")
            self._heard += part
        line, _, self._heard = self._heard.partition(b"\n")
        facts: dict[str, Any] = json.loads(line)
        return facts


def run(
    *arguments: str, env: Mapping[str, str], cwd: Path | None = None, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` of `livepane`, with nothing to read; it returns everything that was said."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        with Fork(*arguments, env=env, cwd=cwd, stdout=said.fileno(), stderr=complained.fileno()) as one:
            code = one.wait(timeout)
        return subprocess.CompletedProcess(["livepane", *arguments], code, _text(said), _text(complained))


def program() -> list[str]:
    """`livepane` as the first words of a command line, for where a program has to be named. It is gone when we are."""
    code = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from tests.forking.stand_in import main; sys.exit(main())"
    return [sys.executable, "-S", "-c", code, _started()]  # without site: it needs nothing that was installed


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _started() -> str:
    """Where the parent of our forks listens: one that starts with the first of them, and ends with us."""
    global _parent
    if _parent is None:
        folder = tempfile.TemporaryDirectory(prefix="livepane-forks-")
        path = str(Path(folder.name) / "socket")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVEPANE_")}
        parent = subprocess.Popen(
            [sys.executable, "-W", "always", "-m", "tests.forking.parent", path],  # tests see what it warns of
            cwd=_ROOT,
            env=kept,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert parent.stdout is not None
        if parent.stdout.readline() != b"ready\n":
            raise RuntimeError(f"the process that forks did not start: exit code {parent.wait()}")
        atexit.register(folder.cleanup)
        atexit.register(parent.communicate)  # ends its input, and waits for its end
        _parent = path
    return _parent
