"""A Livepane server of the benchmark's own, with a fresh data folder."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

import httpx

from benchmarks.parts import cpu
from benchmarks.parts.machine import chromium
from benchmarks.parts.processes import CACHE, Failed, end, free_port, wait_for
from benchmarks.parts.processes import start as start_process


class Livepane:
    """`with Livepane() as server:` serves on a free port until the end of the block."""

    def __init__(self, **settings: str) -> None:
        self._settings = settings
        self.port = free_port()
        self._data = Path(tempfile.mkdtemp(prefix="livepane-bench-"))

    def __enter__(self) -> Livepane:
        CACHE.mkdir(parents=True, exist_ok=True)
        self._log: IO[bytes] = (CACHE / "livepane.log").open("wb")
        # Hundreds of viewers of one address are the load, not an attack.
        env = {"LIVEPANE_MAX_SOCKETS_PER_ADDRESS": "2000", "LIVEPANE_BROWSER": chromium(), **self._settings}
        command = [sys.executable, "-m", "livepane.cli", "serve", "--port", str(self.port), "--data-dir", str(self._data)]
        self._process = start_process(command, env, self._log)
        try:
            wait_for("the Livepane server", self._healthy)
        except Failed:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        end({self.pid})
        self._process.wait()
        self._log.close()
        shutil.rmtree(self._data, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The id of the server process."""
        return self._process.pid

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data_dir(self) -> Path:
        """Where commands find its address and token."""
        return self._data

    def cpu(self) -> float:
        """CPU seconds of the server with every browser process it has started."""
        return cpu.of_trees({self.pid})

    def open_page(self, url: str, width: int = 1280, height: int = 720) -> str:
        """Open a page on the server; returns the id of its stream."""
        answer = self.ask("POST", "/api/pages", {"url": url, "width": width, "height": height})
        stream: str = answer.get("stream") or answer["id"]
        return stream

    def close_stream(self, stream: str) -> None:
        """End a stream."""
        self.ask("DELETE", f"/api/streams/{stream}")

    def json_path(self, stream: str, fps: float) -> str:
        """Where JSON frames of a stream come from."""
        return f"/stream/{stream}?fps={fps:g}"

    def picture_at(self, stream: str) -> float | None:
        """When the newest picture of a stream was captured (ms since the epoch)."""
        found: float | None = next(one["picture_at"] for one in self.streams() if one["id"] == stream)
        return found

    def streams(self) -> list[dict[str, Any]]:
        """What the server lists."""
        answer = self.ask("GET", "/api/streams")
        found: list[dict[str, Any]] = answer["streams"]
        return found

    def make_share(self, stream: str) -> tuple[str, str]:
        """A share link: its secret and its id."""
        answer = self.ask("POST", "/api/shares", {"stream": stream})
        return answer["token"], answer["info"]["id"]

    def revoke_share(self, share: str) -> None:
        """It works no more."""
        self.ask("DELETE", f"/api/shares/{share}")

    def make_token(self, stream: str, seconds: int) -> tuple[str, float]:
        """A viewer's token for one stream: its secret, and when it ends (ms since the epoch)."""
        wish = {"name": "bench", "roles": ["viewer"], "streams": [stream], "expires_in_seconds": seconds}
        answer = self.ask("POST", "/api/tokens", wish)
        return answer["token"], float(answer["info"]["expires_at"])

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """The answer of a route, asked by an admin.

        Raises:
            Failed: it is an error.
        """
        token = (self._data / "admin-token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx.request(method, self.url + path, json=body, headers=headers, timeout=60, trust_env=False)
        if answer.is_error:
            raise Failed(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return dict(answer.json()) if answer.content else {}

    def _healthy(self) -> bool:
        if self._process.poll() is not None:
            last = (CACHE / "livepane.log").read_text(errors="replace")[-800:]
            raise Failed(f"the Livepane server ended with exit code {self._process.returncode}: {last}")
        try:
            return httpx.get(f"{self.url}/healthz", timeout=1, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False
