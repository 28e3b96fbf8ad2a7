"""A limit to how long something may take, the same on every Python that we run on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def within(seconds: float | None) -> AsyncIterator[None]:
    """`async with within(5):` raises TimeoutError when the block takes longer; None is no limit.

    asyncio.timeout of Python 3.11.2 (Debian 12) lets CancelledError out instead when the task was asked to end before:
    in a `finally` that runs because of a cancellation, and for the rest of a task's life once a TaskGroup in it has failed
    (python/cpython issue 102780, mended in 3.11.3).
    """
    task = asyncio.current_task()
    earlier = task.cancelling() if task is not None else 0
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except asyncio.CancelledError as error:
        if task is not None and limit.expired() and task.cancelling() <= earlier:
            raise TimeoutError from error
        raise
