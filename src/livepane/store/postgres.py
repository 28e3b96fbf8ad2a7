"""Postgres: one database for many machines, named by DATABASE_URL. The only file that knows it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import URL, Connection, Engine, Insert, Table, create_engine, event, insert, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from livepane.domain.errors import Unavailable
from livepane.store.backend import CLOCK, WRITING
from livepane.store.clock import Clock

CONNECTIONS = 8  # of one process, unless the settings say otherwise
CONNECT_WITHIN = 5  # seconds
LOCKED_FOR = 10  # seconds to wait for another program's write, or for a free connection
FIND_OUT_WITHIN = 15.0  # seconds that an unheard commit is asked for: a restart takes less
OLDEST = 130_000  # 13: transactions have numbers that outlive a restart
_ONE_WRITER = 0x6C69766570616E65  # the advisory lock that every write of every process takes: "livepane"
_NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
_BEGUN = text(f"SELECT pg_advisory_xact_lock({_ONE_WRITER})::text, {_NOW}")
_ABOUT = """
SELECT current_setting('server_version') AS release,
       to_regclass('alembic_version') IS NOT NULL AS ours,
       has_schema_privilege(current_schema(), 'CREATE') AS may,
       format('GRANT CREATE ON SCHEMA %I TO %I', coalesce(current_schema(), 'public'), current_user) AS words,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
       current_setting('max_connections') AS most
"""
_SESSION = {
    "lock_timeout": LOCKED_FOR * 1000,
    "idle_in_transaction_session_timeout": 60_000,  # a machine that was switched off at work holds the lock no longer
}
_ALIVE = {  # so that the end of the other machine is noticed: seconds, and ms
    "keepalives": 1,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_MENDS = (
    (r"password authentication failed|no password supplied", "The user or the password in DATABASE_URL is wrong."),
    (r"database \S+ does not exist", "Make it there with `createdb`, or name another one in DATABASE_URL."),
    (
        r"too many (clients|connections)|connection slots|connections of this process",
        "Let it have more (max_connections there), or each process fewer with LIVEPANE_DATABASE_CONNECTIONS.",
    ),
    (r"no space|disk full|53100", "Free some space there; what is watched goes on meanwhile."),
    (r"read-only|recovery mode|standby", "Name the one that takes writes: a standby, or one that is being restored, does not."),
    (r"no pg_hba|ssl|certificate", "See pg_hba.conf there, and `?sslmode=` in DATABASE_URL."),
    (r"permission denied|must be owner", "Make the user of DATABASE_URL the owner of the database, or grant it CREATE there."),
    (r"lock timeout", f"Another program has kept it locked for more than {LOCKED_FOR} s: end it, and try again."),
    (r"relation \S+ does not exist", "Its tables are gone: put back a copy of it, or begin with an empty database."),
)
_REACH = "See that Postgres runs there and that this machine reaches it; a server that runs connects again by itself."


@dataclass(frozen=True, slots=True)
class About:
    """What somebody who sets up a database wants to know of it."""

    where: str
    release: str  # of Postgres
    milliseconds: float  # of one question and its answer
    version: str | None  # of what is in it; None: nothing of ours
    may_create: bool
    grant: str  # what somebody else would have to say for that
    used: int  # connections, of all its databases
    most: int


class Postgres:
    """Backend. `url` is libpq's with our scheme: `postgresql://user:password@host:5432/database?sslmode=require`.

    A write of any process waits for the one before it, as with SQLite: the numbers of what is written grow in the order in
    which it can be seen, so that who has read up to a number has missed nothing.

    Raises:
        Unavailable: the driver is not installed.
    """

    def __init__(self, url: str, connections: int = CONNECTIONS) -> None:
        try:
            import psycopg  # noqa: F401 - asked for here, so that what is missing can be said
        except ImportError:
            raise Unavailable(
                "DATABASE_URL names a Postgres, and its driver is not installed: pip install 'livepane[postgres]'"
            ) from None
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._connections = connections
        self.where = f"{self._url.database!r} at {self._url.host or 'this machine'}:{self._url.port or 5432}"

    def begin(self) -> None:
        """Backend: somebody has made the database; whether it is new enough is seen."""
        with self._looking() as connection:
            version = int(connection.scalar(text("SHOW server_version_num")) or 0)
        if version < OLDEST:
            raise Unavailable(
                f"the database {self.where} is a Postgres {version // 10_000}, and has to be 13 or newer: update it"
            )

    def look(self) -> About:
        """How it is now. Raises Unavailable."""
        with self._looking() as connection:
            row = connection.execute(text(_ABOUT)).one()
            began = time.perf_counter()
            connection.execute(text("SELECT 1"))
            took = (time.perf_counter() - began) * 1000
            version = connection.scalar(text("SELECT version_num FROM alembic_version")) if row.ours else None
        return About(self.where, row.release, took, version, bool(row.may), row.words, row.used, int(row.most))

    @contextmanager
    def _looking(self) -> Iterator[Connection]:
        engine = create_engine(self._url, **_options(self._url, 1))
        try:
            with engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise self.unavailable(error.orig if isinstance(error.orig, Exception) else error) from None
        finally:
            engine.dispose()

    def pool(self, clock: Clock) -> AsyncEngine:
        """Backend."""
        engine = create_async_engine(self._url, **_options(self._url, max(1, self._connections - 1)))
        _set_up(engine.sync_engine, clock)
        return engine

    def reading(self, pool: AsyncEngine, clock: Clock) -> AsyncEngine:
        """Backend."""
        return pool.execution_options(**{CLOCK: clock, "isolation_level": "REPEATABLE READ", "postgresql_readonly": True})

    def changing(self, pool: AsyncEngine, clock: Clock) -> AsyncEngine:
        """Backend."""
        return pool.execution_options(**_writing(clock))

    def writer(self, clock: Clock) -> Engine:
        """Backend."""
        engine = create_engine(self._url, **_options(self._url, 1))
        _set_up(engine, clock)
        return engine.execution_options(**_writing(clock))

    def ticket(self, connection: Connection) -> str | None:
        """Backend: the number of the transaction; it has none while it has written nothing."""
        number = connection.scalar(text("SELECT pg_current_xact_id_if_assigned()::text"))
        return None if number is None else str(number)

    def committed(self, engine: Engine, ticket: str) -> bool:
        """Backend."""
        asking = engine.execution_options(**{WRITING: False})
        until = time.monotonic() + FIND_OUT_WITHIN
        while time.monotonic() < until:
            try:
                with asking.connect() as connection:
                    status = connection.scalar(text("SELECT pg_xact_status(CAST(:number AS xid8))"), {"number": ticket})
                if status != "in progress":
                    return bool(status == "committed")
            except (DBAPIError, NoneFree):
                pass
            time.sleep(0.2)
        return False

    def unavailable(self, error: Exception) -> Unavailable:
        """Backend."""
        said = _said(error)
        kinds = {kind.__name__ for kind in type(error).__mro__}
        away = bool(kinds & {"OSError", "OperationalError", "InterfaceError"})  # psycopg's, whose import is the slow part
        other = _REACH if away else "Look into the log of Postgres."
        mend = next((mend for pattern, mend in _MENDS if re.search(pattern, said, re.IGNORECASE)), other)
        return Unavailable(f"the database {self.where} cannot be used: {said}. {mend}")

    def newer(self, version: str | None) -> Unavailable:
        """Backend."""
        return Unavailable(
            f"the database {self.where} is of a newer Livepane (version {version!r}). Start that one, or name another database "
            "in DATABASE_URL."
        )


def inserted(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Dialect."""
    return [int(number) for number in connection.scalars(_adding(table), list(rows))]


