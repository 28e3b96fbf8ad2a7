"""What stands between a capture and its viewers lets nothing through before it is known what is in it."""

from __future__ import annotations

import asyncio
import io
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from PIL import Image

from livepane.domain.errors import Unavailable
from livepane.domain.frame import Encoding, Picture
from livepane.media.patch import Patch
from livepane.sources.masking import veil as module
from livepane.sources.masking.reckoning import BLIND, Size, Unknown
from livepane.sources.masking.veil import LOOK_BACK, Veil
from livepane.sources.masking.witness import Witness
from tests.integration.watching import Recorder


def picture(colour: str = "white") -> Picture:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "JPEG", quality=90)
    return Picture(time.time_ns(), 64, 64, Encoding.JPEG, out.getvalue(), 90)


class Page(Witness):
    """Knows what a test says it knows, when the test lets it answer."""

    def __init__(self) -> None:
        self.needed = self.learning = False
        self.known: list[Patch] | str | None = []  # a text: why nothing is known; None: it cannot even be asked
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.looks: list[bool] = []  # strictly or not
        self.asked_from: list[float] = []
        self.asked = asyncio.Event()

    @property
    def is_needed(self) -> bool:
        return self.needed

    @property
    def is_learning(self) -> bool:
        return self.learning

    async def look(self, *, strictly: bool, waits: bool) -> None:
        self.looks.append(strictly)
        self.asked.set()
        await self.may_answer.wait()
        if self.known is None:
            raise Unavailable("the page goes somewhere else")

    def patches(self, since: float, width: int, height: int, whole: Size | None = None) -> list[Patch]:
        if since != math.inf:
            self.asked_from.append(since)
        if not isinstance(self.known, list):
            raise Unknown(self.known or "")
        return self.known

    def is_drawn(self, since: float) -> bool:
        return True


class Cast:
    """Counts how often another picture was asked for."""

    def __init__(self) -> None:
        self.times = 0
        self.asked = asyncio.Event()

    def again(self) -> None:
        self.times += 1
        self.asked.set()


@asynccontextmanager
async def serving(page: Page) -> AsyncIterator[tuple[Veil, Recorder, Cast]]:
    recorder, cast = Recorder(), Cast()
    veil = Veil(recorder, page)
    veil.again = cast.again
    task = asyncio.get_running_loop().create_task(veil.serve(), name="veil in a test")
    try:
        yield veil, recorder, cast
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_page_with_nothing_to_hide_is_shown_byte_for_byte_and_seldom_asked() -> None:
    page = Page()
    shown = [picture(colour) for colour in ("red", "green", "blue")]
    async with serving(page) as (veil, recorder, _):
        veil.put(shown[0])
        await recorder.until(lambda: len(recorder.pictures) == 1)
        looks = len(page.looks)
        for one in shown[1:]:
            veil.put(one)  # at once, in this very call
        assert recorder.pictures == shown
        assert len(page.looks) == looks
        assert recorder.masked is False
    assert not any(page.looks)


async def test_no_picture_passes_before_the_page_has_answered_and_then_the_newest_does() -> None:
    page = Page()
    page.needed = True
    page.may_answer.clear()
    async with serving(page) as (veil, recorder, _):
        await page.asked.wait()
        veil.put(picture("red"))
        veil.put(newest := picture("green"))
        await asyncio.sleep(0)
        assert recorder.pictures == []
        page.may_answer.set()
        await recorder.until(lambda: bool(recorder.pictures))
        assert recorder.pictures == [newest]
        assert recorder.masked is True
        assert all(page.looks)
        (since,) = page.asked_from
        assert since <= time.monotonic() - LOOK_BACK


async def test_what_is_known_is_painted_over() -> None:
    page = Page()
    page.needed, page.known = True, [Patch(0.0, 0.0, 1.0, 1.0)]
    async with serving(page) as (veil, recorder, _):
        veil.put(picture("magenta"))
        shown = await recorder.until_picture()
    red, green, blue = Image.open(io.BytesIO(shown.data)).convert("RGB").getpixel((32, 32))  # type: ignore[misc]
    assert max(red, green, blue) < 80


@pytest.mark.parametrize("known", [BLIND, None])
async def test_what_nobody_can_vouch_for_is_held_back_asked_for_again_and_said(
    known: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SILENT_AFTER", 0.0)
    page = Page()
    page.needed, page.known = True, known
    async with serving(page) as (veil, recorder, cast):
        veil.put(picture())
        await cast.asked.wait()
        assert recorder.pictures == []
        assert recorder.last_news.startswith("hidden: No picture is shown, since parts of it are to be painted over: ")
        page.known = []
        veil.put(picture())
        await recorder.until(lambda: bool(recorder.pictures))
        assert recorder.last_news == "visible" or "visible" in recorder.news


async def test_a_picture_that_went_through_just_before_a_field_was_found_is_replaced() -> None:
    page = Page()
    async with serving(page) as (veil, recorder, cast):
        veil.put(picture("red"))
        await recorder.until(lambda: len(recorder.pictures) == 1)
        page.known = [Patch(0.0, 0.0, 1.0, 1.0)]
        veil.put(picture("magenta"))  # the page is believed to have none for a moment
        page.needed = True
        await cast.asked.wait()
        veil.put(picture("magenta"))
        await recorder.until(lambda: len(recorder.pictures) == 3)
    assert page.looks[-1] is True
    assert recorder.masked is True


async def test_a_still_page_is_shown_anew_when_less_of_it_need_be_hidden_and_then_left_in_peace() -> None:
    page = Page()
    page.needed, page.known, page.learning = True, [Patch(0.0, 0.0, 1.0, 1.0)], True  # a frame nobody has looked into yet
    async with serving(page) as (veil, recorder, cast):
        veil.put(picture())
        await recorder.until_picture()
        assert cast.times == 0
        page.known, page.learning = [], False
        await cast.asked.wait()
        veil.put(shown := picture("green"))
        await recorder.until(lambda: len(recorder.pictures) == 2)
        assert recorder.newest is shown
        assert cast.times == 1
