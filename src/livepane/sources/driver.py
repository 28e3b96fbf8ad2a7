"""Calling Playwright from our tasks, whichever of its two APIs its page belongs to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol


class Driver(Protocol):
    """Awaits a call of the Playwright API. Used on the event loop that Playwright itself runs on."""

    async def call(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """`function(*args, **options)`, with its result or its error."""


class AsyncDriver:
    """For `playwright.async_api`: its functions are coroutines."""

    async def call(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Await the coroutine."""
        return await function(*args, **options)


class SyncDriver:
    """For `playwright.sync_api`: its functions block the greenlet they are called in, while the loop goes on in another.

    The loop runs only while the script itself is inside a Playwright call; our tasks stand still with it.
    """

    async def call(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Let the call block a greenlet of its own, as Playwright does with its event handlers."""
        from greenlet import greenlet  # type: ignore[import-untyped]  # Playwright's own dependency

        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def block() -> None:
            try:
                result = function(*args, **options)
            except Exception as error:
                if not answer.done():
                    answer.set_exception(error)
            else:
                if not answer.done():
                    answer.set_result(result)

        greenlet(block).switch()
        return await answer
