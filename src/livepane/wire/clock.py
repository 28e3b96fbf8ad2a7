"""Times as clients read them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(ns: int) -> str:
    """Nanoseconds since the Unix epoch as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(ns / 1e9, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ms(ns: int) -> float:
    """Nanoseconds as milliseconds, to the microsecond."""
    return ns // 1000 / 1000
