"""Blocking work beside a script, in threads that never keep it from ending."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def in_background(function: Callable[[], T]) -> T:
    """Run `function` in a daemon thread and wait for it. (The threads of `asyncio.to_thread` are waited for at the end.)"""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]

    def work() -> None:
        result, error = None, None
        try:
            result = function()
        except BaseException as caught:
            error = caught
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=work, name="livepane background", daemon=True).start()
    return await answer


class NetworkThread:
    """One event loop in a daemon thread, for scripts that have none of their own to lend."""

    _only: NetworkThread | None = None

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="livepane network", daemon=True).start()

    @classmethod
    def get(cls) -> NetworkThread:
        """The one of this process, started when it is first needed."""
        if cls._only is None:
            cls._only = cls()
        return cls._only
