"""The tables, as the newest migration leaves them. Moments are milliseconds since the Unix epoch."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Dialect, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

metadata = MetaData()
Number = BigInteger().with_variant(Integer, "sqlite")  # of a row; SQLite counts up only what it calls INTEGER


class Words(TypeDecorator[str]):
    """Text from outside: a NUL, which Postgres takes in no text, becomes a replacement character there."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        """SQLAlchemy: what is written, and what is compared with it."""
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if value and dialect.name == "postgresql" else value


# One row about the database as a whole.
server = Table(
    "server",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(32), nullable=False),  # random: tells two servers apart, whatever their folders are called
    Column("revision", BigInteger, nullable=False),  # grows with every write to `tokens`
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(200), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("streams", JSON, nullable=False),  # patterns; none: every stream
    Column("digest", String(64), nullable=False),  # SHA-256 of the secret, hexadecimal
    Column("parent", String(32)),  # what was shown to get this one: it dies with it
    Column("parent_digest", String(64)),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("last_used_at", BigInteger),
    Column("uses", Integer, nullable=False),
    Column("max_uses", Integer),
    Column("revision", BigInteger, nullable=False),  # of the server's row, when this one was last written
    Index("tokens_by_revision", "revision"),
)

layouts = Table(
    "layouts",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("wall", JSON, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

# Changed by users while the server runs: what `Settings` says is only the beginning.
settings = Table(
    "settings",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Number, primary_key=True),
    Column("kind", String(60), nullable=False),
    Column("target", Words, nullable=False),
    Column("options", JSON, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("group", String(64)),
    Column("state", String(16), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("run_after", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("attempt", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("losses", Integer, nullable=False),  # how often its runner died; such a run does not count as an attempt
    Column("fence", Integer, nullable=False),
    Column("lease_owner", String(120)),
    Column("lease_until", BigInteger),
    Column("progress", Float),
    Column("action", Words),
    Column("items", Integer, nullable=False),
    Column("cancel_requested_at", BigInteger),
    Column("error_code", String(32)),
    Column("error_message", Words),
    Column("summary", JSON),
    Index("jobs_in_line", "state", "priority", "id"),
    Index("jobs_by_group", "group"),
    sqlite_autoincrement=True,  # an id is never given twice, also when the job that had it was deleted
)

job_events = Table(
    "job_events",
    metadata,
    Column("id", Number, primary_key=True),
    Column("job", Number, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("data", JSON, nullable=False),
    Index("job_events_by_job", "job", "id"),
    sqlite_autoincrement=True,  # who followed to the end of what was deleted goes on behind it
)
