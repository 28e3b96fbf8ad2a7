"""Addresses of the services that a cluster shares: checked without quoting them, for there are passwords in them."""

from __future__ import annotations

import re

_BROKER = re.compile(r"(rediss?|valkeys?|redis\+socket|sentinel)://\S")
_VALKEY = re.compile(r"\bvalkey(s?)://")
_DATABASE = re.compile(r"postgres(ql(\+psycopg)?)?://[^/?#\s]*/[^/?#\s]+(\?[^#\s]*)?")


def check_database_url(url: str) -> None:
    """That of a Postgres. Raises ValueError."""
    if not _DATABASE.fullmatch(url):
        raise ValueError(
            f"DATABASE_URL begins with {_scheme(url)}; it has to be postgresql://user:password@host:5432/name, with what is "
            "special in the password as %XX; leave it out for SQLite in the data folder"
        )


def check_broker_url(url: str) -> None:
    """That of the broker of Celery. Raises ValueError."""
    if not _BROKER.match(url):
        raise ValueError(
            f"CELERY_BROKER_URL begins with {_scheme(url)}; it has to be redis://host:6379/0 or valkey://…, "
            "rediss://… or valkeys://… (TLS), redis+socket:///path or sentinel://…"
        )


def as_redis(url: str) -> str:
    """The same address as clients of Redis know it: Valkey speaks as Redis does, and has a scheme of its own."""
    return _VALKEY.sub(r"redis\1://", url)


def _scheme(url: str) -> str:
    return repr(url.partition("://")[0][:20] if "://" in url else "")
