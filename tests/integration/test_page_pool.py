"""Opening pages: one Chromium for all, a context for each, and clear errors for what does not open."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from livepane.browsers import page as page_module
from livepane.browsers.page import View
from livepane.browsers.pool import BrowserPool
from livepane.domain.errors import BadRequest, NoBrowser, SourceGone, UrlNotLoaded
from livepane.sources.page import PageSource, open_page
from tests.integration.visits import Visits, place, visits
from tests.integration.watching import Recorder
from tests.integration.web import PageWish, browsing, captured, colour, evaluate, heard, refusing_port, until

__all__ = ["place", "visits"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_pages_share_a_chromium_and_nothing_else() -> None:
    async with browsing() as (pool, base):
        assert pool.chromium_pid is None  # nothing runs before the first page
        one, two = await asyncio.gather(open_page(pool, f"{base}/red"), open_page(pool, f"{base}/blue"))
        await evaluate(one.session, "document.cookie = 'who=one'")
        assert await evaluate(one.session, "document.cookie") == "who=one"
        assert await evaluate(two.session, "document.cookie") == ""
        assert await evaluate(two.session, "document.visibilityState") == "visible"


async def test_a_page_has_the_size_and_scale_it_was_opened_with(visits: Visits) -> None:
    page = await visits.open("/red", View(800, 450, 2.0))
    assert await evaluate(page.session, "[innerWidth, innerHeight, devicePixelRatio]") == [800, 450, 2]


async def test_title_and_url_are_told_also_when_only_the_title_changes(visits: Visits) -> None:
    page = await visits.open("/titles")
    told: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    page.on_describe = lambda title, url: told.put_nowait((title, url))
    await until(lambda: page.title == "First")
    await evaluate(page.session, "document.title = 'Zweite – 二'")
    await until(lambda: page.title == "Zweite – 二")
    await evaluate(page.session, "history.pushState(null, '', '/titles?page=2')")
    await until(lambda: page.url == f"{visits.base}/titles?page=2")
    assert not told.empty()


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://127.0.0.1:{port}/", "net::ERR_CONNECTION_REFUSED"), ("http://no-such-host.invalid/", "net::ERR_NAME_NOT_RESOLVED")],
)
async def test_a_url_that_does_not_load_is_an_error_with_chromiums_reason(visits: Visits, url: str, reason: str) -> None:
    with refusing_port() as port:
        address = url.format(port=port)
        with pytest.raises(UrlNotLoaded) as refusal:
            await visits.open(address)
        assert address in refusal.value.message
        assert reason in refusal.value.message
        good = await visits.open("/red")
        assert await open_targets(good) == 1  # nothing is left of the failed one


async def test_a_site_that_never_answers_is_given_up(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "LOAD_TIMEOUT", 0.5)
    with pytest.raises(UrlNotLoaded, match=r"/never did not answer within"):
        await visits.open("/never")
    good = await visits.open("/red")
    assert await open_targets(good) == 1


async def test_a_download_is_not_a_page(visits: Visits) -> None:
    with pytest.raises(UrlNotLoaded, match="is a download"):
        await visits.open("/download")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "chrome://version", "view-source:http://127.0.0.1/"])
async def test_other_schemes_are_refused_before_chromium_is_started(url: str) -> None:
    async with browsing() as (pool, _):
        with pytest.raises(BadRequest, match="cannot be opened"):
            await open_page(pool, url)
        assert pool.chromium_pid is None


@pytest.mark.parametrize("view", [View(width=0), View(height=100_000), View(scale=0), View(scale=99)])
async def test_an_impossible_size_is_refused(visits: Visits, view: View) -> None:
    with pytest.raises(BadRequest, match=r"(width|height|scale) is .* may be"):
        await visits.open(visits.base, view)


async def test_no_chromium_is_an_error_at_the_first_page() -> None:
    pool = BrowserPool("/nowhere/chromium")
    with pytest.raises(NoBrowser, match="LIVEPANE_BROWSER is '/nowhere/chromium'"):
        await open_page(pool, "about:blank")
    await pool.close()


async def test_a_chromium_that_died_ends_its_pages_and_is_replaced_at_the_next() -> None:
    async with browsing() as (pool, base):
        page = await open_page(pool, f"{base}/red")
        async with captured(page) as recorder:
            await recorder.until_picture()
            first = pool.chromium_pid
            assert first is not None
            os.kill(first, signal.SIGKILL)
            assert recorder.capture is not None
            await asyncio.wait([recorder.capture])
            with pytest.raises(SourceGone, match="Chromium has ended"):
                recorder.capture.result()
        assert page.gone
        await page.close()
        another = await open_page(pool, f"{base}/blue")
        assert pool.chromium_pid not in (None, first)
        async with captured(another) as recorder:
            await recorder.until_picture(lambda picture: colour(picture) == "0000ff")


async def test_chromium_ends_when_no_page_has_been_open_for_a_while() -> None:
    async with browsing(idle_after=0.0) as (pool, base):
        page = await open_page(pool, f"{base}/red")
        other = await open_page(pool, f"{base}/blue")
        await page.close()
        assert pool.chromium_pid is not None
        await until(lambda: other.title == "Blue")
        await other.close()
        await until(lambda: pool.chromium_pid is None)
        again = await open_page(pool, f"{base}/red")
        await until(lambda: again.title == "Red")


async def test_a_dialog_does_not_stop_a_page(visits: Visits) -> None:
    page = await visits.open("/dialog")
    async with captured(page) as recorder:
        await recorder.until_picture(lambda picture: colour(picture) == "00ff00")


async def test_a_popup_is_another_page_and_its_opener_goes_on(visits: Visits) -> None:
    page = await visits.open("/painting")
    popups: asyncio.Queue[PageSource] = asyncio.Queue()
    page.on_popup = popups.put_nowait
    await evaluate(page.session, "open('/blue') && 1", userGesture=True)
    popup = await popups.get()
    async with captured(page) as opener, captured(popup) as recorder:
        await recorder.until_picture(lambda picture: colour(picture) == "0000ff")
        shown = len(opener.pictures)
        await opener.until(lambda: len(opener.pictures) > shown + 5)
    await page.close()  # the popup outlives its opener
    await until(lambda: popup.title == "Blue")
    await popup.close()


async def test_a_popup_that_nobody_wants_is_closed(visits: Visits) -> None:
    page = await visits.open("/painting")
    await evaluate(page.session, "(w = open('/blue')) && 1", userGesture=True)
    while not await evaluate(page.session, "w.closed"):
        pass
    assert await open_targets(page) == 1


async def test_a_page_that_closes_itself_is_gone(visits: Visits) -> None:
    page = await visits.open("/painting")
    popups: asyncio.Queue[PageSource] = asyncio.Queue()
    page.on_popup = popups.put_nowait
    await evaluate(page.session, "open('/blue') && 1", userGesture=True)
    popup = await popups.get()
    gone: asyncio.Queue[str] = asyncio.Queue()
    popup.on_gone = gone.put_nowait
    await evaluate(popup.session, "setTimeout(() => close(), 0)")
    assert await gone.get() == "The page was closed."
    assert popup.gone
    with pytest.raises(SourceGone):
        await popup.capture(Recorder(), PageWish())


async def test_downloads_are_refused(visits: Visits) -> None:
    page = await visits.open("/red")
    started = heard(page.session, "Page.downloadProgress")
    await evaluate(page.session, "(location.href = '/download')")
    progress = await started.get()
    while progress["state"] == "inProgress":
        progress = await started.get()
    assert progress["state"] == "canceled"


async def open_targets(page: PageSource) -> int:
    """How many pages Chromium has open."""
    return len(await page._page._targets.list())
