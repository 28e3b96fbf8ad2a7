"""The threads in which files are written: a few of a run's own, so that a slow disk holds up nothing else of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

MOST = 8

P = ParamSpec("P")
T = TypeVar("T")


class FileThreads:
    """Does what blocks. `close` it when nothing is under way any more."""

    def __init__(self, at_once: int) -> None:
        self._threads = ThreadPoolExecutor(min(at_once, MOST), thread_name_prefix="files")

    async def do(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it in a thread. Whoever is cancelled waits until it is done: a file is never closed under a thread that writes."""
        work = asyncio.get_running_loop().run_in_executor(self._threads, partial(call, *args, **kwargs))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait([work])
            if not work.cancelled():
                work.exception()  # seen
            raise

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False)
