"""The browser of the jobs: one Chromium for all of them, launched when it is needed, and what each job shows of its pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from livepane import __version__
from livepane.deadline import within
from livepane.domain.stream import Kind, StreamId
from livepane.egress.account import Account
from livepane.hub.hub import Hub
from livepane.jobs.chromium import JobChromium
from livepane.jobs.moments import Moments
from livepane.jobs.pane import JobPane
from livepane.jobs.past import Past
from livepane.jobs.places import Places
from livepane.scrapers.contract import ScrapeError

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

log = logging.getLogger(__name__)
T = TypeVar("T")

RECYCLE_AFTER = 60  # contexts: what Chromium does not give back of their memory stays small
DRAIN = 20.0  # s that a worn Chromium may keep new pages waiting for those that are open


class JobBrowser:
    """Pages for jobs. `async with JobBrowser(...)`, or `close` at the end."""

    def __init__(
        self,
        hub: Hub,
        executable: str | None,
        proxy_url: str | None,
        *,
        pages: int = 2,
        idle_after: float = 60.0,
        recycle_after: int = RECYCLE_AFTER,
        agent: str = f"Livepane/{__version__}",
        extra: Sequence[str] = (),
    ) -> None:
        """`executable`: path of a Chromium, None: looked for. `pages`: contexts at once. `idle_after`: s until it is ended.

        `agent`: what the user agent ends with. `extra`: more arguments for Chromium.
        """
        self.past = Past()
        self.moments = Moments()
        self._hub = hub
        self._make: Callable[[], JobChromium] = lambda: JobChromium(executable, proxy_url, agent=agent, extra=extra)
        self._idle_after, self._recycle_after = idle_after, recycle_after
        self._places = Places(pages)
        self._chromium: JobChromium | None = None
        self._starting = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def __aenter__(self) -> JobBrowser:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def chromium_pid(self) -> int | None:
        """The process of the running Chromium; None while there is none."""
        return self._chromium.pid if self._chromium is not None and not self._chromium.ended.is_set() else None

    def resize(self, pages: int) -> None:
        """So many pages at once from now on; none is taken away."""
        self._places.resize(pages)

    def open(self, job_id: int, title: str, account: Account | None = None) -> JobPane:
        """The stream `job:<id>` of a job that starts now, without a page. `account`: what its pages are counted to."""
        stream_id = StreamId(Kind.JOB, str(job_id))
        stream = self._hub.find(str(stream_id))
        if stream is None:
            stream = self._hub.add(stream_id, None, title=title, owned=True)
        else:  # its last attempt is still shown, or somebody has waited for it
            stream.capture.stop_now()
            stream.attach(None)
            stream.owned, stream.transient = True, False
            stream.describe(title=title)
        return JobPane(self, job_id, stream, account)

    async def forget(self, job_id: int) -> None:
        """The job was deleted: nothing of it is shown any more."""
        self.past.forget(job_id)
        self.moments.forget(job_id)
        stream = self._hub.find(str(StreamId(Kind.JOB, str(job_id))))
        if stream is not None and stream.gone:
            await self._hub.remove(str(stream.id))

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """One of the places for pages, in the order of asking."""
        async with self._places.one():
            yield

    @property
    def full(self) -> bool:
        """Whether the next page has to wait for a place."""
        return self._places.full

    @asynccontextmanager
    async def context(self, account: Account | None) -> AsyncIterator[tuple[JobChromium, BrowserContext]]:
        """A fresh context, closed with the block, also when the job is cancelled. Hold a place meanwhile.

        Raises:
            ScrapeError: `browser`: there is no Chromium, or it does not start.
        """
        self._stop_timer()
        # Both are tasks of ours: a job may be cancelled at any time, and what it has begun to open is closed all the same.
        making = self._own(self._fresh(account), "job context start")
        try:
            try:
                chromium, context = await asyncio.shield(making)
            except asyncio.CancelledError:
                self._own(self._discard(making), "job context discard")
                raise
            try:
                yield chromium, context
            finally:
                await asyncio.shield(self._own(self._end_context(chromium, context), "job context end"))
        finally:
            self._wait_for_work()

    async def _end_context(self, chromium: JobChromium, context: BrowserContext) -> None:
        try:
            await chromium.end_context(context)
        finally:
            self._wait_for_work()  # whoever held it may be gone by now

    async def _discard(self, making: asyncio.Task[tuple[JobChromium, BrowserContext]]) -> None:
        """Close a context that nobody waits for any more."""
        try:
            with suppress(Exception):
                await self._end_context(*await making)
        finally:
            self._wait_for_work()

    async def close(self) -> None:
        """End Chromium, whatever is open in it."""
        self._closed = True
        self._stop_timer()
        async with self._starting:
            await self._end()
        while self._tasks:
            await asyncio.wait(self._tasks)
        self._stop_timer()

    async def _fresh(self, account: Account | None) -> tuple[JobChromium, BrowserContext]:
        chromium = await self._running()
        try:
            return chromium, await chromium.context(account)
        except Exception:
            if not await chromium.has_ended():
                raise
        chromium = await self._running()  # it was dead, and nobody had noticed
        return chromium, await chromium.context(account)

    async def _running(self) -> JobChromium:
        async with self._starting:
            found = self._chromium
            if found is not None and not found.ended.is_set() and not await self._is_worn(found):
                return found
            await self._end()
            if self._closed:
                raise ScrapeError("browser", "The server is ending.", retry=True)
            chromium = self._make()
            try:
                await chromium.start()
            except BaseException:
                await chromium.close()
                raise
            self._chromium = chromium
            self._own(self._bury(chromium), "job browser watch")
            return chromium

    async def _is_worn(self, chromium: JobChromium) -> bool:
        """Whether it is to be replaced now. There is never a second one: new pages wait, a while, for those that are open."""
        if chromium.served < self._recycle_after:
            return False
        if chromium.open and chromium.served >= 2 * self._recycle_after:
            with suppress(TimeoutError):
                async with within(DRAIN):
                    await chromium.quiet.wait()
        return not chromium.open

    async def _bury(self, chromium: JobChromium) -> None:
        """Wait for its end, and leave nothing of it behind."""
        await chromium.ended.wait()
        async with self._starting:
            if chromium is self._chromium:
                if not self._closed:
                    log.warning("The Chromium for jobs has ended; the next page starts another one")
                await self._end()

    async def _end(self) -> None:
        chromium, self._chromium = self._chromium, None
        if chromium is not None:
            await chromium.close()

    def _wait_for_work(self) -> None:
        self._stop_timer()
        if self._chromium is not None and not self._chromium.open and not self._closed:
            self._idle = asyncio.get_running_loop().call_later(
                self._idle_after, lambda: self._own(self._end_if_idle(), "job browser idle")
            )

    async def _end_if_idle(self) -> None:
        async with self._starting:
            if self._chromium is not None and not self._chromium.open:
                log.info("No job has needed a page for %g s: ending its Chromium", self._idle_after)
                await self._end()

    def _stop_timer(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _own(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
