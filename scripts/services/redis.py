"""A Redis (or Valkey) of our own: in memory only, 127.0.0.1 only."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

from scripts.services.program import NotStarted, Program, free_port, start_on_free_ports

PROGRAMS = ("redis-server", "valkey-server")
DATABASES = 256


class Redis:
    """One server; `with Redis(folder) as redis: redis.url`. A restart keeps the port, and forgets everything."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._program = Program("Redis", folder / "redis.log")

    def __enter__(self) -> Redis:
        self.folder.mkdir(parents=True, exist_ok=True)
        start_on_free_ports(self._choose, self.start)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Its first database."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it (again) on its port.

        Raises:
            NotStarted: it is not installed, or the port is taken.
        """
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        if program is None:
            raise NotStarted(f"none of {' and '.join(PROGRAMS)} is installed; `python -m scripts.setup --tests` does that")
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder), "--databases", str(DATABASES)]
        self._program.start([program, *options, "--save", "", "--appendonly", "no"], self._answers)

    def stop(self) -> None:
        """End it."""
        self._program.stop()

    def kill(self) -> None:
        """SIGKILL."""
        self._program.kill()

    def _choose(self) -> None:
        self.port = free_port()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as asked:
                asked.sendall(b"PING\r\n")
                return asked.recv(16).startswith(b"+PONG")
        except OSError:
            return False
