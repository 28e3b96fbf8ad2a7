"""A queue, as one process has it open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from livepane.jobs.queue import Queue
from livepane.store.db import Backend, Database


@asynccontextmanager
async def queue_in(place: Path | Backend) -> AsyncIterator[Queue]:
    """The queue of a database that is prepared; its journal is being written for the length of the block."""
    database = Database(place)
    queue = Queue(database)
    async with queue.journal:
        yield queue
    await database.close()
