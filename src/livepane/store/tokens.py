"""Tokens, share links, invites and sessions as rows. Secrets are not here: only their digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from livepane.store.db import Database
from livepane.store.tables import server, tokens


class Kind(StrEnum):
    """What a credential is."""

    TOKEN = "token"  # noqa: S105 - a kind
    SHARE = "share"  # one stream, to watch
    INVITE = "invite"  # one stream, to feed
    SESSION = "session"  # a share link that was opened: the uses of the link are spent, this is not counted
    BROWSER = "browser"  # a browser that is signed in: shown as a cookie, and in no other way


SESSIONS = frozenset({Kind.SESSION, Kind.BROWSER})  # what is made by showing another credential


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One credential. Moments are milliseconds since the Unix epoch."""

    id: str
    kind: Kind
    name: str
    roles: tuple[str, ...]
    streams: tuple[str, ...]
    digest: str
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None
    last_used_at: int | None = None
    uses: int = 0
    max_uses: int | None = None
    parent: str | None = None
    parent_digest: str | None = None
    revision: int = 0

    @classmethod
    def of(cls, row: RowMapping) -> TokenRow:
        """Read one from the table."""
        values: dict[str, Any] = dict(row)
        values.update(kind=Kind(row["kind"]), roles=tuple(row["roles"]), streams=tuple(row["streams"]))
        return cls(**values)


class TokenStore:
    """The table of tokens. Every method raises Unavailable when the database is away or cannot be written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, revision: int) -> list[TokenRow]:
        """What was written after this revision; -1: everything."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(tokens).where(tokens.c.revision > revision).order_by(tokens.c.revision))
            return [TokenRow.of(row) for row in rows.mappings()]

    async def add(self, row: TokenRow) -> TokenRow:
        """Write a new one."""
        async with self._database.writing() as connection:
            revision = await _next(connection)
            values = asdict(row) | {"roles": list(row.roles), "streams": list(row.streams), "revision": revision}
            await connection.execute(insert(tokens).values(values))
        return TokenRow.of(values)  # type: ignore[arg-type]

    async def revoke(self, token_id: str, now: int) -> None:
        """It does not work from now on. The first moment stays when it is revoked again."""
        async with self._database.writing() as connection:
            alive = (tokens.c.id == token_id) & tokens.c.revoked_at.is_(None)
            await connection.execute(update(tokens).where(alive).values(revoked_at=now, revision=await _next(connection)))

    async def spend(self, token_id: str, now: int) -> bool:
        """Count one use; False when none was left, or it does not work any more."""
        async with self._database.writing() as connection:
            good = (
                (tokens.c.id == token_id)
                & tokens.c.revoked_at.is_(None)
                & or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > now)
                & or_(tokens.c.max_uses.is_(None), tokens.c.uses < tokens.c.max_uses)
            )
            counted = {"uses": tokens.c.uses + 1, "last_used_at": now, "revision": await _next(connection)}
            return (await connection.execute(update(tokens).where(good).values(counted))).rowcount == 1

    async def used(self, last: Mapping[str, int]) -> None:
        """Note when each was last used. No news for other processes: the revision stays."""
        async with self._database.writing() as connection:
            for token_id, moment in last.items():
                await connection.execute(update(tokens).where(tokens.c.id == token_id).values(last_used_at=moment))

    async def prune(self, before: int, sessions_before: int) -> None:
        """Remove what stopped working before this moment; sessions, which nobody asks for again, earlier."""
        dead = or_(tokens.c.expires_at < before, tokens.c.revoked_at < before)
        over = or_(tokens.c.expires_at < sessions_before, tokens.c.revoked_at < sessions_before)
        sessions = tokens.c.kind.in_(sorted(SESSIONS))
        async with self._database.writing() as connection:
            await connection.execute(delete(tokens).where(or_(dead, sessions & over)))

    async def server_name(self) -> str:
        """What tells this server apart from others."""
        return await self._database.name()


async def _next(connection: AsyncConnection) -> int:
    """The next revision. The row of the server is written first: on any database that makes writers wait for each other."""
    await connection.execute(update(server).values(revision=server.c.revision + 1))
    return int(await connection.scalar(select(server.c.revision)) or 0)
