"""An answer of server-sent events: pinged while it is silent, ended when the client leaves or the server stops."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import aclosing
from typing import Any, TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from livepane.domain.errors import LivepaneError
from livepane.wire import sse

log = logging.getLogger(__name__)

PING_SECONDS = 15.0  # proxies give a silent line up after 30 to 60 s

T = TypeVar("T")


class EventStream(Response):
    """Sends what a generator yields. The generator is closed when the client leaves: what it began, it ends in `finally`."""

    media_type = sse.CONTENT_TYPE
    charset = "utf-8"

    def __init__(
        self, events: AsyncGenerator[bytes, None], stopping: asyncio.Event, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(None, 200, {"X-Accel-Buffering": "no", "Cache-Control": "no-store", **(headers or {})})
        del self.headers["content-length"]  # it has no length
        self._events, self._stopping = events, stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer. Called by the application."""
        async with aclosing(self._events) as events:
            loop = asyncio.get_running_loop()
            left = loop.create_task(until_left(receive), name="events: client")
            stop = loop.create_task(self._stopping.wait(), name="events: stop")
            more: asyncio.Task[bytes | None] | None = loop.create_task(_next(events), name="events: next")
            try:
                await asyncio.sleep(0)  # the generator listens before the client knows that it may rely on it
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                while not left.done():
                    more = more or loop.create_task(_next(events), name="events: next")
                    await asyncio.wait((more, left, stop), timeout=PING_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                    if left.done():
                        return
                    chunk = more.result() if more.done() else sse.PING
                    if chunk is None:
                        break
                    more = None if more.done() else more
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    if more is not None and stop.done():
                        break
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            finally:
                # The generator has to have stopped before it can be closed.
                await _ended(left, stop, *([more] if more is not None else []))


async def _next(events: AsyncGenerator[bytes, None]) -> bytes | None:
    try:
        return await _more(events)
    except LivepaneError as error:  # too late for a status: the answer ends, and its client comes again or does not
        log.warning("an answer of events ends early: %s", error.message)
        return None


async def until_left(receive: Receive) -> None:
    """Wait until the client has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Left(Exception):
    """Nobody waits for the answer any more: the client hung up, or the server stops."""


async def unless_left(receive: Receive, work: Coroutine[Any, Any, T], stopping: asyncio.Event) -> T:
    """The result of some work, which is cancelled when the client hangs up meanwhile, or the server stops.

    Raises:
        Left: it did.
    """
    loop = asyncio.get_running_loop()
    left = loop.create_task(until_left(receive), name="answer: client")
    stop = loop.create_task(stopping.wait(), name="answer: stop")
    working = loop.create_task(work, name="answer: work")
    try:
        await asyncio.wait((working, left, stop), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Left
        return working.result()
    finally:
        await _ended(left, stop, working)


async def with_silences(events: AsyncGenerator[T, None], seconds: float) -> AsyncGenerator[T | None, None]:
    """What a generator yields, and None whenever it has yielded nothing for so long. Ends it when it is ended itself."""
    more: asyncio.Task[T | None] | None = None
    try:
        while True:
            more = more or asyncio.get_running_loop().create_task(_more(events), name="events: more")
            await asyncio.wait((more,), timeout=seconds)
            if not more.done():
                yield None
                continue
            done, more = more, None
            if (one := done.result()) is None:
                return
            yield one
    finally:
        if more is not None:
            await _ended(more)
        await events.aclose()


async def _more(events: AsyncGenerator[T, None]) -> T | None:
    return await anext(events, None)


async def _ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait for their end; what they raise by then is nobody's any more."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()
