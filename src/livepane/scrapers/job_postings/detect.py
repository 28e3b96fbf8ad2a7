"""Which system a page runs on and what its board is called there, with the evidence in order of its weight."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from livepane.scrapers.job_postings.careers_links import in_decoy
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.rows import text_of
from livepane.scrapers.job_postings.text import clean
from livepane.scrapers.job_postings.urls import absolute, host, label
from livepane.scrapers.job_postings.vendors.registry import ALL, BY_NAME
from livepane.scrapers.job_postings.vendors.vendor import Vendor

REGION = re.compile(r"(//[\w-]+)\.(greenhouse\.io|lever\.co)")
LARGE = 100_000  # characters of a script; in a larger one only addresses are looked at first
SIMILAR = 85  # of 100: a board's name and a company's
ASSET = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico|css|woff2?|ttf|pdf|mp4)(?:$|\?)", re.IGNORECASE)
COMMENT = re.compile(r"/\*[\s\S]{0,20000}?\*/|(?:^|[\s;{}])//[^\n]*")
# What a script says that sets up a widget, apart from addresses.
CONFIGURATION = [
    "whr_embed",
    "RTWidget",
    "leverJobsOptions",
    "company_code",
    "dcr_ci",
    "ghSlug",
    "hostedJobsPageSlug",
    "phApp",
    "refNum",
    "boardToken",
    "greenhouse",
    "lever",
]
NOT_A_BOARD = re.compile(r"/(?:log-?in|sign-?in|account|privacy|introduceyourself|userhome|legal)\b|privacy", re.IGNORECASE)
URL = re.compile(r"(?:https?:)?//[\w.-]+\.\w{2,}[^\s\"'<>\\`]{0,300}")


@dataclass(frozen=True, slots=True)
class Detection:
    """The system, the board's own name or number there, and what told it."""

    ats: str | None = None
    token: str | None = None
    evidence: str = ""
    strength: int = 0  # 4 its own address, 3 embedded, 2 many links, 1 one link
    url: str = ""  # the address that told it

    @property
    def feed(self) -> str:
        """Where the whole board can be had, "" when that is not known."""
        vendor = BY_NAME.get(self.ats or "")
        feed = vendor.feed.format(token=self.token) if vendor and vendor.feed and self.token and not self.token.isdigit() else ""
        return self._in_region(feed)

    @property
    def home(self) -> str:
        """The board's own page."""
        vendor = BY_NAME.get(self.ats or "")
        home = vendor.home.format(token=self.token) if vendor and vendor.home and self.token and not self.token.isdigit() else ""
        return self._in_region(home)

    def _in_region(self, url: str) -> str:
        """Boards in Europe have hosts of their own: `api.eu.lever.co`."""
        return REGION.sub(r"\1.eu.\2", url) if re.search(r"\.eu\.(?:greenhouse\.io|lever\.co)", self.url) else url


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _token(match: re.Match[str], vendor: Vendor) -> str | None:
    groups = match.groupdict()
    token = groups.get("token") or groups.get("number")
    if not token:
        return None
    token = unquote(token)
    return None if token.lower() in vendor.not_tokens else token


def _where(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').lower()}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


@lru_cache(maxsize=1)
def _any_host() -> re.Pattern[str]:
    """A quick look at text in lower case: whether an address in it can belong to any of them."""
    names = set()
    for vendor in ALL:
        for pattern in (*vendor.boards, *vendor.embeds):
            names |= set(re.findall(r"([a-z][\w-]{2,})(?:\\\.|\(|\)|\|)", pattern))
    names -= {"www", "api", "app", "com", "jobs", "careers", "career", "static", "cdn", "assets", "scripts", "recruiting"}
    names -= {"all", "list", "boards", "campus", "content", "emp", "english", "external", "feed", "internal", "system"}
    return re.compile("|".join(sorted(name.lower() for name in names)))


def of_url(url: str, *, embedded: bool = False) -> tuple[Vendor, str | None] | None:
    """The system that an address belongs to, and the board's name in it."""
    try:
        where = _where(url)
    except ValueError:
        return None
    if not _any_host().search(where.lower()):
        return None
    second: tuple[Vendor, str | None] | None = None
    for vendor in ALL:
        for pattern in vendor.boards:
            if match := _compiled(pattern).match(where):
                token = _token(match, vendor)
                if token or not match.groupdict().get("token"):
                    return vendor, token
                second = second or (vendor, None)
        for pattern in vendor.embeds if embedded else ():
            if match := _compiled(pattern).match(where):
                if token := _token(match, vendor):
                    return vendor, token
                second = second or (vendor, None)
    if second and (embedded or second[0].rendered or "embed" in where):
        return second
    return None


FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "a", "ø": "o", "æ": "ae", "ł": "l", "đ": "d"})


