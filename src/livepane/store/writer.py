"""The one thread that writes what is written often: what is asked for during a transaction shares the next one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from livepane.store.backend import Backend

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Change:
    make: Callable[[Connection], Any]
    then: Callable[[Any], None] | None
    made: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any = None
    error: Exception | None = None


class Writer:
    """Makes changes in the order in which they were asked for, as many as have come together in one transaction.

    A commit waits for the disk (some milliseconds), so that one for each of a hundred jobs would be all that happens.
    """

    def __init__(self, backend: Backend, engine: Engine) -> None:
        self._backend, self._engine = backend, engine
        self._waiting: list[_Change] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._under_way: asyncio.Future[list[_Outcome]] | None = None

    async def write(self, change: Callable[[Connection], T], then: Callable[[T], None] | None = None) -> T:
        """Make a change: it gets a connection within a transaction, in the thread, and may be called again if another fails.

        Once asked for it is made, even when whoever asked is gone. `then` is called in the loop, with what it returned, in the
        order of the changes, before anybody who waits for them goes on.

        Raises:
            Exception: what the change has raised; then it has not happened.
        """
        asked = _Change(change, then, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        if self._under_way is None:
            self._begin()
        made: T = await asked.made
        return made

    async def close(self) -> None:
        """Make what was asked for, and end the thread."""
        while self._under_way is not None:
            await asyncio.wait([self._under_way])
            await asyncio.sleep(0)
        self._thread.shutdown(wait=False)
        self._engine.dispose()

    def _begin(self) -> None:
        batch, self._waiting = self._waiting, []
        self._under_way = asyncio.get_running_loop().run_in_executor(self._thread, self._together, batch)
        self._under_way.add_done_callback(lambda done: self._ended(batch, done))

    def _ended(self, batch: list[_Change], done: asyncio.Future[list[_Outcome]]) -> None:
        self._under_way = None
        for change, outcome in zip(batch, done.result(), strict=True):
            if outcome.error is None and change.then is not None:
                try:
                    change.then(outcome.value)
                except Exception:  # it is written all the same, and others wait
                    log.exception("what was written is not told")
            if change.made.done():  # whoever asked is gone
                continue
            if outcome.error is not None:
                change.made.set_exception(outcome.error)
            else:
                change.made.set_result(outcome.value)
        if self._waiting:
            self._begin()

    def _together(self, batch: list[_Change]) -> list[_Outcome]:
        """In the thread: all in one transaction; if one fails by its own fault, each in its own."""
        made: list[_Outcome] = []
        ticket: str | None = None
        try:
            with self._engine.connect() as connection, connection.begin():
                made = [_Outcome(change.make(connection)) for change in batch]
                ticket = self._backend.ticket(connection)
            return made
        except (OperationalError, InterfaceError, NoneFree) as error:  # the disk is full, the database is away: so it is for all
            if ticket is not None and self._backend.committed(self._engine, ticket):
                return made  # it took the commit, and only its answer was lost
            return [_Outcome(error=error) for _ in batch]
        except Exception as error:
            if len(batch) == 1:
                return [_Outcome(error=error)]
        return [outcome for change in batch for outcome in self._together([change])]
