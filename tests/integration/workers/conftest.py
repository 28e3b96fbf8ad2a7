"""A town: two servers without engines of their own, a database and a broker between them, workers that tests start and kill."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.forking.child import Fork
from tests.services.databases import Databases
from tests.serving import Server, environment, serving

PLUGIN = Path(__file__).with_name("plugin.py")
LEAVING = 40.0  # seconds that a worker has to go after SIGTERM: it ends a browser, and the machine may be busy


class Worker:
    """`livepane worker` in a process of its own."""

    def __init__(self, process: Fork, log: Path) -> None:
        self.process, self._log = process, log

    def family(self) -> list[psutil.Process]:
        """Everything that it has started, with what those have."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> int:
        """End it in good order; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(LEAVING)
        except subprocess.TimeoutExpired:
            pytest.fail(f"the worker did not end within {LEAVING:g} s of SIGTERM; it said:\n{self.logged()}")

    def kill(self) -> None:
        """End it at once, with all that it has started."""
        if self.process.poll() is None:
            family = self.family()
            self.process.kill()
            for one in family:
                if one.is_running():
                    one.kill()
            self.process.wait()

    def logged(self) -> str:
        """What it wrote to standard error so far."""
        return self._log.read_text(errors="replace")


@dataclass(slots=True)
class Town:
    """Where everybody is."""

    folder: Path
    database: str
    broker: str
    first: Server
    second: Server
    stack: ExitStack
    workers: int = 0
    places: int = 0
    shared: dict[str, str] = field(default_factory=dict)

    def worker(self, processes: int = 2, **changes: str | None) -> Worker:
        """One more. It is killed at the end, if it is still there."""
        self.workers += 1
        folder = self.folder / f"worker {self.workers}"
        folder.mkdir()
        log = folder / "worker.log"
        env = environment(folder / "data", **{**self.shared, **changes})
        with log.open("wb") as errors, Path(os.devnull).open("wb") as nothing:
            process = Fork("worker", "--concurrency", str(processes), env=env, stdout=nothing.fileno(), stderr=errors.fileno())
        self.stack.enter_context(process)
        one = Worker(process, log)
        self.stack.callback(one.kill)
        return one

    def place(self) -> Path:
        """A folder for the steps of jobs."""
        self.places += 1
        folder = self.folder / f"steps {self.places}"
        folder.mkdir()
        return folder


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, postgres: Databases, redis_url: str) -> Iterator[Town]:
    """Without a worker at first."""
    folder = tmp_path_factory.mktemp("town")
    with ExitStack() as stack:
        database = stack.enter_context(postgres.one())
        shared = {
            "DATABASE_URL": database,
            "JOBS_ENGINE": "celery",
            "CELERY_BROKER_URL": redis_url,
            "LIVEPANE_PLUGINS": str(PLUGIN),
        }
        servers = []
        for name in ("first", "second"):
            (folder / name).mkdir()
            servers.append(stack.enter_context(serving(folder / name, **shared)))
        yield Town(folder, database, redis_url, servers[0], servers[1], stack, shared=shared)
