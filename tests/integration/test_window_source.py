"""Single windows on a real X server: moved, resized, covered, minimised, closed."""

from __future__ import annotations

import asyncio
import threading

import pytest
import xcffib
import xcffib.composite

from livepane.domain.errors import NoDisplay, SourceGone, Unavailable, WindowNotFound
from livepane.domain.frame import Picture
from livepane.sources.window import WindowSource
from livepane.sources.x11.display import open_display
from tests.integration.conftest import StartXvfb
from tests.integration.painter import BLUE, GREEN, ORANGE, RED, painter
from tests.integration.watching import Recorder, Wish, colour_at, is_all, watching
from tests.integration.x_server import openbox, xvfb
from tests.patience import PATIENCE


def size(picture: Picture) -> tuple[int, int]:
    return picture.width, picture.height


async def test_a_window_shows_itself_and_nothing_around_it(x_display: str) -> None:
    with painter(x_display) as paint:
        paint.window(0, 0, 500, 500, RED)
        window = paint.window(100, 50, 200, 100, ORANGE, title="orange")
        async with watching(WindowSource(window, display=x_display)) as seen:
            picture = await seen.until_picture()
            assert size(picture) == (200, 100)
            assert is_all(picture, ORANGE)
            paint.fill(window, BLUE, 10, 20, 30, 40)
            picture = await seen.until_picture(lambda picture: colour_at(picture, 10, 20) == BLUE)
    assert colour_at(picture, 39, 59) == BLUE
    assert colour_at(picture, 40, 59) == colour_at(picture, 39, 60) == ORANGE
    assert seen.news == ["title: orange"]


async def test_a_window_is_seen_through_what_covers_it(x_display: str) -> None:
    with painter(x_display) as paint:
        window = paint.window(100, 100, 200, 100, RED)
        async with watching(WindowSource(window, display=x_display)) as seen:
            await seen.until_picture()
            paint.window(150, 120, 300, 300, BLUE)
            paint.fill(window, GREEN)
            assert is_all(await seen.until_picture(lambda picture: colour_at(picture, 0, 0) == GREEN), GREEN)


async def test_a_window_that_was_covered_before_is_seen_whole(x_display: str) -> None:
    with painter(x_display) as paint:
        window = paint.window(100, 100, 200, 100, RED)
        paint.window(150, 120, 300, 300, BLUE)
        async with watching(WindowSource(window, display=x_display)) as seen:
            await seen.until_picture(lambda picture: is_all(picture, RED))


async def test_two_windows_that_overlap_are_watched_at_once(x_display: str) -> None:
    with painter(x_display) as paint:
        below = paint.window(0, 0, 300, 300, RED)
        above = paint.window(100, 100, 300, 300, BLUE)
        below_source, above_source = WindowSource(below, display=x_display), WindowSource(above, display=x_display)
        async with watching(below_source) as first, watching(above_source) as second:
            await first.until_picture(lambda picture: is_all(picture, RED))
            await second.until_picture(lambda picture: is_all(picture, BLUE))
            paint.fill(below, GREEN)
            await first.until_picture(lambda picture: is_all(picture, GREEN))
            assert is_all(second.newest, BLUE)


async def test_a_window_is_the_same_wherever_it_is_moved(x_display: str) -> None:
    with painter(x_display) as paint:
        window = paint.window(100, 100, 200, 100, RED)
        async with watching(WindowSource(window, display=x_display)) as seen:
            await seen.until_picture()
            paint.place(window, 1200, 680)  # most of it is beyond the edge of the screen
            paint.fill(window, GREEN)
            await seen.until_picture(lambda picture: is_all(picture, GREEN))
            assert {size(picture) for picture in seen.pictures} == {(200, 100)}


async def test_a_resized_window_has_a_new_size(x_display: str) -> None:
    with painter(x_display) as paint:
        window = paint.window(100, 100, 200, 100, RED)
        async with watching(WindowSource(window, display=x_display)) as seen:
            await seen.until_picture()
            paint.resize(window, 400, 300)
            await seen.until_picture(lambda picture: size(picture) == (400, 300) and is_all(picture, RED))
            paint.resize(window, 30, 20)
            await seen.until_picture(lambda picture: size(picture) == (30, 20) and is_all(picture, RED))
            paint.fill(window, BLUE)
            await seen.until_picture(lambda picture: size(picture) == (30, 20) and is_all(picture, BLUE))


async def test_a_window_that_is_taken_from_the_screen_is_hidden_until_it_is_back(x_display: str) -> None:
    with painter(x_display) as paint:
        window = paint.window(100, 100, 200, 100, RED)
        async with watching(WindowSource(window, display=x_display)) as seen:
            await seen.until_picture()
            paint.hide(window)
            await seen.until(lambda: seen.last_news == "hidden: minimised")
            paint.show(window)
            await seen.until(lambda: seen.last_news == "visible")
            paint.fill(window, BLUE)
            await seen.until_picture(lambda picture: is_all(picture, BLUE))


