"""A real server for the tests: `livepane serve` in a process of its own, on a free port, with a data folder of its own.

It is forked from a process that has loaded the program (tests/forking); the test of the wheel starts `livepane` itself.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import httpx
import pytest

import livepane
from livepane.discovery import TOKEN_FILE, read_admin_token, read_server
from tests.forking.child import Fork
from tests.patience import PATIENCE

_TOKEN = re.compile(r"lp_[a-z0-9]{12}_[A-Za-z0-9_-]{43}")
_TICKET = re.compile(r'"ticket":\s*"([^"]+)"')
SOURCES = Path(livepane.__file__).parents[1]
BARE = ("CORS_ORIGINS", "DATABASE_URL")  # settings that are read without our prefix
LEAVING = 10.0  # seconds that a server has to go after SIGTERM


class Server:
    """One that runs. `log` is the file with everything that it wrote to standard error."""

    def __init__(self, process: Fork, folder: Path, log: Path, said: str, stdout: IO[bytes]) -> None:
        found = read_server(folder)  # server.json, and /healthz answers
        if found is None:
            pytest.fail(f"the server says {said!r}, and there is none in {folder}")
        self.process, self.folder, self.log, self.said, self._stdout = process, folder, log, said, stdout
        self.url = found.url
        self.urls = found.urls
        self.port = urlsplit(found.url).port or 0
        self.token = read_admin_token(folder) or ""
        self.killed = False
        self._secrets: set[str] = {self.token}
        self._refusals: list[bytes] = []  # what was answered to requests that were wrong

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
        hooks = {"response": [self._collect]}
        return httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=PATIENCE, event_hooks=hooks, **options)  # type: ignore[arg-type]

    def gave(self, *secrets: str) -> None:
        """Remember secrets of this server: none of them may turn up in what it writes."""
        self._secrets.update(secrets)

    async def _collect(self, answer: httpx.Response) -> None:
        """Every token, share, session, cookie and ticket that an answer hands out; and what a refusal says."""
        if 400 <= answer.status_code < 500:
            self._refusals.append(await answer.aread())
        for cookie in answer.headers.get_list("set-cookie"):
            self.gave(cookie.partition(";")[0].partition("=")[2].strip('"'))
        if answer.headers.get("content-type") == "application/json" and answer.request.url.path.startswith("/api/"):
            text = (await answer.aread()).decode()
            self.gave(*_TOKEN.findall(text), *_TICKET.findall(text))

    def leaks(self) -> list[str]:
        """Where a secret turns up that this server gave out: its log, its words, its refusals, the files of its folder."""
        places = {"stdout": self._stdout.read(), "log": self.log.read_bytes(), "a refusal": b"\n".join(self._refusals)}
        places |= {path.name: path.read_bytes() for path in self.folder.rglob("*") if path.is_file() and path.name != TOKEN_FILE}
        secrets = {secret[-43:] for secret in self._secrets if secret}  # without `lp_<id>_`: an id is no secret
        return [f"{secret[:6]}… in {place}" for secret in secrets for place, said in places.items() if secret.encode() in said]

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
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVEPANE_") and name not in BARE}
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
    command = ["serve", "--port", "0", "--data-dir", str(data), *options]
    reading, writing = os.pipe()
    with log.open("wb") as errors, os.fdopen(writing, "wb"):
        process = Fork(*command, env=environment(data, **changes), stdout=writing, stderr=errors.fileno())
    with process, os.fdopen(reading, "rb") as stdout:
        try:
            said = _first_words(stdout)
            if "/signin" not in said:
                pytest.fail(f"the server did not start; it said {said!r}, exit code {process.wait()}:\n{log.read_text()}")
            server = Server(process, data, log, said, stdout)
            yield server
            assert server.killed or server.stop() == 0, server.logged()
            assert server.leaks() == []
        finally:
            process.kill()


def _first_words(stdout: IO[bytes]) -> str:
    """Standard output up to the address: it is printed when the server serves. All of it, when it ends before."""
    said = b""
    while b"/signin" not in said and (line := stdout.readline()):
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
