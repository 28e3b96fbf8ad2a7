"""Walls that were saved under a name."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from livepane.domain.errors import NotFound, Outdated, TooMany
from livepane.store.db import Database
from livepane.store.tables import layouts

MOST = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """One saved wall; what is in it is the dashboard's business."""

    name: str
    wall: dict[str, Any]
    updated_at: int  # milliseconds since the Unix epoch

    @property
    def version(self) -> str:
        """The same for the same wall, another one for another."""
        text = json.dumps(self.wall, sort_keys=True, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


class LayoutStore:
    """The table of layouts. Every method raises Unavailable when the database is away or cannot be written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def names(self) -> list[tuple[str, int]]:
        """Every name with the moment of its last change, in alphabetical order."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(layouts.c.name, layouts.c.updated_at).order_by(layouts.c.name))
            return [(row.name, row.updated_at) for row in rows]

    async def get(self, name: str) -> Layout:
        """One of them.

        Raises:
            NotFound: there is none of that name.
        """
        async with self._database.reading() as connection:
            row = (await connection.execute(select(layouts).where(layouts.c.name == name))).mappings().first()
        if row is None:
            raise _missing(name)
        return Layout(**row)

    async def put(self, layout: Layout, known: frozenset[str] | None = None) -> None:
        """Save it; one of the same name is replaced. `known`: only if its version is one of these, or any if `*` is among them.

        Raises:
            Outdated: somebody else has saved another wall under this name, or deleted it.
            TooMany: there are as many as may be.
        """
        async with self._database.writing() as connection:
            if known is not None:
                asked = select(layouts).where(layouts.c.name == layout.name).with_for_update()
                row = (await connection.execute(asked)).mappings().first()
                if row is None:
                    raise Outdated(f"layout {layout.name!r} was deleted since you opened it; save it without If-Match")
                if not known & {"*", Layout(**row).version}:
                    raise Outdated(
                        f"layout {layout.name!r} was changed by somebody else since you opened it; "
                        "read it again, or save without If-Match to overwrite it"
                    )
            values = {"wall": layout.wall, "updated_at": layout.updated_at}
            done = await connection.execute(update(layouts).where(layouts.c.name == layout.name).values(values))
            if done.rowcount == 0:
                if int(await connection.scalar(select(func.count()).select_from(layouts)) or 0) >= MOST:
                    raise TooMany(f"there are {MOST} layouts already; delete one first")
                await connection.execute(insert(layouts).values(name=layout.name, **values))

    async def remove(self, name: str) -> None:
        """Delete it.

        Raises:
            NotFound: there is none of that name.
        """
        async with self._database.writing() as connection:
            if (await connection.execute(delete(layouts).where(layouts.c.name == name))).rowcount == 0:
                raise _missing(name)


def _missing(name: str) -> NotFound:
    return NotFound(f"there is no layout {name!r}; GET /api/layouts lists what there is")