async def test_a_window_that_is_hidden_at_the_start_says_so_and_appears_later(x_display: str) -> None:
    with painter(x_display) as paint:
        window = paint.window(100, 100, 200, 100, RED, show=False)
        async with watching(WindowSource(window, display=x_display)) as seen:
            await seen.until(lambda: seen.last_news == "hidden: minimised")
            assert not seen.pictures
            paint.show(window)
            await seen.until_picture(lambda picture: is_all(picture, RED))
            assert seen.last_news == "visible"


async def test_a_window_manager_minimises_and_restores(x_display: str) -> None:
    with openbox(x_display), painter(x_display) as paint:
        paint.await_manager()
        window = paint.window(100, 100, 200, 100, RED)
        paint.await_listed(window)
        async with watching(WindowSource(window, display=x_display)) as seen:
            await seen.until_picture(lambda picture: is_all(picture, RED))
            paint.minimise(window)
            await seen.until(lambda: seen.last_news == "hidden: minimised")
            paint.restore(window)
            await seen.until(lambda: seen.last_news == "visible")
            paint.fill(window, GREEN)
            await seen.until_picture(lambda picture: is_all(picture, GREEN))
            paint.resize(window, 333, 222)
            await seen.until_picture(lambda picture: size(picture) == (333, 222))


async def test_a_new_title_is_told(x_display: str) -> None:
    with painter(x_display) as paint:
        window = paint.window(0, 0, 50, 50, RED, title="before")
        async with watching(WindowSource(window, display=x_display)) as seen:
            await seen.until_picture()
            paint.retitle(window, "nach<her> ✓")
            await seen.until(lambda: seen.last_news == "title: nach<her> ✓")
        assert len(seen.pictures) == 1


async def test_a_closed_window_is_gone(x_display: str) -> None:
    with painter(x_display) as paint:
        window = paint.window(0, 0, 50, 50, RED, title="farewell")
        source = WindowSource(window, display=x_display)
        async with watching(source) as seen:
            await seen.until_picture()
            paint.close(window)
            assert seen.capture is not None
            with pytest.raises(SourceGone, match=rf"window {window} \('farewell'\) was closed"):
                await asyncio.wait_for(seen.capture, PATIENCE)
        with pytest.raises(SourceGone):  # closed while nobody watched: it is not an unknown one
            await source.capture(Recorder(), Wish())


@pytest.mark.parametrize("handle", [0, 12345, 2**29 - 5, 2**40])
async def test_an_unknown_window_is_named_with_the_place_to_look(x_display: str, handle: int) -> None:
    with pytest.raises(WindowNotFound, match=rf"no window {handle} on display {x_display}; GET /api/windows"):
        await WindowSource(handle, display=x_display).capture(Recorder(), Wish())


async def test_the_root_window_is_refused_with_a_better_idea(x_display: str) -> None:
    with painter(x_display) as paint, pytest.raises(WindowNotFound, match="desktop:0 shows the whole screen"):
        await WindowSource(paint.root, display=x_display).capture(Recorder(), Wish())


@pytest.mark.parametrize("missing", ["MIT-SHM", "DAMAGE"])
async def test_a_display_without_an_extension_shows_windows_all_the_same(start_xvfb: StartXvfb, missing: str) -> None:
    display = start_xvfb(640, 480, "-extension", missing)
    with painter(display) as paint:
        window = paint.window(100, 100, 50, 50, RED)
        async with watching(WindowSource(window, display=display)) as seen:
            await seen.until_picture(lambda picture: is_all(picture, RED))
            paint.window(100, 100, 100, 100, BLUE)
            paint.fill(window, GREEN)
            await seen.until_picture(lambda picture: is_all(picture, GREEN))
            assert len(seen.pictures) == 2


async def test_without_composite_the_error_names_what_works(start_xvfb: StartXvfb) -> None:
    display = start_xvfb(640, 480, "-extension", "Composite")
    with painter(display) as paint, pytest.raises(Unavailable, match=r"Composite extension.*desktop:0"):
        await WindowSource(paint.window(0, 0, 50, 50, RED), display=display).capture(Recorder(), Wish())


async def test_a_display_that_goes_away_is_an_error_that_can_be_tried_again() -> None:
    with xvfb(640, 480) as (display, server), painter(display) as paint:
        window = paint.window(0, 0, 50, 50, RED)
        async with watching(WindowSource(window, display=display)) as seen:
            await seen.until_picture()
            server.kill()
            assert seen.capture is not None
            with pytest.raises(NoDisplay, match="went away"):
                await asyncio.wait_for(seen.capture, PATIENCE)


async def test_after_a_capture_the_window_is_as_it_was(x_display: str) -> None:
    with painter(x_display) as paint:
        before = paint.client_count()
        window = paint.window(0, 0, 50, 50, RED)
        source = WindowSource(window, display=x_display)
        for _ in range(20):
            async with watching(source) as seen:
                await seen.until_picture()
                assert is_redirected(x_display, window)
            assert not [one.name for one in threading.enumerate() if one.name.startswith("livepane")]
        paint.await_client_count(before)
        assert not is_redirected(x_display, window)


def is_redirected(display_name: str, window: int) -> bool:
    with open_display(display_name) as display:
        composite = display.connection(xcffib.composite.key)
        try:
            composite.NameWindowPixmapChecked(window, display.connection.generate_id()).check()
        except xcffib.xproto.MatchError:
            return False
        return True
