"""`livepane.watch(page)` in an async Playwright script, seen from a real server's viewers."""

from __future__ import annotations

import asyncio
import logging

import pytest
from playwright.async_api import BrowserContext, Error

import livepane
from livepane.domain.errors import BadRequest
from tests.integration.wall import wall_of
from tests.integration.web import colour, refusing_port, until
from tests.serving import Server, StartServer

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def to_server(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The script finds the shared server."""
    monkeypatch.setenv("LIVEPANE_SERVER", server.url)
    return server


async def test_a_watched_page_is_a_pane_with_its_title_and_what_happens(
    to_server: Server, context: BrowserContext, base: str
) -> None:
    page = await context.new_page()
    async with wall_of(to_server.url) as wall:
        pane = await livepane.watch(page, name="pane")
        assert pane.stream == "page:pane"
        await page.goto(f"{base}/red")
        livepane.action("Looking at red")
        await wall.until_titled("page:pane", "Red")
        assert wall.streams["page:pane"].url == f"{base}/red"
        assert pane.url == f"{to_server.url}/view/page:pane"
        await wall.watch("page:pane", fps=10.0)
        frame = (await wall.pictures("page:pane"))[-1]
        assert (frame.picture.width, frame.picture.height) == (640, 360)
        assert colour(frame.picture) == "ff0000"
        pane.action("Still looking")
        await wall.until(lambda: "Still looking" in wall.labels)
        await pane.close()
        assert not page.is_closed()
        gone = await wall.until_state("page:pane", "gone")
        assert gone.reason == "the script has closed this pane"


async def test_the_element_of_an_action_is_shown_to_those_who_watch_in_any_scale_of_the_picture(
    to_server: Server, context: BrowserContext, base: str
) -> None:
    assert context.browser is not None
    sharp = await context.browser.new_context(viewport={"width": 640, "height": 360}, device_scale_factor=2)
    page = await sharp.new_page()
    async with wall_of(to_server.url) as wall, livepane.watch(page, name="pointing") as pane:
        await page.set_content("<h1 style='position:absolute;left:60px;top:40px;width:200px;height:50px;margin:0'>Hello</h1>")
        pane.action("Reading", selector=page.get_by_role("heading"))
        await wall.until_state("page:pointing", "idle")
        await wall.watch("page:pointing", fps=10.0, width=320, highlight=True)
        spots = wall.spots.setdefault("page:pointing", [])
        await wall.until(lambda: spots and spots[-1])
        spot = spots[-1]
        assert spot is not None
        assert (spot.label, spot.box.model_dump()) == ("Reading", {"x": 60, "y": 40, "width": 200, "height": 50})
        assert (spot.width, spot.height) == (640, 360)
        listed = wall.streams["page:pointing"]
        async with to_server.http(headers=to_server.admin) as http:
            await http.put("/api/settings", json={"live_screenshots": {"highlight": False}})
            try:
                await wall.until(lambda: spots[-1] is None)
                pane.action("Reading on", selector="h1")
                await wall.until(lambda: "Reading on" in wall.labels)
                assert spots[-1] is None
            finally:
                await http.put("/api/settings", json={"live_screenshots": {"highlight": True}})
        await wall.until(lambda: spots[-1])
        assert listed.kind == "page"
    await sharp.close()


async def test_a_pane_ends_with_the_block_it_was_opened_for(to_server: Server, context: BrowserContext, base: str) -> None:
    page = await context.new_page()
    async with wall_of(to_server.url) as wall:
        async with livepane.watch(page, name="block", title="My check"):
            await page.goto(f"{base}/static")
            stream = await wall.until_state("page:block", "idle")
            assert stream.title == "My check"
        await wall.until_state("page:block", "gone")
        livepane.action("nobody hears this")


async def test_navigations_are_followed_while_it_is_watched(to_server: Server, context: BrowserContext, base: str) -> None:
    page = await context.new_page()
    async with wall_of(to_server.url) as wall, livepane.watch(page, name="walker"):
        await page.goto(f"{base}/red")
        await wall.until_state("page:walker", "idle")
        await wall.watch("page:walker")
        for path, title, shown in (("/red", "Red", "ff0000"), ("/blue", "Blue", "0000ff"), ("/red", "Red", "ff0000")):
            await page.goto(f"{base}{path}")
            await wall.until_shown("page:walker", shown)
            await wall.until_titled("page:walker", title)
            assert wall.streams["page:walker"].url == f"{base}{path}"


async def test_a_new_tab_becomes_a_pane_and_goes_with_its_tab(to_server: Server, context: BrowserContext, base: str) -> None:
    page = await context.new_page()
    async with wall_of(to_server.url) as wall, livepane.watch(page, name="tabs"):
        await page.goto(f"{base}/static")
        async with page.expect_popup() as opening:
            await page.evaluate(f"void window.open('{base}/blue')")
        popup = await opening.value
        await wall.until_titled("page:tabs-2", "Blue")
        await wall.watch("page:tabs-2")
        assert colour((await wall.pictures("page:tabs-2"))[-1].picture) == "0000ff"
        await popup.close()
        assert (await wall.until_state("page:tabs-2", "gone")).reason == "the page was closed"
        await (await context.new_page()).goto(f"{base}/red")
        await wall.until_state("page:tabs-3", "idle")
    await wall_is_empty(to_server)


async def wall_is_empty(server: Server) -> None:
    """Wait until nothing but ended streams is left."""
    async with wall_of(server.url) as wall:
        await wall.until(lambda: all(stream.state == "gone" for stream in wall.streams.values()))


async def test_a_crashed_page_is_said_and_comes_back_when_the_script_loads_it_again(
    to_server: Server, context: BrowserContext, base: str
) -> None:
    page = await context.new_page()
    async with wall_of(to_server.url) as wall, livepane.watch(page, name="crash"):
        await page.goto(f"{base}/red")
        await wall.until_state("page:crash", "idle")
        await wall.watch("page:crash")
        await wall.pictures("page:crash")
        with pytest.raises(Error):
            await page.goto("chrome://crash")
        lost = await wall.until_state("page:crash", "reconnecting")
        assert "crash" in (lost.reason or "")
        session = await context.new_cdp_session(page)  # Playwright itself refuses to load a crashed page again
        await session.send("Page.navigate", {"url": f"{base}/blue"})
        await wall.until_shown("page:crash", "0000ff")
        await wall.until_state("page:crash", "live", "static")


async def test_a_closed_page_ends_its_pane_without_a_word_in_the_log(
    to_server: Server, context: BrowserContext, base: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = await context.new_page()
    async with wall_of(to_server.url) as wall:
        pane = await livepane.watch(page, name="short")
        await page.goto(f"{base}/painting")
        await wall.until_state("page:short", "idle")
        await wall.watch("page:short", fps=30.0)
        await wall.pictures("page:short", 3)
        await page.close()
        assert (await wall.until_state("page:short", "gone")).reason == "the page was closed"
    await until(lambda: pane.closed)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_page_that_is_not_watched_any_more_is_not_captured(to_server: Server, context: BrowserContext, base: str) -> None:
    page = await context.new_page()
    async with wall_of(to_server.url) as wall, livepane.watch(page, name="asked"):
        await page.goto(f"{base}/painting")
        await wall.until_state("page:asked", "idle")
        await wall.watch("page:asked", fps=30.0)
        await wall.pictures("page:asked", 3)
        await wall.unwatch_all()
        await wall.until_state("page:asked", "idle")
        newest = wall.frames["page:asked"][-1]
        await wall.watch("page:asked", fps=30.0)
        frames = await wall.pictures("page:asked", 5)
        assert frames[-1].order > newest.order


async def test_labels_go_to_the_pane_of_their_own_task(to_server: Server, context: BrowserContext) -> None:
    async def visit(name: str) -> None:
        await livepane.watch(await context.new_page(), name=name)
        await asyncio.sleep(0)
        livepane.action(f"{name} is here")

    async with wall_of(to_server.url) as wall:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(visit("first"))
            tasks.create_task(visit("second"))
        for name in ("first", "second"):
            assert await wall.newest_label(f"page:{name}") == f"{name} is here"


async def test_without_a_server_the_script_runs_on_and_is_told_once(
    context: BrowserContext, base: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = await context.new_page()
    with refusing_port() as port:
        monkeypatch.setenv("LIVEPANE_SERVER", f"127.0.0.1:{port}")
        pane = await livepane.watch(page, name="alone")
        for number in range(20):
            await page.goto(f"{base}/static")
            livepane.action(f"step {number}")
        await until(lambda: caplog.records != [])
        await pane.close()
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 1
    assert "the script goes on" in warnings[0]
    assert pane.url is None


async def test_a_server_that_comes_later_shows_the_page_and_what_it_missed(
    context: BrowserContext, base: str, start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await context.new_page()
    with refusing_port() as port:
        pass
    monkeypatch.setenv("LIVEPANE_SERVER", f"127.0.0.1:{port}")
    async with livepane.watch(page, name="early"):
        await page.goto(f"{base}/red")
        livepane.action("Before the server")
        server = start_server("--port", str(port))
        async with wall_of(server.url) as wall:
            stream = await wall.until_state("page:early", "idle")
            assert stream.title == "Red"
            assert await wall.newest_label("page:early") == "Before the server"


async def test_a_server_that_is_killed_and_comes_back_is_found_again(
    context: BrowserContext, base: str, start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await context.new_page()
    with refusing_port() as port:
        pass
    first = start_server("--port", str(port))
    monkeypatch.setenv("LIVEPANE_SERVER", f"127.0.0.1:{port}")
    async with livepane.watch(page, name="phoenix"):
        async with wall_of(first.url) as wall:
            await page.goto(f"{base}/painting")
            await wall.until_state("page:phoenix", "idle")
            await wall.watch("page:phoenix", fps=10.0)
            await wall.pictures("page:phoenix", 2)
            first.kill()
        await page.goto(f"{base}/red")  # the script does not notice
        second = start_server("--port", str(port))
        async with wall_of(second.url) as wall:
            await wall.until_state("page:phoenix", "idle")
            await wall.watch("page:phoenix", fps=10.0)
            assert colour((await wall.pictures("page:phoenix"))[-1].picture) == "ff0000"


async def test_a_name_that_is_taken_is_said_once_and_the_script_goes_on(
    to_server: Server, context: BrowserContext, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = await context.new_page(), await context.new_page()
    async with wall_of(to_server.url) as wall, livepane.watch(one, name="only"):
        await wall.until_state("page:only", "idle")
        pane = await livepane.watch(other, name="only")
        await until(lambda: pane.closed)
        pane.action("nobody hears this")
        assert await other.title() == ""
    messages = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(messages) == 1
    assert "'only' is taken" in messages[0]


async def test_the_same_page_is_one_pane_however_often_it_is_watched(to_server: Server, context: BrowserContext) -> None:
    page = await context.new_page()
    async with wall_of(to_server.url) as wall:
        first = await livepane.watch(page)
        assert await livepane.watch(page) is first
        renamed = await livepane.watch(page, name="renamed")
        assert renamed is not first
        await wall.until_state("page:renamed", "idle")
        await renamed.close()


async def test_what_cannot_be_a_name_or_a_page_is_refused_at_once(context: BrowserContext) -> None:
    page = await context.new_page()
    with pytest.raises(BadRequest, match="'a/b' cannot be the name of a pane"):
        livepane.watch(page, name="a/b")
    with pytest.raises(TypeError, match="takes a Playwright page, not 3"):
        livepane.watch(3)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match=r"use `await livepane\.watch"):
        livepane.watch_sync(page)  # type: ignore[arg-type]


async def test_a_label_never_fails_a_script(to_server: Server, context: BrowserContext) -> None:
    class Unprintable:
        def __str__(self) -> str:
            raise RuntimeError("no")

    page = await context.new_page()
    async with wall_of(to_server.url) as wall:
        pane = await livepane.watch(page, name="labelled")
        livepane.action(Unprintable())  # type: ignore[arg-type]
        livepane.action("after one that cannot be said")
        assert await wall.newest_label("page:labelled") == "after one that cannot be said"
        await pane.close()
    pane.action("said to a pane that is closed")
    livepane.action("said by a script that shows none")
