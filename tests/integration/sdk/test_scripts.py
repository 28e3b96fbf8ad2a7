"""Whole scripts in processes of their own: the examples, the sync API, and what is left when they end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from livepane.browsers.flags import IN_A_SCRIPT
from livepane.discovery import read_server
from tests.integration.wall import Wall, wall_of
from tests.integration.web import until
from tests.serving import Server, environment

EXAMPLES = Path(__file__).parents[3] / "examples"
FLAGS = list(IN_A_SCRIPT)  # what a browser would load besides the page costs more than the script

# These scripts wait for a file, which is how a test tells them to go on.
STEPS = """
import shutil, time
from pathlib import Path
import livepane
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args={flags})
    page = browser.new_page(viewport={{"width": 640, "height": 360}})
    pane = livepane.watch(page, name="sync")
    page.goto("{base}")
    livepane.action("Looking")
{body}
print("done", flush=True)
"""

ASYNC = """
import asyncio, shutil
from pathlib import Path
import livepane
from playwright.async_api import async_playwright

async def main():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args={flags})
        page = await browser.new_page()
        await livepane.watch(page)
        await page.goto("{base}")
        while not Path({go!r}).exists():
            await asyncio.sleep(0.05)
        {ending}

asyncio.run(main())
"""
UNTIL_SHOWN = """
import asyncio, shutil
import livepane
from playwright.async_api import async_playwright

async def main():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args={flags})
        pane = await livepane.watch(await browser.new_page())
        while pane.url is None:
            await asyncio.sleep(0.05)
        print(pane.url, flush=True)
        await stay()
        await browser.close()

async def stay():
    {stay}

