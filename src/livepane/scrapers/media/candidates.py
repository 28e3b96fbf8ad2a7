"""Where the picture of an element may be had: every address that the page gives, with what it says of its size."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from livepane.scrapers.media import sizes, srcset
from livepane.scrapers.media.seen import Seen, absolute

PICTURE = "jpe?g|png|gif|webp|avif|bmp|tiff?|jfif|heic|jxl|svg"
FILM = "mp4|m4v|webm|mov|ogv|mkv|avi"
SOUND = "mp3|m4a|ogg|oga|opus|flac|wav|aac"
FILE = rf"\.(?:{PICTURE}|{FILM}|{SOUND})(?:$|[?#:])"
_FILE = re.compile(FILE, re.IGNORECASE)
_FILM_FILE = re.compile(rf"\.(?:{FILM})(?:$|[?#])", re.IGNORECASE)
_LIST = re.compile(r"\.(?:m3u8|mpd)(?:$|[?#])", re.IGNORECASE)  # of a stream: no file
# Names of data attributes, as lazy loaders and lightboxes define them: lazysizes, lozad, PhotoSwipe, lightGallery, Fancybox,
# Magnific Popup, WooCommerce, Jetpack and those that people make up.
_LARGE = re.compile(
    r"full|large|orig|zoom|hi-?res|high|big|max|master|download|raw|pswp-src|mfp-src|lightbox|fancybox|source-url"
)
_SMALL = re.compile(r"thumb|small|tiny|preview|lqip|placeholder|low|blur|poster|avatar|author|icon|logo")
_PLACE = re.compile(
    r"src|url|href|image|img|photo|pic|bg|background|original|echo|lazy|flickity|file|media|full|large|zoom|hires|big"
)
_NO_PLACE = re.compile(r"share|link|page|api|action|endpoint|template|ajax|track|click|pin-|profile|target|toggle|dismiss")
_BLANK = re.compile(
    r"(?:^|[/_.-])(?:blank|spacer|placeholder|loading|loader|spinner|transparent|pixel|1x1|clear|empty|lazy(?:load)?|no-?image|"
    r"default-image|grey|gray)(?:[_.-]\w*)?\.(?:gif|png|svg|jpe?g|webp)(?:$|\?)",
    re.IGNORECASE,
)
_LIGHTBOX = re.compile(
    r"fancybox|lightbox|glightbox|magnific|venobox|photoswipe|pswp|swipebox|colorbox|prettyphoto|lg-item|zoom", re.IGNORECASE
)
_NO_FILE = re.compile(r"/(?:wiki|File:|w)/(?:File|Datei|Fichier|Archivo|Image):|/File:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offer:
    """One address of one picture."""

    url: str
    rule: str  # what found it
    width: int | None = None  # px, as the page says
    height: int | None = None
    rank: int = 0  # how much its place on the page promises, where no size is said: 6 the original … 0 an emergency

    @property
    def area(self) -> int | None:
        """Square px; of a picture whose width alone is known, as if it were 3:2."""
        if self.width is None:
            return None
        return self.width * (self.height if self.height is not None else self.width * 2 // 3)


def offers_of(seen: Seen) -> list[Offer]:
    """All addresses of an element, each once, those of its own before those around it; nothing that only fills a place."""
    found: dict[str, Offer] = {}
    for offer in _offers(seen):
        known = found.get(offer.url)
        if offer.url and (known is None or (offer.rank, offer.area or 0) > (known.rank, known.area or 0)):
            width, height = (
                (known.width, known.height) if known is not None and offer.width is None else (offer.width, offer.height)
            )
            found[offer.url] = Offer(offer.url, offer.rule, width, height, offer.rank)
    real = [offer for offer in found.values() if not _BLANK.search(offer.url)]
    return [offer for offer in real if not _LIST.search(offer.url)]


def streamed(seen: Seen) -> bool:
    """Whether its film comes as a stream of pieces, which is no file that can be kept."""
    places = [seen.current, seen.attributes.get("src", ""), *(one.get("src", "") for one in seen.sources)]
    return any(place.startswith("blob:") or _LIST.search(place) for place in places)


def is_file(url: str) -> bool:
    """Whether an address ends as one of a picture, a film or a sound."""
    return bool(_FILE.search(url)) and not _NO_FILE.search(url)


def _offers(seen: Seen) -> Iterator[Offer]:
    if seen.kind in {"video", "audio"}:
        yield from _films(seen)
        return
    if seen.kind == "link":
        yield Offer(seen.href, "linked file", rank=6)
        return
    own = _declared(seen.attributes)
    yield from _list(seen, seen.attributes.get("srcset", ""), "srcset", own)
    for source in seen.sources:
        size = _declared(source)
        for name in ("srcset", "data-srcset", "data-lazy-srcset", "src"):
            yield from _list(seen, source.get(name, ""), "picture", size)
    yield from _plain(seen, seen.attributes.get("src", ""), "src", 2)
    yield from _plain(seen, seen.current, "src", 2)
    for one in srcset.of_css(seen.background):
        yield Offer(absolute(seen.base, one.url), "background", rank=2 + int(one.density or 1))
    for attributes in (seen.attributes, *seen.holders):
        yield from _data(seen, attributes)
    if seen.spoken:
        yield from _list(seen, seen.spoken.get("srcset", ""), "noscript", {})
        yield from _plain(seen, seen.spoken.get("src", ""), "noscript", 3)
    yield from _linked(seen)


def _linked(seen: Seen) -> Iterator[Offer]:
    """What the link around a picture leads to, when that is a file, or a lightbox opens it."""
    link = seen.link
    if not link or seen.over:
        return
    href = seen.href
    width, height = _pair(link, "data-pswp-width", "data-pswp-height")
    if width is None:
        width, height = _pair(link, "data-width", "data-height")
    boxed = _LIGHTBOX.search(
        " ".join((link.get("class", ""), link.get("rel", ""), *(name for name in link if name.startswith("data-"))))
    )
    if href and (is_file(href) or "download" in link or link.get("type", "").startswith("image/") or (boxed and not seen.acts)):
        yield Offer(href, "linked original", width, height, 6 if is_file(href) else 4)
    yield from _data(seen, {name: value for name, value in link.items() if name.startswith("data-")}, (width, height))


def _films(seen: Seen) -> Iterator[Offer]:
    for source in ({"src": seen.attributes.get("src", "")}, {"src": seen.current}, *seen.sources, seen.attributes):
        for name in ("src", "data-src", "data-lazy-src", "data-video", "data-video-src", "data-hd", "data-full"):
            place = source.get(name, "")
            url = absolute(seen.base, place)
            if url and (_FILM_FILE.search(url) or name in {"src", "data-src"}) and "poster" not in name:
                yield Offer(url, f"{seen.kind} source", None, _lines(source, url), 5)
    if seen.link and is_file(seen.href) and _FILM_FILE.search(seen.href):
        yield Offer(seen.href, "linked original", rank=6)
    poster = seen.attributes.get("poster", "") or seen.attributes.get("data-poster", "")
    if poster and seen.kind == "video":
        yield Offer(absolute(seen.base, poster), "poster", rank=0)


def _lines(source: Mapping[str, str], url: str) -> int | None:
    """The height in px that a film's source says: `size` (Plyr), `res` or `label` (video.js), 1080p in its name."""
    for text in (
        source.get("size", ""),
        source.get("res", ""),
        source.get("data-res", ""),
        source.get("label", ""),
        source.get("title", ""),
    ):
        if match := re.match(r"\D*(\d{3,4})(?:p|i)?\b", text):
            return int(match[1])
        if re.fullmatch(r"\W*(?:UHD|4K)\W*", text, re.IGNORECASE):
            return 2160
    if match := re.search(r"[_./-](\d{3,4})p(?=[_./-])", url):
        return int(match[1])
    if match := re.search(r"[_.-](\d{3,4})x(\d{3,4})(?=[_.-])", url):
        return int(match[2])
    if match := re.search(r"[_.-](uhd|4k|hd|sd|low|mobile)(?=[_.-]\w+$|\.\w+$)", url, re.IGNORECASE):
        return {"uhd": 2160, "4k": 2160, "hd": 720, "sd": 480}.get(match[1].lower(), 240)
    return None


