"""What a page of a job may do, seen from a site that tempts it. One browser serves all tests here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from livepane.egress.account import Budget
from livepane.jobs.pane import JobPane
from livepane.scrapers.contract import ScrapeError
from tests.integration.jobs_browsing.corner import canary, corner
from tests.integration.jobs_browsing.desk import Desk, desk
from tests.integration.web import colour

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here() -> AsyncIterator[Desk]:
    """One browser, one site."""
    async with desk() as one:
        yield one


async def test_pictures_and_fonts_are_fetched_for_those_who_watch_and_for_nobody_else(here: Desk) -> None:
    pane = here.job()
    async with pane.page() as page:
        await page.goto(f"{here.corner.base}/picture")
        assert await page.inner_text("body") == "text"
        assert not {"/green.png", "/f.woff2"} & set(here.corner.asked)
        assert pane.stream.captures == 0
        with pane.stream.subscribe() as pictures:
            while (
                colour((await pictures.next()).frame.picture) != "00ff00"
            ):  # those of the page as it is, also for who comes late
                pass
            await page.reload()
            assert {"/green.png", "/f.woff2"} <= set(here.corner.asked)


async def visit(pane: JobPane, url: str, *, click: str | None = None, patience: float = 20_000) -> None:
    """Open a page, and perhaps click on something in it, within `patience` ms."""
    async with pane.page() as page:
        await page.goto(url)
        if click is not None:
            await page.click(click, timeout=patience)


async def test_pages_of_this_machine_are_not_opened(here: Desk) -> None:
    pane = here.job()
    for url in ("file:///etc/hostname", "chrome://version", "view-source:file:///etc/hostname", " FILE:///etc/passwd"):
        with pytest.raises(ScrapeError, match="http:// and https:// only") as raised:
            await visit(pane, url)
        assert raised.value.code == "refused_target"
    async with pane.page() as page:
        with pytest.raises(ScrapeError, match="http:// and https:// only"):
            await page.main_frame.goto("file:///etc/hostname")


async def test_another_port_of_this_machine_is_refused_by_the_address_and_from_inside_a_page(here: Desk) -> None:
    with corner() as secret:
        with pytest.raises(ScrapeError) as raised:
            await visit(here.job(), secret.base)
        assert raised.value.code == "refused_target"
        assert "127.0.0.1" in raised.value.message
        async with here.job().page() as page:
            await page.goto(here.corner.base)
            for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0"):
                await page.evaluate("url => fetch(url, {mode: 'no-cors'}).catch(() => 0)", f"http://{host}:{secret.port}/")
        assert not secret.asked


async def test_stun_does_not_go_around_the_proxy(here: Desk) -> None:
    with canary() as udp:
        async with here.job().page() as page:
            await page.goto(here.corner.base)
            state = await page.evaluate(
                """async port => {
                    const line = new RTCPeerConnection({iceServers: [{urls: `stun:127.0.0.1:${port}`}]});
                    line.createDataChannel('x');
                    const done = new Promise(resolve => line.onicegatheringstatechange = () =>
                        line.iceGatheringState === 'complete' && resolve(line.iceGatheringState));
                    await line.setLocalDescription(await line.createOffer());
                    return done;
                }""",
                udp.getsockname()[1],
            )
        assert state == "complete"
        with pytest.raises(BlockingIOError):  # nothing has come
            udp.recv(1)


async def test_downloads_and_service_workers_are_denied(here: Desk) -> None:
    async with here.job().page() as page:
        await page.goto(f"{here.corner.base}/download")
        async with page.expect_download() as started:
            await page.click("#a")
        assert await (await started.value).failure() is not None
        await page.goto(f"{here.corner.base}/worker")
        await page.wait_for_function("document.title")
        assert await page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


async def test_a_popup_storm_ends_the_page_and_some_popups_do_not(here: Desk) -> None:
    with pytest.raises(ScrapeError, match="opened 4 popups; 3 are allowed") as raised:
        await visit(here.job(), f"{here.corner.base}/storm", click="#never")
    assert raised.value.code == "budget"
    async with here.job(Budget(popups=8)).page() as page:
        await page.goto(f"{here.corner.base}/storm")
        assert await page.title() == ""


async def test_what_goes_wrong_on_the_way_has_a_code(here: Desk) -> None:
    for url, code in (("http://no-such-name.invalid/", "dns"), (f"https://127.0.0.1:{here.corner.port}/", "tls")):
        with pytest.raises(ScrapeError) as raised:
            await visit(here.job(), url)
        assert raised.value.code == code, str(raised.value)
    with pytest.raises(ScrapeError) as raised:
        await visit(here.job(), here.corner.base, click="#nothing", patience=50)
    assert (raised.value.code, raised.value.retry) == ("timeout", True)
    with pytest.raises(ScrapeError, match="renderer process ended") as raised:
        await crash(here.job())
    assert (raised.value.code, raised.value.retry) == ("browser", True)


async def crash(pane: JobPane) -> None:
    """A page whose renderer dies while it is asked for something."""
    async with pane.page() as page, asyncio.TaskGroup() as tasks:
        session = await page.context.new_cdp_session(page)
        crashing = tasks.create_task(session.send("Page.crash"))
        try:
            await page.wait_for_selector("#never", timeout=20_000)
        finally:
            crashing.cancel()


async def test_a_job_has_one_page_at_a_time(here: Desk) -> None:
    pane = here.job()
    async with pane.page() as page:
        with pytest.raises(ScrapeError, match="one page at a time"):
            async with pane.page():
                pass
        assert not page.is_closed()
