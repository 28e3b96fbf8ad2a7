"""The whole desktop and single monitors, on a real X server."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from livepane.domain.errors import NoDisplay, Unavailable
from livepane.domain.frame import Picture
from livepane.sources.desktop import DesktopSource
from livepane.sources.x11.root_view import open_root
from tests.integration.conftest import StartXvfb
from tests.integration.painter import BLUE, GREEN, ORANGE, RED, painter
from tests.integration.watching import Recorder, Wish, colour_at, watching
from tests.integration.x_server import xvfb
from tests.patience import PATIENCE


def size(picture: Picture) -> tuple[int, int]:
    return picture.width, picture.height


async def test_the_desktop_shows_what_is_drawn_where_it_is_drawn(x_display: str) -> None:
    with painter(x_display) as paint:
        paint.window(100, 50, 200, 100, ORANGE)
        async with watching(DesktopSource(0, display=x_display)) as seen:
            picture = await seen.until_picture()
    assert size(picture) == (1280, 720)
    assert len(picture.data) == 1280 * 720 * 4
    assert colour_at(picture, 100, 50) == colour_at(picture, 299, 149) == ORANGE
    assert colour_at(picture, 99, 50) == colour_at(picture, 300, 149) == colour_at(picture, 299, 150) == 0


async def test_a_picture_says_when_it_was_taken(x_display: str) -> None:
    before = time.time_ns()
    async with watching(DesktopSource(0, display=x_display)) as seen:
        picture = await seen.until_picture()
    assert before <= picture.captured_at <= time.time_ns()


async def test_every_change_is_seen_and_nothing_else_is_put(x_display: str) -> None:
    colours = [RED, GREEN, BLUE, ORANGE, RED]
    with painter(x_display) as paint:
        window = paint.window(0, 0, 50, 50, colours[0])
        async with watching(DesktopSource(0, display=x_display), Wish(fps=60)) as seen:
            for number, colour in enumerate(colours, 1):
                paint.fill(window, colour)
                await seen.until_picture(lambda picture, colour=colour: colour_at(picture, 10, 10) == colour)  # type: ignore[misc]
                assert len(seen.pictures) == number


async def test_an_unchanged_desktop_is_not_even_looked_at(x_display: str) -> None:
    with painter(x_display) as paint, open_root(x_display, 0) as view:
        window = paint.window(0, 0, 50, 50, RED)
        assert view.changed()
        assert view.grab() is not None
        assert not view.changed()
        paint.fill(window, GREEN)
        assert view.changed()


async def test_what_is_drawn_again_in_the_same_colours_is_not_put_again(x_display: str) -> None:
    with painter(x_display) as paint, open_root(x_display, 0) as view:
        window = paint.window(0, 0, 50, 50, RED)
        assert view.changed()
        assert view.grab() is not None
        paint.fill(window, RED)
        assert view.changed()
        assert view.grab() is None


async def test_a_monitor_is_its_part_of_the_desktop(start_xvfb: StartXvfb) -> None:
    display = start_xvfb(1000, 400)
    with painter(display) as paint:
        paint.split_screen((0, 0, 600, 400), (600, 0, 400, 300))
        paint.window(590, 0, 20, 20, GREEN)
        async with watching(DesktopSource(1, display=display)) as left, watching(DesktopSource(2, display=display)) as right:
            left_picture, right_picture = await left.until_picture(), await right.until_picture()
    assert size(left_picture) == (600, 400)
    assert colour_at(left_picture, 599, 0) == GREEN
    assert size(right_picture) == (400, 300)
    assert colour_at(right_picture, 9, 0) == GREEN
    assert colour_at(right_picture, 10, 0) == 0


async def test_a_monitor_is_not_looked_at_for_what_another_one_shows(start_xvfb: StartXvfb) -> None:
    display = start_xvfb(1000, 400)
    with painter(display) as paint:
        paint.split_screen((0, 0, 600, 400), (600, 0, 400, 300))
        window = paint.window(0, 0, 50, 50, RED)
        with open_root(display, 2) as view:
            assert view.changed()
            assert view.grab() is not None
            paint.fill(window, BLUE)
            assert not view.changed()
            paint.place(window, 900, 0)
            assert view.changed()


async def test_a_new_resolution_is_followed(x_display: str) -> None:
    with painter(x_display) as paint:
        async with watching(DesktopSource(0, display=x_display)) as seen:
            assert size(await seen.until_picture()) == (1280, 720)
            paint.resize_screen(800, 600)
            await seen.until_picture(lambda picture: size(picture) == (800, 600))
            paint.resize_screen(1024, 700)
            await seen.until_picture(lambda picture: size(picture) == (1024, 700))


async def test_a_monitor_that_is_divided_is_followed(x_display: str) -> None:
    with painter(x_display) as paint:
        async with watching(DesktopSource(1, display=x_display)) as seen:
            assert size(await seen.until_picture()) == (1280, 720)
            paint.split_screen((0, 0, 500, 720), (500, 0, 780, 720))
            await seen.until_picture(lambda picture: size(picture) == (500, 720))


async def test_a_faster_rate_counts_at_once(x_display: str) -> None:
    wish = Wish(fps=0.001)
    with painter(x_display) as paint:
        window = paint.window(0, 0, 50, 50, RED)
        async with watching(DesktopSource(0, display=x_display), wish) as seen:
            await seen.until_picture()
            paint.fill(window, GREEN)  # due in a quarter of an hour
            wish.change(fps=30)
            await seen.until(lambda: len(seen.pictures) == 2)


@pytest.mark.parametrize("missing", ["MIT-SHM", "DAMAGE", "RANDR"])
async def test_a_display_without_an_extension_is_captured_all_the_same(start_xvfb: StartXvfb, missing: str) -> None:
    display = start_xvfb(640, 480, "-extension", missing)
    with painter(display) as paint:
        window = paint.window(100, 100, 50, 50, RED)
        async with watching(DesktopSource(0, display=display)) as seen:
            await seen.until_picture(lambda picture: colour_at(picture, 100, 100) == RED)
            paint.fill(window, BLUE)
            await seen.until_picture(lambda picture: colour_at(picture, 149, 149) == BLUE)
            assert len(seen.pictures) == 2


async def test_without_a_display_the_error_names_it_and_the_mend() -> None:
    with pytest.raises(NoDisplay, match=r"DISPLAY=:4711.*Xvfb"):
        await DesktopSource(0, display=":4711").capture(Recorder(), Wish())


async def test_without_any_display_name_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(NoDisplay, match="DISPLAY is not set"):
        await DesktopSource(0).capture(Recorder(), Wish())


async def test_a_monitor_that_is_unplugged_may_come_back(start_xvfb: StartXvfb) -> None:
    display = start_xvfb(640, 480)
    with pytest.raises(Unavailable, match="monitor 2 is not connected now"):
        await DesktopSource(2, display=display).capture(Recorder(), Wish())


async def test_a_display_that_goes_away_is_an_error_that_can_be_tried_again() -> None:
    with xvfb(640, 480) as (display, server):
        async with watching(DesktopSource(0, display=display)) as seen:
            await seen.until_picture()
            server.kill()
            assert seen.capture is not None
            with pytest.raises(NoDisplay, match=f"the X display {display} went away"):
                await asyncio.wait_for(seen.capture, PATIENCE)


async def test_starting_and_stopping_leaves_no_thread_and_no_connection(x_display: str) -> None:
    source = DesktopSource(0, display=x_display)
    with painter(x_display) as paint:
        before = paint.client_count()
        for _ in range(20):
            async with watching(source) as seen:
                await seen.until_picture()
            assert not [one.name for one in threading.enumerate() if one.name.startswith("livepane")]
        paint.await_client_count(before)


async def test_a_capture_cancelled_before_its_first_picture_ends_cleanly(x_display: str) -> None:
    async with watching(DesktopSource(0, display=x_display)):
        await asyncio.sleep(0)
    assert not [one.name for one in threading.enumerate() if one.name.startswith("livepane")]