def _folded(text: str) -> str:
    """In lower case and ASCII, as a name is written in a domain."""
    low = unicodedata.normalize("NFC", text).lower().translate(FOLDED)
    return "".join(char for char in unicodedata.normalize("NFKD", low) if not unicodedata.combining(char))


def similar(one: str, other: str) -> bool:
    """Whether two names can be of one company."""
    from rapidfuzz import fuzz

    plain = [re.sub(r"[^a-z0-9]+", "", _folded(text)) for text in (one, other)]
    if not all(plain):
        return False
    short, long = sorted(plain, key=len)
    if len(short) >= 4 and short in long:
        return True
    if short == long:
        return True
    words = [re.sub(r"[^\w]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).strip().lower() for text in (one, other)]
    return len(short) >= 4 and (fuzz.token_set_ratio(*words) >= SIMILAR or fuzz.ratio(*plain) >= SIMILAR)


def company_names(document: Document) -> list[str]:
    """What the page's own company may be called."""
    names = [
        label(document.url),
        document.meta("og:site_name", "application-name"),
        *re.split(r"\s+[|–—·:-]\s+", document.title)[-2:],
    ]
    return [name for name in names if 2 < len(name) < 60]


def detect(document: Document) -> Detection:
    """The evidence in order: its own address, redirect or canonical, script, frame or configuration, many links, one link."""
    if own := of_url(document.url):
        return Detection(own[0].name, own[1], "address", 4, document.url)
    if document.kind != "html":
        return Detection()
    for node in document.all("link[rel=canonical][href], meta[property='og:url'][content]"):
        url = document.link(node.attributes.get("href") or node.attributes.get("content"))
        if (
            url
            and host(url) != host(document.url)
            and (found := of_url(url))
            and not re.fullmatch(r"/?", urlsplit(url).path if found[1] is None else "x")
        ):
            return Detection(found[0].name, found[1], "canonical", 4, url)
    embedded = [*_framed(document), *_inline(document), *_marked(document)]
    if embedded:
        names = Counter(item.ats for item in embedded)
        # A script of a vendor without a name, and another vendor's board with one: what names the board counts.
        return max(
            embedded,
            key=lambda item: (
                item.token is not None and not item.token.isdigit(),
                item.token is not None,
                names[item.ats],
                item.evidence == "frame",
            ),
        )
    linked = _linked(document)
    if not linked.ats and re.match(r"/careers-home(?:/|$)", urlsplit(document.url).path):
        return Detection("icims", None, "address", 1)  # its sites under a company's own name
    return linked


def _framed(document: Document) -> list[Detection]:
    found = []
    for node in document.all("iframe, script[src], form[action], [data-src], [data-url], object[data], embed[src]"):
        attributes = node.attributes
        for name in ("src", "data-src", "data-lazy-src", "data-url", "action", "data"):
            value = attributes.get(name)
            if not value or ASSET.search(value):
                continue
            url = document.link(value)
            if url and host(url) != host(document.url) and (hit := of_url(url, embedded=True)):
                kind = "frame" if node.tag == "iframe" else "script"
                found.append(Detection(hit[0].name, hit[1], kind, 3, url))
    return found


def _hosts_in(text: str) -> str:
    """The beginnings of all addresses in a text, a line each: what a quick look at a large script needs."""
    return "\n".join(piece[:120] for piece in text.split("//")[1:])


def _inline(document: Document) -> list[Detection]:
    found = []
    budget = 3_000_000
    for kind, text in document.scripts:
        if budget <= 0:
            break
        budget -= len(text)
        if "ld+json" in kind:
            continue
        text = text[:1_000_000].replace("\\/", "/").replace("\\u002F", "/").replace("&amp;", "&").replace("\\u0026", "&")
        data = "json" in kind  # addresses count there, calls of functions do not occur
        named = bool(_any_host().search((text if len(text) < LARGE else _hosts_in(text)).lower()))
        if not named and (data or not any(word in text for word in CONFIGURATION)):
            continue
        text = (
            COMMENT.sub(
                lambda match: match[0] if match[0].lstrip().startswith("//") and re.match(r"\s*//[\w-]+\.\w", match[0]) else " ",
                text,
            )
            if len(text) < 300_000
            else text
        )
        for vendor in ALL:
            for pattern in vendor.inline:
                if match := _compiled(pattern).search(text):
                    token = _token(match, vendor)
                    if token is None and (match.groupdict().get("token") or match.groupdict().get("number")):
                        continue
                    found.append(Detection(vendor.name, token, "script", 3, f"https://{match[0]}" if ".eu." in match[0] else ""))
                    break
        for url in URL.findall(text)[:200]:
            hit = of_url(absolute(document.base, url), embedded=False) if not ASSET.search(url) else None
            if hit and hit[1]:
                found.append(Detection(hit[0].name, hit[1], "script", 3, absolute(document.base, url)))
                break
    return found


def _marked(document: Document) -> list[Detection]:
    found: list[Detection] = []
    for vendor in ALL:
        for node in document.all(vendor.marks)[:3]:
            token = None
            if vendor.token_attribute and (value := clean(node.attributes.get(vendor.token_attribute))):
                token = value.partition(".")[0]
            found.append(Detection(vendor.name, token, "asset" if node.tag == "link" else "widget", 3))
    return found


def _by_parameter(document: Document) -> Detection:
    """Postings under a company's own name whose addresses still carry the number of a vendor; the board's name is not told."""
    if "_jid=" not in document.text and "_jid=" not in document.url:
        return Detection()
    for node in document.all("a[href*='gh_jid='], a[href*='ashby_jid=']")[:1]:
        vendor = "greenhouse" if "gh_jid=" in (node.attributes.get("href") or "") else "ashby"
        return Detection(vendor, None, "links", 2)
    if match := re.search(r"[?&](gh|ashby)_jid=", document.url):
        return Detection("greenhouse" if match[1] == "gh" else "ashby", None, "links", 1)
    return Detection()


def _linked(document: Document) -> Detection:
    """Links to boards: one company's page links to one board; a page of many companies links to many."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    decoys: set[tuple[str, str]] = set()
    good: set[tuple[str, str]] = set()
    looks, stays = _any_host(), host(document.base) == host(document.url)
    if stays and not looks.search(_hosts_in(document.text).lower()):
        return _by_parameter(document)
    for node in document.links[:5000]:
        href = node.attributes.get("href") or ""
        if (stays and "//" not in href) or not looks.search(href.lower()) or ASSET.search(href):
            continue
        url = document.link(href)
        if not url or host(url) == host(document.url):
            continue
        hit = of_url(url)
        if hit is None or not hit[1]:
            continue
        key = (hit[0].name, hit[1])
        counts[key] += 1
        if key not in first or (NOT_A_BOARD.search(first[key]) and not NOT_A_BOARD.search(url)):
            first[key] = url
        if in_decoy(node):
            decoys.add(key)
        elif re.search(
            r"career|job|position|opening|role|vacan|apply|stellen|karriere|bewerb|hiring|join|emploi|offre|recrut|vacature|lavora|empleo|jobb|stilling|praca|kari",
            f"{text_of(node)} {node.attributes.get('class') or ''}",
            re.IGNORECASE,
        ):
            good.add(key)
    if not counts:
        return _by_parameter(document)
    names = company_names(document)
    own = [key for key in counts if any(similar(key[1], name) for name in names)]
    if own:
        key = max(own, key=lambda item: counts[item])
    else:
        left = [key for key in counts if key not in decoys]
        if not left:
            return Detection()
        key = max(left, key=lambda item: (counts[item], item in good))
        if len({(ats, token) for ats, token in counts}) > 1 and counts[key] < 0.7 * counts.total():
            return Detection()
        if counts[key] == 1 and key not in good:
            return Detection()
    return Detection(key[0], key[1], "links" if counts[key] > 1 else "link", 2 if counts[key] > 1 else 1, first[key])