@cache
def _adding(table: Table) -> Insert:
    """Made once: to put it together takes a quarter of the time."""
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


def given(connection: Connection, table: Table) -> int:
    """Dialect."""
    sequence = connection.dialect.identifier_preparer.quote(f"{table.name}_id_seq")
    return int(connection.scalar(text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")) or 0)  # noqa: S608


def _options(url: URL, most: int) -> dict[str, Any]:
    settings = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    theirs = url.query.get("options", "")
    return {
        "pool_size": min(2, most),
        "max_overflow": max(0, most - 2),
        "pool_timeout": LOCKED_FOR,
        "pool_pre_ping": True,  # one that a restart has ended is replaced, and nobody hears of it
        "connect_args": {
            "connect_timeout": CONNECT_WITHIN,
            "application_name": "livepane",
            **_ALIVE,
            **url.query,
            "options": f"{settings} {theirs if isinstance(theirs, str) else ' '.join(theirs)}".strip(),
        },
        "hide_parameters": True,  # an error message never quotes a value
    }


def _writing(clock: Clock) -> dict[str, Any]:
    return {WRITING: True, CLOCK: clock, "isolation_level": "READ COMMITTED"}


def _set_up(engine: Engine, clock: Clock) -> None:
    @event.listens_for(engine, "connect")
    def opened(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SELECT {_NOW}")
        clock.told(cursor.fetchone()[0])
        cursor.close()
        connection.rollback()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # Its own statement: those that follow see everything that was committed before the lock was ours.
        if connection.get_execution_options().get(WRITING, False):
            clock.told(connection.execute(_BEGUN).one()[1])


def _said(error: Exception) -> str:
    """The one sentence of what libpq says in many lines, on each address that it has tried."""
    if isinstance(error, NoneFree):
        return "all connections of this process are in use"
    words = str(error).strip()
    fatal = re.search(r"(?:FATAL|ERROR|PANIC):\s+(.+)", words)
    line = fatal.group(1) if fatal else next((one for one in reversed(words.splitlines()) if "failed: " in one), words)
    line = line.rpartition("failed: ")[2].splitlines()[0] if line.strip() else type(error).__name__
    return line.strip().rstrip(".").removesuffix("Is the server running on that host and accepting TCP/IP connections?").strip()
