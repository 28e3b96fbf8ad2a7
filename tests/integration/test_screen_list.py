"""Listing windows and monitors of a real X server, and opening them by stream id."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import pytest

from livepane.domain.errors import BadRequest, NoDisplay, Unavailable, WindowNotFound
from livepane.domain.stream import StreamId
from livepane.sources.screen import MonitorInfo, WindowInfo, list_monitors, list_windows, open_source
from tests.integration.conftest import StartXvfb
from tests.integration.painter import BLUE, GREEN, ORANGE, RED, painter
from tests.integration.watching import is_all, watching
from tests.integration.x_server import openbox


async def test_windows_are_listed_with_title_class_and_place(x_display: str) -> None:
    with painter(x_display) as paint:
        first = paint.window(10, 20, 300, 200, RED, title="Grüße ✓")
        second = paint.window(400, 30, 100, 50, BLUE)
        paint.window(0, 0, 5, 5, GREEN)  # a helper: too small to be looked at
        paint.window(0, 0, 50, 50, GREEN, show=False)
        listed = await list_windows(x_display)
    assert listed == [
        WindowInfo(first, "Grüße ✓", "Painter", 10, 20, 300, 200, visible=True),
        WindowInfo(second, "", "Painter", 400, 30, 100, 50, visible=True),
    ]


async def test_a_window_manager_says_which_windows_there_are(x_display: str) -> None:
    with openbox(x_display), painter(x_display) as paint:
        paint.await_manager()
        window = paint.window(100, 100, 200, 100, RED, title="framed")
        paint.await_listed(window)
        (listed,) = await list_windows(x_display)
        assert (listed.handle, listed.title, listed.width, listed.height, listed.visible) == (window, "framed", 200, 100, True)
        source = open_source(StreamId.parse(f"window:{window}"), display=x_display)
        async with watching(source) as seen:
            await seen.until_picture(lambda picture: is_all(picture, RED))
            paint.minimise(window)
            await seen.until(lambda: seen.last_news == "hidden: minimised")
            (listed,) = await list_windows(x_display)
            assert not listed.visible


@pytest.mark.parametrize(
    ("name", "type_", "raw", "title"),
    [
        ("_NET_WM_NAME", "UTF8_STRING", b"caf\xc3\xa9", "café"),
        ("_NET_WM_NAME", "UTF8_STRING", b"broken \xff\xfe", "broken \ufffd\ufffd"),
        ("WM_NAME", "STRING", b"caf\xe9", "café"),
        ("WM_NAME", "STRING", b"caf\xc3\xa9", "café"),
        ("WM_NAME", "COMPOUND_TEXT", bytes(range(1, 256)), bytes(range(1, 256)).decode("latin-1")),
        ("WM_NAME", "STRING", b"<script>\x00\x1b[31m", "<script>\x00\x1b[31m"),
    ],
)
async def test_a_title_of_any_bytes_is_text(x_display: str, name: str, type_: str, raw: bytes, title: str) -> None:
    with painter(x_display) as paint:
        window = paint.window(0, 0, 50, 50, RED)
        paint.set_text(window, name, raw, type_)
        (listed,) = await list_windows(x_display)
    assert listed.title == title
    assert json.dumps(asdict(listed), ensure_ascii=False).encode("utf-8")


async def test_monitors_are_listed_with_their_places(start_xvfb: StartXvfb) -> None:
    display = start_xvfb(1000, 400)
    with painter(display) as paint:
        paint.split_screen((0, 0, 600, 400), (600, 0, 400, 300))
        listed = await list_monitors(display)
    assert [(one.index, one.x, one.y, one.width, one.height, one.primary) for one in listed] == [
        (1, 0, 0, 600, 400, True),
        (2, 600, 0, 400, 300, False),
    ]
    assert all(one.name for one in listed)


@pytest.mark.parametrize("options", [(), ("-extension", "RANDR")])
async def test_a_plain_screen_is_one_monitor(start_xvfb: StartXvfb, options: tuple[str, ...]) -> None:
    (only,) = await list_monitors(start_xvfb(640, 480, *options))
    assert only == MonitorInfo(1, 0, 0, 640, 480, only.name, primary=True)


async def test_ids_open_what_they_name(x_display: str) -> None:
    with painter(x_display) as paint:
        window = paint.window(0, 0, 70, 50, ORANGE)
        for text, expected in [("desktop:0", (1280, 720)), ("monitor:1", (1280, 720)), (f"window:{window}", (70, 50))]:
            async with watching(open_source(StreamId.parse(text), display=x_display)) as seen:
                picture = await seen.until_picture()
                assert (picture.width, picture.height) == expected


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("monitor:7", WindowNotFound, "no monitor:7: this display has monitor:1 to monitor:1"),
        ("monitor:0", WindowNotFound, "desktop:0 is all of them"),
        ("desktop:1", WindowNotFound, "desktop:0 is the whole desktop"),
        ("window:5", WindowNotFound, "no window 5"),
        ("window:99999999999999999999999999", WindowNotFound, "no window 9999"),
        ("window:left", BadRequest, "'left' in window:left is not a number"),
        ("monitor:-1", BadRequest, "'-1' in monitor:-1 is not a number"),
        ("window:²", BadRequest, "is not a number"),
        ("page:abc", BadRequest, "page:abc is not on a screen"),
    ],
)
def test_a_wrong_id_is_named_with_what_there_is(x_display: str, text: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        open_source(StreamId.parse(text), display=x_display)


async def test_without_a_display_nothing_is_listed_and_nothing_opened() -> None:
    with pytest.raises(NoDisplay, match=":4711"):
        await list_windows(":4711")
    with pytest.raises(NoDisplay, match=":4711"):
        await list_monitors(":4711")
    for text in ("desktop:0", "monitor:1", "window:5"):
        with pytest.raises(NoDisplay, match=":4711"):
            open_source(StreamId.parse(text), display=":4711")


async def test_a_list_of_a_manager_that_has_died_is_not_believed(x_display: str) -> None:
    with painter(x_display) as paint:
        with openbox(x_display) as manager:
            paint.await_manager()
            paint.await_listed(paint.window(0, 0, 60, 60, BLUE))
            manager.kill()  # without a chance to take its list down
            manager.wait()
        window = paint.window(0, 0, 50, 50, RED)
        assert window in [one.handle for one in await list_windows(x_display)]


@pytest.mark.parametrize("system", ["darwin", "win32"])
async def test_other_systems_say_that_single_windows_are_not_there_yet(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    with pytest.raises(Unavailable, match=f"on {system} yet.*desktop:0 and monitors work"):
        await list_windows()
    with pytest.raises(Unavailable, match=f"on {system} yet.*desktop:0 and monitors work"):
        open_source(StreamId.parse("window:5"))
