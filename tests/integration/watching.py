"""A sink that remembers and can be waited on, and a demand that can be changed: what a source needs to run without a hub."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np
import numpy.typing as npt

from livepane.domain.demand import Demand
from livepane.domain.frame import Encoding, Picture
from livepane.domain.ports import Source
from livepane.domain.stream import Action, Spot
from tests.patience import PATIENCE


class Wish:
    """A DemandSignal."""

    def __init__(self, fps: float = 30.0) -> None:
        self.now = Demand(fps=fps)
        self._changed = asyncio.Event()

    def change(self, fps: float) -> None:
        self.now = Demand(fps=fps)
        self._changed.set()

    async def changed(self) -> Demand:
        await self._changed.wait()
        self._changed.clear()
        return self.now


class Recorder:
    """A FrameSink."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.spots: list[Spot | None] = []
        self.masked: bool | None = None  # as it was said last
        self.news: list[str] = []  # "hidden: minimised", "visible", "title: …" in the order they came
        self.capture: asyncio.Task[None] | None = None
        self._something = asyncio.Event()

    def put(self, picture: Picture) -> None:
        self.pictures.append(picture)
        self._something.set()

    def visible(self) -> None:
        self._note("visible")

    def hidden(self, reason: str) -> None:
        self._note(f"hidden: {reason}")

    def describe(self, *, title: str | None = None, url: str | None = None, masked: bool | None = None) -> None:
        self.masked = self.masked if masked is None else masked
        self._something.set()
        if title is not None or url is not None:
            self._note(f"title: {title}")

    def action(self, action: Action) -> None:
        self._note(f"action: {action.label}")

    def point(self, spot: Spot | None) -> None:
        self.spots.append(spot)
        self._something.set()

    def _note(self, news: str) -> None:
        self.news.append(news)
        self._something.set()

    @property
    def last_news(self) -> str:
        return self.news[-1] if self.news else ""

    @property
    def newest(self) -> Picture:
        return self.pictures[-1]

    async def until(self, condition: Callable[[], bool], *, within: float = PATIENCE) -> None:
        """Wait for the condition; looks again whenever the source says something. Fails when the capture ends before."""
        async with asyncio.timeout(within):
            while not condition():
                if self.capture is not None and self.capture.done():
                    self.capture.result()
                    raise AssertionError("the capture has returned")
                self._something.clear()
                await self._something.wait()

    async def until_picture(self, condition: Callable[[Picture], bool] = lambda _: True) -> Picture:
        """Wait until the newest picture is as wanted."""
        await self.until(lambda: bool(self.pictures) and condition(self.newest))
        return self.newest


@asynccontextmanager
async def watching(source: Source, wish: Wish | None = None) -> AsyncIterator[Recorder]:
    """Capture a source for the length of a block."""
    recorder = Recorder()
    task = asyncio.get_running_loop().create_task(source.capture(recorder, wish or Wish()), name="capture in a test")
    recorder.capture = task
    task.add_done_callback(lambda _: recorder._something.set())
    try:
        yield recorder
    finally:
        task.cancel()
        await asyncio.wait([task])
        await source.close()


def pixels(picture: Picture) -> npt.NDArray[np.uint8]:
    """Rows of (red, green, blue) of a RAW picture."""
    assert picture.encoding is Encoding.RAW
    rows = np.frombuffer(picture.data, np.uint8).reshape(picture.height, picture.width, 4)
    return rows[:, :, 2::-1]


def colour_at(picture: Picture, x: int, y: int) -> int:
    """0xRRGGBB."""
    red, green, blue = (int(value) for value in pixels(picture)[y, x])
    return red << 16 | green << 8 | blue


def is_all(picture: Picture, colour: int) -> bool:
    """Whether every pixel has the colour 0xRRGGBB."""
    wanted = np.array([colour >> 16, colour >> 8 & 0xFF, colour & 0xFF], np.uint8)
    return bool((pixels(picture) == wanted).all())
