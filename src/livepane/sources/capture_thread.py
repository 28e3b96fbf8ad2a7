"""Runs a blocking capture in a thread of its own: paced by the demand, one picture under way, over when the capture is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from livepane.cpu import SCREENS
from livepane.domain.frame import Picture
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.domain.stream import Action, Spot

log = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds that a cancelled capture waits for its thread; a thread only lasts that long in a call that hangs


class View(Protocol):
    """Pixels as the capture thread works with them: opened, used and closed by that thread alone."""

    def changed(self) -> bool:
        """Take in what has happened, without waiting; True when there may be a new picture."""

    def grab(self) -> Picture | None:
        """The picture of now; None when it is the same as the last one or there is none."""

    def fileno(self) -> int | None:
        """A descriptor that is readable when something has happened; None when only looking tells."""


OpenView = Callable[[FrameSink], AbstractContextManager[View]]


async def capture_in_thread(open_view: OpenView, sink: FrameSink, demand: DemandSignal, *, name: str) -> None:
    """Open a view in a thread and put its pictures into `sink` on this event loop, until cancelled or it fails.

    Raises:
        Whatever the view raises.
    """
    lane = _Lane(open_view, sink, demand.now.fps, name)
    loop = asyncio.get_running_loop()
    ended = loop.create_task(lane.ended.wait(), name=f"{name} thread")
    following = loop.create_task(_follow(demand, lane), name=f"{name} demand")
    lane.thread.start()
    try:
        await asyncio.wait((ended, following), return_when=asyncio.FIRST_COMPLETED)
    finally:
        lane.stop()
        following.cancel()
        await asyncio.wait((ended, following), timeout=PATIENCE)
        if not ended.done():
            ended.cancel()
            log.warning("the capture of %s hangs in a call; its thread is left behind", name)
    if lane.error is not None:
        raise lane.error
    following.result()


async def _follow(demand: DemandSignal, lane: _Lane) -> None:
    lane.set_fps(demand.now.fps)
    while True:
        lane.set_fps((await demand.changed()).fps)


class Deadlines:
    """Says when the next picture is due: evenly spaced, without drift, and no burst after a pause. Pure."""

    def __init__(self) -> None:
        self._last = -math.inf

    def due(self, fps: float) -> float:
        """When the next picture may be taken, in the caller's clock (seconds)."""
        return self._last + 1 / fps

    def taken(self, now: float, fps: float) -> None:
        """A picture is being taken at `now`. A little late keeps the beat; an interval late starts a new one."""
        due = self.due(fps)
        self._last = due if now - due < 1 / fps else now


class _Lane:
    """Both ends of the thread: fps and stop go in, pictures and news come out. It is the sink that the view sees."""

    def __init__(self, open_view: OpenView, sink: FrameSink, fps: float, name: str) -> None:
        self._open_view, self._sink, self._fps = open_view, sink, fps
        self._loop = asyncio.get_running_loop()
        self._bell, self._ring = socket.socketpair()
        self._bell.setblocking(False)
        self._ring.setblocking(False)
        self._stopped = False
        self._under_way = False  # a picture that the event loop has not taken yet: grabbing on would only fill memory
        self.ended = asyncio.Event()
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._main, name=f"livepane {name}", daemon=True)

    # --- called on the event loop -----------------------------------------------------------------

    def set_fps(self, fps: float) -> None:
        self._fps = fps
        self._wake()

    def stop(self) -> None:
        self._stopped = True
        self._wake()

    def _wake(self) -> None:
        if not self.ended.is_set():
            with contextlib.suppress(BlockingIOError):  # it has been rung thousands of times already
                self._ring.send(b"\0")

    def _arrive(self, picture: Picture) -> None:
        self._under_way = False
        if not self._stopped:
            self._sink.put(picture)
        self._wake()

    def _tell(self, call: Callable[[], None]) -> None:
        if not self._stopped:
            call()

    def _end(self, error: BaseException | None) -> None:
        self.thread.join()  # this was its last word: it takes microseconds
        self._bell.close()
        self._ring.close()
        self.error = error
        self.ended.set()

    # --- called in the thread: the sink of the view -----------------------------------------------

    def put(self, picture: Picture) -> None:
        self._under_way = True
        self._loop.call_soon_threadsafe(self._arrive, picture)

    def visible(self) -> None:
        self._loop.call_soon_threadsafe(self._tell, self._sink.visible)

    def hidden(self, reason: str) -> None:
        self._loop.call_soon_threadsafe(self._tell, lambda: self._sink.hidden(reason))

    def describe(self, *, title: str | None = None, url: str | None = None, masked: bool | None = None) -> None:
        self._loop.call_soon_threadsafe(self._tell, lambda: self._sink.describe(title=title, url=url, masked=masked))

    def action(self, action: Action) -> None:
        self._loop.call_soon_threadsafe(self._tell, lambda: self._sink.action(action))

    def point(self, spot: Spot | None) -> None:
        self._loop.call_soon_threadsafe(self._tell, lambda: self._sink.point(spot))

    def _main(self) -> None:
        error: BaseException | None = None
        try:
            with self._open_view(self) as view, selectors.DefaultSelector() as selector:
                self._watch(view, selector)
        except BaseException as exception:  # raised again by capture_in_thread
            error = exception
        self._loop.call_soon_threadsafe(self._end, error)

    def _watch(self, view: View, selector: selectors.BaseSelector) -> None:
        selector.register(self._bell, selectors.EVENT_READ)
        news = view.fileno()
        if news is not None:
            selector.register(news, selectors.EVENT_READ)
        deadlines, spent = Deadlines(), 0.0
        try:
            while not self._stopped:
                wait: float | None = None
                if view.changed() and not self._under_way:
                    now = time.monotonic()
                    wait = deadlines.due(self._fps) - now
                    if wait <= 0:
                        deadlines.taken(now, self._fps)
                        picture = view.grab()
                        if picture is not None:
                            self.put(picture)
                        continue  # news may have come in with the pixels: ask before waiting
                spent = SCREENS.since(spent)
                for key, _ in selector.select(wait):
                    if key.fileobj is self._bell:
                        self._bell.recv(4096)
        finally:
            SCREENS.since(spent)
