"""One paced screencast of one page over a CDP session, put into a sink as pictures."""

from __future__ import annotations

import asyncio
import binascii
import math
import time
from collections import deque
from contextlib import suppress
from typing import Any, NoReturn

from livepane.browsers.session import CLOSED, CdpSession
from livepane.deadline import within
from livepane.domain.demand import Demand
from livepane.domain.errors import BadPicture, LivepaneError, SourceGone, Unavailable
from livepane.domain.frame import Encoding, Picture
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.media.jpeg import jpeg_size
from livepane.sources.pace import Pace

QUALITY = 80  # when nobody asks for one: what Chromium itself would take
QUIET = 0.15  # s without a frame after which a page does not paint by itself; one that does sends its first within 20-53 ms
PATIENCE = 5.0  # s for a still of a page that may be hidden, and for the last goodbye
OLD_WINDOW = 3  # frames that a Chromium before 154 sends without an answer
REST_FROM = 0.12
"""s until the next picture from which the cast is stopped in between. While it waits for an answer Chromium still draws
and reads back every repaint: a page of 30 repaints a second, watched at 5 fps, cost 30 % of a core so, and 14 % with a
cast started anew for each picture."""
RETRIES = (0.02, 0.05, 0.1, 0.3)  # s between tries to start

_Shape = tuple[int, int | None, int | None]  # quality, width, height: what needs a new cast to change


