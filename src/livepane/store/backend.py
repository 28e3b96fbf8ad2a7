"""What a kind of database has to be able to do, so that everything above need not know which one it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.ext.asyncio import AsyncEngine

from livepane.domain.errors import Unavailable
from livepane.store.clock import Clock

WRITING = "livepane_writing"  # execution option of connections that write: they begin by taking the place of the one writer
CLOCK = "livepane_clock"  # execution option with the Clock


class Backend(Protocol):
    """One database. Engines of it are made here, and errors of its driver become ours."""

    where: str  # for people: names it, without secrets

    def begin(self) -> None:
        """Before it is opened for the first time: what has to be there is made. Raises Unavailable."""

    def pool(self, clock: Clock) -> AsyncEngine:
        """Connections, a bounded number, for `reading` and `changing`."""

    def reading(self, pool: AsyncEngine, clock: Clock) -> AsyncEngine:
        """The pool for transactions that read: each sees one state of the database, however long it takes."""

    def changing(self, pool: AsyncEngine, clock: Clock) -> AsyncEngine:
        """The pool for transactions as a writer's."""

    def writer(self, clock: Clock) -> Engine:
        """Its transactions follow each other, also those of other processes: what is numbered is numbered as it is committed."""

    def ticket(self, connection: Connection) -> str | None:
        """What to ask `committed` for, if the answer to our commit is lost; None: it cannot be."""

    def committed(self, engine: Engine, ticket: str) -> bool:
        """Whether a transaction whose end we have not heard was committed; waits a little for the database to be back."""

    def unavailable(self, error: Exception) -> Unavailable:
        """The error for what the driver or the system says, with what to do about it."""

    def newer(self, version: str | None) -> Unavailable:
        """The error for a database that a newer program has written."""


class Dialect(Protocol):
    """What SQL alone does not say in the same way everywhere: a module of functions."""

    def inserted(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> Sequence[int]:
        """Insert rows, and return their numbers in the order of the rows; they grow."""

    def given(self, connection: Connection, table: Table) -> int:
        """The greatest number that a row has had, also if that was deleted since."""
