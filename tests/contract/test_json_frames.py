"""Windows and desktops as JSON frames, on a real X server: `/stream/{window_id}`, `/api/windows`, `/api/monitors`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.contract.clients import closed, image_of, receive, say, silent, socket, text
from tests.integration.painter import BLUE, GREEN, ORANGE, RED, Painter, painter
from tests.integration.x_server import xvfb
from tests.pictures import decoded
from tests.serving import Server, serving

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with xvfb(800, 600) as (name, _):
        yield name


@pytest.fixture(scope="module")
def screen_server(display: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("screen"), DISPLAY=display) as one:
        yield one


@pytest.fixture(scope="module")  # one X client for all: X gives the handles of a client that has left to the next one
def paint(display: str) -> Iterator[Painter]:
    with painter(display) as one:
        yield one


def shows(frame: dict[str, object], colour: int, x: int, y: int) -> bool:
    """Whether a picture has about this colour at a place."""
    pixel = decoded(image_of(frame)).convert("RGB").getpixel((x, y))
    assert isinstance(pixel, tuple)
    wanted = (colour >> 16, colour >> 8 & 255, colour & 255)
    return all(abs(a - b) < 16 for a, b in zip(pixel, wanted, strict=True))


async def test_a_frame_is_exactly_what_existing_clients_read(screen_server: Server, paint: Painter) -> None:
    window = paint.window(10, 10, 120, 90, ORANGE)
    async with socket(screen_server, f"/stream/{window}") as watching:
        started = json.loads(await receive(watching))
        assert started["type"] == "session_started"
        frame = await text(watching, "frame")
        assert set(frame) >= {"type", "timestamp", "session_id", "data"}
        assert isinstance(frame["session_id"], str)
        assert frame["session_id"]
        assert ISO.fullmatch(frame["timestamp"])
        data = frame["data"]
        assert set(data) >= {"frame_number", "width", "height", "format", "data_url", "size", "timestamp"}
        assert isinstance(data["frame_number"], int)
        assert data["frame_number"] >= 1
        assert (data["width"], data["height"], data["format"]) == (120, 90, "jpeg")
        assert data["size"] == len(image_of(frame))
        assert ISO.fullmatch(data["timestamp"])
        assert decoded(image_of(frame)).size == (120, 90)
        assert shows(frame, ORANGE, 60, 45)


@pytest.mark.parametrize(("asked", "given"), [("jpeg", "JPEG"), ("png", "PNG"), ("webp", "WEBP")])
async def test_the_url_chooses_format_and_quality(screen_server: Server, paint: Painter, asked: str, given: str) -> None:
    window = paint.window(0, 0, 64, 64, GREEN)
    async with socket(screen_server, f"/stream/{window}?format={asked}&quality=50&fps=30") as watching:
        frame = await text(watching, "frame")
        assert frame["data"]["format"] == asked
        assert decoded(image_of(frame)).format == given
        assert shows(frame, GREEN, 30, 30)


async def test_the_whole_desktop_is_0_and_monitors_have_numbers(screen_server: Server, paint: Painter) -> None:
    paint.window(0, 0, 800, 600, BLUE)
    for name in ("0", "monitor:1", "desktop:0"):
        async with socket(screen_server, f"/stream/{name}") as watching:
            frame = await text(watching, "frame", lambda frame: shows(frame, BLUE, 400, 300))
            assert (frame["data"]["width"], frame["data"]["height"]) == (800, 600)


async def test_a_size_scales_and_without_one_nothing_is_scaled(screen_server: Server) -> None:
    async with socket(screen_server, "/stream/0?width=400") as watching:
        frame = await text(watching, "frame")
        assert (frame["data"]["width"], frame["data"]["height"]) == (400, 300)
        assert decoded(image_of(frame)).size == (400, 300)


async def test_an_unchanged_picture_is_not_repeated_except_by_take_screenshot(screen_server: Server, paint: Painter) -> None:
    window = paint.window(0, 0, 50, 50, RED)
    async with socket(screen_server, f"/stream/{window}?fps=30") as watching:
        first = await text(watching, "frame")
        assert await silent(watching)
        await say(watching, command="take_screenshot")
        again = await text(watching, "frame")
        assert image_of(again) == image_of(first)
        paint.fill(window, GREEN)
        await text(watching, "frame", lambda frame: shows(frame, GREEN, 25, 25))


async def test_options_change_at_once_and_any_subset_of_them(screen_server: Server, paint: Painter) -> None:
    window = paint.window(0, 0, 50, 50, RED)
    async with socket(screen_server, f"/stream/{window}") as watching:
        await text(watching, "frame")
        await say(watching, command="update_options", options={"format": "png"})
        updated = await text(watching, "session_updated")
        assert updated["data"]["options"]["format"] == "png"
        frame = await text(watching, "frame")
        assert decoded(image_of(frame)).format == "PNG"
        await say(watching, command="update_options", options={"fps": 15, "quality": 90, "format": "webp"})
        frame = await text(watching, "frame")
        assert decoded(image_of(frame)).format == "WEBP"
        await say(watching, command="get_status")
        status = await text(watching, "status")
        assert status["data"]["options"] == {"fps": 15, "quality": 90, "format": "webp"}


async def test_stop_ends_the_session(screen_server: Server) -> None:
    async with socket(screen_server, "/stream/0") as watching:
        await text(watching, "frame")
        await say(watching, command="stop")
        assert (await closed(watching))[0] == 1000


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ('{"command":"dance"}', "'dance'"),
        ("{}", "None"),
        ("[]", "[]"),
        ("nonsense", "nonsense"),
        ("[" * 5000, "["),
        ('{"command":"update_options"}', "options"),
        ('{"command":"update_options","options":{"fps":0}}', "fps = 0 must be a number from 1 to 30"),
        ('{"command":"update_options","options":{"quality":500}}', "quality = 500 must be a number from 10 to 100"),
        ('{"command":"update_options","options":{"format":"bmp"}}', "format = 'bmp' is unknown; formats are jpeg, png, webp"),
        ('{"command":"update_options","options":{"fps":1' + "0" * 400 + "}}", "fps"),
        (b"binary", "binary"),
    ],
)
async def test_a_bad_command_is_answered_and_does_not_end_the_session(
    screen_server: Server, command: str | bytes, named: str
) -> None:
    async with socket(screen_server, "/stream/0") as watching:
        await text(watching, "frame")
        await watching.send(command)
        error = await text(watching, "error")
        assert named in error["error"]["message"]
        assert error["error"]["code"]
        await say(watching, command="get_status")
        await text(watching, "status")


@pytest.mark.parametrize("window", ["424242", "monitor:9", "desktop:7"])
async def test_an_unknown_window_is_an_error_and_4404(screen_server: Server, window: str) -> None:
    async with socket(screen_server, f"/stream/{window}") as watching:
        said = json.loads(await receive(watching))
        assert (said["type"], said["error"]["code"]) == ("error", "window_not_found")
        assert window.partition(":")[2] in said["error"]["message"]
        assert (await closed(watching))[0] == 4404


@pytest.mark.parametrize("window", ["abc", "12.5", "-3", "%20", "1e5", "window:", "9" * 300])
async def test_a_bad_window_id_is_an_error_and_4400_or_4404(screen_server: Server, window: str) -> None:
    async with socket(screen_server, f"/stream/{window}") as watching:
        assert (await text(watching, "error"))["error"]["message"]
        assert (await closed(watching))[0] in (4400, 4404)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("fps=0", "fps = '0' must be a number from 1 to 30"),
        ("fps=31", "fps = '31' must be a number from 1 to 30"),
        ("quality=500", "quality = '500' must be a number from 10 to 100"),
        ("format=bmp", "format = 'bmp' is unknown; formats are jpeg, png, webp"),
        ("fps=fast", "fps = 'fast'"),
    ],
)
async def test_a_bad_parameter_is_an_error_that_names_value_and_range_and_4400(
    screen_server: Server, query: str, named: str
) -> None:
    async with socket(screen_server, f"/stream/0?{query}") as watching:
        assert named in (await text(watching, "error"))["error"]["message"]
        assert (await closed(watching))[0] == 4400


async def test_a_window_that_is_closed_ends_its_session_with_a_reason(screen_server: Server, paint: Painter) -> None:
    window = paint.window(0, 0, 50, 50, RED)
    async with socket(screen_server, f"/stream/{window}") as watching, socket(screen_server, f"/stream/{window}") as late:
        await text(watching, "frame")
        await text(late, "frame")
        paint.close(window)
        error = await text(watching, "error")
        assert error["error"]["code"] == "window_not_found"
        assert str(window) in error["error"]["message"]
        assert (await closed(watching))[0] == 4404
    async with socket(screen_server, f"/stream/{window}") as watching:
        assert (await text(watching, "error"))["error"]["code"] == "window_not_found"
        assert (await closed(watching))[0] == 4404


async def test_windows_are_listed_with_the_fields_of_the_contract(screen_server: Server, paint: Painter) -> None:
    window = paint.window(100, 50, 200, 150, GREEN, title="a <b>title</b>")
    async with screen_server.http() as client:
        listed = (await client.get("/api/windows")).json()
        (mine,) = [one for one in listed["windows"] if one["handle"] == window]
        assert mine == {
            "handle": window,
            "title": "a <b>title</b>",
            "class": "Painter",
            "x": 100,
            "y": 50,
            "width": 200,
            "height": 150,
            "visible": True,
        }
        monitors = (await client.get("/api/monitors")).json()["monitors"]
        assert [(one["id"], one["width"], one["height"]) for one in monitors] == [("monitor:1", 800, 600)]


async def test_the_desktop_is_in_the_list_of_streams(screen_server: Server) -> None:
    async with screen_server.http() as client:
        assert "desktop:0" in [one["id"] for one in (await client.get("/api/streams")).json()["streams"]]


async def test_without_a_display_there_is_a_clear_answer(server: Server) -> None:
    async with server.http() as client:
        for path in ("/api/windows", "/api/monitors", "/streams/desktop:0.jpg"):
            answer = await client.get(path)
            assert answer.status_code == 503, path
            assert "display" in answer.json()["detail"].lower()
        assert (await client.get("/api/chrome/tabs")).status_code == 503
    async with socket(server, "/stream/0") as watching:
        error = await text(watching, "error")
        assert error["error"]["code"] == "no_display"
        assert (await closed(watching))[0] == 1013
