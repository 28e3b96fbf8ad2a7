"""A real server for the tests: `livepane serve` in a process of its own, on a free port, with a data folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

import livepane
from livepane.discovery import read_admin_token, read_server

SOURCES = Path(livepane.__file__).parents[1]
LEAVING = 10.0  # seconds that a server has to go after SIGTERM


class Server:
    """One that runs. `log` is the file with everything that it wrote to standard error."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, log: Path, said: str) -> None:
        found = read_server(folder, timeout=10)  # server.json, and /healthz answers
        if found is None:
            pytest.fail(f"the server says {said!r}, and there is none in {folder}")
        self.process, self.folder, self.log, self.said = process, folder, log, said
        self.url = found.url
        self.urls = found.urls
        self.port = urlsplit(found.url).port or 0
        self.token = read_admin_token(folder) or ""
        self.killed = False

    @property
    def socket(self) -> str:
        """Where its WebSockets are."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def admin(self) -> dict[str, str]:
        """Headers of somebody who may do everything."""
        return {"Authorization": f"Bearer {self.token}"}

    def http(self, **options: object) -> httpx.AsyncClient:
        """A client of this server; use it in a block."""
        return httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=30, **options)  # type: ignore[arg-type]

    def ask_to_end(self) -> None:
        """SIGTERM, without waiting."""
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """End it in good order and return its exit code."""
        if self.process.poll() is None:
            self.ask_to_end()
        try:
            return self.process.wait(LEAVING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            pytest.fail(f"the server did not end within {LEAVING:g} s of SIGTERM; it said:\n{self.logged()}")

    def kill(self) -> None:
        """SIGKILL: gone without a word."""
        self.killed = True
        self.process.kill()
        self.process.wait()

    def logged(self) -> str:
        """What it wrote to standard error so far."""
        return self.log.read_text(errors="replace")


def environment(folder: Path, **changes: str | None) -> dict[str, str]:
    """The environment of a server: nothing of ours gets in, no display, no token; `None` takes a variable away."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVEPANE_") and name != "CORS_ORIGINS"}
    kept |= {"LIVEPANE_DATA_DIR": str(folder), "PYTHONPATH": str(SOURCES)}
    for name, value in ({"DISPLAY": None} | changes).items():
        kept.pop(name, None)
        if value is not None:
            kept[name] = value
    return kept


@contextmanager
def serving(folder: Path, *options: str, **changes: str | None) -> Iterator[Server]:
    """Start a server and wait until it serves; at the end it is stopped and must leave with exit code 0."""
    data, log = folder / "data", folder / "server.log"
    command = [sys.executable, "-m", "livepane.cli", "serve", "--port", "0", "--data-dir", str(data), *options]
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command, env=environment(data, **changes), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        )
    assert process.stdout is not None
    with process, process.stdout:
        try:
            said = _first_words(process)
            if "/signin?token=" not in said:
                pytest.fail(f"the server did not start; it said {said!r}, exit code {process.wait()}:\n{log.read_text()}")
            server = Server(process, data, log, said)
            yield server
            assert server.killed or server.stop() == 0, server.logged()
        finally:
            process.kill()


def _first_words(process: subprocess.Popen[bytes]) -> str:
    """Standard output up to the address: it is printed when the server serves. All of it, when it ends before."""
    assert process.stdout is not None
    said = b""
    while b"/signin?token=" not in said and (line := process.stdout.readline()):
        said += line
    return said.decode()


StartServer = Callable[..., Server]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with its usual settings and without a display, shared by all tests that leave it as it is."""
    with serving(tmp_path_factory.mktemp("server")) as one:
        yield one


@pytest.fixture
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """Start servers of a test's own: start_server("--demo", LIVEPANE_GRACE_SECONDS="0.1")."""
    with ExitStack() as stack:
        yield lambda *options, **changes: stack.enter_context(serving(tmp_path_factory.mktemp("server"), *options, **changes))