def _list(seen: Seen, text: str, rule: str, own: Mapping[str, int]) -> Iterator[Offer]:
    for one in srcset.parse(text):
        url = absolute(seen.base, one.url)
        width, height = one.width, one.height
        if width is None and own.get("width"):
            width = round(own["width"] * (one.density or 1))
        if width is not None and height is None and own.get("width") and own.get("height"):
            height = round(width * own["height"] / own["width"])
        yield Offer(url, rule, width, height, 3)


def _plain(seen: Seen, text: str, rule: str, rank: int) -> Iterator[Offer]:
    url = absolute(seen.base, text)
    width, height = sizes.stated(url) if url else (None, None)
    if url and seen.natural and url == absolute(seen.base, seen.current):
        width, height = seen.natural
    yield Offer(url, rule, width, height, rank)


def _data(seen: Seen, attributes: Mapping[str, str], size: tuple[int | None, int | None] = (None, None)) -> Iterator[Offer]:
    for name, value in attributes.items():
        plain = name.removeprefix("data-")
        if not name.startswith("data-") or len(value) < 4 or _NO_PLACE.search(plain):
            continue
        if value[0] in "[{":
            yield from _json(seen, plain, value)
        elif "srcset" in plain or plain == "bgset" or re.search(r"\s\d+w(?:,|$)", value):
            yield from _list(seen, value, f"data-{plain}"[:40], _declared(seen.attributes))
        elif _looks(value) and (is_file(value) or (_PLACE.search(plain) and not plain.endswith(("width", "height", "id")))):
            width, height = _pair(attributes, f"{name}_width", f"{name}_height", f"{name}-width", f"{name}-height")
            if width is None and plain == "orig-file":
                match = re.fullmatch(r"(\d+),(\d+)", attributes.get("data-orig-size", ""))
                width, height = (int(match[1]), int(match[2])) if match else (None, None)
            large, small = bool(_LARGE.search(plain)), bool(_SMALL.search(plain))
            if width is None and plain in {"pswp-src", "src"} and size[0]:
                width, height = size
            rank = 1 if small else 5 if large else 3
            # `data-original` is the address of a lazy loader as often as that of an original.
            yield Offer(absolute(seen.base, value), f"data-{plain}"[:40], width, height, rank if plain != "original" else 3)


