"""A page of a script on the wall, and the handle that the script holds."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from livepane.domain.errors import LivepaneError
from livepane.domain.stream import Action, Kind, StreamId
from livepane.sdk.background import NetworkThread, in_background
from livepane.sdk.server import OwnServer, ServerForScript
from livepane.sources.driver import AsyncDriver, SyncDriver
from livepane.sources.watched_page import WatchedPage

if TYPE_CHECKING:
    from playwright.async_api import Locator as LocatorOfAsync
    from playwright.sync_api import Locator as LocatorOfSync

    from livepane.domain.ports import Source
    from livepane.producing.client import Happening, Producer

    Locator: TypeAlias = LocatorOfAsync | LocatorOfSync

log = logging.getLogger("livepane")

CLOSE_WITHIN = 1.0  # s
ENDED = "the script has ended"


class Pane:
    """What both kinds of script have. No method blocks or raises, whatever the server does."""

    def __init__(
        self,
        page: Any,
        stream: StreamId,
        title: str | None,
        server: ServerForScript,
        loop: asyncio.AbstractEventLoop,
        watched: WatchedPage,
    ) -> None:
        self.page = page
        self._watched = watched
        self._stream = stream
        self._title = title
        self._loop = loop  # where the connection lives
        self._spotlight: Callable[[Action], object] = lambda action: None  # hears of each action, on any thread
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

    def action(self, label: str, *, selector: str | Locator | None = None) -> None:
        """Label what happens now; viewers read it under the picture.

        `selector`: a Playwright selector or locator of the element that it is about, which is outlined for those who watch.
        """
        with suppress(Exception):  # a label is never worth a failed script
            action = Action(str(label), time.time_ns(), None if selector is None else _selector(selector))
            self._loop.call_soon_threadsafe(self._act, action)
            self._spotlight(action)

    def mask(self, selectors: Sequence[str]) -> None:
        """Paint over these, too, in every picture from now on, and in the tabs that follow this pane."""
        self._watched.mask(selectors)
        for tab in self.tabs:
            tab.mask(selectors)

    @property
    def masked(self) -> tuple[str, ...]:
        """The selectors of what is painted over beside password fields."""
        return self._watched.selectors

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

        title = self._title or self._stream.name
        hello = ProducerHello(kind=Kind.PAGE, name=self._stream.name, title=title, masked=bool(self.masked))
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


def _selector(wanted: str | Locator) -> str:
    """As text. What a locator looks for it says to nobody; without it the element is not outlined, and all else is as it was."""
    return str(getattr(getattr(wanted, "_impl_obj", None), "_selector", wanted))


class AsyncPane(Pane):
    """For `playwright.async_api`. May be awaited (at once), and is an async context manager that closes the pane."""

    def __init__(self, page: Any, stream: StreamId, title: str | None, server: ServerForScript, mask: Sequence[str] = ()) -> None:
        watched = WatchedPage(page, AsyncDriver(), mask)
        super().__init__(page, stream, title, server, asyncio.get_running_loop(), watched)
        self._spotlight = lambda action: self._loop.call_soon_threadsafe(watched.spotlight.point, action)
        watched.on_describe = self._describe
        watched.on_closed = lambda: self._leave("the page was closed")
        watched.describe()
        watched.guard()
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

    def __init__(self, page: Any, stream: StreamId, title: str | None, server: ServerForScript, mask: Sequence[str] = ()) -> None:
        from livepane.sdk.bridge import BridgedSource, post

        watched = WatchedPage(page, SyncDriver(), mask)
        super().__init__(page, stream, title, server, NetworkThread.get().loop, watched)
        there = asyncio.get_running_loop()
        self._spotlight = lambda action: post(there, lambda: watched.spotlight.point(action))
        watched.on_describe = lambda title, url: post(self._loop, lambda: self._describe(title, url))
        watched.on_closed = lambda: post(self._loop, lambda: self._leave("the page was closed"))
        watched.describe()
        watched.guard()
        self._finished = asyncio.run_coroutine_threadsafe(self._run(BridgedSource(watched, there)), self._loop)

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