class Cast:
    """Chromium's screencast, paced by us: it sends the next frame only when the last one has been acknowledged.

    One cast serves any number of viewers. Nothing is encoded before `run`, nor after it ends. An instance runs once.
    """

    def __init__(self, session: CdpSession, sink: FrameSink) -> None:
        self._session = session
        self._sink = sink
        self._pace = Pace()
        self._fps = 1.0
        self._unanswered: deque[int] = deque()  # the cast ids of the frames that Chromium waits for
        self._due = asyncio.Event()  # one of them may be answered now
        self._timer: asyncio.TimerHandle | None = None
        self._doubt = asyncio.Event()  # whether the newest picture is what the page looks like
        self._shown = asyncio.Event()  # a frame has been put since the doubt arose
        self._end: asyncio.Future[LivepaneError] | None = None
        self._switching = asyncio.Lock()
        self._casting = False
        self._shape: _Shape = (QUALITY, None, None)
        self._last: str | bytes = b""  # the newest frame as it came
        self._tired = False  # the page keeps changing, and the next picture is far: stop until then
        self._resting = False
        self._cast_id = 0  # Chromium counts the casts of a session
        self._quality = QUALITY
        self._hidden = False

    async def run(self, demand: DemandSignal) -> None:
        """Put pictures into the sink until cancelled, following `demand`.

        Raises:
            SourceGone: the page or its browser has ended.
            Unavailable: the renderer crashed, or the browser refuses to cast; trying again may help.
        """
        self._end = asyncio.get_running_loop().create_future()
        handlers = {
            "Page.screencastFrame": self._on_frame,
            "Page.screencastVisibilityChanged": self._on_visibility,
            "Inspector.targetCrashed": self._on_crash,
            CLOSED: self._on_closed,
        }
        for event, handler in handlers.items():
            self._session.on(event, handler)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._enable(), name="cast-enable")
                tasks.create_task(self._fail_at_the_end(self._end), name="cast-end")
                tasks.create_task(self._answer(), name="cast-answer")
                tasks.create_task(self._still_when_in_doubt(), name="cast-still")
                tasks.create_task(self._follow(demand), name="cast-follow")
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None  # the first to fail cancelled the others
        finally:
            if self._timer is not None:
                self._timer.cancel()
            for event, handler in handlers.items():
                self._session.off(event, handler)
            with suppress(LivepaneError, TimeoutError):
                async with within(PATIENCE):
                    await self._stop()

    def again(self) -> None:
        """The newest picture was of no use: bring another, also of a page that does not paint."""
        self._shown.clear()
        self._doubt.set()

    async def _enable(self) -> None:
        """Beside all else: a page that waits for its next address answers this only when it has got there, and casts before."""
        await self._session.send("Page.enable")
        await self._session.send("Inspector.enable")

    async def _follow(self, demand: DemandSignal) -> None:
        """Keep a cast of the demanded quality and size running."""
        while True:
            shape = _shape(demand.now)
            self._fps = demand.now.fps
            await self._start(shape)
            while _shape(demand.now) == shape:
                self._fps = (await demand.changed()).fps
                self._schedule()

    async def _start(self, shape: _Shape) -> None:
        async with self._switching:
            await self._stop()  # a second start without a stop is refused, or replaces the first in silence
            await self._begin(shape)
        self._doubt.set()  # a page that does not paint may send no frame

    async def _rest(self) -> None:
        async with self._switching:
            if self._casting:
                self._resting = True
                await self._stop()

    async def _begin(self, shape: _Shape) -> None:
        self._shape, self._resting = shape, False
        quality, width, height = shape
        options: dict[str, Any] = {"format": "jpeg", "quality": quality}
        if width is not None:
            options["maxWidth"] = width
        if height is not None:
            options["maxHeight"] = height
        self._quality = quality
        self._shown.clear()
        self._casting = True  # before the reply: the first frame may overtake it
        # One in flight: with Chromium's three, a frame paced at 2 fps is 986 ms old when it arrives; with one, 10 ms.
        # The last frame: without it the final state of a page that then goes static can be lost.
        # A Chromium before 154 knows neither and ignores both.
        options |= {"maxFramesInFlight": 1, "sendLastFrame": True}
        for pause in RETRIES:
            try:
                await self._session.send("Page.startScreencast", options)
                return
            except Unavailable:  # for a moment after a navigation to another process there is no page to cast
                await asyncio.sleep(pause)
        await self._session.send("Page.startScreencast", options)

    async def _stop(self) -> None:
        if self._casting:
            self._casting = False
            await self._session.send("Page.stopScreencast")
            self._unanswered.clear()  # the next cast starts with nothing in flight

    async def _still_when_in_doubt(self) -> None:
        while True:
            await self._doubt.wait()
            self._doubt.clear()
            await self._still_if_quiet()

    async def _still_if_quiet(self) -> None:
        """Take a still of a page that does not paint: frames follow repaints, and a static page has none."""
        with suppress(TimeoutError):
            async with within(QUIET):
                await self._shown.wait()
        if self._shown.is_set() or self._hidden:
            return
        captured_at = time.time_ns()
        quality = self._quality
        with suppress(TimeoutError, Unavailable):  # a hidden page cannot be painted: the cast tells when it is shown
            async with within(PATIENCE):
                still = await self._session.send("Page.captureScreenshot", {"format": "jpeg", "quality": quality})
            if not self._shown.is_set():
                self._put(still["data"], captured_at, quality)

    async def _answer(self) -> None:
        """Acknowledge a frame, and so ask for the next one, whenever it is time to."""
        while True:
            await self._due.wait()
            self._due.clear()
            if self._tired:
                self._tired = False
                await self._rest()
                continue
            if self._resting:
                await self._start(self._shape)  # sends what the page looks like now, changed or not
                continue
            if not self._unanswered:
                continue  # that cast was stopped in the meantime
            # One at a time: of the three that an older Chromium sends, two stay unanswered, so that what comes is new.
            was_full = len(self._unanswered) >= OLD_WINDOW
            cast_id = self._unanswered.popleft()
            with suppress(Unavailable):
                await self._session.send("Page.screencastFrameAck", {"sessionId": cast_id})
            if was_full:  # a repaint that found the window full was not kept, and may have been the last one
                self._shown.clear()
                self._doubt.set()

    def _schedule(self, *, changed: bool = False) -> None:
        """Answer when the demanded rate allows it; rest until then if that is long and the page keeps changing."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        if pause := self._pace.wait(loop.time(), self._fps):
            # uvloop's clock has whole milliseconds: a shorter pause would be no pause, and Chromium asked too early.
            self._timer = loop.call_later(math.ceil(pause * 1000) / 1000, self._due.set)
            if changed and pause >= REST_FROM and not self._resting:
                self._tired = True
                self._due.set()
        else:
            self._due.set()

    async def _fail_at_the_end(self, end: asyncio.Future[LivepaneError]) -> NoReturn:
        raise await end

    def _on_frame(self, params: dict[str, Any]) -> None:
        cast_id: int = params["sessionId"]
        if not self._casting or cast_id < self._cast_id:
            return  # a late frame of the last cast, which waits for nothing any more
        if cast_id != self._cast_id:
            self._unanswered.clear()
        self._cast_id = cast_id
        self._unanswered.append(cast_id)
        self._pace.spend(asyncio.get_running_loop().time(), self._fps)
        # The first frame after a rest is equal when the page has come to rest too: then the cast goes on, and costs nothing.
        changed, self._last = params["data"] != self._last, params["data"]
        self._schedule(changed=changed)
        self._shown.set()
        now = time.time_ns()
        stamp: float | None = params["metadata"].get("timestamp")  # s since the Unix epoch
        self._put(params["data"], min(now, int(stamp * 1e9)) if stamp else now, self._quality)

    def _put(self, data: str | bytes, captured_at: int, quality: int) -> None:
        jpeg = data if isinstance(data, bytes) else binascii.a2b_base64(data)  # our own pipe brings bytes
        try:
            width, height = jpeg_size(jpeg)
        except BadPicture as error:
            self._finish(error)
            return
        self._sink.put(Picture(captured_at, width, height, Encoding.JPEG, jpeg, quality))

    def _on_visibility(self, params: dict[str, Any]) -> None:
        self._hidden = not params["visible"]
        if params["visible"]:
            self._sink.visible()
        else:
            self._sink.hidden("The tab is in the background: its browser does not draw it.")

    def _on_crash(self, params: dict[str, Any]) -> None:
        self._finish(Unavailable("The page crashed: its renderer process ended."))

    def _on_closed(self, params: dict[str, Any]) -> None:
        self._finish(SourceGone(params["reason"]))

    def _finish(self, error: LivepaneError) -> None:
        if self._end is not None and not self._end.done():
            self._end.set_result(error)


def _shape(wish: Demand) -> _Shape:
    return (wish.quality or QUALITY, wish.width, wish.height)
