"""Where the element of a page's newest action is: looked up for those who want to see it, and never in the page's own world."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any, Protocol

from livepane.browsers.session import CdpSession
from livepane.deadline import within
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.domain.stream import Action, Box, Spot

BEAT = 1.0  # s after which is looked again although nothing was painted
LEAST = 0.2  # s between two looks at the same element: what moves on does so with a picture
SHARE = 0.1  # of the time that looks may take, also where one action follows the other: a person sees no more of them
LONGEST_REST = 2.0  # s, after one look that took very long
PATIENCE = 5.0  # s that one look may take: a page that computes answers nobody
FRAME = "Page.screencastFrame"

View = tuple[float, float]  # width and height of what a picture shows, CSS px


class Finder(Protocol):
    """Knows where elements are."""

    async def find(self, selector: str) -> Box | None:
        """Where the first visible one is, in CSS px of the view; None when there is none. May raise anything."""


class Spotlight:
    """Of one page. `point` it at each action; `follow` while the page is captured."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._action: Action | None = None
        self._view: View | None = None
        self._news = asyncio.Event()  # something was painted, or there is another action
        self._pointed = asyncio.Event()  # there is another action

    def point(self, action: Action) -> None:
        """This is what happens now."""
        self._action = action
        self._pointed.set()
        self._news.set()

    async def follow(self, session: CdpSession, sink: FrameSink, demand: DemandSignal) -> None:
        """Tell `sink` where the element is until cancelled: at once, and whenever the picture has changed.

        `session`: the one that the page is cast over. Nothing is looked up while `demand` does not ask for it.
        """
        self._view = None
        session.on(FRAME, self._painted)
        told: tuple[Action, Spot | None] | None = None
        told_at = 0.0
        try:
            while True:
                self._news.clear()
                self._pointed.clear()
                action, took, spot = self._action, 0.0, None
                if action is not None and action.selector and demand.now.highlight:
                    started = time.monotonic()
                    spot = await self._look(session, action.label, action.selector)
                    took = time.monotonic() - started
                # What is known is told again now and then: the last who wanted it may have left, and another come.
                is_due = told != (action, spot) or time.monotonic() - told_at >= BEAT
                if action is not None and action is self._action and is_due:
                    told, told_at = (action, spot), time.monotonic()
                    sink.point(spot)
                if took:
                    await self._rest(took)
                with suppress(TimeoutError):
                    async with within(BEAT):
                        await self._news.wait()
        finally:
            session.off(FRAME, self._painted)
            sink.point(None)

    async def _rest(self, took: float) -> None:
        rest = min(LONGEST_REST, took / SHARE - took)
        await asyncio.sleep(rest)
        with suppress(TimeoutError):
            async with within(max(0.0, LEAST - took - rest)):
                await self._pointed.wait()

    async def _look(self, session: CdpSession, label: str, selector: str) -> Spot | None:
        try:
            async with within(PATIENCE):
                found = await self._finder.find(selector)
                if found is None:
                    return None
                width, height = self._view or await _measure(session)
        except Exception:  # the page navigates or closes, or this is no selector: then there is nothing to show
            return None
        box = _inside(found, width, height)
        return None if box is None else Spot(label, selector, box, width, height)

    def _painted(self, params: dict[str, Any]) -> None:
        now = params["metadata"]
        scale = now.get("pageScaleFactor") or 1.0
        if now.get("deviceWidth") and now.get("deviceHeight"):
            self._view = (now["deviceWidth"] / scale, now["deviceHeight"] / scale)
        self._news.set()


async def _measure(session: CdpSession) -> View:
    """Of a page that has not painted since it is watched."""
    seen = (await session.send("Page.getLayoutMetrics"))["cssVisualViewport"]
    return seen["clientWidth"], seen["clientHeight"]


def _inside(box: Box, width: float, height: float) -> Box | None:
    """The part of a box that is inside of the view, to a tenth of a pixel: what trembles by less has not moved."""
    left, top = max(0.0, box.x), max(0.0, box.y)
    right, bottom = min(width, box.x + box.width), min(height, box.y + box.height)
    if right - left < 1 or bottom - top < 1:
        return None
    return Box(round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1))
