"""What every test may ask for: the real services of this run (tests/services)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services import databases, shared
from tests.services.kafka import Broker


def pytest_configure(config: pytest.Config) -> None:
    """The process that runs the tests, or tells others to, begins the run."""
    if not hasattr(config, "workerinput"):
        shared.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """And ends it."""
    if not hasattr(config, "workerinput"):
        shared.end()


@pytest.fixture(scope="session")
def redis_url(worker_id: str) -> str:
    """A Redis that is shared by all tests; its database is this worker's own. Who empties all databases starts one of its own."""
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0
    return shared.service("redis").rpartition("/")[0] + f"/{number}"


@pytest.fixture(scope="session")
def postgres() -> databases.Databases:
    """The Postgres of this run: makes databases. Who stops it starts one of its own (scripts/services/postgres.py)."""
    return databases.Databases(shared.service("postgres"))


@pytest.fixture
def postgres_url(postgres: databases.Databases) -> Iterator[str]:
    """A new and empty database of a test's own."""
    with postgres.one() as url:
        yield url


@pytest.fixture(scope="session")
def kafka() -> Broker:
    """The Kafka of this run. Every test has topics of its own; who stops the broker starts one of its own."""
    return Broker.read(shared.service("kafka"))
