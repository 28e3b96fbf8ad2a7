"""A source that lives on another event loop, one that runs only now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from livepane.domain.demand import Demand
from livepane.domain.errors import SourceGone
from livepane.domain.frame import Picture
from livepane.domain.ports import DemandSignal, FrameSink, Source
from livepane.domain.stream import Action, Spot
from livepane.producing.demand import DemandSlot

BEAT = 1.0  # s between two looks whether the other loop runs
ABSENT = 5.0  # s without a turn of it, after which viewers are told
ABSENT_REASON = "the script is busy outside of Playwright: the picture is as old as it says"


class BridgedSource:
    """Captures over there, puts pictures here. Never waits for the other loop: it may be standing still for minutes."""

    def __init__(self, source: Source, there: asyncio.AbstractEventLoop) -> None:
        self._source = source
        self._there = there
        self._newest: asyncio.Task[None] | None = None  # used over there only
        self._turn_at = 0.0  # when the other loop last had a turn

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Source: put pictures into `sink` until cancelled."""
        here = asyncio.get_running_loop()
        over: asyncio.Future[None] = here.create_future()

        def end(error: Exception | None) -> None:
            if over.done():
                return
            if error is None:
                over.set_result(None)
            else:
                over.set_exception(error)

        capture = _Capture(demand.now)
        self._post(lambda: self._start(capture, SinkOver(sink, here), lambda error: post(here, lambda: end(error))))
        following = here.create_task(self._follow(capture, demand), name="bridge demand")
        beating = here.create_task(self._beat(sink), name="bridge beat")
        try:
            await asyncio.wait({over, following, beating}, return_when=asyncio.FIRST_COMPLETED)
            for done in (over, following, beating):
                if done.done():
                    await done
        finally:
            following.cancel()
            beating.cancel()
            post(self._there, capture.stop)

    async def close(self) -> None:
        """Source: give up what is held over there, when its turn comes."""

        def close_there() -> None:
            self._closing = self._there.create_task(self._source.close(), name="bridge close")

        post(self._there, close_there)

    async def _follow(self, capture: _Capture, demand: DemandSignal) -> None:
        while True:
            now = await demand.changed()
            self._post(lambda now=now: capture.slot.set(now))  # type: ignore[misc]

    async def _beat(self, sink: FrameSink) -> None:
        clock = asyncio.get_running_loop().time
        self._turn_at, absent = clock(), False

        def turn() -> None:
            self._turn_at = clock()

        while True:
            self._post(turn)
            await asyncio.sleep(BEAT)
            now_absent = clock() - self._turn_at > ABSENT
            if now_absent and not absent:
                sink.hidden(ABSENT_REASON)
            elif absent and not now_absent:
                sink.visible()
            absent = now_absent

    def _post(self, call: Callable[[], Any]) -> None:
        if not post(self._there, call):
            raise SourceGone("Playwright was stopped")

    # --- over there ----------------------------------------------------------------------------------

    def _start(self, capture: _Capture, sink: FrameSink, end: Callable[[Exception | None], object]) -> None:
        if not capture.stopped:
            capture.task = self._newest = self._there.create_task(
                self._capture(self._newest, capture.slot, sink, end), name="bridge capture"
            )

    async def _capture(
        self,
        before: asyncio.Task[None] | None,
        demand: DemandSignal,
        sink: FrameSink,
        end: Callable[[Exception | None], object],
    ) -> None:
        if before is not None and not before.done():
            await asyncio.wait([before])  # never two captures of one page
        error: Exception | None = None
        try:
            await self._source.capture(sink, demand)
        except Exception as caught:
            error = caught
        end(error)


class _Capture:
    """One capture over there."""

    def __init__(self, demand: Demand) -> None:
        self.slot = DemandSlot()
        self.slot.set(demand)
        self.task: asyncio.Task[None] | None = None
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True
        if self.task is not None:
            self.task.cancel()


class SinkOver:
    """A FrameSink that passes everything on to a sink of another event loop."""

    def __init__(self, sink: FrameSink, loop: asyncio.AbstractEventLoop) -> None:
        self._sink = sink
        self._loop = loop

    def put(self, picture: Picture) -> None:
        """Take a picture."""
        post(self._loop, lambda: self._sink.put(picture))

    def visible(self) -> None:
        """The source draws."""
        post(self._loop, self._sink.visible)

    def hidden(self, reason: str) -> None:
        """The source draws nothing."""
        post(self._loop, lambda: self._sink.hidden(reason))

    def describe(self, *, title: str | None = None, url: str | None = None, masked: bool | None = None) -> None:
        """Say what is shown."""
        post(self._loop, lambda: self._sink.describe(title=title, url=url, masked=masked))

    def action(self, action: Action) -> None:
        """A named moment."""
        post(self._loop, lambda: self._sink.action(action))

    def point(self, spot: Spot | None) -> None:
        """Where the element of the newest action is."""
        post(self._loop, lambda: self._sink.point(spot))


def post(loop: asyncio.AbstractEventLoop, call: Callable[[], Any]) -> bool:
    """Let a loop of any thread call something at its next turn; False when it is closed."""
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:
        return False
    return True
