"""Databases of both kinds, made once and emptied or copied for each test that is run on both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from livepane.store import db
from livepane.store.backend import Backend
from livepane.store.postgres import Postgres
from tests.services.databases import Databases

_TABLES = "jobs, job_events, tokens, layouts, settings"


@dataclass(frozen=True)
class Place:
    """An empty database; `env` is what a program needs to use it too, besides the data folder."""

    folder: Path
    backend: Backend
    env: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a SQLite database with nothing in it: to make one takes half a second."""
    folder = tmp_path_factory.mktemp("empty")
    db.prepare(folder)
    return folder / db.FILE


@pytest.fixture(scope="session")
def prepared_postgres(postgres: Databases) -> Iterator[str]:
    """A database with our tables, for the tests of this worker."""
    with postgres.one() as url:
        db.prepare(Postgres(url))
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty database of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_file"), tmp_path / db.FILE)
        return Place(tmp_path, db.Sqlite(tmp_path))
    url: str = request.getfixturevalue("prepared_postgres")
    engine = create_engine(url.replace("postgresql", "postgresql+psycopg", 1))
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {_TABLES} RESTART IDENTITY"))
    engine.dispose()
    return Place(tmp_path, Postgres(url), {"DATABASE_URL": url})
