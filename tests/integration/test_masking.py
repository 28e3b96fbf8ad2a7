"""What is to be painted over is in no picture of a real page: whatever moves, scrolls, flashes up, or lies in another tree."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from livepane.browsers.page import View
from livepane.domain.frame import Picture
from livepane.sources.masking.script import WORLD
from livepane.sources.page import PageSource
from tests.integration import web
from tests.integration.masked_scenes import FIELD, HEAD, SCENES, SECRET
from tests.integration.visits import Visits, place, visits
from tests.integration.watching import Recorder
from tests.integration.web import PageWish, captured, evaluate
from tests.patience import PATIENCE

__all__ = ["place", "visits"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


def page_of(body: str) -> str:
    """Its path on the site."""
    path = f"/masked-{abs(hash(body)):x}"
    web.PAGES[path] = HEAD + body
    return path


def seen(picture: Picture) -> int:
    """How many pixels have something of the secret."""
    pixels = np.asarray(Image.open(io.BytesIO(picture.data)).convert("RGB")).astype(int)
    return int(((pixels[:, :, 0] + pixels[:, :, 2]) / 2 - pixels[:, :, 1] > 40).sum())


def is_green(picture: Picture, x: int = 20, y: int = 20) -> bool:
    """Whether the corner is seen, at this place of the page (640 or 1280 px wide)."""
    image = Image.open(io.BytesIO(picture.data)).convert("RGB")
    scale = 1 if picture.width == 640 else picture.width / 1280
    red, green, blue = image.getpixel((round(x * scale), round(y * scale)))  # type: ignore[misc]
    return green > 140 and red < 60 and blue < 60


async def some_pictures(recorder: Recorder, count: int = 8) -> list[Picture]:
    """Those that are shown from the first one on."""
    await recorder.until(lambda: len(recorder.pictures) >= count)
    return recorder.pictures


def assert_hidden(pictures: list[Picture]) -> None:
    leaks = [(at, seen(picture)) for at, picture in enumerate(pictures) if seen(picture)]
    assert not leaks, f"{len(leaks)} of {len(pictures)} pictures show the secret (which, pixels): {leaks[:5]}"
    assert is_green(pictures[-1])


async def test_the_secret_can_be_seen_where_nothing_is_masked(visits: Visits) -> None:
    page = await visits.open(page_of(SCENES["still"]))
    async with captured(page, PageWish(10.0)) as recorder:
        assert seen((await some_pictures(recorder, 3))[-1]) > 1_000
        assert recorder.masked is False


@pytest.mark.parametrize("names", [list(SCENES)[at::3] for at in range(3)], ids=["first", "second", "third"])
async def test_nothing_of_a_masked_element_is_in_any_picture(names: list[str], visits: Visits) -> None:
    for name in names:
        page = await visits.open(page_of(SCENES[name]), mask=[".secret"])
        async with captured(page, PageWish(15.0)) as recorder:
            try:
                assert_hidden(await some_pictures(recorder))
            except (AssertionError, TimeoutError) as error:
                raise AssertionError(f"{name}: {error!r}; {recorder.news[-3:]}") from error
            assert recorder.masked is True
        await page.close()


async def test_a_frame_of_another_site_is_looked_into_though_another_process_draws_it(visits: Visits) -> None:
    inner = visits.base.replace("127.0.0.1", "localhost") + page_of(SECRET)
    place = "position: absolute; left: 300px; top: 200px; width: 600px; height: 400px; border: 0"
    page = await visits.open(page_of(f"<iframe style='{place}' src='{inner}'></iframe>"), mask=[".secret"])
    async with captured(page, PageWish(15.0)) as recorder:
        await recorder.until(lambda: bool(recorder.pictures) and is_green(recorder.newest, 320, 220))
        await some_pictures(recorder, len(recorder.pictures) + 5)
        assert_hidden(recorder.pictures)


async def test_smaller_and_sharper_pictures_hide_it_too(visits: Visits) -> None:
    page = await visits.open(page_of(SCENES["moved by its script"]), View(1280, 720, 2.0), mask=[".secret"])
    wish = PageWish(15.0, width=400)
    async with captured(page, wish) as recorder:
        assert_hidden(await some_pictures(recorder))
        wish.change(15.0)
        await recorder.until_picture(lambda picture: picture.width > 400)
        await recorder.until(lambda: len(recorder.pictures) > 16)
        assert_hidden(recorder.pictures)


async def test_from_page_to_page_nothing_of_either_is_seen(visits: Visits) -> None:
    other = page_of(SECRET.replace("placed", "placed' style='left: 800px; top: 500px"))
    page = await visits.open(page_of(SECRET), mask=[".secret"])
    async with captured(page, PageWish(15.0)) as recorder:
        there: list[str] = []
        page.on_describe = lambda title, url: there.append(url)
        for step in (f"location = {json.dumps(other)}", "history.back()") * 2:
            shown, left = len(recorder.pictures), len(there)
            await recorder.until(lambda shown=shown: len(recorder.pictures) >= shown + 3)  # type: ignore[misc]
            await evaluate(page.session, f"(setTimeout(() => {{ {step} }}), 1)")
            await web.until(lambda left=left: len(there) > left)  # type: ignore[misc]
        await some_pictures(recorder, len(recorder.pictures) + 3)
        assert_hidden(recorder.pictures)


async def test_a_password_field_is_never_seen_not_even_when_the_page_shows_what_is_in_it(visits: Visits) -> None:
    toggling = FIELD + "<script>setInterval(()=>{field.type=field.type==='password'?'text':'password'},300)</script>"
    page = await visits.open(page_of(toggling))
    async with captured(page, PageWish(15.0)) as recorder:
        await recorder.until(lambda: recorder.masked is True)
        before = len(recorder.pictures)
        await recorder.until(lambda: len(recorder.pictures) >= before + 12)
        assert_hidden(recorder.pictures[before:])


async def test_a_field_that_showed_its_text_before_anybody_watched_is_hidden_too(visits: Visits) -> None:
    page = await visits.open(page_of("<p>nothing yet</p>"))
    await evaluate(page.session, f"document.body.insertAdjacentHTML('beforeend', {json.dumps(FIELD)})")
    await evaluate(page.session, "(field.type = 'text', 1)")
    async with captured(page, PageWish(15.0)) as recorder:
        await recorder.until(lambda: recorder.masked is True)
        before = len(recorder.pictures)
        await recorder.until(lambda: len(recorder.pictures) >= before + 5)
        assert_hidden(recorder.pictures)


async def test_a_page_that_stands_still_has_a_picture_and_no_trace_of_what_has_moved(visits: Visits) -> None:
    body = SECRET.replace("<div", "<div id=one") + "<script>clearInterval(ticking)</script>"
    page = await visits.open(page_of(body), mask=["#one"])
    async with captured(page, PageWish(15.0)) as recorder:
        await recorder.until_picture()
        await evaluate(page.session, "(one.style.left = '900px', 1)")

        def slate(picture: Picture, x: int) -> bool:
            pixel: Any = Image.open(io.BytesIO(picture.data)).convert("RGB").getpixel((x, 175))
            return bool(max(pixel) < 90)

        await recorder.until_picture(lambda picture: slate(picture, 950))
        await recorder.until_picture(lambda picture: slate(picture, 950) and not slate(picture, 250))
        assert not any(seen(picture) for picture in recorder.pictures)


RESTING = SECRET.replace("<div", "<div id=one") + "<style id=sheet></style><script>clearInterval(ticking)</script>"
STIRS = {
    "its script": "one.style.left = '300px'",
    "a rule of a style sheet": "sheet.sheet.insertRule('#one { margin-left: 200px }')",
    "an animation that begins later": "one.animate({ translate: ['0', '0 200px'] }, { duration: 300, delay: 900, fill: 'both' })",
    "a scroll": "scrollTo(0, 60)",
    "what comes before it": "document.body.insertAdjacentHTML('afterbegin', '<p class=secret>more')",
}


async def test_a_masked_page_that_stands_still_is_left_alone_and_is_hidden_at_once_when_it_moves(visits: Visits) -> None:
    page = await visits.open(page_of(RESTING), mask=[".secret"])
    async with captured(page, PageWish(15.0)) as recorder:
        await recorder.until_picture()
        frame = (await page.session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        world = await page.session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": WORLD})
        there = {"contextId": world["executionContextId"]}
        counting = "globalThis.asked = 0, ((ask) => globalThis.requestAnimationFrame = (f) => (asked += 1, ask(f)))"
        await evaluate(page.session, f"({counting}(requestAnimationFrame), 1)", **there)

        async def at_rest() -> None:
            """Until no more frames are asked for: one that is looked at all the time asks for some in any half a second."""
            before = -1
            async with asyncio.timeout(PATIENCE):
                while True:
                    now = await evaluate(page.session, "asked", **there)
                    if now == before:
                        return
                    before = now
                    await asyncio.sleep(0.5)

        for name, stir in STIRS.items():
            await at_rest()
            asked, shown = await evaluate(page.session, "asked", **there), len(recorder.pictures)
            await evaluate(page.session, f"({stir}, 1)")
            await recorder.until(lambda shown=shown: len(recorder.pictures) > shown)  # type: ignore[misc]
            await at_rest()
            assert await evaluate(page.session, "asked", **there) > asked, name
            leaks = [seen(picture) for picture in recorder.pictures if seen(picture)]
            assert not leaks, f"moved by {name}: {leaks}"


async def test_a_selector_that_is_none_shows_no_picture_and_says_why(visits: Visits) -> None:
    page = await visits.open(page_of(SECRET), mask=["##"])
    async with captured(page, PageWish(15.0)) as recorder:
        await recorder.until(lambda: any("'##' is not a CSS selector" in news for news in recorder.news))
        assert recorder.pictures == []


async def test_the_page_notices_nothing(visits: Visits) -> None:
    watching = """<script>
      const before = Object.getOwnPropertyNames(window).length, born = document.documentElement.outerHTML.length;
      let changes = 0; new MutationObserver((all) => changes += all.filter((one) => one.target.id !== 'corner').length)
        .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
      const noticed = () => ({changes, names: Object.getOwnPropertyNames(window).length - before,
        sheets: document.adoptedStyleSheets.length + document.styleSheets.length,
        style: getComputedStyle(document.querySelector('.secret')).backgroundColor});
    </script>"""
    page = await visits.open(page_of(SECRET + watching), mask=[".secret"])
    await evaluate(page.session, "(changes = 0)")
    quiet = await evaluate(page.session, "noticed()")
    async with captured(page, PageWish(15.0)) as recorder:
        await some_pictures(recorder)
        assert await evaluate(page.session, "noticed()") == quiet


async def test_a_popup_hides_what_its_opener_does(visits: Visits) -> None:
    path = page_of(SECRET)
    page = await visits.open("/red", mask=[".secret"])
    popups: asyncio.Queue[PageSource] = asyncio.Queue()
    page.on_popup = popups.put_nowait
    await evaluate(page.session, f"(open({json.dumps(path)}), 1)", userGesture=True)
    async with asyncio.timeout(PATIENCE):
        popup = await popups.get()
    async with captured(popup, PageWish(15.0)) as recorder:
        assert_hidden(await some_pictures(recorder, 4))
    await popup.close()
