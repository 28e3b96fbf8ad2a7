"""What the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"  # it works, and could be better
    PROBLEM = "problem"  # it does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried."""

    name: str
    level: Level
    says: str
    mend: str | None = None  # what to do


def ok(name: str, says: str) -> Finding:
    """It works."""
    return Finding(name, Level.OK, says)


def warning(name: str, says: str, mend: str | None = None) -> Finding:
    """It works, and could be better."""
    return Finding(name, Level.WARNING, says, mend)


def problem(name: str, says: str, mend: str | None = None) -> Finding:
    """It does not work."""
    return Finding(name, Level.PROBLEM, says, mend)
