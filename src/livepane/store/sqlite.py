"""SQLite: the database of one machine, a file in the data folder. The only file that knows it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from livepane.domain.errors import Unavailable
from livepane.store.backend import CLOCK, WRITING
from livepane.store.clock import Clock

FILE = "livepane.db"
LOCKED_FOR = 5.0  # seconds to wait for another program's write
_OPTIONS: dict[str, Any] = {
    "pool_size": 4,
    "max_overflow": 8,
    "connect_args": {"timeout": LOCKED_FOR},
    "hide_parameters": True,  # an error message never quotes a value
}


class Sqlite:
    """Backend: reads see the last commit and wait for nobody; SQLite itself lets one write at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.where = str(folder / FILE)

    def begin(self) -> None:
        """Backend: 0600 before there is anything in it; SQLite gives -wal and -shm the same mode."""
        path = self.folder / FILE
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            path.chmod(0o600)
        except OSError as error:
            raise self.unavailable(error) from None

    def pool(self, clock: Clock) -> AsyncEngine:
        """Backend."""
        engine = create_async_engine(f"sqlite+aiosqlite:///{self.where}", **_OPTIONS)
        _set_up(engine.sync_engine)
        return engine

    def reading(self, pool: AsyncEngine, clock: Clock) -> AsyncEngine:
        """Backend."""
        return pool.execution_options(**{CLOCK: clock})

    def changing(self, pool: AsyncEngine, clock: Clock) -> AsyncEngine:
        """Backend."""
        return pool.execution_options(**{WRITING: True, CLOCK: clock})

    def writer(self, clock: Clock) -> Engine:
        """Backend."""
        engine = create_engine(f"sqlite:///{self.where}", **_OPTIONS)
        _set_up(engine)
        return engine.execution_options(**{WRITING: True, CLOCK: clock})

    def ticket(self, connection: Connection) -> str | None:
        """Backend: a commit is a call, and its answer comes."""
        return None

    def committed(self, engine: Engine, ticket: str) -> bool:
        """Backend."""
        return False

    def unavailable(self, error: Exception) -> Unavailable:
        """Backend."""
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Unavailable(f"the data folder {str(self.folder)!r} cannot be used: {said}. {_mend(said.lower())}")

    def newer(self, version: str | None) -> Unavailable:
        """Backend."""
        return Unavailable(
            f"the database in {str(self.folder)!r} is of a newer Livepane (version {version!r}). Start that one, or name another "
            "folder with --data-dir or LIVEPANE_DATA_DIR."
        )


def inserted(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> range:
    """Dialect: the numbers of rows that are inserted together follow each other, and SQLite tells the last one."""
    connection.execute(insert(table), rows)
    last = int(connection.scalar(text("SELECT last_insert_rowid()")) or 0)
    return range(last - len(rows) + 1, last + 1)


def given(connection: Connection, table: Table) -> int:
    """Dialect."""
    wanted = text("SELECT seq FROM sqlite_sequence WHERE name = :name").bindparams(name=table.name)
    return int(connection.scalar(wanted) or 0)


def _set_up(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def opened(connection: Any, _: object) -> None:
        connection.isolation_level = None  # sqlite3 would begin by itself, and never with IMMEDIATE
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for each other
        cursor.execute("PRAGMA synchronous = FULL")  # a revocation outlives a power cut
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute(f"PRAGMA journal_size_limit = {16 * 2**20}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A writer takes the lock at once: one that reads first and writes later could find that it has read the past.
        immediate = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _mend(said: str) -> str:
    if "full" in said or "no space" in said or "disk i/o" in said or "too large" in said:
        return "Free some space there; what is watched goes on meanwhile."
    if "readonly" in said or "read-only" in said or "unable to open" in said or "permission" in said:
        return "Make the folder and livepane.db in it yours to write, or name another one with --data-dir or LIVEPANE_DATA_DIR."
    if "locked" in said or "busy" in said:
        return f"Another program has kept livepane.db locked for more than {LOCKED_FOR:g} s: end it, and try again."
    if "malformed" in said or "not a database" in said:
        return "livepane.db is damaged: put back a copy of it, or move it away; tokens and layouts then begin anew."
    return "Look at livepane.db there."
