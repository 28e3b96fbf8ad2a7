"""Which elements of a page are what it shows, and which are its furniture: logos, avatars, sprites, trackers, ads."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import unquote, urlsplit

from livepane.scrapers.media import sizes
from livepane.scrapers.media.candidates import Offer, is_file, offers_of
from livepane.scrapers.media.seen import Seen
from livepane.scrapers.media.words import ADS, FAR, FURNITURE, NAMES, OTHERS, among, words_of

ICON = 64  # px: what is smaller in both directions is an icon
SURE = 300  # px: what is as large in both directions is no avatar and no badge
GRID = 4  # elements of one kind that make a grid
INLINE = 2_000  # characters of a data: URL; those that hold a place for a picture are shorter
AD_HOSTS = re.compile(
    r"(?:^|\.)(?:doubleclick\.net|googlesyndication\.com|googleadservices\.com|adnxs\.com|amazon-adsystem\.com|criteo\.(?:com|net)|"
    r"taboola\.com|outbrain\.com|adform\.net|rubiconproject\.com|pubmatic\.com|openx\.net|scorecardresearch\.com|facebook\.com|"
    r"google-analytics\.com|gravatar\.com|adservice\.[a-z.]+|ads?\d*\.[\w.-]+)$"
)
_NO_DETAIL = re.compile(
    r"/(?:log-?in|sign-?(?:in|up)|register|cart|basket|checkout|share|account|wishlist|favou?rites?)(?:/|$|\?)|"
    r"/(?:tags?|categor(?:y|ies)|users?|authors?|profiles?)/[^/]*/?$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Found:
    """One item of a page: an element that shows it, and every address that the page gives."""

    key: str
    seen: Seen
    offers: list[Offer]
    title: str | None
    detail: str = ""  # the page of this item alone
    clickable: bool = False
    inline: bool = False  # its bytes are in the page: data: or blob:
    page: str = ""  # that it was found on
    place: tuple[int, str] = (0, "")  # which document shows it, and a selector of it there


@dataclass(slots=True)
class Sorting:
    """The items of a page, and how much was left out for what reason."""

    items: list[Found] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


Memo = dict[int, tuple[Seen, list[Offer], str]]  # what is known of elements that were sorted before


def sort(elements: Sequence[Seen], page: str, memo: Memo | None = None) -> Sorting:
    """The items among all elements of a page, in its order. `page`: its address; `memo`: kept from one look to the next."""
    out = Sorting()
    memo = {} if memo is None else memo
    left: list[tuple[Seen, list[Offer]]] = []
    for seen in elements:
        if id(seen) not in memo:
            offers = offers_of(seen)
            memo[id(seen)] = (seen, offers, _furniture(seen, offers))
    known = [memo[id(seen)] for seen in elements]
    uses = Counter(offers[0].url for _, offers, why in known if not why and len(offers) == 1)
    for seen in elements:
        _, offers, why = memo[id(seen)]
        if not why and len(offers) == 1 and uses[offers[0].url] >= GRID:
            why = "repeated"
        if why:
            out.dropped[why] += 1
        else:
            left.append((seen, offers))
    grids: dict[str, list[tuple[Seen, list[Offer]]]] = defaultdict(list)
    for one in left:
        grids[f"{one[0].frame} {one[0].path}"].append(one)
    main = max(grids.values(), key=_weight, default=[])
    has_main = len(main) >= GRID
    links = Counter(_site(seen.href) for seen, _ in main if seen.href)
    home = links.most_common(1)[0][0] if links and links.most_common(1)[0][1] * 10 >= len(main) * 6 else ""
    usual = median(_side(one) for one in main) if has_main else 0
    kept = []
    for one in left:
        seen, offers = one
        own = has_main and any(one is other for other in main)
        why = ""
        if own and home and seen.href and _site(seen.href) != home and not is_file(seen.href):
            why = "leads elsewhere"
        elif not own and seen.hidden and seen.kind == "image" and not _stated(offers):
            why = "hidden"
        elif not own and has_main and not _stated(offers):
            if OTHERS & among(seen.marks):
                why = "about others"
            elif (0 < _side(one) < usual / 2) or (not _side(one) and seen.kind == "background"):
                why = "smaller than the grid"
        elif not own and OTHERS & among(seen.marks[:6]) and not _stated(offers) and len(left) > 1:
            why = "about others"
        if why:
            out.dropped[why] += 1
        else:
            kept.append(one)
    out.items = _merged(kept, page)
    return out


def _weight(grid: Sequence[tuple[Seen, list[Offer]]]) -> float:
    """How much of the page a group of alike elements is."""
    return len(grid) * max(40.0, median(_side(one) for one in grid)) * (2 if any(_stated(offers) for _, offers in grid) else 1)


def _side(one: tuple[Seen, list[Offer]]) -> float:
    """About how large it is on the page, px; 0 when nobody says."""
    seen, offers = one
    declared = [int(seen.attributes[name]) for name in ("width", "height") if seen.attributes.get(name, "").isdigit()]
    if len(declared) == 2:
        return float((declared[0] * declared[1]) ** 0.5)
    if seen.box[2] > 24 and seen.box[3] > 24:
        return float(seen.area**0.5)
    if seen.natural:
        return float((seen.natural[0] * seen.natural[1]) ** 0.5)
    widths = [offer.width for offer in offers if offer.width]
    return float(min(widths)) if widths else float(max(seen.box[2], *declared, 0)) if declared else float(seen.box[2])


def _stated(offers: Sequence[Offer]) -> bool:
    """Whether the page says that there is a large one."""
    return any(offer.rank >= 5 for offer in offers)


def _furniture(seen: Seen, offers: list[Offer]) -> str:
    """Why an element is no item; "" when it may be one."""
    if seen.kind in {"video", "audio"}:
        ads = bool(ADS & among(seen.marks[:3]))
        return "ad" if ads else "" if offers else "nothing to fetch"
    if not offers and not _inline(seen):
        return "nothing to fetch"
    if seen.sprite:
        return "sprite"
    wide, high = _measured(seen)
    if (wide is not None and wide <= 2) or (
        high is not None and high <= 2 and seen.kind == "image" and _measured(seen) != (0, 0)
    ):
        return "tracker"
    marks = among(seen.marks)
    link = seen.link or {}
    if ADS & among(seen.marks[:5]) or "sponsored" in link.get("rel", "").lower():
        return "ad"
    hosts = {urlsplit(offer.url).hostname or "" for offer in offers}
    if hosts and all(AD_HOSTS.search(host) for host in hosts):
        return "ad"
    if seen.kind == "link":
        return ""
    if {"banner", "nav", "contentinfo"} & set(seen.regions) and "main" not in seen.regions[-1:]:
        return "outside the content"
    if "aside" in seen.regions:
        return "outside the content"
    if wide is not None and high is not None and 0 < max(wide, high) < ICON and not _stated(offers):
        return "icon"
    large = wide is not None and high is not None and min(wide, high) >= SURE
    if FURNITURE & among(seen.marks[:2]) and not large and not _stated(offers):
        return "furniture"
    if FAR & marks and not large:
        return "furniture"
    if NAMES & _named(seen, offers) and not large and not _stated(offers):
        return "furniture"
    if all(urlsplit(offer.url).path.lower().endswith(".svg") for offer in offers) and offers and not large:
        return "drawing"
    return ""


def _measured(seen: Seen) -> tuple[int | None, int | None]:
    """Width and height on the page, where they mean something: of a picture that was not loaded they are what the page sets."""
    declared = [seen.attributes.get(name, "").removesuffix("px") for name in ("width", "height")]
    if all(text.isdigit() for text in declared):
        return int(declared[0]), int(declared[1])
    if seen.natural and max(seen.natural) < ICON and seen.kind == "image" and not seen.attributes.get("srcset"):
        return seen.natural
    if min(seen.box[2:]) > 2:
        return seen.box[2], seen.box[3]
    return None, None


def _inline(seen: Seen) -> bool:
    source = seen.attributes.get("src", "")
    if source.startswith("blob:") and seen.kind == "image":
        return True
    if not source.startswith("data:image/") or source.startswith("data:image/svg"):
        return False
    length = source.rpartition("#")[2]
    return length.isdigit() and int(length) >= INLINE and min(seen.box[2:]) >= ICON


def _named(seen: Seen, offers: Sequence[Offer]) -> set[str]:
    """Words of file names and of the alternative text, when that is short enough to name a thing and not to tell of it."""
    names = {word for offer in offers for word in words_of(unquote(urlsplit(offer.url).path).rpartition("/")[2])}
    alt = words_of(seen.attributes.get("alt", ""))
    return names | (set(alt) if len(alt) <= 3 else set())


def _site(url: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return host if host.replace(".", "").isdigit() else ".".join(host.split(".")[-2:])


def _merged(kept: Sequence[tuple[Seen, list[Offer]]], page: str) -> list[Found]:
    """Each picture once: those that have an address in common, whatever the size, are one."""
    by_stem: dict[str, Found] = {}
    found: list[Found] = []
    holders: dict[str, set[str]] = defaultdict(set)  # detail page → stems that lead there
    for seen, offers in kept:
        own = [sizes.stem(offer.url) for offer in offers if offer.rule != "poster"]
        known = next((by_stem[stem] for stem in own if stem in by_stem), None)
        detail = _detail(seen, offers, page)
        if known is None:
            stem = (
                _main_stem(offers)
                if offers
                else f"{_plain(page)}#{seen.attributes.get('id') or seen.attributes.get('alt') or seen.id}"
            )
            known = Found(stem, seen, [], _title(seen), detail, seen.clickable or seen.acts, not offers, page)
            found.append(known)
        known.offers += [offer for offer in offers if all(offer.url != other.url for other in known.offers)]
        known.title = known.title or _title(seen)
        known.detail = known.detail or detail
        known.clickable = known.clickable or seen.clickable or seen.acts
        for stem in own:
            by_stem.setdefault(stem, known)
        if known.detail:
            holders[known.detail].add(known.key)
    for one in found:
        if one.detail and len(holders[one.detail]) == 1:
            one.key = _plain(one.detail)
        elif one.detail and next(iter(other for other in found if other.detail == one.detail)) is not one:
            one.detail = ""  # a second picture of the same card, or a link that all of them have
    shared = {detail for detail, stems in holders.items() if len(stems) > 2}
    for one in found:
        if one.detail in shared:
            one.detail = ""
    return found


def _main_stem(offers: Sequence[Offer]) -> str:
    best = max(offers, key=lambda offer: (offer.rank, offer.area or 0))
    return sizes.stem(best.url)


def _plain(url: str) -> str:
    """An address as a key: without scheme, `www.` and what passes."""
    return sizes.stem(url)


def _detail(seen: Seen, offers: Sequence[Offer], page: str) -> str:
    """The page of this picture alone, which may show it larger; "" when there is none."""
    href = seen.href
    if not href or seen.acts or any(offer.url == href for offer in offers) or is_file(href):
        return ""
    if _site(href) != _site(page) or _plain(href) == _plain(page) or _NO_DETAIL.search(href):
        return ""
    if urlsplit(href).path in {"", "/"} and not urlsplit(href).query:
        return ""
    return href


def _title(seen: Seen) -> str | None:
    """What the page calls it, unless that is the name of a file or of the button."""
    for text in (seen.caption, seen.attributes.get("alt", ""), seen.attributes.get("title", ""), *_said_by(seen)):
        text = " ".join(text.split())
        if len(text) > 1 and not re.fullmatch(
            r"[\w-]+\.(?:jpe?g|png|gif|webp|avif)|(?:image|photo|picture|thumb(?:nail)?)\W*\d*", text, re.IGNORECASE
        ):
            return text[:200]
    return None


def _said_by(seen: Seen) -> list[str]:
    link = seen.link or {}
    return [
        seen.attributes.get("aria-label", ""),
        link.get("title", ""),
        link.get("data-caption", ""),
        link.get("aria-label", ""),
    ]
