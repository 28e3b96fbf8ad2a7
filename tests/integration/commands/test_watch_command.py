"""`livepane watch URL` against a real server with a real Chromium."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forking.child import run
from tests.integration.wall import wall_of
from tests.integration.web import colour, refusing_port, site
from tests.serving import Server, environment, server, start_server

__all__ = ["server", "start_server"]


@pytest.fixture
def base() -> Iterator[str]:
    """Where the site is."""
    with site() as where:
        yield where


async def livepane_watch(*arguments: str, folder: Path, **changes: str | None) -> tuple[int | None, str, str]:
    """Run it: exit code, standard output, standard error."""
    done = await asyncio.to_thread(run, "watch", *arguments, env=environment(folder, **changes))
    return done.returncode, done.stdout, done.stderr


async def test_it_prints_one_line_and_the_page_stays_open(server: Server, base: str) -> None:
    code, output, errors = await livepane_watch(
        f"{base}/red", "--json", "--width", "800", "--height", "600", folder=server.folder
    )
    assert (code, errors) == (0, "")
    opened = json.loads(output)
    assert output == json.dumps(opened, separators=(",", ":")) + "\n"
    assert opened["stream"].startswith("page:")
    assert opened["url"] == f"{base}/red"
    async with wall_of(server.url) as wall:
        await wall.watch(opened["stream"])
        await wall.until_shown(opened["stream"], "ff0000")
        picture = wall.frames[opened["stream"]][-1].picture
        assert (picture.width, picture.height) == (800, 600)


async def test_what_is_masked_is_painted_over_and_the_pane_says_so(server: Server, base: str) -> None:
    code, output, errors = await livepane_watch(f"{base}/red", "--json", "--mask", "html", "--mask", "#no", folder=server.folder)
    assert (code, errors) == (0, "")
    stream = json.loads(output)["stream"]
    async with wall_of(server.url) as wall:
        await wall.until(lambda: stream in wall.streams)
        assert wall.streams[stream].masked is True
        await wall.watch(stream)
        await wall.until_shown(stream, "000000")  # the paint, to the nearest of eight
        assert {colour(frame.picture) for frame in wall.frames[stream]} == {"000000"}


async def test_a_person_is_also_told_where_to_look(server: Server, base: str) -> None:
    code, output, errors = await livepane_watch(f"{base}/static", "--server", server.url, folder=server.folder)
    assert code == 0
    assert errors == f"Watch it at {server.url}/view/{json.loads(output)['stream']}\n"


async def test_a_page_that_does_not_load_is_an_error_with_its_address(server: Server) -> None:
    with refusing_port() as port:
        url = f"http://127.0.0.1:{port}/"
        code, output, errors = await livepane_watch(url, folder=server.folder)
    assert (code, output) == (1, "")
    assert url in errors


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("file:///etc/passwd",), "file:///etc/passwd"),
        (("http://127.0.0.1:9/", "--width", "3"), "width = 3"),
        (("http://127.0.0.1:9/", "--scale", "99"), "scale = 99.0"),
        (("http://127.0.0.1:9/", "--mask", " "), "' ' is not a CSS selector"),
        (("http://127.0.0.1:9/", "--server", "ftp://x"), "'ftp://x' is not a server address"),
    ],
)
async def test_a_wrong_value_is_named(arguments: tuple[str, ...], complaint: str, server: Server) -> None:
    code, output, errors = await livepane_watch(*arguments, folder=server.folder)
    assert (code, output) == (2, "")
    assert complaint in errors


async def test_without_a_server_it_says_how_to_get_one(tmp_path: Path) -> None:
    code, _, errors = await livepane_watch("http://127.0.0.1:9/", folder=tmp_path)
    assert code == 1
    assert "livepane serve" in errors
    with refusing_port() as port:
        code, _, errors = await livepane_watch("http://127.0.0.1:9/", "--server", f"127.0.0.1:{port}", folder=tmp_path)
    assert code == 1
    assert f"http://127.0.0.1:{port} cannot be reached" in errors


async def test_without_the_right_token_it_says_where_it_lies(server: Server, tmp_path: Path) -> None:
    for changes, complaint in (({}, "opening a page needs a token"), ({"LIVEPANE_TOKEN": "x" * 32}, "is not one of this server")):
        code, _, errors = await livepane_watch("http://127.0.0.1:9/", "--server", server.url, folder=tmp_path, **changes)
        assert code == 1
        assert complaint in errors
        assert "LIVEPANE_TOKEN" in errors
