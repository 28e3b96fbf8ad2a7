"""A gallery whose originals fail: some the first time only, some for good, each in its own way."""

from __future__ import annotations

from collections.abc import Iterator

from tests.boards.nouns import Reply, Request
from tests.galleries.easel import Easel, Item, items
from tests.galleries.nouns import Shape

ROOT = "https://failing.example"
BUSY = range(4)  # the first of the page: a server that has just been woken
BAD = {4: "not_found", 5: "bad_file", 6: "blocked", 7: "budget"}


def shapes(easel: Easel) -> Iterator[Shape]:
    """Busy, gone, a page to sign in, forbidden, a circle; the next page is a circle, too."""
    all_of, true, cells = items("failing", 12), {}, ""
    for one in all_of:
        small, large = f"/t/{one.number}.jpg", f"/o/{one.number}.jpg"
        true[one.name] = one.at(200) if one.number in BAD else one.size
        easel.hang(ROOT + small, one.name, *one.at(200))
        cells += f'<figure><a href="{large}"><img src="{small}" width="200" alt=""></a></figure>'
        if one.number in BUSY:
            _busy_once(easel, ROOT + large, one)
        elif one.number not in BAD:
            easel.hang(ROOT + large, one.name, *one.size)
    easel.web.on(f"{ROOT}/o/4.jpg", Reply("gone", 404))
    easel.web.on(f"{ROOT}/o/5.jpg", "<!doctype html><h1>Sign in</h1>")
    easel.web.on(f"{ROOT}/o/6.jpg", Reply("no", 403))
    easel.web.redirect(f"{ROOT}/o/7.jpg", f"{ROOT}/o/7.jpg")
    easel.web.redirect(f"{ROOT}/2", f"{ROOT}/2")
    easel.page(f"{ROOT}/", f'<main>{cells}<a rel="next" href="/2">Next</a></main>', "Failing")
    yield Shape("originals that fail", "some for a moment, some for good", f"{ROOT}/", true, warning="page 2 could not be read")


def _busy_once(easel: Easel, url: str, one: Item) -> None:
    asked = 0

    def answer(_: Request) -> Reply:
        nonlocal asked
        asked += 1
        return easel.reply(one.name, *one.size) if asked > 1 else Reply("busy", 503)

    easel.web.on(url, answer)
