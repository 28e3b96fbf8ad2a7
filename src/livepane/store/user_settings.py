"""Settings that users change while the server runs, each as JSON under a key."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from livepane.store.db import Database
from livepane.store.tables import settings


class SettingStore:
    """The table of settings. Every method raises Unavailable when the database is away or cannot be written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> dict[str, Any]:
        """Everything that was ever changed."""
        async with self._database.reading() as connection:
            return {row.key: row.value for row in await connection.execute(select(settings.c.key, settings.c.value))}

    async def put(self, values: dict[str, Any]) -> None:
        """Keep these, all or none; others stay."""
        moment = time.time_ns() // 1_000_000

        def change(connection: Connection) -> None:
            connection.execute(delete(settings).where(settings.c.key.in_(list(values))))
            rows = [{"key": key, "value": value, "updated_at": moment} for key, value in values.items()]
            connection.execute(insert(settings), rows)

        if values:
            await self._database.write(change)
