"""The capture of one stream: started by the first viewer, stopped after the last, tried again when it fails."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import replace
from typing import TYPE_CHECKING

from livepane.domain.demand import Demand
from livepane.domain.errors import LivepaneError, SourceGone
from livepane.domain.ports import Source

if TYPE_CHECKING:
    from livepane.hub.stream import Stream

log = logging.getLogger(__name__)

# Foreign errors may name files and addresses of this machine: those are for the log alone.
UNEXPECTED = "capture failed for a reason that the server's log has"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0  # seconds between attempts, doubling, with jitter


class Capture:
    """Runs `source.capture` while there is demand. Is itself the DemandSignal that the source follows."""

    def __init__(self, stream: Stream, *, grace: float) -> None:
        self.source: Source | None = None
        self._stream = stream
        self._grace = grace
        self._demand: Demand | None = None  # what the viewers ask for
        self._cap: float | None = None  # pictures a second that the budget leaves
        self._changed: asyncio.Event = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._ended: asyncio.Task[None] | None = None  # the one before, which may still be letting go
        self._stopping: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        """Whether pictures are being asked for (also during the grace time)."""
        return self._task is not None

    # --- DemandSignal -------------------------------------------------------------------------------

    @property
    def now(self) -> Demand:
        """The demand of this moment; the last one during the grace time."""
        if self._demand is None:
            raise RuntimeError("no capture runs, so there is no demand")
        if self._cap is None or self._cap >= self._demand.fps:
            return self._demand
        return replace(self._demand, fps=self._cap)

    async def changed(self) -> Demand:
        """Wait for the next change; one that came since the last call, or since the capture began, is told at once."""
        await self._changed.wait()
        self._changed.clear()
        return self.now

    # --- driven by the stream -----------------------------------------------------------------------

    def follow(self, demand: Demand | None) -> None:
        """What the viewers want has (perhaps) changed. Returns at once."""
        if demand is None:
            if self._task is not None and self._stopping is None:
                self._stopping = asyncio.get_running_loop().call_later(self._grace, self._rest)
                if self._demand is not None and self._demand.highlight:  # nobody is there to see it
                    self._demand = replace(self._demand, highlight=False)
                    self._changed.set()
            return
        if self._stopping is not None:
            self._stopping.cancel()
            self._stopping = None
        if demand != self._demand:
            self._demand = demand
            self._changed.set()
        if self._task is None and self.source is not None:
            name = f"capture {self._stream.id}"
            self._task = asyncio.get_running_loop().create_task(self._run(self.source, self._ended), name=name)
            self._stream.new_capture()  # at once: what we have may be from long ago

    @property
    def wish(self) -> Demand | None:
        """What the viewers ask for, whatever the budget leaves of it; None while no capture runs."""
        return self._demand if self._task is not None else None

    @property
    def cap(self) -> float | None:
        """Pictures a second that the budget leaves; None: as many as are asked for."""
        return self._cap

    def limit(self, cap: float | None) -> None:
        """At most so many pictures a second from now on, also during the grace time."""
        if cap == self._cap:
            return
        before, self._cap = self._cap, cap
        if self._demand is not None and (before or self._demand.fps) != (cap or self._demand.fps):
            self._changed.set()

    def stop_now(self) -> None:
        """End the capture without waiting for the grace time."""
        if self._stopping is not None:
            self._stopping.cancel()
            self._stopping = None
        if self._task is not None:
            self._task.cancel()
            self._ended, self._task = self._task, None
        self._stream.refresh_state()

    def _rest(self) -> None:
        self.stop_now()
        self._stream.rest()

    async def finished(self) -> None:
        """Wait until a stopped capture has let go of its source."""
        if self._ended is not None:
            await asyncio.wait([self._ended])

    async def _run(self, source: Source, before: asyncio.Task[None] | None) -> None:
        if before is not None and not before.done():
            await asyncio.wait([before])  # never two captures of one source
        pause = FIRST_PAUSE
        while True:
            try:
                self._stream.new_capture()
                self._changed.clear()  # the source begins with what `now` says
                await source.capture(self._stream, self)
                reason = "it has ended"
                break
            except SourceGone as error:
                reason = error.message
                break
            except Exception as error:
                if isinstance(error, LivepaneError):
                    log.warning("%s: %s", self._stream.id, error)
                else:
                    log.exception("%s: capture failed", self._stream.id)
                if self._stream.fresh:
                    pause = FIRST_PAUSE
                self._stream.lose(error.message if isinstance(error, LivepaneError) else UNEXPECTED)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
            pause = min(LONGEST_PAUSE, pause * 2)
        self._task = None
        self._stream.end(reason)
