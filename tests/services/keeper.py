"""Starts one service, prints where it is, and ends it when the run of the tests is over.

python -m tests.services.keeper redis|postgres|kafka FOLDER
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from scripts.services.kafka import Kafka
from scripts.services.postgres import Postgres
from scripts.services.redis import Redis
from tests.services.kafka import Broker


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    with Redis(folder) as redis:
        yield redis.url


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    with Postgres(folder) as postgres:
        yield postgres.url


@contextmanager
def _kafka(folder: Path) -> Iterator[str]:
    with Kafka(folder, doors=3, tls=True) as kafka:
        yield str(Broker.of(kafka))


SERVICES: dict[str, Callable[[Path], AbstractContextManager[str]]] = {"redis": _redis, "postgres": _postgres, "kafka": _kafka}


def main(name: str, folder: Path) -> None:
    """Keep it."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)  # those who stop the tests do not mean us: the end of the run does
    run = os.open(folder / "run", os.O_RDONLY | os.O_NONBLOCK)  # does not wait for a run that is over
    with (folder / f"{name}.kept").open("w") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        with SERVICES[name](folder / name) as url:
            print(url, flush=True)
            os.set_blocking(run, True)
            os.read(run, 1)  # nobody writes: it ends with the process that has begun the run


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
