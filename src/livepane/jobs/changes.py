"""Who wants to know that a job has changed, and who is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Listener:
    """Collects the ids of jobs that change while nobody looks."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._event = asyncio.Event()

    def put(self, ids: Iterable[int]) -> None:
        """These have changed."""
        self._ids.update(ids)
        self._event.set()

    async def next(self) -> set[int]:
        """Those that have changed since the last call; waits until there is one."""
        await self._event.wait()
        self._event.clear()
        ids, self._ids = self._ids, set()
        return ids


class Changes:
    """Tells every listener of this process."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    @property
    def heard(self) -> bool:
        """Whether somebody listens."""
        return bool(self._listeners)

    def tell(self, ids: Iterable[int]) -> None:
        """These jobs have changed; somebody who is told looks them up."""
        changed = list(ids)
        if changed:
            for one in self._listeners:
                one.put(changed)

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """What changes from now on."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
