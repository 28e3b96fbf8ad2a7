"""How a list goes on: the button that brings more, the page that is next."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from livepane.scrapers.media.seen import Control, View, absolute

_SLIDES = re.compile(r"carousel|slider|slick|swiper|splide|glide|lightbox|post-nav|modal|gallery-nav", re.IGNORECASE)
_NUMBERED = re.compile(
    r"[?&/](?:p|page|pg|seite|pagina|paged|start|offset|from|skip|cursor|after|max_id|pagenum\w*)\b[=/]?[\w-]*", re.IGNORECASE
)


def address(url: str) -> str:
    """What two addresses of one list page have in common."""
    parts = urlsplit(url)
    path = re.sub(r"/(?:index\.\w+)?$", "", parts.path)
    return f"{parts.netloc.removeprefix('www.')}{path}?{parts.query}"


def next_page(view: View, visited: Collection[str]) -> str:
    """The page after this one, absolute; "" when there is none. `visited`: by `address`."""

    def fresh(url: str) -> bool:
        return bool(url) and _site(url) == _site(view.url) and address(url) not in visited

    stated = [view.following, *(one.href for one in view.controls if one.rel)]
    if found := next((url for url in stated if fresh(absolute(view.url, url))), ""):
        return absolute(view.url, found)
    for one in view.controls:
        listed = one.pager or one.more or (len(re.findall(r"\w", one.text)) >= 4 and bool(_NUMBERED.search(one.href)))
        if one.href and fresh(one.href) and listed and not _SLIDES.search(one.within):
            return one.href
    here = next((number for number, _, current in view.numbers if current), None)
    if here is None and view.numbers:
        own = {address(url): number for number, url, _ in view.numbers if url}
        here = own.get(address(view.url), 1)
    return next((url for number, url, _ in view.numbers if here is not None and number == here + 1 and fresh(url)), "")


def button(view: View, pressed: Collection[int]) -> Control | None:
    """What brings more without another address; `pressed`: what did nothing."""
    usable = [one for one in view.controls if not one.href and one.id not in pressed and not _SLIDES.search(one.within)]
    usable = [one for one in usable if not {"nav", "banner"} & set(one.regions) or one.pager]
    return next((one for one in usable if one.more), None) or next((one for one in usable if one.pager), None)


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
