"""Playwright's own screencast, for browsers without CDP: Firefox and WebKit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from livepane.deadline import within
from livepane.domain.demand import Demand
from livepane.domain.errors import BadPicture
from livepane.domain.frame import Encoding, Picture
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.media.jpeg import jpeg_size
from livepane.sources.driver import Driver
from livepane.sources.lent_session import refusal
from livepane.sources.masking.script import FIELDS

QUALITY = 80
QUIET = 1.0  # s without a frame after which a still is taken of a page that does not paint (any more)
ECHO = 0.5  # s after a still in which a frame may come of taking it
STOP_WITHIN = 2.0  # s
CLEAN_FOR = 0.1  # s that a page without any password field is believed to have none

NO_SELECTORS = "No picture is shown: in this browser nothing can be painted over. Use Chromium, or watch it without `mask`."
NO_FIELDS = "No picture is shown while the page has a password field: in this browser it cannot be painted over."
NO_ANSWER = "No picture is shown: whether the page has a password field cannot be told."


class Screencast:
    """Takes every frame and keeps the newest until the demanded rate allows it: this API knows no rate. Runs once.

    Nobody says here which frame belongs to which state of the page, so nothing is painted over: where something had to be,
    there is no picture, and viewers read why.
    """

    def __init__(self, page: Any, driver: Driver, sink: FrameSink, selectors: Sequence[str] = ()) -> None:
        self._selectors = tuple(selectors)
        self._clean_at = float("-inf")
        self._is_silent = False
        self._page = page
        self._driver = driver
        self._sink = sink
        self._newest: dict[str, Any] | None = None
        self._arrived = asyncio.Event()
        self._quality = QUALITY
        self._shown_at = 0

    async def run(self, demand: DemandSignal) -> None:
        """Put pictures into the sink until cancelled, following `demand`.

        Raises:
            SourceGone: the page was closed.
            Unavailable: it cannot be captured now.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._deliver(demand), name="screencast-deliver")
                tasks.create_task(self._follow(demand), name="screencast-follow")
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _follow(self, demand: DemandSignal) -> None:
        while True:
            shape = _shape(demand.now)
            await self._start(shape)
            try:
                while _shape(demand.now) == shape:
                    await demand.changed()
            finally:
                with suppress(Exception):  # the page may be gone: then there is nothing to stop
                    async with within(STOP_WITHIN):
                        await self._driver.call(self._page.screencast.stop)

    async def _start(self, shape: tuple[int, int | None, int | None]) -> None:
        self._quality, width, height = shape
        viewport = self._page.viewport_size or {"width": 1280, "height": 720}
        size = {"width": width or viewport["width"], "height": height or viewport["height"]}
        try:
            await self._driver.call(self._page.screencast.start, on_frame=self._on_frame, quality=self._quality, size=size)
        except Exception as error:
            raise refusal(error) from None

    async def _deliver(self, demand: DemandSignal) -> None:
        clock = asyncio.get_running_loop().time
        settled, still_until = False, 0.0
        while True:
            try:
                async with within(None if settled else QUIET):
                    await self._arrived.wait()
            except TimeoutError:
                # A page that stands still: no frame may have come at all, and of a burst the last may be lost on the way.
                await self._take_still()
                settled, still_until = True, clock() + ECHO
                continue
            self._arrived.clear()
            settled = settled and clock() < still_until
            frame, self._newest = self._newest, None
            if frame is not None:
                stamp = frame.get("timestamp")  # ms since the Unix epoch; not in Playwright 1.60
                await self._show(frame["data"], int(stamp * 1e6) if stamp else time.time_ns())
                await asyncio.sleep(1 / demand.now.fps)

    async def _take_still(self) -> None:
        now = time.time_ns()
        with suppress(Exception):  # the page navigates or closes: frames tell the rest
            await self._show(
                await self._driver.call(self._page.screenshot, type="jpeg", quality=self._quality, caret="initial"), now
            )

    async def _show(self, data: bytes, captured_at: int) -> None:
        reason = await self._reason()
        if reason is not None:
            self._is_silent = True
            self._sink.hidden(reason)
            return
        if self._is_silent:
            self._is_silent = False
            self._sink.visible()
        self._put(data, captured_at)

    async def _reason(self) -> str | None:
        """Why a picture that is here by now must not be shown."""
        if self._selectors:
            return NO_SELECTORS
        if time.monotonic() - self._clean_at < CLEAN_FOR:
            return None
        try:
            for frame in self._page.frames:
                if await self._driver.call(frame.locator(FIELDS).count):
                    return NO_FIELDS
        except Exception:  # the page is on its way somewhere else: the next picture asks again
            return NO_ANSWER
        self._clean_at = time.monotonic()
        return None

    def _on_frame(self, frame: dict[str, Any]) -> None:
        self._newest = frame
        self._arrived.set()

    def _put(self, data: bytes, captured_at: int) -> None:
        if captured_at < self._shown_at:
            return  # a frame from before the still
        self._shown_at = min(captured_at, time.time_ns())
        with suppress(BadPicture):
            width, height = jpeg_size(data)
            self._sink.put(Picture(self._shown_at, width, height, Encoding.JPEG, data, self._quality))


def _shape(wish: Demand) -> tuple[int, int | None, int | None]:
    return (wish.quality or QUALITY, wish.width, wish.height)
