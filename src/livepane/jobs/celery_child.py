"""One process of a Celery worker: a loop of its own, with the browser and the connections of all jobs that it will run."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from livepane.deadline import within
from livepane.domain.errors import LivepaneError
from livepane.jobs.dispatch import Message
from livepane.jobs.workshop import Workshop, workshop
from livepane.settings import Settings

log = logging.getLogger(__name__)

TRY_AGAIN = 2.0  # seconds, when it cannot begin
END_WITHIN = 20.0  # seconds: jobs are given back, then the browser ends


class Child:
    """Runs one job after the other.

    The loop is in a thread, since Celery has the main one, and goes on between jobs: idle browsers end, panes are told.
    """

    def __init__(self, settings: Settings, told_to_leave: int, failed: Callable[[], None] = lambda: None) -> None:
        """`told_to_leave`: a descriptor at whose end of file the worker gives back what it has.

        `failed` is called, in the thread, when no job can be run any more: such a process only keeps messages from others.
        """
        self.undone: list[Message] = []  # once it has ended: jobs that somebody else has to be told
        self._settings, self._told_to_leave, self._failed = settings, told_to_leave, failed
        self._ready = threading.Event()  # set when jobs can be run, or none ever will be
        self._loop: asyncio.AbstractEventLoop | None = None
        self._shop: Workshop | None = None
        self._leave, self._end = asyncio.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._live, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin; jobs wait until it is ready."""
        self._thread.start()

    def do(self, message: Message) -> bool:
        """Run a job; see `Workshop.do`. False: it stands in another database than ours, so it is for somebody else."""
        self._ready.wait()
        loop, shop = self._loop, self._shop
        if loop is None or shop is None:
            self.undone.append(message)
            return True
        if message.of not in (shop.name, None):
            return False
        with suppress(concurrent.futures.CancelledError):  # we end
            asyncio.run_coroutine_threadsafe(shop.do(message), loop).result()
        return True

    def end(self) -> None:
        """Give back what runs, end the browser, wait for it."""
        loop = self._loop
        if loop is not None and self._thread.is_alive():
            with suppress(RuntimeError):  # it has ended just now
                loop.call_soon_threadsafe(self._ask_to_end)
            self._thread.join(END_WITHIN)

    def _ask_to_end(self) -> None:
        self._leave.set()
        self._end.set()

    def _live(self) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._main())
        except Exception:
            log.exception("a worker process can run no more jobs")
            self._failed()
        finally:
            self._shop = None
            self._ready.set()

    async def _main(self) -> None:
        loop = self._loop = asyncio.get_running_loop()
        loop.add_reader(self._told_to_leave, self._told)
        while not self._leave.is_set():
            try:
                async with workshop(self._settings) as shop:
                    self._shop = shop
                    self._ready.set()
                    await self._leave.wait()
                    await shop.leave()
                    await self._end.wait()
                    self.undone += shop.undone
            except LivepaneError as error:  # the database is away: messages wait with us until it is back
                log.warning("no job can be run for now: %s", error.message)
                with suppress(TimeoutError):
                    async with within(TRY_AGAIN):
                        await self._leave.wait()

    def _told(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._told_to_leave)
        self._leave.set()
