"""Where documents are read: off the event loop, one at a time, those of companies that are nearly done before the others.

Reading holds the interpreter's lock. Threads that read side by side gain nothing by it, hold up the event loop, and each keep
memory of their own.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

LARGE = 256 * 1024  # bytes; documents of this size have a thread of their own, so that none of the others waits for them
AHEAD = 0.05  # seconds by which a document goes before one that came earlier, for each page that was read for its company
MOST_AHEAD = 0.5  # seconds; nobody waits longer because of this

T = TypeVar("T")


class Desk:
    """One thread, and those who wait for it."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting: list[tuple[float, int, Callable[[], Any], asyncio.Future[Any]]] = []
        self._numbers = itertools.count()
        self._busy = False

    async def read(self, work: Callable[[], T], pages: int = 0) -> T:
        """What `work` returns, done in the thread. `pages` were read for the same company before."""
        made: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        turn = time.monotonic() - min(MOST_AHEAD, AHEAD * pages)
        heapq.heappush(self._waiting, (turn, next(self._numbers), work, made))
        self._next()
        return await made

    def _next(self) -> None:
        while self._waiting and not self._busy:
            _, _, work, made = heapq.heappop(self._waiting)
            if made.done():  # whoever asked is gone
                continue
            self._busy = True
            reading = asyncio.get_running_loop().run_in_executor(self._thread, work)
            reading.add_done_callback(partial(self._read, made))

    def _read(self, made: asyncio.Future[Any], reading: asyncio.Future[Any]) -> None:
        self._busy = False
        self._next()
        if reading.cancelled() or made.done():
            if not reading.cancelled():
                reading.exception()  # nobody is there to hear it
        elif (error := reading.exception()) is not None:
            made.set_exception(error)
        else:
            made.set_result(reading.result())


_DESKS: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[Desk, Desk]] = WeakKeyDictionary()


async def read(work: Callable[[], T], size: int, pages: int = 0) -> T:
    """What `work` returns, done off the event loop: `size` bytes are read, after `pages` others for the same company."""
    loop = asyncio.get_running_loop()
    if (desks := _DESKS.get(loop)) is None:
        desks = _DESKS[loop] = (Desk("reads"), Desk("reads large"))
    return await desks[size >= LARGE].read(work, pages)
