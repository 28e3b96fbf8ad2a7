"""A Postgres of our own: a cluster made by initdb in a folder, 127.0.0.1 only, never the system's."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.services.program import NotStarted, Program, free_port, start_on_free_ports

DEBIAN = Path("/usr/lib/postgresql")  # where Debian keeps them, out of everybody's PATH
USER, PASSWORD = "livepane", "a-pass-word"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # what a test writes need not outlive a power cut
SMALL = ("shared_buffers=32MB", "max_connections=200", "jit=off", "autovacuum=off", "max_wal_size=256MB", "log_checkpoints=off")


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres` of the newest version that is installed."""
    if (found := shutil.which("initdb")) is not None:
        return Path(found).resolve().parent
    there = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    return max(there, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0), default=None)


class Postgres:
    """One server; `with Postgres(folder) as postgres: postgres.url`. A restart keeps the port and what is in it.

    Its folder may be entered by everybody (as root it runs as `nobody`), and holds nothing else.
    `durable`: with everything that makes a commit outlive a power cut, as benchmarks want it.
    """

    def __init__(self, folder: Path, *, durable: bool = False, env: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = 0
        self._settings = (*SMALL, *(() if durable else FAST))
        self._env = env
        self._program = Program("Postgres", folder / "postgres.log", signal.SIGINT)

    def __enter__(self) -> Postgres:
        self._make()
        start_on_free_ports(self._choose, self.start)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The database that every cluster has; as a user who may make others."""
        return self.database("postgres")

    def database(self, name: str, password: str = PASSWORD) -> str:
        """The address of one of its databases."""
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start it (again) on its port.

        Raises:
            NotStarted: the port is taken; the message has the end of its log.
        """
        settings: list[str | Path] = [word for one in self._settings for word in ("-c", one)]
        where: list[str | Path] = ["-D", self._data, "-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        self._program.start(
            [_binary("postgres"), *where, *settings], self._answers, **_unprivileged(), cwd=self.folder, env=self._env
        )

    def stop(self) -> None:
        """End it, and every connection to it."""
        self._program.stop()

    def _choose(self) -> None:
        self.port = free_port()

    @property
    def _data(self) -> Path:
        return self.folder / "cluster"

    def _make(self) -> None:
        """The cluster, if there is none; it refuses to belong to root."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._data.exists():
            return
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        if who := _unprivileged():
            shutil.chown(self.folder, **who)
            shutil.chown(secret, **who)
        plain = ["--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C"]
        auth = [f"--username={USER}", f"--pwfile={secret}", "--auth=scram-sha-256"]
        words: list[str | Path] = [_binary("initdb"), "-D", self._data, *plain, *auth]
        made = subprocess.run(words, capture_output=True, text=True, check=False, cwd=self.folder, **_unprivileged())
        if made.returncode:
            raise NotStarted(f"initdb has ended with exit code {made.returncode}: {made.stderr[-2000:]}")

    def _answers(self) -> bool:
        words: list[str | Path] = [_binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(words, check=False).returncode == 0


def _binary(name: str) -> Path:
    folder = binaries()
    if folder is None:
        raise NotStarted("Postgres is not installed; `python -m scripts.setup --tests` does that")
    return folder / name


def _unprivileged() -> dict[str, Any]:
    """As whom it runs: anybody but root."""
    return {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
