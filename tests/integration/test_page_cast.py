"""What a watched page puts into its stream."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from livepane.browsers.session import CdpSession, Params
from livepane.domain.errors import SourceGone, Unavailable
from livepane.domain.frame import Encoding
from livepane.media.jpeg import jpeg_size
from livepane.sources.cast import Cast
from tests.integration.visits import Visits, place, visits
from tests.integration.watching import Recorder
from tests.integration.web import PageWish, captured, colour, evaluate, heard

__all__ = ["place", "visits"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_painting_page_sends_frames_that_know_their_size_and_time(visits: Visits) -> None:
    page = await visits.open("/painting")
    before = time.time_ns()
    async with captured(page) as recorder:
        await recorder.until(lambda: len(recorder.pictures) >= 10)
    times = [picture.captured_at for picture in recorder.pictures]
    assert times == sorted(times)
    assert all(before <= at <= time.time_ns() for at in times)
    for picture in recorder.pictures:
        assert picture.encoding is Encoding.JPEG
        assert (picture.width, picture.height) == jpeg_size(picture.data) == (1280, 720)
        assert picture.quality == 80


async def test_a_static_page_sends_one_picture_and_then_nothing(visits: Visits) -> None:
    page = await visits.open("/static")
    other = await visits.open("/painting")
    async with captured(page) as still, captured(other) as moving:
        await still.until_picture()
        shown = len(moving.pictures)
        await moving.until(lambda: len(moving.pictures) > shown + 20)  # after the first picture has settled
        settled = len(still.pictures)
        await moving.until(lambda: len(moving.pictures) > shown + 60)
        assert len(still.pictures) == settled <= 2


async def test_a_second_viewer_of_a_static_page_gets_a_picture_too(visits: Visits) -> None:
    page = await visits.open("/red")
    for _ in range(3):
        async with captured(page) as recorder:
            await recorder.until_picture(lambda picture: colour(picture) == "ff0000")


async def test_quality_and_size_follow_the_demand_while_it_runs(visits: Visits) -> None:
    page = await visits.open("/painting")
    wish = PageWish(quality=80)
    async with captured(page, wish) as recorder:
        await recorder.until_picture(lambda picture: picture.width == 1280)
        wish.change(quality=30, width=640, height=640)
        small = await recorder.until_picture(lambda picture: picture.width == 640)
        assert (small.height, small.quality) == (360, 30)
        wish.change(quality=90)
        assert (await recorder.until_picture(lambda picture: picture.width == 1280)).quality == 90


async def test_a_static_page_is_shown_again_in_another_size(visits: Visits) -> None:
    page = await visits.open("/blue")
    wish = PageWish()
    async with captured(page, wish) as recorder:
        await recorder.until_picture(lambda picture: picture.width == 1280)
        wish.change(width=320, height=320)
        small = await recorder.until_picture(lambda picture: picture.width == 320)
        assert colour(small) == "0000ff"


async def test_the_rate_follows_the_demand(visits: Visits) -> None:
    page = await visits.open("/painting")
    wish = PageWish(fps=0.1)
    async with captured(page, wish) as recorder:
        await recorder.until_picture()
        painted = await evaluate(page.session, "painted")
        while await evaluate(page.session, "painted") < painted + 30:
            assert len(recorder.pictures) <= 3
        wish.change(fps=30)
        await recorder.until(lambda: len(recorder.pictures) > 20)


async def test_a_busy_page_watched_slowly_rests_between_pictures(visits: Visits) -> None:
    page = await visits.open("/painting")
    casts = heard(page.session, "Page.screencastVisibilityChanged")
    async with captured(page, PageWish(fps=4)) as recorder:
        await recorder.until(lambda: len(recorder.pictures) >= 5 and casts.qsize() >= 4)


async def test_a_still_page_watched_slowly_keeps_its_cast(visits: Visits) -> None:
    page = await visits.open("/blue")
    casts = heard(page.session, "Page.screencastVisibilityChanged")
    async with captured(page, PageWish(fps=4)) as recorder:
        await recorder.until_picture()
        await asyncio.sleep(1)  # several of its intervals, in which nothing happens
        assert casts.qsize() == 1


async def test_a_page_that_is_not_watched_is_not_captured(visits: Visits) -> None:
    page = await visits.open("/painting")
    async with captured(page) as recorder:
        await recorder.until(lambda: len(recorder.pictures) > 5)
    painted = await evaluate(page.session, "painted")
    while await evaluate(page.session, "painted") < painted + 5:  # what was under way when it was told to stop
        pass
    frames = heard(page.session, "Page.screencastFrame")
    while await evaluate(page.session, "painted") < painted + 35:
        pass
    assert frames.empty()


async def test_navigation_is_followed_to_another_page_and_another_process(visits: Visits) -> None:
    page = await visits.open("/red")
    async with captured(page) as recorder:
        await recorder.until_picture(lambda picture: colour(picture) == "ff0000")
        await page.session.send("Page.navigate", {"url": f"{visits.base}/blue"})
        await recorder.until_picture(lambda picture: colour(picture) == "0000ff")
        elsewhere = visits.base.replace("127.0.0.1", "localhost")  # another site, so another renderer process
        await page.session.send("Page.navigate", {"url": f"{elsewhere}/red"})
        await recorder.until_picture(lambda picture: colour(picture) == "ff0000")
        await recorder.until(lambda: page.title == "Red" and page.url == f"{elsewhere}/red")
        assert recorder.last_news == "title: Red"


@pytest.mark.parametrize("fps", [2.0, 30.0])
async def test_the_last_state_of_a_page_that_stops_painting_is_shown(visits: Visits, fps: float) -> None:
    page = await visits.open("about:blank")
    async with captured(page, PageWish(fps)) as recorder:
        await page.session.send("Page.navigate", {"url": f"{visits.base}/busy-then-green"})
        await recorder.until_picture(lambda picture: colour(picture) == "00ff00")


class ChromiumBefore154:
    """A session that does not know the newer options of a screencast: three frames in flight, the last one kept back."""

    def __init__(self, session: CdpSession) -> None:
        self._session = session
        self.on, self.off = session.on, session.off

    async def send(self, method: str, params: Params | None = None) -> dict[str, Any]:
        known = {name: value for name, value in (params or {}).items() if name not in ("maxFramesInFlight", "sendLastFrame")}
        return await self._session.send(method, known)


async def test_the_last_state_is_shown_also_by_an_older_chromium(visits: Visits) -> None:
    page = await visits.open("about:blank")
    recorder = Recorder()
    cast = Cast(ChromiumBefore154(page.session), recorder)
    recorder.capture = asyncio.get_running_loop().create_task(cast.run(PageWish(fps=4.0)), name="cast")
    await recorder.until_picture()
    await page.session.send("Page.navigate", {"url": f"{visits.base}/busy-then-green"})
    await recorder.until_picture(lambda picture: colour(picture) == "00ff00")
    recorder.capture.cancel()
    await asyncio.wait([recorder.capture])


async def test_a_crashed_page_fails_its_capture_and_comes_back_with_the_next(visits: Visits) -> None:
    page = await visits.open("/red")
    async with captured(page) as recorder:
        await recorder.until_picture()
        crash = asyncio.get_running_loop().create_task(page.session.send("Page.crash"), name="never answered")
        assert recorder.capture is not None
        await asyncio.wait([recorder.capture])
        crash.cancel()
        with pytest.raises(Unavailable, match="crashed"):
            recorder.capture.result()
    async with captured(page) as recorder:
        await recorder.until_picture(lambda picture: colour(picture) == "ff0000")
        assert await evaluate(page.session, "[innerWidth, innerHeight]") == [1280, 720]


async def test_a_page_that_crashes_unwatched_comes_back_when_it_is_watched(visits: Visits) -> None:
    page = await visits.open("/blue")
    crashed = heard(page.session, "Inspector.targetCrashed")
    crash = asyncio.get_running_loop().create_task(page.session.send("Page.crash"), name="never answered")
    await crashed.get()
    crash.cancel()
    async with captured(page) as recorder:
        await recorder.until_picture(lambda picture: colour(picture) == "0000ff")


async def test_a_page_that_is_closed_while_watched_is_gone(visits: Visits) -> None:
    page = await visits.open("/painting")
    reasons: list[str] = []
    page.on_gone = reasons.append
    async with captured(page) as recorder:
        await recorder.until_picture()
        await page.close()
        assert recorder.capture is not None
        await asyncio.wait([recorder.capture])
        with pytest.raises(SourceGone, match="closed"):
            recorder.capture.result()
    assert page.gone
    assert reasons == ["The page was closed."]
    with pytest.raises(SourceGone):
        await page.capture(recorder, PageWish())