asyncio.run(main())
"""
PASSING = UNTIL_SHOWN.format(flags=FLAGS, stay="pass")
STAYING = UNTIL_SHOWN.format(flags=FLAGS, stay="await asyncio.sleep(60)")


@asynccontextmanager
async def running(*arguments: str, folder: Path, **changes: str | None) -> AsyncIterator[Process]:
    """A Python script, with what it says on standard output and standard error."""
    command = [sys.executable, "-W", "always", *arguments]
    script = await asyncio.create_subprocess_exec(
        *command, env=environment(folder, **changes), stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True
    )
    try:
        yield script
    finally:
        if script.returncode is None:
            os.killpg(script.pid, signal.SIGKILL)
        await script.communicate()


async def said(script: Process) -> tuple[str, str]:
    """Wait for its end: standard output, standard error. It must succeed."""
    output, errors = await script.communicate()
    assert script.returncode == 0, errors.decode()
    return output.decode(), errors.decode()


@pytest.mark.parametrize("example", ["watch_playwright.py", "watch_playwright_sync.py"])
async def test_an_example_can_be_watched_from_its_first_to_its_last_step(example: str, server: Server, tmp_path: Path) -> None:
    async with (
        wall_of(server.url) as wall,
        running(str(EXAMPLES / example), folder=tmp_path, LIVEPANE_SERVER=server.url) as script,
    ):
        stream = await newest_stream(wall, lambda stream: stream.startswith(f"page:{Path(example).stem}-"))
        await wall.watch(stream, fps=10.0, highlight=True)
        await wall.pictures(stream, 3)
        output, errors = await said(script)
        assert output == f"Thank you - {stream}\n"
        assert errors == ""
        assert (await wall.until_state(stream, "gone")).reason == "the page was closed"
        assert wall.labels[-1] == "Signing up"
        # It does not wait for anybody: on a busy machine its steps may be over before they are seen.
        spots = wall.spots.get(stream, [])
        shown = [spot for spot in spots if spot is not None]
        assert {spot.label for spot in shown} <= {"Filling user name", "Signing up"}
        assert {(spot.width, spot.height) for spot in shown} <= {(1280, 720)}
        assert spots[-1:] in ([], [None])  # it went with the page


async def newest_stream(wall: Wall, wanted: Callable[[str], bool]) -> str:
    """Wait for a stream of such a name that has not ended."""

    def alive() -> list[str]:
        return [one.id for one in wall.streams.values() if wanted(one.id) and one.state != "gone"]

    await wall.until(alive)
    return alive()[-1]


@pytest.mark.parametrize(
    ("ending", "code", "reason"),
    [
        ("pass", 0, "the script has ended"),
        ("await page.close()", 0, "the page was closed"),
        ("raise SystemExit(3)", 3, "the script has ended"),
        ("1 / 0", 1, "the script has ended"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGINT); await asyncio.sleep(9)", None, "the script has ended"),
    ],
)
async def test_an_async_script_may_end_in_any_way(
    ending: str, code: int | None, reason: str, server: Server, base: str, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    script = ASYNC.format(flags=FLAGS, base=f"{base}/painting", go=str(go), ending=ending)
    async with wall_of(server.url) as wall, running("-c", script, folder=tmp_path, LIVEPANE_SERVER=server.url) as process:
        stream = await newest_stream(wall, lambda stream: stream.startswith("page:script-"))
        await wall.watch(stream, fps=10.0)
        await wall.pictures(stream)
        go.touch()
        _, errors = await process.communicate()
        assert (await wall.until_state(stream, "gone")).reason == reason
        assert code is None or process.returncode == code
        complaints = [line for line in errors.decode().splitlines() if "livepane" in line or "never" in line or "pending" in line]
        assert complaints == []


async def test_a_script_without_a_server_starts_one_and_takes_it_along(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with running("-c", PASSING, folder=folder) as script:
        output, errors = await said(script)
    assert output.startswith("http://127.0.0.1:")
    assert errors == f"livepane: watch this script at {output}"
    await until(lambda: not (folder / "server.json").exists())


async def test_scripts_that_start_together_share_one_server(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with (
        running("-c", STAYING, folder=folder) as one,
        running("-c", STAYING, folder=folder) as other,
    ):
        assert one.stdout is not None
        assert other.stdout is not None
        first, second = await one.stdout.readline(), await other.stdout.readline()
        assert urlsplit(first).netloc == urlsplit(second).netloc


async def test_a_script_that_is_killed_takes_its_server_along(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with running("-c", STAYING, folder=folder) as script:
        assert script.stdout is not None
        assert await script.stdout.readline() != b""
        assert read_server(folder) is not None
        script.kill()
        await script.wait()
        await until(lambda: not (folder / "server.json").exists())


async def test_a_script_that_cannot_start_a_server_says_why_once_and_succeeds(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("not a folder")
    async with running(str(EXAMPLES / "watch_playwright.py"), folder=folder) as script:
        output, errors = await said(script)
    assert output.startswith("Thank you")
    first, *more = errors.splitlines()
    assert "no server could be started, so nothing is shown: the data folder" in first
    assert len(more) <= 1  # that it is tried again


async def test_a_sync_script_is_seen_while_it_is_inside_of_playwright(server: Server, base: str, tmp_path: Path) -> None:
    body = """
    page.wait_for_timeout(60000)
    """
    async with sync_script(base + "/painting", body, server, tmp_path) as (wall, script):
        await wall.until_state("page:sync", "idle")
        await wall.watch("page:sync", fps=10.0)
        await wall.pictures("page:sync", 10)
        assert await wall.newest_label("page:sync") == "Looking"
        assert wall.streams["page:sync"].title == "Painting"
        script.kill()
        await wall.until_state("page:sync", "reconnecting")


async def test_a_sync_script_that_is_busy_elsewhere_is_said_to_be(server: Server, base: str, tmp_path: Path) -> None:
    busy, back = tmp_path / "busy", tmp_path / "back"
    body = f"""
    while not Path({str(busy)!r}).exists():
        page.wait_for_timeout(50)
    while not Path({str(back)!r}).exists():
        time.sleep(0.05)
    page.wait_for_timeout(60000)
    """
    async with sync_script(base + "/painting", body, server, tmp_path) as (wall, _):
        await wall.until_state("page:sync", "idle")
        await wall.watch("page:sync", fps=10.0)
        await wall.pictures("page:sync", 3)
        busy.touch()
        hidden = await wall.until_state("page:sync", "hidden")
        assert "busy outside of Playwright" in (hidden.reason or "")
        back.touch()
        await wall.until_state("page:sync", "live")


@pytest.mark.parametrize(
    ("ending", "reason"),
    [("page.close()", "the page was closed"), ("browser.close()", "the page was closed"), ("pass", "the script has ended")],
)
async def test_a_sync_script_may_end_in_any_way(ending: str, reason: str, server: Server, base: str, tmp_path: Path) -> None:
    go = tmp_path / "go"
    body = f"""
    while not Path({str(go)!r}).exists():
        page.wait_for_timeout(50)
    {ending}
    """
    async with sync_script(base + "/painting", body, server, tmp_path) as (wall, script):
        await wall.until_state("page:sync", "idle")
        await wall.watch("page:sync", fps=10.0)
        await wall.pictures("page:sync", 1)
        go.touch()
        output, errors = await said(script)
        assert output.endswith("done\n")
        assert errors == ""
        assert (await wall.until_state("page:sync", "gone")).reason == reason


async def test_a_sync_script_does_not_notice_a_server_that_is_not_there(base: str, tmp_path: Path) -> None:
    body = """
    for number in range(20):
        livepane.action(f"step {number}")
        page.goto(page.url)
    browser.close()
    """
    async with running_text(base + "/static", body, tmp_path, LIVEPANE_SERVER="127.0.0.1:9") as script:
        output, errors = await said(script)
    assert output.endswith("done\n")
    assert all("the script goes on" in line for line in errors.splitlines())


@asynccontextmanager
async def running_text(base: str, body: str, folder: Path, **changes: str | None) -> AsyncIterator[Process]:
    """STEPS with a body of its own."""
    script = folder / "script.py"
    script.write_text(STEPS.format(flags=FLAGS, base=base, body=body))
    async with running(str(script), folder=folder / "data", **changes) as process:
        yield process


@asynccontextmanager
async def sync_script(base: str, body: str, server: Server, folder: Path) -> AsyncIterator[tuple[Wall, Process]]:
    """STEPS, seen from a wall."""
    async with wall_of(server.url) as wall:
        await wall.until(lambda: "page:sync" not in wall.streams or wall.streams["page:sync"].state in ("gone", "reconnecting"))
        async with running_text(base, body, folder, LIVEPANE_SERVER=server.url) as script:
            yield wall, script
