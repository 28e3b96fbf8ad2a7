"""Scrapers that do nothing much: what is measured is the queue."""

from __future__ import annotations

import asyncio
import fcntl
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from livepane.scrapers import Work, scraper

SHORTEST, LONGEST = 0.5, 1.0  # seconds of an exclusive job


@scraper("noop", about="Nothing, with one result.")
async def noop(work: Work) -> AsyncIterator[dict[str, Any]]:
    """At once."""
    yield {"target": work.target}


@scraper("exclusive", about="Notices when it is run twice at the same time.")
async def exclusive(work: Work) -> AsyncIterator[dict[str, Any]]:
    """Its target is a file that it holds a lock on; the kernel gives it back when the process is killed."""
    file = os.open(work.target, os.O_RDWR | os.O_CREAT)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            Path(f"{work.target}.doubled").touch()  # noqa: ASYNC240
            raise
        await asyncio.sleep(random.uniform(SHORTEST, LONGEST))
        yield {"pid": os.getpid()}
    finally:
        os.close(file)
