"""The database: opened, brought to the newest version, read and written. Which kind it is, its backend knows."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, inspect, select, table, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from livepane.settings import Settings
from livepane.store import postgres, sqlite
from livepane.store.backend import CLOCK, Backend, Dialect
from livepane.store.clock import Clock
from livepane.store.postgres import Postgres
from livepane.store.sqlite import FILE, Sqlite
from livepane.store.tables import server
from livepane.store.writer import Writer

__all__ = ["FILE", "NEWEST", "Backend", "Database", "Sqlite", "chosen", "given", "inserted", "moment", "prepare", "version_of"]

log = logging.getLogger(__name__)
T = TypeVar("T")

NEWEST = "0002"  # the version that the code expects; a test compares it with the migrations
_MIGRATIONS = Path(__file__).parent / "migrations"
_DIALECTS: dict[str, Dialect] = {"sqlite": sqlite, "postgresql": postgres}


class Database:
    """A pool of connections. Reads see the last commit and wait for nobody; one write happens at a time."""

    def __init__(self, where: Path | Backend) -> None:
        self.backend = backend_of(where)
        self.clock = Clock()
        self.engine: AsyncEngine = self.backend.pool(self.clock)
        self._reading = self.backend.reading(self.engine, self.clock)
        self._changing = self.backend.changing(self.engine, self.clock)
        self._writer: Writer | None = None
        self._name: str | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read with: all that is read in the block is of one moment.

        Raises:
            Unavailable: the database cannot be read; names it and the mend.
        """
        with _explained(self.backend):
            async with self._reading.begin() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection to write with: committed when the block is left in good order, else nothing has happened.

        Raises:
            Unavailable: the database cannot be written (full disk, read-only folder); names it and the mend.
        """
        with _explained(self.backend):
            async with self._changing.begin() as connection:
                yield connection

    async def write(self, change: Callable[[Connection], T], then: Callable[[T], None] | None = None) -> T:
        """Make a change in one transaction with others that come at the same time, in the order of their coming; see Writer.

        Raises:
            Unavailable: the database cannot be written; names it and the mend.
        """
        if self._writer is None:
            self._writer = Writer(self.backend, self.backend.writer(self.clock))
        with _explained(self.backend):
            return await self._writer.write(change, then)

    async def ping(self) -> None:
        """See that it answers.

        Raises:
            Unavailable: it does not; names it and the mend.
        """
        async with self.reading() as connection:
            await connection.execute(select(text("1")))

    async def name(self) -> str:
        """What tells it apart from others, whatever they are called: random, and made with it.

        Raises:
            Unavailable: the database cannot be read; names it and the mend.
        """
        if self._name is None:
            async with self.reading() as connection:
                self._name = str(await connection.scalar(select(server.c.name)))
        return self._name

    async def close(self) -> None:
        """Give the connections back."""
        if self._writer is not None:
            await self._writer.close()
            self._writer = None
        await self.engine.dispose()


def chosen(settings: Settings) -> Backend:
    """The database that the settings name; without one SQLite in the data folder.

    Raises:
        Unavailable: its driver is not installed.
    """
    if not settings.database_url:
        return Sqlite(settings.data_dir)
    return Postgres(settings.database_url.get_secret_value(), settings.database_connections)


def backend_of(where: Path | Backend) -> Backend:
    """SQLite in a data folder, or what is named."""
    return Sqlite(where) if isinstance(where, Path) else where


def prepare(where: Path | Backend) -> None:
    """Bring a database to the newest version; of a data folder it is made if there is none (0600).

    Several programs may do so at once: one of them makes the steps, the others wait for it.

    Raises:
        Unavailable: it cannot be opened or written, or is newer than this program; names it and the mend.
    """
    backend = backend_of(where)
    backend.begin()
    engine = backend.writer(Clock())
    try:
        with _explained(backend):
            version = version_of(engine)
            if version != NEWEST:
                _migrate(engine, backend, version)
    finally:
        engine.dispose()


def version_of(engine: Engine) -> str | None:
    """Of a database; None: nothing has been made in it yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(select(text("version_num")).select_from(table("alembic_version")))
        return found


def moment(connection: Connection) -> int:
    """When a transaction takes place, in ms since the Unix epoch: by the clock of the database, when machines share it."""
    clock: Clock = connection.get_execution_options()[CLOCK]
    return clock.now()


def inserted(connection: Connection, into: Table, rows: Sequence[dict[str, Any]]) -> Sequence[int]:
    """Insert rows, and return their numbers in the order of the rows: each is greater than any that was given before."""
    return _DIALECTS[connection.dialect.name].inserted(connection, into, rows) if rows else []


def given(connection: Connection, of: Table) -> int:
    """The greatest number that a row has had, also if that was deleted since."""
    return _DIALECTS[connection.dialect.name].given(connection, of)


def _migrate(engine: Engine, backend: Backend, version: str | None) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    from alembic import command  # half a second: only when there is something to do
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise backend.newer(version) from None
    log.info("the database is of version %s now", NEWEST)


@contextmanager
def _explained(backend: Backend) -> Iterator[None]:
    try:
        yield
    except (IntegrityError, DataError):
        raise
    except DBAPIError as error:
        raise backend.unavailable(error.orig if isinstance(error.orig, Exception) else error) from None
    except (OSError, NoneFree) as error:
        raise backend.unavailable(error) from None
