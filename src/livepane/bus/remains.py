"""What nodes that died have left among the records: the newest of each key is kept for ever, unless somebody clears it away."""

from __future__ import annotations

import secrets
from collections.abc import Callable

MISSED_FOR = 600.0  # seconds that nothing was heard of a node, until what it left is cleared away
_SPREAD = 60  # seconds more, by chance: one node is enough to do it
_RECORDS = 100_000  # that are remembered


class Remains:
    """By node, what there is of it. Pure: the caller says what time it is, monotonic."""

    def __init__(self) -> None:
        self._records: dict[str, set[str]] = {}  # names of streams; a node that has said only that it is there has none
        self._count = 0
        self._missed: dict[str, float] = {}  # since when
        self._patience = MISSED_FOR + secrets.randbelow(_SPREAD)

    def node(self, node: str, *, there: bool) -> None:
        """There is a record of a node, or none any more."""
        if there and self._count < _RECORDS:
            self._records.setdefault(node, set())
        elif not there and not self._records.get(node, {"?"}):
            self._drop(node)

    def stream(self, node: str, stream: str, *, there: bool) -> None:
        """There is a record of a stream of a node, or none any more."""
        if there:
            if self._count < _RECORDS and stream not in self._records.setdefault(node, set()):
                self._records[node].add(stream)
                self._count += 1
        elif stream in self._records.get(node, ()):
            self._records[node].discard(stream)
            self._count -= 1

    def wait_anew(self) -> None:
        """Nobody is missed who could not be heard."""
        self._missed.clear()

    def due(self, now: float, there: Callable[[str], object]) -> list[tuple[str, list[str]]]:
        """Nodes that were missed for long enough, with the streams that they have left; each is told once."""
        for node in list(self._missed):
            if there(node):
                del self._missed[node]
        due = []
        for node in list(self._records):
            if not there(node) and now - self._missed.setdefault(node, now) > self._patience:
                due.append((node, sorted(self._records[node])))
                self._drop(node)
        return due

    def _drop(self, node: str) -> None:
        self._count -= len(self._records.pop(node, ()))
        self._missed.pop(node, None)
