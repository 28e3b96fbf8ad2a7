"""The tutorial, done by a machine: its blocks in their order, on a real server, with what it promises after each."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import websockets

from scripts.house.tree import ROOT
from tests.docs.blocks import DOCS, blocks
from tests.docs.reader import Reader, agrees
from tests.integration.wall import Wall, wall_of
from tests.patience import PATIENCE
from tests.serving import Server, StartServer, start_server

__all__ = ["start_server"]

STREAM, TOKEN_ID = "page:k3f9", "4q8zk3f9x0a1"  # what the tutorial calls them


async def test_the_tutorial_does_what_it_says(tmp_path: Path, start_server: StartServer) -> None:
    run, greeting, watch, line, picture, script, start, share, link, listing, revoke = blocks(DOCS / "tutorial" / "first-pane.md")

    assert run.text == "make run\n"
    assert ".venv/bin/livepane serve --demo" in (ROOT / "Makefile").read_text().partition("\nrun:")[2].partition("\n\n")[0]
    server = start_server("--demo")
    reader = Reader(tmp_path, server)
    assert agrees(server.said, reader.said(greeting.text))

    async with wall_of(server.url) as wall:
        await wall.until(lambda: len(wall.streams) >= 2)
        driven, still = (find(wall, f"/demo/{name}.html") for name in ("driven", "static"))
        for stream in (driven, still):
            await wall.watch(stream, fps=5.0)
        await wall.pictures(driven, 5)
        await wall.until_state(still, "static")

        printed = await reader.do(watch)
        stream = json.loads(printed)["stream"]
        reader.names[STREAM] = stream
        assert agrees(printed, reader.said(line.text))
        await wall.until(lambda: stream in wall.streams)

        await reader.do(picture)
        png = (tmp_path / "page.png").read_bytes()
        assert png.startswith(b"\x89PNG")
        assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (1280, 720)
        motion = f"{server.url}/streams/{stream}.mjpeg"
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client, client.stream("GET", motion) as moving:
            assert moving.headers["content-type"].startswith("multipart/x-mixed-replace")

        (tmp_path / "hello.py").write_text(script.text)
        running = asyncio.get_running_loop().create_task(reader.do(start), name="hello.py")
        await wall.until(lambda: "page:hello" in wall.streams)
        assert wall.streams["page:hello"].title == "My script"
        await wall.watch("page:hello", fps=5.0)
        await wall.pictures("page:hello", 2)
        await running
        await wall.until_state("page:hello", "gone")
        assert [label for label in wall.labels if label.startswith("Writing")] == ["Writing one", "Writing two", "Writing three"]

    printed = await reader.do(share)
    assert agrees(printed, reader.said(link.text))
    token = printed.strip().rpartition("#token=")[2]
    (shared,) = [one for one in await tokens(server) if one["name"] == "Ada"]
    assert "Ada" in await reader.do(listing)
    reader.names[TOKEN_ID] = shared["id"]
    async with websockets.connect(f"{server.socket}/ws/viewer?name={stream}&token={token}") as viewer:
        await viewer.recv()
        watching = asyncio.get_running_loop().create_task(until_closed(viewer), name="a window with the link")
        await reader.do(revoke)
        await watching
        assert viewer.close_code == 4401


def find(wall: Wall, path: str) -> str:
    """The stream of a page of the demo."""
    return next(one.id for one in wall.streams.values() if (one.url or "").endswith(path))


async def tokens(server: Server) -> list[dict[str, str]]:
    async with server.http() as client:
        answer = await client.get("/api/tokens", headers=server.admin)
    found: list[dict[str, str]] = answer.raise_for_status().json()["tokens"]
    return found


async def until_closed(viewer: websockets.ClientConnection) -> None:
    try:
        while True:
            await viewer.recv()
    except websockets.ConnectionClosed:
        return
