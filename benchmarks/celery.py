"""Jobs through Celery: what a row of the database for each of them costs, beside Celery without any."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.processes import CACHE, Child, end, start
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report
from benchmarks.rivals.celery_queue import VERSION, celery
from scripts.services.postgres import Postgres
from scripts.services.redis import Redis

SCRAPERS = Path(__file__).parent / "parts" / "queue_scrapers.py"
MOST = 2.0  # times the time of Celery alone
Spent = dict[str, float]


def run(quick: bool) -> Iterator[Report]:
    """Both sides with as many processes as there are cores, after a warm-up."""
    count, rounds = (300, 1) if quick else (1000, 3)
    report = Report(
        "celery",
        f"{count:,} jobs that do nothing through Celery {VERSION} and Redis, beside Celery alone",
        ["what", "added ms", "done ms", "jobs/s", "beside Celery alone", "lost"],
    )
    sides: dict[str, list[Spent]] = {}
    with celery("redis", results=False) as theirs:
        theirs.run(50)
        sides["Celery alone, no results, 8 messages fetched ahead"] = [
            undisturbed(partial(theirs.run, count)) for _ in range(rounds)
        ]
    for name, database in (("Postgres", True), ("SQLite", False)):
        with _livepane(postgres=database) as ours:
            ours(50)
            sides[f"Livepane's jobs: state, journal and result in {name}"] = [
                undisturbed(partial(ours, count)) for _ in range(rounds)
            ]
    rates = {name: count / median(one["done"] for one in spent) for name, spent in sides.items()}
    alone = next(iter(rates.values()))
    for name, spent in sides.items():
        added, done = (median(one[what] for one in spent) * 1000 for what in ("added", "done"))
        report.row(name, added, done, rates[name], ratio(rates[name], alone), int(sum(one.get("lost", 0) for one in spent)))
    rows = next(rate for name, rate in rates.items() if "Postgres" in name)
    report.bar("time of a job with its row in Postgres, in times of Celery alone", alone / rows, MOST, "×")
    report.notes.append(
        "Added: until the last one is accepted, ours by then surviving a power cut. Done: from then on as well, to the last "
        "one's end. Postgres commits to the disk (synchronous_commit=on); Redis writes an append-only file for Celery alone."
    )
    yield report


@contextmanager
def _livepane(*, postgres: bool) -> Iterator[Callable[[int], Spent]]:
    folder = Path(tempfile.mkdtemp(prefix="livepane-bench-"))
    folder.chmod(0o711)  # Postgres is another user
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        redis = stack.enter_context(Redis(folder / "redis"))
        env = {
            "JOBS_ENGINE": "celery",
            "CELERY_BROKER_URL": redis.url,
            "LIVEPANE_DATA_DIR": str(folder / "data"),
            "LIVEPANE_PLUGINS": str(SCRAPERS),
            "LIVEPANE_LOG_LEVEL": "warning",
        }
        (folder / "data").mkdir(mode=0o700)
        if postgres:
            env["DATABASE_URL"] = stack.enter_context(Postgres(folder / "postgres", durable=True)).url
        server = stack.enter_context(Child("benchmarks.parts.celery_server", env=env))
        server.read()
        log = stack.enter_context((CACHE / "celery-livepane.log").open("wb"))
        worker = start([sys.executable, "-m", "livepane.cli", "worker", "--concurrency", str(os.cpu_count())], env, log)
        stack.callback(_end, worker)

        def measure(count: int) -> Spent:
            spent: Spent = json.loads(server.ask(str(count)))
            return spent

        yield measure


def _end(worker: subprocess.Popen[bytes]) -> None:
    end({worker.pid}, patience=15.0)
    worker.wait()
