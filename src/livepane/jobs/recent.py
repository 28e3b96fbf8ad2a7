"""The newest lines of the journal in memory: who follows live need not read them from the disk."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from livepane.domain.job import JobEvent

MOST = 2000  # lines that are kept


@dataclass(frozen=True, slots=True)
class Entry:
    """A line, and the group of its job."""

    event: JobEvent
    group: str | None


@dataclass(slots=True, eq=False)
class _Follower:
    job: int | None
    group: str | None
    poked: asyncio.Event

    def wants(self, entry: Entry) -> bool:
        return (self.job is None or self.job == entry.event.job) and (self.group is None or self.group == entry.group)


class Recent:
    """All lines that there are behind `_before`, up to `newest`. Their numbers grow; some may have been given to nobody."""

    def __init__(self) -> None:
        self.newest: int | None = None  # the number of the last line that we know of; None: of none
        self._before = 0
        self._entries: list[Entry] = []
        self._followers: set[_Follower] = set()

    @property
    def followed(self) -> bool:
        """Whether somebody follows."""
        return bool(self._followers)

    def add(self, entries: Sequence[Entry]) -> None:
        """Lines that were written just now, by us, in their order."""
        if not entries:
            return
        first, last = entries[0].event.id, entries[-1].event.id
        if self.newest is None or last > self.newest:
            if self.newest is None or first > self.newest + 1:  # others may have written in between: those are on the disk
                self._entries.clear()
                self._before = first - 1
            self._append(entries)
        self._poke(entries)

    def learned(self, behind: int, entries: Sequence[Entry]) -> None:
        """All lines behind `behind`, as they were read: others have written some of them."""
        if entries and self.newest == behind:  # else we have written meanwhile, and who needs these lines reads them
            self._append(entries)
        self._poke(entries)

    def overtaken(self, newest: int) -> None:
        """Other processes have written up to this line."""
        if self.newest is not None and newest <= self.newest:
            return
        self._entries.clear()
        self._before = self.newest = newest
        for one in self._followers:
            one.poked.set()

    def since(self, after: int, job: int | None, group: str | None) -> tuple[list[JobEvent], int] | None:
        """Lines behind `after` that somebody wants, and the number up to which that is all; None: ask the disk."""
        if self.newest is None or after < self._before:
            return None
        wanted = _Follower(job, group, asyncio.Event()).wants
        start = bisect_right(self._entries, after, key=_number)
        return [one.event for one in islice(self._entries, start, None) if wanted(one)], max(after, self.newest)

    def _append(self, entries: Sequence[Entry]) -> None:
        newest = self.newest or 0
        self._entries.extend(one for one in entries if one.event.id > newest)
        self.newest = entries[-1].event.id
        if len(self._entries) > 2 * MOST:
            self._before = self._entries[-MOST - 1].event.id
            del self._entries[:-MOST]

    def _poke(self, entries: Sequence[Entry]) -> None:
        for one in self._followers:
            if not one.poked.is_set() and any(one.wants(entry) for entry in entries):
                one.poked.set()

    @contextmanager
    def listening(self, job: int | None, group: str | None) -> Iterator[asyncio.Event]:
        """An event that is set when there are lines for somebody."""
        follower = _Follower(job, group, asyncio.Event())
        self._followers.add(follower)
        try:
            yield follower.poked
        finally:
            self._followers.discard(follower)


def _number(entry: Entry) -> int:
    return entry.event.id
