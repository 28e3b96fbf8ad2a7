"""A page of a script on the wall, and the handle that the script holds."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Generator
from concurrent.futures import CancelledError
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from livepane.domain.errors import LivepaneError
from livepane.domain.stream import Action, Kind, StreamId
from livepane.sdk.background import NetworkThread, in_background
from livepane.sdk.driver import AsyncDriver, SyncDriver
from livepane.sdk.page import WatchedPage
from livepane.sdk.server import OwnServer, ServerForScript

if TYPE_CHECKING:
    from livepane.domain.ports import Source
    from livepane.producing.client import Happening, Producer

log = logging.getLogger("livepane")

CLOSE_WITHIN = 1.0  # s
ENDED = "the script has ended"


class Pane:
    """What both kinds of script have. No method blocks or raises, whatever the server does."""

    def __init__(
        self, page: Any, stream: StreamId, title: str | None, server: ServerForScript, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.page = page
        self._stream = stream
        self._title = title
        self._loop = loop  # where the connection lives
        self._producer: Producer | None = None
        self._waiting: deque[Action] = deque(maxlen=100)  # until there is a producer
        self._description: dict[str, str | None] = {"title": title, "url": None}
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self.server = server
        self.tabs: list[Pane] = []  # panes that follow this one
        self.withdrawn = False  # by the script, not by its page's end

    @property
    def stream(self) -> str:
        """The stream's id, such as `page:checkout-k3f9`."""
        return str(self._stream)

    @property
    def url(self) -> str | None:
        """Where to watch it; None until a server has been found."""
        server = self._producer.server if self._producer is not None else None
        return None if server is None else f"{server.url}/view/{quote(self.stream, safe=':')}"

    @property
    def closed(self) -> bool:
        """Whether it has ended: closed, or its page was."""
        return self._closed

    def action(self, label: str, *, selector: str | None = None) -> None:
        """Label what happens now; viewers read it under the picture."""
        with suppress(Exception):  # a label is never worth a failed script
            action = Action(str(label), time.time_ns(), None if selector is None else str(selector))
            self._loop.call_soon_threadsafe(self._act, action)

    def withdraw(self, reason: str) -> None:
        """Begin to take the page, and the tabs that were followed with it, off the wall. Returns at once."""
        self._closed = self.withdrawn = True
        with suppress(RuntimeError):  # the loop is closed, and everything with it
            self._loop.call_soon_threadsafe(self._leave, reason)
        for tab in self.tabs:
            tab.withdraw(reason)

    def _act(self, action: Action) -> None:
        if self._producer is None:
            self._waiting.append(action)
        else:
            self._producer.outbox.action(action)

    def _describe(self, title: str | None, url: str) -> None:
        if self._title is None and title:
            self._description["title"] = title
        self._description["url"] = url
        if self._producer is not None:
            self._producer.outbox.describe(**self._description)  # type: ignore[arg-type]

    async def _show(self, source: Source) -> None:
        """Run the producer, and contain whatever goes wrong."""
        try:
            producer = await in_background(self._prepare)
            producer.leave(ENDED)
            producer.outbox.describe(**self._description)  # type: ignore[arg-type]
            for action in self._waiting:
                producer.outbox.action(action)
            self._producer = producer
            await producer.run(source)
        except LivepaneError as error:
            log.warning("%s is not shown: %s", self.stream, error.message)
        except Exception:
            log.warning("%s is not shown: livepane failed", self.stream, exc_info=True)
        finally:
            self._closed = True

    def _prepare(self) -> Producer:
        """Load what a producer needs: a third of a second that the script's loop does not spend."""
        from livepane.producing.client import Producer
        from livepane.wire.messages import ProducerHello

        hello = ProducerHello(kind=Kind.PAGE, name=self._stream.name, title=self._title or self._stream.name)
        return Producer(self.server.locate, hello, tell=self._tell)

    def _tell(self, what: Happening, detail: str) -> None:
        match what.value:
            case "connected" | "plain":
                OwnServer.announce(self.url)
                log.info("%s can be watched at %s", self.stream, self.url)
            case "lost":
                log.warning(
                    "%s is not shown for now (%s); the script goes on, and the pane comes when the server does",
                    self.stream,
                    detail,
                )
            case "failing":
                log.info("%s: %s", self.stream, detail)
            case _:
                log.debug("%s: %s: %s", self.stream, what, detail)

    def _leave(self, reason: str) -> None:
        """End, on the loop of the connection; viewers are told why."""
        if self._producer is not None:
            self._producer.leave(reason)
        if self._task is not None:
            self._task.cancel()


class AsyncPane(Pane):
    """For `playwright.async_api`. May be awaited (at once), and is an async context manager that closes the pane."""

    def __init__(self, page: Any, stream: StreamId, title: str | None, server: ServerForScript) -> None:
        super().__init__(page, stream, title, server, asyncio.get_running_loop())
        watched = WatchedPage(page, AsyncDriver())
        watched.on_describe = self._describe
        watched.on_closed = lambda: self._leave("the page was closed")
        watched.describe()
        self._task = self._loop.create_task(self._show(watched), name=f"livepane {stream}")

    def __await__(self) -> Generator[None, None, AsyncPane]:
        yield from ()
        return self

    async def __aenter__(self) -> AsyncPane:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Take the page off the wall. The page itself stays open."""
        self.withdraw("the script has closed this pane")
        if self._task is not None:
            await asyncio.wait([self._task], timeout=CLOSE_WITHIN)


class SyncPane(Pane):
    """For `playwright.sync_api`: the connection has a thread of its own, capture goes on while the script calls Playwright."""

    def __init__(self, page: Any, stream: StreamId, title: str | None, server: ServerForScript) -> None:
        from livepane.sdk.bridge import BridgedSource, post

        super().__init__(page, stream, title, server, NetworkThread.get().loop)
        watched = WatchedPage(page, SyncDriver())
        watched.on_describe = lambda title, url: post(self._loop, lambda: self._describe(title, url))
        watched.on_closed = lambda: post(self._loop, lambda: self._leave("the page was closed"))
        watched.describe()
        self._finished = asyncio.run_coroutine_threadsafe(
            self._run(BridgedSource(watched, asyncio.get_running_loop())), self._loop
        )

    async def _run(self, source: Source) -> None:
        self._task = asyncio.current_task()
        await self._show(source)

    def __enter__(self) -> SyncPane:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self, reason: str = "the script has closed this pane") -> None:
        """Take the page off the wall. The page itself stays open."""
        self.withdraw(reason)
        with suppress(Exception, CancelledError):
            self._finished.exception(timeout=CLOSE_WITHIN)
