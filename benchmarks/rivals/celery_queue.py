"""Celery, installed into the cache: a worker with as many processes as there are cores, and a task that does nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.parts.processes import CACHE, Failed, end, free_port, listens, start, wait_for

VERSION = "5.7.0"
PACKAGES = (f"celery[sqlalchemy,redis]=={VERSION}",)
APP = """
import json, os, sys, time
from pathlib import Path
from celery import Celery

FOLDER = Path(os.environ["BENCH_FOLDER"])
app = Celery("bench", broker=os.environ["BENCH_BROKER"], backend=os.environ.get("BENCH_BACKEND"))
app.conf.update(task_ignore_result="BENCH_BACKEND" not in os.environ, worker_prefetch_multiplier=8)
if os.environ["BENCH_BROKER"].startswith("filesystem"):
    places = {name: str(FOLDER / "messages") for name in ("data_folder_in", "data_folder_out")}
    app.conf.broker_transport_options = places | {"control_folder": str(FOLDER / "control")}

@app.task(name="noop")
def noop(number):
    with open(FOLDER / "done", "ab", buffering=0) as file:
        file.write(b".")
    return {"target": str(number)}

def size():
    return (FOLDER / "done").stat().st_size if (FOLDER / "done").exists() else 0

if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        before, started = size(), time.perf_counter()
        for number in range(int(line)):
            noop.delay(number)
        added = time.perf_counter() - started
        last, seen = time.perf_counter(), size()
        while seen - before < int(line) and time.perf_counter() - last < 20:  # its file broker loses one now and then
            time.sleep(0.002)
            if size() > seen:
                last, seen = time.perf_counter(), size()
        print(json.dumps({"added": added, "done": last - started, "lost": int(line) - (seen - before)}), flush=True)
"""


def brokers() -> list[str]:
    """The brokers that can be had on this machine."""
    return ["filesystem", *(["redis"] if _redis() else [])]


@contextmanager
def celery(broker: str, *, results: bool) -> Iterator[CeleryQueue]:
    """A worker that has started, and somebody to ask. `results`: kept in SQLite, so that one can ask what became of a task."""
    python = _installed()
    folder = Path(tempfile.mkdtemp(prefix="livepane-bench-"))
    started: list[subprocess.Popen[bytes]] = []
    try:
        for name in ("messages", "old", "control"):
            (folder / name).mkdir()
        (folder / "bench_app.py").write_text(APP)
        env = {"BENCH_FOLDER": str(folder), "BENCH_BROKER": "filesystem://", "PYTHONPATH": str(folder)}
        if broker == "redis":
            port = free_port()
            command = [_redis() or "", "--port", str(port), "--dir", str(folder), "--appendonly", "yes"]
            started.append(start(command, None, subprocess.DEVNULL))
            wait_for("redis", lambda: listens(port))
            env["BENCH_BROKER"] = f"redis://127.0.0.1:{port}/0"
        if results:
            env["BENCH_BACKEND"] = f"db+sqlite:///{folder / 'results.db'}"
        with (CACHE / "celery.log").open("wb") as log:
            worker = ["-m", "celery", "-A", "bench_app", "worker", "-c", str(os.cpu_count()), "--loglevel", "warning"]
            started.append(start([str(python), *worker, "--without-gossip", "--without-mingle"], env, log))
        with CeleryQueue(python, folder, env) as queue:
            queue.run(1)  # it is up when it has done one
            yield queue
    finally:
        for one in reversed(started):
            end({one.pid})
            one.wait()
        shutil.rmtree(folder, ignore_errors=True)


class CeleryQueue:
    """Asks a worker to do tasks."""

    def __init__(self, python: Path, folder: Path, env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [str(python), str(folder / "bench_app.py")],
            env={**os.environ, **env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read()

    def __enter__(self) -> CeleryQueue:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def run(self, count: int) -> dict[str, float]:
        """So many tasks, added and done, in seconds."""
        assert self._process.stdin
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()
        spent: dict[str, float] = json.loads(self._read())
        return spent

    def _read(self) -> str:
        assert self._process.stdout
        if not (line := self._process.stdout.readline()):
            raise Failed(f"the tasks for Celery ended with exit code {self._process.wait()}")
        return line


def _redis() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


def _installed() -> Path:
    folder = CACHE / f"celery-{VERSION}"
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        venv.create(folder, with_pip=True, clear=True)
        done = subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", *PACKAGES], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Failed(f"pip could not install Celery {VERSION}: {done.stderr[-800:]}")
        (folder / "installed").touch()
    return python
