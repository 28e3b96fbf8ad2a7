"""Changes that are written together: what goes wrong with one of them is nothing to the others."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, func, select

from livepane.store.db import Database
from livepane.store.tables import jobs
from tests.services.places import Place


def _count(connection: Connection) -> int:
    return int(connection.scalar(select(func.count()).select_from(jobs)) or 0)


async def test_one_that_cannot_be_told_keeps_nobody_waiting(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    def fails(value: int) -> None:
        raise RuntimeError("nobody can be told")

    database = Database(place.backend)
    found = await asyncio.gather(
        database.write(_count), database.write(_count, fails), database.write(_count), database.write(_count)
    )
    assert list(found) == [0, 0, 0, 0]
    assert "is not told" in caplog.text
    await database.close()