def _looks(value: str) -> bool:
    """Whether a value is one address, not a sentence, a selector or a colour."""
    if re.search(r"\s", value.strip()) or value.startswith(("#", "data:", "blob:", "javascript:")):
        return False
    return value.startswith(("http://", "https://", "/", "./", "../")) or bool(_FILE.search(value))


def _json(seen: Seen, name: str, value: str) -> Iterator[Offer]:
    """Addresses of files in an attribute that holds JSON: of lightGallery, Elementor and others."""
    try:
        content = json.loads(value)
    except ValueError:
        return
    pending: list[tuple[str, Any, int]] = [(name, content, 0)]
    while pending:
        key, one, depth = pending.pop()
        if depth > 6 or len(pending) > 200:
            return
        if isinstance(one, dict):
            pending += [(str(inner), part, depth + 1) for inner, part in one.items()]
        elif isinstance(one, list):
            pending += [(key, part, depth + 1) for part in one]
        elif isinstance(one, str) and _looks(one) and is_file(one):
            rank = 1 if _SMALL.search(key) else 5 if _LARGE.search(key) else 3
            yield Offer(absolute(seen.base, one), f"data-{name}"[:40], *sizes.stated(one), rank)


def _declared(attributes: Mapping[str, str]) -> dict[str, int]:
    """The attributes `width` and `height`, where they are numbers."""
    found = {}
    for name in ("width", "height"):
        text = attributes.get(name, "").removesuffix("px")
        if text.isascii() and text.isdigit() and 0 < len(text) < 6:
            found[name] = int(text)
    return found


def _pair(attributes: Mapping[str, str], *names: str) -> tuple[int | None, int | None]:
    for width, height in zip(names[::2], names[1::2], strict=True):
        first, second = attributes.get(width, ""), attributes.get(height, "")
        if first.isdigit() and second.isdigit() and 0 < len(first) < 6 and 0 < len(second) < 6:
            return int(first), int(second)
    return None, None
