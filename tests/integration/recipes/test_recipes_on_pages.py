"""Recipes on real pages in a real Chromium: the replica of fastdl, and pages on which something is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import pytest_asyncio

from livepane.jobs.alone import Alone
from livepane.scrapers.contract import SCRAPERS, Item, ScrapeError
from livepane.scrapers.media import trying
from livepane.scrapers.media.recipes import cards
from livepane.scrapers.media.scraper import SCRAPER
from livepane.settings import Settings
from tests.galleries.fastdl import Site, replica
from tests.galleries.fastdl.site import ODD

pytestmark = pytest.mark.asyncio(loop_scope="module")

CARD = "<li class=card id={id}><img src=/{id}.jpg alt='No. {id}'><a class=file href='{link}'>get</a></li>"
PAGES = {
    "/empty": "<h1>Nothing here</h1>",
    "/hidden": "<input id=name hidden>",
    "/off": "<button disabled>Go</button>",
    "/covered": "<button>Go</button><div id=veil style='position:fixed;inset:0'></div>",
    "/text": "<div id=name>x</div><select><option>One</select>",
    "/unknown": "<p class=none hidden>never</p><p class=none>No such  user.</p>",
    "/refused": "<p class=no>Too many searches today.</p>",
    "/challenge": "<title>Just a moment...</title><p>Verifying that you are human",
    "/enter": "<form onsubmit='event.preventDefault(); this.outerHTML=\"<li class=card><img src=/1.jpg>\"'><input id=name>",
    "/cards": "<ul>" + CARD.format(id=1, link="/1.jpg") + CARD.format(id=2, link="javascript:alert(1)")
    + "<li class=card>an advertisement</li>" + CARD.format(id=4, link="/4.jpg") + "</ul>",
    "/lazy": "<ul>" + "<li class=card style='height:900px'><img>" * 4 + """</ul><script>
      const seen = new IntersectionObserver(all => all.forEach(one => one.isIntersecting && setTimeout(() =>
        (one.target.firstChild.src = `/${[...document.querySelectorAll('.card')].indexOf(one.target)}.jpg`), 50)));
      document.querySelectorAll('.card').forEach(one => seen.observe(one))</script>""",
    "/first": CARD.format(id=1, link="/1.jpg") + "<a class=open><img src=/o.png></a>"
    + "<script>document.querySelector('.open').onclick = () => document.body.append(next)</script>"
    + "<script>next = Object.assign(document.createElement('a'), {id: 'next', href: '/second'});"
    + "next.append(Object.assign(new Image(), {src: '/n.png', onerror() { this.parentElement.remove(); }}))</script>",
    "/second": CARD.format(id=2, link="/2.jpg") + "<button id=next disabled>Next</button>",
    "/veiled": """<main></main><button onclick="this.remove(); show()">Show</button><script>
      const picture = n => `<a href='/large/${n}.jpg'><img src='/small/${n}.jpg' width=300 height=200></a>`;
      const show = () => document.querySelector('main').innerHTML = [1, 2, 3, 4, 5, 6].map(picture).join('');</script>""",
    "/quality": "<li class=card><a href=/detail><img src=/s.jpg srcset='/s.jpg 300w, /l.jpg 2000w, /m.jpg 900w'></a></li>",
}  # fmt: skip


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path, "no").encode()
        self.send_response(200 if self.path in PAGES else 403 if self.path == "/forbidden" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(slots=True)
class Trial:
    """What came of a recipe."""

    items: list[Item] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # steps and warnings
    facts: Mapping[str, Any] = field(default_factory=dict)
    error: ScrapeError | None = None


@dataclass(slots=True)
class Bench:
    """One browser, a replica and a site with all sorts of pages."""

    alone: Alone
    fastdl: Site
    base: str

    async def run(self, target: str, **options: Any) -> Trial:
        """Try a recipe."""
        trial = Trial()
        async with self.alone.work(target, options, trial.said.append) as work:
            trial.facts = work.facts
            try:
                async for item in SCRAPERS[trying.KIND].run(work):
                    trial.items.append(item)
            except ScrapeError as error:
                trial.error = error
        return trial

    async def on(self, path: str, *steps: dict[str, Any], **parts: Any) -> Trial:
        """Try a recipe with these steps on one of the pages."""
        recipe = {"name": "made", "about": "Made.", "steps": list(steps), "cards": {"selector": ".card"}, **parts}
        return await self.run(f"{self.base}{path}", recipe=recipe)


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    """The address of the pages."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def fastdl() -> Iterator[Site]:
    """The replica."""
    with replica() as site:
        yield site


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bench(pages: str, fastdl: Site, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    """All of it, as the world of one process."""
    data = tmp_path_factory.mktemp("data")
    allowed = tuple(base.removeprefix("http://") for base in (pages, fastdl.base))
    settings = Settings(data_dir=data, allow_private_targets=allowed, requests_per_second=100, request_burst=1000)
    async with Alone(settings) as alone:
        yield Bench(alone, fastdl, pages)


async def test_fastdl_types_a_name_waits_scrolls_and_finds_the_file_of_every_card(bench: Bench) -> None:
    trial = await bench.run(bench.fastdl.base, recipe="fastdl", user="anna", limit=100)
    assert trial.error is None
    posts = bench.fastdl.posts("anna")
    assert [item["name"] for item in trial.items] == [f"anna-{post.file}" for post in posts]
    assert [item["title"] for item in trial.items] == [post.caption for post in posts]
    assert all(item["url"].startswith(f"{bench.fastdl.base}/get?") for item in trial.items)
    assert [one["url"].partition("?")[0] for one in trial.items[0]["candidates"]] == [
        f"{bench.fastdl.base}/get",
        f"{bench.fastdl.base}/thumb/{posts[0].file}",
    ]
    assert {item["rule"] for item in trial.items} == {"link of the recipe"}
    for step in ("Filling the user name", "Closing a banner", "Asking for the user's posts", "Waiting for the results"):
        assert trial.said.count(step) == 1, step
    assert trial.said[-1] == "Scrolling for more"  # and nothing more came
    assert trial.facts["cards"] == len(posts)

    again = await bench.run(bench.fastdl.base, recipe="fastdl", user="anna", limit=5)
    assert [item["key"] for item in again.items] == [item["key"] for item in trial.items[:5]]
    assert not {item["url"] for item in again.items} & {item["url"] for item in trial.items}  # signed anew


async def test_a_second_download_fetches_nothing_though_every_address_is_another_one(bench: Bench) -> None:
    target, options = bench.fastdl.base, {"recipe": "fastdl", "user": "ben"}
    told: list[str] = []
    first = (await bench.alone.run(SCRAPER, target, options, told.append)).items
    assert {item["outcome"] for item in first} == {"new"}
    folder = bench.alone.shelf.folder / first[0]["collection"]
    posts = bench.fastdl.posts("ben")
    assert {path.name: path.read_bytes() for path in folder.glob("*.jpg")} == {
        f"ben-{post.file}": post.picture() for post in posts
    }
    assert [(item["width"], item["height"]) for item in sorted(first, key=lambda item: item["name"])] == [
        (post.width, post.height) for post in posts
    ]
    fetched = len(bench.fastdl.fetched)
    again = (await bench.alone.run(SCRAPER, target, options, told.append)).items
    assert {item["outcome"] for item in again} == {"same"}
    assert len(bench.fastdl.fetched) == fetched


async def test_a_user_name_reaches_the_site_as_it_is_whatever_is_in_it(bench: Bench) -> None:
    trial = await bench.run(bench.fastdl.base, recipe="fastdl", user=ODD)
    assert (trial.error, len(trial.items)) == (None, 1)
    assert bench.fastdl.searched[-1] == ODD


@pytest.mark.parametrize(("user", "words"), [("nobody", "could not find this user"), ("private", "This account is private")])
async def test_a_user_that_the_site_does_not_have_ends_with_the_words_of_the_site(bench: Bench, user: str, words: str) -> None:
    error = (await bench.run(bench.fastdl.base, recipe="fastdl", user=user)).error
    assert error is not None
    assert (error.code, error.retry) == ("not_found", False)
    assert "step 3 (wait 'li.profile-media-list__item')" in error.message
    assert words in error.message
    assert repr(user) in error.message


FILL, BUTTON = {"fill": "#name", "value": "x"}, {"click": "button"}
WRONG: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a form that is gone": ("/empty", FILL, "bad_recipe", "step 1 (fill '#name'): '#name' matches nothing on "),
    "a field that is not shown": ("/hidden", FILL, "bad_recipe", "but was not shown within 0.5 s"),
    "a button that stays disabled": ("/off", BUTTON, "bad_recipe", "'button' stays disabled"),
    "something in the way": ("/covered", {**BUTTON, "seconds": 3.0}, "bad_recipe", "something lies over 'button': <div"),
    "a field that is none": ("/text", FILL, "bad_recipe", "step 1 (fill '#name'): Element is not an <input>"),
    "an entry that is not there": ("/text", {"choose": "select", "option": "Two"}, "bad_recipe", "'select' has no such entry"),
    "a result that never comes": ("/empty", {"wait": ".card"}, "timeout", "(wait '.card'): '.card' did not come within 0.5 s"),
    "nothing found": ("/unknown", {"wait": ".card", "nothing": ".none"}, "not_found", "the site has nothing: 'No such user.'"),
    "a refusal": ("/refused", {"wait": ".card", "refusal": ".no"}, "blocked", "refuses: 'Too many searches today.'"),
    "a challenge": ("/challenge", BUTTON, "blocked", "shows a challenge instead of the page ('Just a moment...')"),
    "a page that is gone": ("/gone", BUTTON, "not_found", "/gone answers 404"),
    "a page that is not for us": ("/forbidden", BUTTON, "blocked", "/forbidden answers 403"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_goes_wrong_is_named_with_its_step_and_its_selector(bench: Bench, wrong: str) -> None:
    path, step, code, said = WRONG[wrong]
    error = (await bench.on(path, {"seconds": 0.5, **step})).error
    assert error is not None
    assert (error.code, said in error.message) == (code, True), str(error)


async def test_cards_that_are_not_there_or_hold_nothing_are_an_error(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "FIRST_WITHIN", 0.3)
    for path, asked, said in (
        ("/empty", {"selector": ".card"}, "cards.selector: '.card' matches nothing on "),
        (
            "/cards",
            {"selector": ".card", "link": "a.none", "image": "video"},
            "cards.link 'a.none' and cards.image 'video': nothing to fetch in any of 4",
        ),
    ):
        error = (await bench.on(path, cards=asked)).error
        assert error is not None
        assert (error.code, said in error.message) == ("bad_recipe", True), str(error)


async def test_a_card_without_a_file_is_a_warning_and_the_others_go_on(bench: Bench) -> None:
    trial = await bench.on(
        "/cards", cards={"selector": ".card", "link": "a.file", "image": "img", "id": "id", "name": "{id} {file}"}
    )
    assert [(item["name"], item["rule"]) for item in trial.items] == [
        ("1 1.jpg", "link of the recipe"),
        ("2 2.jpg", "src"),
        ("4 4.jpg", "link of the recipe"),
    ]
    first, second = [one for one in trial.said if one.startswith("warning")]
    assert first == "warning: card 2: the link 'javascript:alert(1)' is no address of the web, and is left out"
    assert second.endswith(f"> li:nth-child(3)' on {bench.base}/cards has nothing to fetch: neither link nor picture")
    assert (trial.facts["cards"], trial.facts["without_media"]) == (3, 1)


async def test_cards_that_are_filled_when_they_are_seen_are_scrolled_to(bench: Bench) -> None:
    trial = await bench.on("/lazy", cards={"selector": ".card"})
    assert [item["url"] for item in trial.items] == [f"{bench.base}/{number}.jpg" for number in range(4)]
    assert not [one for one in trial.said if one.startswith("warning")]


async def test_what_holds_nothing_but_a_picture_is_clicked_on_though_nobody_watches_and_the_end_is_where_next_is_off(
    bench: Bench,
) -> None:
    trial = await bench.on("/first", {"click": ".open"}, cards={"selector": ".card", "link": ".file"}, more={"next": "#next"})
    assert [item["url"] for item in trial.items] == [f"{bench.base}/1.jpg", f"{bench.base}/2.jpg"]
    assert trial.said[-2:] == ["Going to page 2", "Reading card 2"]


async def test_without_cards_the_items_are_found_as_in_any_gallery_once_the_steps_are_done(bench: Bench) -> None:
    trial = await bench.on("/veiled", BUTTON, cards=None)
    assert [item["url"] for item in trial.items] == [f"{bench.base}/large/{number}.jpg" for number in range(1, 7)]
    assert bench.base in trial.said[0]
    assert trial.said[1] == "Clicking on button"


async def test_of_a_picture_the_best_version_comes_first(bench: Bench) -> None:
    trial = await bench.on("/quality", cards={"selector": ".card"})
    assert [item["url"] for item in trial.items] == [f"{bench.base}/l.jpg"]


async def test_a_step_that_may_have_nothing_to_do_is_passed_over_and_a_key_sends_a_form(bench: Bench) -> None:
    steps = (
        {"click": "#banner", "optional": True, "seconds": 0.2},
        {"fill": "#name", "value": "x"},
        {"press": "Enter", "at": "#name"},
    )
    trial = await bench.on("/enter", *steps)
    assert (trial.error, len(trial.items)) == (None, 1)
    assert trial.said[1:4] == ["Clicking on #banner", "Filling #name", "Pressing Enter at #name"]
