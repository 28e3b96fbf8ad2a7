"""Playwright's own screencast, for browsers without CDP: Firefox and WebKit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from livepane.deadline import within
from livepane.domain.demand import Demand
from livepane.domain.errors import BadPicture, SourceGone
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
LOOK_AGAIN = 0.25  # s until a page with something to hide is looked at again

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
        self._told: str | None = None  # why there are no pictures
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
        while True:
            shape = _shape(demand.now)
            self._quality = shape[0]
            # The still is more than a first picture: to take it the page is drawn anew, and frames are of what was drawn last,
            # which may be something that is to hide and that the document does not have any more.
            if not await self._hides() and await self._take_still():
                await self._cast(demand, shape)
            else:
                await asyncio.sleep(LOOK_AGAIN)

    async def _cast(self, demand: DemandSignal, shape: tuple[int, int | None, int | None]) -> None:
        """Put pictures into the sink until another shape is asked for, or something is to hide.

        Frames say nothing about when they were drawn, and come late. So what is shown is from a cast that was begun when there
        was nothing to hide, and was looked at after it had come.
        """
        await self._start(shape)
        loop = asyncio.get_running_loop()
        delivering = loop.create_task(self._deliver(demand), name="screencast-deliver")
        following = loop.create_task(_until_other(demand, shape), name="screencast-follow")
        try:
            done, _ = await asyncio.wait((delivering, following), return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            delivering.cancel()
            following.cancel()
            await asyncio.wait((delivering, following))
            with suppress(Exception):  # the page may be gone: then there is nothing to stop
                async with within(STOP_WITHIN):
                    await self._driver.call(self._page.screencast.stop)
            self._newest = None
            self._arrived.clear()

    async def _start(self, shape: tuple[int, int | None, int | None]) -> None:
        _, width, height = shape
        viewport = self._page.viewport_size or {"width": 1280, "height": 720}
        size = {"width": width or viewport["width"], "height": height or viewport["height"]}
        try:
            await self._driver.call(self._page.screencast.start, on_frame=self._on_frame, quality=self._quality, size=size)
        except Exception as error:
            raise refusal(error) from None

    async def _deliver(self, demand: DemandSignal) -> None:
        """Until something is to hide."""
        clock = asyncio.get_running_loop().time
        settled, still_until = False, 0.0
        while True:
            try:
                async with within(None if settled else QUIET):
                    await self._arrived.wait()
            except TimeoutError:
                # A page that stands still: no frame may have come at all, and of a burst the last may be lost on the way.
                if not await self._take_still():
                    return
                settled, still_until = True, clock() + ECHO
                continue
            self._arrived.clear()
            settled = settled and clock() < still_until
            frame, self._newest = self._newest, None
            if frame is not None:
                stamp = frame.get("timestamp")  # ms since the Unix epoch; not in Playwright 1.60
                if not await self._show(frame["data"], int(stamp * 1e6) if stamp else time.time_ns()):
                    return
                await asyncio.sleep(1 / demand.now.fps)

    async def _take_still(self) -> bool:
        """False: it is not shown, since something is to hide, or the page goes somewhere else."""
        now = time.time_ns()
        try:
            still = await self._driver.call(self._page.screenshot, type="jpeg", quality=self._quality, caret="initial")
        except Exception as error:
            self._tell(f"No picture can be taken: {refusal(error)}")
            return False
        return await self._show(still, now)

    async def _show(self, data: bytes, captured_at: int) -> bool:
        """False: it is not shown, since something is to hide by now."""
        if await self._hides():
            return False
        if self._told is not None:
            self._told = None
            self._sink.visible()
        self._put(data, captured_at)
        return True

    async def _hides(self) -> bool:
        """Whether no picture of now may be shown, which viewers are told with the reason."""
        reason = await self._reason()
        if reason is not None:
            self._tell(reason)
        return reason is not None

    def _tell(self, reason: str) -> None:
        """Why there is no picture; once."""
        if reason != self._told:
            self._told = reason
            self._sink.hidden(reason)

    async def _reason(self) -> str | None:
        """Why a picture of now must not be shown."""
        if self._page.is_closed():
            raise SourceGone("the page was closed")
        if self._selectors:
            return NO_SELECTORS
        try:
            for frame in self._page.frames:
                if await self._driver.call(frame.locator(FIELDS).count):
                    return NO_FIELDS
        except Exception:  # the page is on its way somewhere else: the next picture asks again
            return NO_ANSWER
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


async def _until_other(demand: DemandSignal, shape: tuple[int, int | None, int | None]) -> None:
    while _shape(demand.now) == shape:
        await demand.changed()
