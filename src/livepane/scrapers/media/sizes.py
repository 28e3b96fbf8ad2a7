"""Addresses that say how large a picture is to be: as content systems and image servers document them.

A larger address is a guess until it has been asked; what is in `stem` is what all sizes of one picture have in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

EXTENSION = r"\.(?:jpe?g|png|gif|webp|avif|bmp|tiff?|jfif|heic|jxl)"
# Of imgix, Contentful, Sanity, Shopify, Akamai, Scene7, Photon, ImageKit and many more: what asks for a size or a quality.
MEASURES = frozenset(
    (
        "w",
        "h",
        "width",
        "height",
        "size",
        "resize",
        "imwidth",
        "wid",
        "hei",
        "maxwidth",
        "maxheight",
        "max-w",
        "max-h",
        "mw",
        "mh",
    )
)
ASKED = frozenset(
    ("fit", "crop", "rect", "q", "quality", "dpr", "auto", "fm", "impolicy", "sz", "scale", "downsize", "thumb", "thumbnail")
)
NAMED = frozenset(("preset", "tr", "format", "name", "zoom", "strip", "ixlib", "ixid", "cs", "blur"))
SIZING = MEASURES | ASKED | NAMED
# Of signed or versioned addresses: the same picture has another one tomorrow.
PASSING = re.compile(
    r"^(?:x-(?:amz|goog)-.*|sig|signature|expires?|exp|token|hmac|policy|key-pair-id|awsaccesskeyid|e|oe|oh|_nc_.*|"
    r"v|ver|version|rev|t|ts|_|cb|cache|cachebuster|hash|utm_.*|ssl|itok)$",
    re.IGNORECASE,
)
SIGNED = re.compile(r"[?&](?:s=[0-9a-f]{32}|sig(?:nature)?=|x-amz-signature=|token=|hmac=)", re.IGNORECASE)
WORD = r"(?:thumb(?:nail)?s?|tn|small|sm|mini|preview|square|medium|med|lowres|low|lores|teaser)"


@dataclass(frozen=True, slots=True)
class Guess:
    """An address where the picture may be larger, and the convention that says so."""

    url: str
    convention: str


@dataclass(frozen=True, slots=True)
class Convention:
    """One way to write sizes: on which hosts, in which part of the path, and what stands there for the whole picture."""

    name: str
    pattern: re.Pattern[str]
    larger: tuple[str, ...]  # replacements, the most promising first
    hosts: re.Pattern[str] | None = None
    exact: bool = True  # False: other pictures may be named so, too; then it says nothing about what is one picture


def _path(name: str, pattern: str, *larger: str, hosts: str = "", exact: bool = True) -> Convention:
    return Convention(name, re.compile(pattern, re.IGNORECASE), larger, re.compile(hosts) if hosts else None, exact)


END = rf"(?={EXTENSION}$)"
BLOGS = r"(?:blogspot|googleusercontent)\.com$"
PLACES = "smart|left|center|right|top|middle|bottom"
SHOPIFY = r"\d+x\d*|x\d+|pico|icon|thumb|small|compact|medium|large|grande"
CONVENTIONS = (
    _path("Wikimedia", r"/thumb(/[0-9a-f]/[0-9a-f]{2}/[^/]+)/[^/]+$", r"\1"),
    _path("Google", r"=(?:[swh]\d+|[a-z]{1,3}\d*)(?:-[a-z]{1,3}\d*)*$", "=s0", hosts=r"(?:googleusercontent|ggpht)\.com$"),
    _path("Google", r"=(?:s\d+|w\d+-h\d+)(?:-[a-z]{1,3}\d*)*$", "=s0"),
    _path("Blogger", r"/(?:s\d{2,4}|w\d+-h\d+)(?:-[a-z]{1,3}\d*)*/(?=[^/]+$)", "/s0/", hosts=BLOGS),
    _path("Tumblr", rf"_(?:75sq|\d{{3,4}}){END}", "_1280", hosts=r"tumblr\.com$"),
    _path("Flickr", rf"(/\d+_[0-9a-f]{{8,}})(?:_[sqtmnwzcb])?{END}", r"\1_b", hosts=r"static\.?flickr\.com$"),
    _path("Pinterest", r"^/\d+x(?:\d+(?:_\w+)?)?/", "/originals/", hosts=r"pinimg\.com$"),
    _path("Imgur", rf"^(/\w{{7}})[sbtmlgh]{END}", r"\1", hosts=r"imgur\.com$"),
    _path("Twitter", r":(?:thumb|small|medium|large)$", ":orig", hosts=r"twimg\.com$"),
    _path("Amazon", rf"\._[A-Z0-9_,%]+_{END}", "", hosts=r"amazon\.(?:com|[a-z.]+)$|ssl-images-amazon\.com$"),
    _path("Cloudinary", r"(/(?:image|video)/(?:upload|fetch))/(?:[a-z]{1,3}_[^/]+/)+", r"\1/"),
    _path("Cloudflare", r"/cdn-cgi/image/[^/]+/", "/"),
    _path("Thumbor", rf"/unsafe/(?:(?:full-)?fit-in/|trim/)?\d*x\d*/(?:(?:{PLACES}|filters:[^/]+)/)*", "/unsafe/"),
    _path("Storyblok", r"/m/\d+x\d+(?:/(?:smart|filters:[^/]+))*/?$", ""),
    _path("ImageKit", r"/tr:[^/]+/", "/"),
    _path("Medium", r"/resize:(?:fit|fill):\d+(?::\d+)?/(?:format:\w+/)?", "/"),
    _path("ipx", r"/_ipx/[^/]+/", "/"),
    _path("Shopify", rf"_(?:{SHOPIFY})(?:_crop_\w+)?(?:@\dx)?(?:\.progressive)?{END}", "", hosts=r"shopify\.com$"),
    _path("Shopify", rf"(/cdn/shop/.*?)_(?:\d+x\d*|x\d+)(?:_crop_\w+)?(?:@\dx)?{END}", r"\1"),
    _path("Drupal", r"/styles/[^/]+/(?:public|private)/", "/"),
    _path("WordPress", rf"-\d{{2,4}}x\d{{2,4}}{END}", "", "-scaled"),
    _path("WordPress", rf"-scaled{END}", ""),
    _path("size in the name", rf"[_.-]\d{{2,4}}x\d{{2,4}}{END}", ""),
    _path("thumb in the name", rf"[_.-]{WORD}{END}", "", "_large", "_original"),
    _path("thumb in the name", rf"/{WORD}[_-](?=[^/]+$)", "/", "/large_"),
    _path("thumb in the path", rf"/{WORD}/", "/full/", "/large/", "/original/", "/"),
    _path("letter in the name", rf"_[tsm]{END}", "", "_l", "_b", exact=False),
    _path("width in the name", rf"[_-]\d{{3,4}}(?:w|px)?{END}", "", exact=False),
)
# Image servers that are given the address of the picture in a parameter.
WRAPPED = (
    (re.compile(r"/_next/image/?$|/_vercel/image/?$|/\.netlify/images/?$|/_image/?$|/timthumb\.php$"), ("url", "href", "src")),
    (re.compile(r"^(?://)?(?:images\.weserv\.nl|wsrv\.nl)/?"), ("url",)),
)
PHOTON = re.compile(r"^i[0-3]\.wp\.com$")


def larger(url: str) -> list[Guess]:
    """Where the same picture may be larger, the most promising first; nothing for an address that says no size."""
    found: list[Guess] = []
    for guess in _guesses(url):
        further = next(_guesses(guess.url), None)  # a size in the path and one in the query
        for one in ([Guess(further.url, f"{guess.convention}, {further.convention}")] if further else []) + [guess]:
            if one.url != url and all(one.url != other.url for other in found):
                found.append(one)
    return found[:5]


@lru_cache(maxsize=32768)
def stem(url: str) -> str:
    """What every size of one picture has in common: no scheme, no size, no signature."""
    for _ in range(2):
        url = next((guess.url for guess in _guesses(url, exactly=True)), url)
    try:
        parts = urlsplit(url)
        fields = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)]
    except ValueError:
        return url
    kept = sorted((name, value) for name, value in fields if name.lower() not in SIZING and not PASSING.match(name))
    where = (parts.hostname or "").removeprefix("www.")
    port = parts.netloc.rpartition(":")[2] if parts.netloc.rpartition(":")[2].isdigit() else ""
    return f"{where}{':' + port if port else ''}{unquote(parts.path)}" + (f"?{urlencode(kept)}" if kept else "")


def stated(url: str) -> tuple[int | None, int | None]:
    """Width and height in px that an address asks for; None where it says none. What comes may be smaller."""
    try:
        parts = urlsplit(url)
        fields = {name.lower(): value for name, value in parse_qsl(parts.query, max_num_fields=200)}
    except ValueError:
        return None, None
    if match := re.search(rf"[_.-](\d{{2,4}})x(\d{{2,4}}){END}", parts.path, re.IGNORECASE):
        return int(match[1]), int(match[2])
    if match := re.search(r"/(\d{2,4})px-[^/]+$", parts.path):
        return int(match[1]), None
    if match := re.search(r"=w(\d+)-h(\d+)", parts.path):
        return int(match[1]), int(match[2])
    width = next((_number(fields[name]) for name in ("w", "width", "imwidth", "wid", "mw", "maxwidth") if name in fields), None)
    height = next((_number(fields[name]) for name in ("h", "height", "hei", "mh", "maxheight") if name in fields), None)
    if match := re.search(r"/(?:[a-z]{1,3}_[^/,]+,)*w_(\d+)[,/]", parts.path):
        width = int(match[1])
    return width, height


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) > 0 else None


def _guesses(url: str, *, exactly: bool = False) -> Iterator[Guess]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return
    if parts.scheme not in {"http", "https"} or SIGNED.search(url):
        return
    yield from _unwrapped(url, host, parts.path, parts.query)
    if host.endswith("twimg.com") and "name=" in parts.query:
        yield Guess(_query(url, lambda name: name != "name", ("name", "orig")), "Twitter")
    if host.endswith("squarespace-cdn.com") and "format=" in parts.query:
        yield Guess(_query(url, lambda name: name != "format", ("format", "original")), "Squarespace")
    for convention in CONVENTIONS:
        if (exactly and not convention.exact) or (convention.hosts is not None and not convention.hosts.search(host)):
            continue
        if convention.pattern.search(parts.path):
            for larger_one in convention.larger:
                path = convention.pattern.sub(larger_one, parts.path, count=1)
                if path != parts.path and path.rsplit("/", 1)[-1]:
                    yield Guess(urlunsplit(parts._replace(path=path)), convention.name)
            break
    if any(name.lower() in MEASURES for name, _ in parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)):
        bare = _query(url, lambda name: name.lower() not in SIZING)
        if PHOTON.match(host):
            yield Guess(f"https:/{parts.path}", "Photon")
        yield Guess(bare, "size in the query")


def _unwrapped(url: str, host: str, path: str, query: str) -> Iterator[Guess]:
    for pattern, names in WRAPPED:
        if pattern.search(path) or pattern.search(host):
            fields = dict(parse_qsl(query, max_num_fields=200))
            inner = next((fields[name] for name in names if fields.get(name)), "")
            if inner:
                inner = inner if "://" in inner or inner.startswith("/") else f"https://{inner}"
                yield Guess(urljoin(url, quote(inner, safe="%/:=&?~#+!$,;'@()*[]")), "image server")


def _query(url: str, keep: Callable[[str], bool], *more: tuple[str, str]) -> str:
    parts = urlsplit(url)
    fields = [one for one in parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200) if keep(one[0])]
    return urlunsplit(parts._replace(query=urlencode([*fields, *more], safe="/:,")))
