"""The thread around a blocking capture: its beat, its manners and its end."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from livepane.cpu import SCREENS
from livepane.domain.errors import SourceGone
from livepane.domain.frame import Encoding, Picture
from livepane.domain.ports import FrameSink
from livepane.sources.capture_thread import Deadlines, View, capture_in_thread
from tests.integration.watching import Recorder, Wish


def taken_at(deadlines: Deadlines, fps: float, wishes: list[float]) -> list[float]:
    """When pictures are taken if something changes at each of the given times (s)."""
    times = []
    for wish in wishes:
        times.append(max(wish, deadlines.due(fps)))
        deadlines.taken(times[-1], fps)
    return times


def test_the_first_picture_is_due_at_once() -> None:
    assert taken_at(Deadlines(), 10, [0.0]) == [0.0]


def test_pictures_that_are_a_little_late_do_not_slow_the_beat() -> None:
    deadlines = Deadlines()
    for beat in range(1000):
        deadlines.taken(beat * 0.1 + 0.03, 10)
    assert deadlines.due(10) == pytest.approx(100.0 + 0.03)


def test_after_a_pause_there_is_one_picture_at_once_and_no_burst() -> None:
    assert taken_at(Deadlines(), 10, [0.0, 7.0, 7.0, 7.0]) == pytest.approx([0.0, 7.0, 7.1, 7.2])


def test_a_new_rate_counts_from_the_last_picture() -> None:
    deadlines = Deadlines()
    deadlines.taken(5.0, 0.1)
    assert deadlines.due(0.1) == 15.0
    assert deadlines.due(20) == 5.05


class Ticking:
    """A view that always has something new: its pictures count up."""

    def __init__(self) -> None:
        self.grabs = itertools.count()
        self.closed = False

    def changed(self) -> bool:
        return True

    def grab(self) -> Picture | None:
        return Picture(time.time_ns(), 1, 1, Encoding.RAW, next(self.grabs).to_bytes(4, "big"))

    def fileno(self) -> int | None:
        return None

    @contextmanager
    def open(self, _sink: FrameSink) -> Iterator[View]:
        try:
            yield self
        finally:
            self.closed = True


async def test_while_the_event_loop_is_busy_one_picture_waits_and_no_more() -> None:
    view, seen = Ticking(), Recorder()
    task = asyncio.get_running_loop().create_task(capture_in_thread(view.open, seen, Wish(fps=60), name="test"))
    await seen.until_picture()
    before = len(seen.pictures)
    time.sleep(0.3)  # noqa: ASYNC251 - the event loop is busy: 18 pictures would be due
    assert next(view.grabs) - before <= 2
    task.cancel()
    await asyncio.wait([task])
    assert view.closed


async def test_what_the_view_raises_is_what_the_capture_raises() -> None:
    class Closing(Ticking):
        def grab(self) -> Picture | None:
            raise SourceGone("closed")

    view = Closing()
    with pytest.raises(SourceGone, match="closed"):
        await capture_in_thread(view.open, Recorder(), Wish(), name="test")
    assert view.closed
    assert not [one for one in threading.enumerate() if one.name == "livepane test"]


async def test_nothing_is_said_after_the_capture_is_over_and_its_cpu_has_been_counted() -> None:
    view, seen = Ticking(), Recorder()
    before = SCREENS.seconds
    task = asyncio.get_running_loop().create_task(capture_in_thread(view.open, seen, Wish(fps=60), name="test"))
    await seen.until_picture()
    task.cancel()
    await asyncio.wait([task])
    assert before < SCREENS.seconds
    count = len(seen.pictures)
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(seen.pictures) == count
    assert not [one for one in threading.enumerate() if one.name == "livepane test"]
