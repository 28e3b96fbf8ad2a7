"""The files that jobs fetch just now, with how far they are: a board in memory, for those who watch."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

EVERY = 0.25  # s between two times that a file's progress is told
_MARKS = 12  # of them: the rate is that of the last three seconds


@dataclass(slots=True, eq=False)
class Transfer:
    """One file under way."""

    name: str
    received: int = 0  # bytes of the file, with those that an earlier run brought
    total: int | None = None
    tell: Callable[[], None] = lambda: None
    _marks: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=_MARKS))

    def begin(self, received: int, total: int | None) -> None:
        """The head of an answer is there: from where it goes on, and to where."""
        self.received, self.total = received, total
        self._marks.clear()
        self._mark(time.monotonic())

    def moved(self, count: int) -> None:
        """So many bytes more."""
        self.received += count
        now = time.monotonic()
        if not self._marks or now - self._marks[-1][0] >= EVERY:
            self._mark(now)

    @property
    def bytes_per_second(self) -> int:
        """Over the last seconds."""
        if not self._marks:
            return 0
        since, before = self._marks[0]
        return round((self.received - before) / max(time.monotonic() - since, 0.001))

    def as_dict(self) -> dict[str, str | int | None]:
        """As JSON: `{name, received, total, bytes_per_second}`."""
        return {
            "name": self.name,
            "received": self.received,
            "total": self.total,
            "bytes_per_second": self.bytes_per_second,
        }

    def _mark(self, now: float) -> None:
        self._marks.append((now, self.received))
        self.tell()


class Transfers:
    """All of them, by job. `listeners` are called with a job's number when something of it has changed, on the event loop."""

    def __init__(self) -> None:
        self.listeners: set[Callable[[int], object]] = set()
        self._jobs: dict[int, list[Transfer]] = {}

    def of(self, job: int) -> list[Transfer]:
        """Those of a job, the one that began first before the others."""
        return list(self._jobs.get(job, ()))

    @contextmanager
    def one(self, job: int, name: str) -> Iterator[Transfer]:
        """A file of a job is under way while the block runs."""
        transfer = Transfer(name, tell=lambda: self._tell(job))
        self._jobs.setdefault(job, []).append(transfer)
        self._tell(job)
        try:
            yield transfer
        finally:
            left = self._jobs[job]
            left.remove(transfer)
            if not left:
                del self._jobs[job]
            self._tell(job)

    def _tell(self, job: int) -> None:
        for listener in tuple(self.listeners):
            listener(job)
