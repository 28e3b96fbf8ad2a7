"""Addresses: made absolute, compared, and taken apart."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from livepane.scrapers.job_postings.text import unescape

LONGEST = 2000
USUAL = 300  # characters
BLANK = re.compile(r"[\x00-\x20]")
TRACKING = re.compile(
    r"^(?:utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|_ga|_gl|gh_src|lever-(?:source|origin|via)|trk|trackingid|source|src|ref|"
    r"in_iframe|hashed|mobile|width|height|bga|needsredirect|jan1offset|jun1offset|nl|session|sid|jsessionid)$",
    re.IGNORECASE,
)
SESSION = re.compile(r";jsessionid=[^?#/]*", re.IGNORECASE)


def absolute(base: str, href: Any) -> str:
    """An http(s) URL, or the empty string."""
    if not isinstance(href, str):
        return ""
    return _remembered(base, href) if len(href) < USUAL else _absolute(base, href)


@lru_cache(maxsize=1024)
def _remembered(base: str, href: str) -> str:
    return _absolute(base, href)  # the links of a page are looked at by several rules


def _absolute(base: str, href: str) -> str:
    href = re.sub(r"[\t\r\n]", "", unescape(href[: LONGEST * 2])).strip()
    if href.startswith("\\/\\/") or "\\/" in href:
        href = href.replace("\\/", "/")
    if not href or len(href) > LONGEST or href[0] in "{[<" or re.match(r"(?!https?:)[a-zA-Z][\w+.-]*:(?!\d)", href):
        return ""
    try:
        joined: str = urljoin(base, href)
        parts = urlsplit(joined)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
            return ""
        _ = parts.port
    except ValueError:
        return ""
    if BLANK.search(joined):
        return str(quote(joined, safe="%/:=&?~#+!$,;'@()*[]"))
    return joined


def host(url: str) -> str:
    """The host in lower case."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def path(url: str) -> str:
    """The path."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def query(url: str) -> dict[str, str]:
    """The last value of every parameter."""
    try:
        return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True, max_num_fields=200))
    except ValueError:
        return {}


def with_query(url: str, **changes: Any) -> str:
    """The same address with some parameters set."""
    parts = urlsplit(url)
    fields = query(url) | {name: str(value) for name, value in changes.items()}
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(fields), ""))


def origin(url: str) -> str:
    """Scheme and host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


@lru_cache(maxsize=2048)
def canonical(url: str) -> str:
    """What two addresses of one page have in common."""
    try:
        parts = urlsplit(SESSION.sub("", url))
        fields = sorted((name, value) for name, value in parse_qsl(parts.query, max_num_fields=200) if not TRACKING.match(name))
    except ValueError:
        return url
    where = (parts.hostname or "").lower().removeprefix("www.")
    fragment = parts.fragment if parts.fragment and not parts.fragment.startswith(":~:") else ""
    return f"{where}{parts.path.rstrip('/') or '/'}?{urlencode(fields)}#{fragment}"


def tidy(url: str) -> str:
    """An address to hand on: without what only framed or tracked the visit."""
    if "?" not in url and ";" not in url:
        return url
    try:
        parts = urlsplit(SESSION.sub("", url))
        fields = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return url
    gone = re.compile(r"^(?:utm_\w+|in_iframe|gclid|fbclid|mobile|bga|needsRedirect|jan1offset|jun1offset|width|height|hashed)$")
    kept = [(name, value) for name, value in fields if not gone.match(name)]
    if len(kept) == len(fields):
        return urlunsplit(parts)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), parts.fragment))


@lru_cache(maxsize=1)
def _suffixes() -> Any:
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # the snapshot in the package: nothing is downloaded


def domain(url: str) -> str:
    """The registered domain: `jobs.acme.co.uk` gives `acme.co.uk`."""
    name = host(url)
    if not name:
        return ""
    parts = _suffixes()(name)
    if parts.domain and parts.suffix:
        return f"{parts.domain}.{parts.suffix}"
    return ".".join(name.split(".")[-2:]) if _named(name) else name


def _named(name: str) -> bool:
    """Whether a host under no public suffix is a name: `intranet.acme.internal` is, an address is not."""
    return "." in name and not name.rpartition(".")[2].isdigit() and ":" not in name


def label(url: str) -> str:
    """The name in the registered domain: `jobs.acme.co.uk` gives `acme`."""
    name = host(url)
    if not name:
        return ""
    parts = _suffixes()(name)
    return str(parts.domain) if parts.suffix or not _named(name) else name.split(".")[-2]


def number_in(fields: dict[str, str], name: str) -> int | None:
    """A parameter as a small whole number."""
    value = fields.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else None
