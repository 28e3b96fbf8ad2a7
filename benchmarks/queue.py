"""The queue: how many jobs a second are accepted and done, beside Celery, and what becomes of them when processes are killed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.processes import Child, Failed
from benchmarks.parts.quiet import MARK, once, undisturbed
from benchmarks.parts.report import Report
from benchmarks.rivals.celery_queue import VERSION, brokers, celery
from livepane.domain.job import NewJob
from livepane.jobs.queue import Queue
from livepane.store import db
from scripts.services.postgres import Postgres

Spent = dict[str, float]
SEED = 5  # of the moments at which processes are killed


def run(quick: bool) -> Iterator[Report]:
    """First the rate, side by side; then the killing."""
    yield _rate(200 if quick else 1000, 1 if quick else 3)
    yield _kills(*((40, 6) if quick else (200, 50)))


def _rate(count: int, rounds: int) -> Report:
    report = Report(
        "queue",
        f"{count:,} jobs that do nothing, added and done, beside Celery {VERSION}",
        ["queue", "added ms", "done ms", "jobs/s", "jobs/s beside ours", "lost"],
    )
    sides: dict[str, list[Spent]] = {"Livepane, in the server: state, journal and result in SQLite": []}
    with _livepane() as ours, _postgres() as url, _livepane(DATABASE_URL=url) as shared:
        sides[next(iter(sides))] = [undisturbed(partial(ours, count)) for _ in range(rounds)]
        sides["Livepane, in the server: the same in Postgres"] = [undisturbed(partial(shared, count)) for _ in range(rounds)]
    for broker in brokers():
        for results in (True, False):
            told = "results in SQLite" if results else "no results"
            with celery(broker, results=results) as theirs:
                sides[f"Celery, broker {broker}, {told}"] = [undisturbed(partial(theirs.run, count)) for _ in range(rounds)]
    rates = {name: count / median(one["done"] for one in spent) for name, spent in sides.items()}
    own = next(iter(rates.values()))
    for name, spent in sides.items():
        added, done = (median(one[what] for one in spent) * 1000 for what in ("added", "done"))
        report.row(name, added, done, rates[name], ratio(rates[name], own), int(sum(one.get("lost", 0) for one in spent)))
    report.notes += [
        "Added: until the last one is accepted. Done: from the first to the last one's end, with the workers running before.",
        "Ours are one process; a job is a row, its run three lines of the journal and a result, and an accepted job outlives a "
        "power cut, in either database. Celery has a worker process for each core; what its file broker accepts, the system has "
        "not written yet.",
    ]
    return report


@contextmanager
def _postgres() -> Iterator[str]:
    """One whose commits outlive a power cut, as SQLite's do."""
    with tempfile.TemporaryDirectory(prefix="livepane-bench-") as folder:
        Path(folder).chmod(0o711)  # as root it runs as somebody else
        with Postgres(Path(folder) / "it", durable=True, env={**os.environ, MARK: str(os.getpid())}) as postgres:
            yield postgres.url


@contextmanager
def _livepane(**env: str) -> Iterator[Callable[[int], Spent]]:
    folder = Path(tempfile.mkdtemp(prefix="livepane-bench-"))
    try:
        with Child("benchmarks.parts.queue_worker", "rate", str(folder), env=env) as child:
            child.read()

            def measure(count: int) -> Spent:
                spent: Spent = json.loads(child.ask(str(count)))
                return spent

            measure(10)
            yield measure
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _kills(count: int, kills: int) -> Report:
    report = Report(
        "queue",
        f"{count} jobs, and their process is killed (-9) {kills} times meanwhile",
        ["what became of them", "jobs"],
    )
    folder = Path(tempfile.mkdtemp(prefix="livepane-bench-"))
    try:
        killed, seconds = once(partial(_run_and_kill, folder, count, kills))
        states, broken_off, twice = _look(folder)
        report.row("done, with exactly one result", states.get(("succeeded", 1), 0))
        report.row("anything else", sum(states.values()) - states.get(("succeeded", 1), 0))
        report.row("runs that were broken off and done again", broken_off)
        report.row("run by two at the same time", len(list(folder.glob("locks/*.doubled"))))
        report.row("told twice that they had ended", twice)
        report.bar("processes killed at work", killed, kills, "", at_most=False)
        report.bar("jobs lost", count - states.get(("succeeded", 1), 0), 0, "")
        report.bar("jobs doubled", len(list(folder.glob("locks/*.doubled"))) + twice, 0, "")
        report.notes.append(
            f"It took {seconds:.0f} s with {kills + 1} starts. Each job holds a lock of the kernel's while it runs."
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return report


def _run_and_kill(folder: Path, count: int, kills: int) -> tuple[int, float]:
    """How often a process was killed while it had jobs, and how long it all took (s)."""
    started, chance, killed = time.monotonic(), random.Random(SEED), 0
    (folder / "locks").mkdir()
    asyncio.run(_fill(folder, count))
    while True:
        with Child("benchmarks.parts.queue_worker", "work", str(folder)) as child:
            child.read()
            if killed < kills:
                time.sleep(chance.uniform(0.1, 0.9))
                killed += 1 if _running(folder) else 0
                continue  # leaving the block kills it
            try:
                child.read()
            except Failed as ended:
                if "exit code 0" not in str(ended):
                    raise
                return killed, time.monotonic() - started


async def _fill(folder: Path, count: int) -> None:
    await asyncio.to_thread(db.prepare, folder)
    database = db.Database(folder)
    await Queue(database).add([NewJob("exclusive", str(folder / "locks" / str(n)), max_attempts=1) for n in range(count)])
    await database.close()


def _running(folder: Path) -> bool:
    with _read(folder) as database:
        return bool(database.execute("SELECT count(*) FROM jobs WHERE state = 'running'").fetchone()[0])


def _look(folder: Path) -> tuple[dict[tuple[str, int], int], int, int]:
    """Jobs by state and number of results; broken-off runs; jobs that ended more than once."""
    results = "(SELECT count(*) FROM job_events e WHERE e.job = j.id AND e.kind = 'item')"
    ends = "SELECT count(*) FROM job_events WHERE kind = 'finished' GROUP BY job HAVING count(*) > 1"
    with _read(folder) as database:
        states = {
            (state, n): c for state, n, c in database.execute(f"SELECT state, {results} n, count(*) FROM jobs j GROUP BY 1, 2")
        }
        broken_off = database.execute("SELECT count(*) FROM job_events WHERE kind = 'retrying'").fetchone()[0]
        return states, broken_off, len(database.execute(ends).fetchall())


@contextmanager
def _read(folder: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(folder / db.FILE)
    try:
        yield connection
    finally:
        connection.close()
