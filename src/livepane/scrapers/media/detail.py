"""The page of one item: where it says that its picture is, beginning with what it tells other sites to show."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from livepane.scrapers.media.best import together
from livepane.scrapers.media.candidates import Offer
from livepane.scrapers.media.items import Found, sort
from livepane.scrapers.media.seen import Seen, View, absolute
from livepane.scrapers.media.sizes import stem
from livepane.scrapers.media.words import OTHERS, among

_PICTURES = ("og:image", "og:image:url", "og:image:secure_url")
_TOKEN = re.compile(r"[a-z]{4,}|\d{3,}", re.IGNORECASE)
MOST_LD = 40  # objects of JSON-LD that are looked at


@dataclass(slots=True)
class Details:
    """What the pages of items say; a picture that several of them name is that of the site."""

    _named: Counter[str] = field(default_factory=Counter)

    def offers(self, view: View, elements: Sequence[Seen], item: Found) -> list[Offer]:
        """Addresses of the item's picture on its own page."""
        stated = [*_metas(view), *_linked_data(view)]
        for one in {stem(offer.url) for offer in stated}:
            self._named[one] += 1
        stated = self.own(stated)
        sorting = sort(elements, view.url)
        files = [one for one in sorting.items if one.seen.kind == "link"]
        shown = [one for one in sorting.items if one.seen.kind != "link" and not one.inline]
        films = [one for one in shown if one.seen.kind == "video"]
        main = _main(shown, item, stated)
        linked = [offer for one in files for offer in one.offers] if len(files) <= 4 else []
        if films and (main is None or main.seen.kind == "video"):
            return together(films[0].offers, stated)
        return together(linked, main.offers if main is not None else [], stated)

    def own(self, offers: Iterable[Offer]) -> list[Offer]:
        """Without those that the pages of several items have named by now."""
        return [offer for offer in offers if self._named[stem(offer.url)] < 2]


def _main(shown: Sequence[Found], item: Found, stated: Sequence[Offer]) -> Found | None:
    """The element that shows the item: by its address, else by its name, else the largest."""
    shown = [one for one in shown if not OTHERS & among(one.seen.marks[:6])] or shown
    stems = {stem(offer.url) for offer in (*item.offers, *stated)}
    by_stem = next((one for one in shown if any(stem(offer.url) in stems for offer in one.offers)), None)
    if by_stem is not None:
        return by_stem
    names = {token.lower() for offer in item.offers for token in _TOKEN.findall(urlsplit(offer.url).path.rpartition("/")[2])}
    names -= {"thumb", "thumbnail", "small", "medium", "large", "image", "photo", "preview", "jpeg", "webp", "full", "original"}
    by_name = [
        one
        for one in shown
        if names
        & {token.lower() for offer in one.offers for token in _TOKEN.findall(urlsplit(offer.url).path.rpartition("/")[2])}
    ]
    return max(
        by_name or shown, key=lambda one: (one.seen.area, max((offer.area or 0 for offer in one.offers), default=0)), default=None
    )


def _metas(view: View) -> Iterator[Offer]:
    """Open Graph: https://ogp.me/#structured; the properties of a picture follow its address."""
    pending: dict[str, Any] = {}

    def told() -> Iterator[Offer]:
        if pending.get("url"):
            rule = "og:image" if pending["name"] in _PICTURES else pending["name"]
            yield Offer(pending["url"], rule, pending.get("width"), pending.get("height"), 4)

    for name, value in view.metas:
        if name in _PICTURES or name in {"twitter:image", "twitter:image:src", "image_src", "contenturl"}:
            if name in {"og:image:url", "og:image:secure_url"} and pending:
                pending["url"] = value or pending.get("url")
                continue
            yield from told()
            pending = {"name": name, "url": value}
        elif name in {"og:image:width", "og:image:height"} and pending and value.isascii() and value.isdigit() and len(value) < 6:
            pending[name.rpartition(":")[2]] = int(value)
        elif name in {"og:video", "og:video:url", "og:video:secure_url", "twitter:player:stream"} and _film(value):
            yield from told()
            pending = {}
            yield Offer(value, "video source: og:video", rank=5)
    yield from told()


def _film(url: str) -> bool:
    return urlsplit(url).path.lower().endswith((".mp4", ".webm", ".mov", ".m4v"))


def _linked_data(view: View) -> Iterator[Offer]:
    """schema.org: `contentUrl` of an ImageObject or a VideoObject is the file itself, `image` a picture of the thing."""
    pending: list[Any] = []
    for text in view.scripts:
        try:
            pending.append(json.loads(text))
        except ValueError:
            continue
    for _ in range(MOST_LD):
        if not pending:
            return
        one = pending.pop(0)
        if isinstance(one, list):
            pending += one[:MOST_LD]
        elif isinstance(one, dict):
            kinds = one.get("@type", "")
            kind = kinds if isinstance(kinds, str) else " ".join(str(part) for part in kinds) if isinstance(kinds, list) else ""
            url = one.get("contentUrl")
            if isinstance(url, str) and re.search(r"Image|Photo|Video", kind):
                rule = "video source: JSON-LD" if "Video" in kind else "JSON-LD"
                yield Offer(absolute(view.url, url), rule, _number(one.get("width")), _number(one.get("height")), 5)
            for name in ("@graph", "mainEntity", "primaryImageOfPage", "associatedMedia"):
                if isinstance(one.get(name), dict | list):
                    pending.append(one[name])
            image = one.get("image")
            if kind not in {"Organization", "WebSite", "Person", "BreadcrumbList"}:
                for picture in image if isinstance(image, list) else [image]:
                    if isinstance(picture, str) and absolute(view.url, picture):
                        yield Offer(absolute(view.url, picture), "JSON-LD", rank=4)
                    elif isinstance(picture, dict):
                        pending.append({"@type": "ImageObject", "contentUrl": picture.get("url"), **picture})


def _number(value: Any) -> int | None:
    value = value.get("value") if isinstance(value, dict) else value
    text = str(value).removesuffix("px").strip()
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else None
