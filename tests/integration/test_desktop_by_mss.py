"""The way that Windows and macOS take, tried on an X server: mss has the same face everywhere."""

from __future__ import annotations

import sys

import pytest

from livepane.domain.errors import NoDisplay, Unavailable
from livepane.sources import mss_screen
from livepane.sources.desktop import DesktopSource
from livepane.sources.mss_screen import open_mss_view
from livepane.sources.screen import list_monitors
from tests.integration.painter import BLUE, GREEN, RED, painter
from tests.integration.watching import Recorder, Wish, colour_at, watching


@pytest.fixture
def another_system(monkeypatch: pytest.MonkeyPatch, x_display: str) -> str:
    """A system that has no X11 for us, only what mss shows."""
    monkeypatch.setenv("DISPLAY", x_display)
    monkeypatch.setattr(sys, "platform", "darwin")
    return x_display


async def test_changes_are_seen_and_nothing_else_is_put(another_system: str) -> None:
    with painter(another_system) as paint:
        window = paint.window(100, 50, 50, 50, RED)
        async with watching(DesktopSource(0)) as seen:
            await seen.until_picture(lambda picture: colour_at(picture, 149, 99) == RED)
            paint.fill(window, BLUE)
            await seen.until_picture(lambda picture: colour_at(picture, 149, 99) == BLUE)
            assert len(seen.pictures) == 2
            assert len(seen.newest.data) == 1280 * 720 * 4


async def test_monitors_are_listed_and_captured(another_system: str) -> None:
    with painter(another_system) as paint:
        paint.split_screen((0, 0, 800, 720), (800, 0, 480, 600))
        paint.window(800, 0, 20, 20, GREEN)
        assert [(one.index, one.x, one.width) for one in await list_monitors()] == [(1, 0, 800), (2, 800, 480)]
        async with watching(DesktopSource(2)) as seen:
            picture = await seen.until_picture()
    assert (picture.width, picture.height) == (480, 600)
    assert colour_at(picture, 0, 0) == GREEN


async def test_a_monitor_that_is_not_there_is_named(another_system: str) -> None:
    with pytest.raises(Unavailable, match="monitor 3 is not connected now; there are 1"):
        await DesktopSource(3).capture(Recorder(), Wish())


async def test_without_a_screen_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(NoDisplay, match="cannot be read"):
        await DesktopSource(0).capture(Recorder(), Wish())


def test_a_new_layout_is_noticed(monkeypatch: pytest.MonkeyPatch, another_system: str) -> None:
    monkeypatch.setattr(mss_screen, "_LAYOUT_AGE", 0.0)
    with painter(another_system) as paint, open_mss_view(1) as view:
        before = view.grab()
        paint.split_screen((0, 0, 300, 480), (300, 0, 340, 480))
        after = view.grab()
    assert before is not None
    assert after is not None
    assert (before.width, after.width) == (1280, 300)
