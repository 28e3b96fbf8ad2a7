"""The page after this one: `rel=next`, a button that says so, the number after the current one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.rows import text_of
from livepane.scrapers.job_postings.text import clean
from livepane.scrapers.job_postings.urls import absolute, canonical, domain, number_in, query, with_query
from livepane.scrapers.job_postings.values import number

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

NEXT = re.compile(
    r"^\W*(?:next(?: page| jobs| results)?(?: of results)?|older|weiter|nächste(?: seite)?|vor|suivant(?:e|s)?|page suivante|siguientes?|próxim[ao]|seguinte|successiv[ao]|avanti|volgende|następna|dalej|další|nästa|neste|næste|load more|show more(?: jobs| results)?|more jobs|view more(?: jobs)?|mehr (?:laden|anzeigen)|mehr jobs|voir plus|ver más|›|»|>|→|>>)\W*$",
    re.IGNORECASE,
)
PAGER = re.compile(r"pagin|pager|page-?nav|page-?numbers|nav-links|seiten|blättern|paging", re.IGNORECASE)
NEXT_NAME = re.compile(r"(?:^|[\s_-])next(?:$|[\s_-])")
OFF = re.compile(r"disabled|inactive|is-off|invisible", re.IGNORECASE)
SHORT = 100  # characters of a label that says no more than "next"
CURRENT = ".pagination .active, .pagination .current, .pager .active, [class*=pagin] [aria-current], [class*=pagin] .current, [class*=pagin] .active, [class*=pager] .current, .page-numbers.current, [aria-current=page]"


def next_of_json(value: Any, url: str, rows: int) -> str | None:
    """The next page of a list in JSON that no vendor vouches for: its own link, else the next number when the total says so."""
    if not isinstance(value, dict) or not rows:
        return None
    tops = [value, *(item for item in value.values() if isinstance(item, dict))]
    for top in tops:
        for name in ("next", "nextPageUrl", "next_page_url", "nextPage", "nextUrl", "next_url"):
            link = top.get(name)
            link = link.get("href") if isinstance(link, dict) else link
            if (
                isinstance(link, str)
                and (link.startswith(("http", "/", "?")))
                and (target := absolute(url, link))
                and target != url
            ):
                return target
    totals = ("total", "totalCount", "total_count", "totalResults", "totalHits", "nbHits", "count", "totalElements", "totalItems")
    total = next((n for top in tops for name in totals if (n := number(top.get(name))) and n > rows), None)
    pages = next(
        (
            n
            for top in tops
            for name in ("totalPages", "total_pages", "last_page", "nbPages", "pageCount")
            if (n := number(top.get(name)))
        ),
        None,
    )
    fields = query(url)
    for name in ("offset", "start", "from", "skip"):
        if (at := number_in(fields, name)) is not None:
            return with_query(url, **{name: at + rows}) if total and at + rows < total else None
    for name in ("page", "p", "pageNumber", "currentPage"):
        if (at := number_in(fields, name)) is not None:
            first = 0 if at == 0 else 1
            more = (pages is not None and at < pages - (1 - first)) or (
                pages is None and total is not None and (at - first + 1) * rows < total
            )
            return with_query(url, **{name: at + 1}) if more else None
    return None


def _says_next(text: str) -> bool:
    return len(text) <= SHORT and _is_next(text)


@lru_cache(maxsize=1024)  # many links of a page say the same
def _is_next(text: str) -> bool:
    return NEXT.match(text) is not None


def _usable(node: LexborNode, document: Document) -> str:
    attributes = node.attributes
    marks = f"{attributes.get('class') or ''} {(node.parent.attributes.get('class') or '') if node.parent is not None else ''}"
    if OFF.search(marks) or attributes.get("aria-disabled") == "true" or "disabled" in attributes:
        return ""
    href = attributes.get("href") or ""
    if href.startswith("#") or not href:
        return ""
    url = document.link(href)
    if not url or domain(url) != domain(document.url) or canonical(url) == canonical(document.url):
        return ""
    return url


def next_page(document: Document) -> str | None:
    """An absolute URL, or None."""
    for node in document.all("link[rel~=next][href], a[rel~=next][href]"):
        if url := _usable(node, document):
            return url
    for node in document.links[:4000]:
        attributes = node.attributes
        label = attributes.get("aria-label") or attributes.get("title") or ""
        label = clean(label) if label else ""
        if len(label) > 40:
            continue
        names = str(attributes.get("class") or "")
        named = "next" in names and NEXT_NAME.search(names) is not None
        text = node.text(separator=" ") or ""
        if not named and not label and len(text) > 600:
            continue
        text = " ".join(text.split())
        if not (named or _says_next(text) or _says_next(label)):
            continue
        within = " ".join(
            str(parent.attributes.get("class") or "") + " " + str(parent.attributes.get("aria-label") or "")
            for parent in (
                node.parent,
                node.parent and node.parent.parent,
                node.parent and node.parent.parent and node.parent.parent.parent,
            )
            if parent is not None
        )
        pager = bool(PAGER.search(within) or PAGER.search(names))
        said = _says_next(text) or _says_next(label) or (pager and named)
        worded = said and (re.search(r"\w{4}", text or label) is not None)
        if (
            said
            and (pager or worded)
            and not re.search(r"carousel|slider|slick|swiper|post-nav", f"{within} {names}")
            and (url := _usable(node, document))
        ):
            if not pager and not re.search(
                r"[?&/](?:p|page|pr|start|offset|from|skip|pg|seite|paged|currentPage|startrow|pagenum\w*)\b[=/]?\d*",
                url,
                re.IGNORECASE,
            ):
                continue
            return url
    for node in document.all(CURRENT)[:10]:
        number = re.match(r"^\D{0,12}(\d{1,4})\D{0,4}$", text_of(node))
        if number is None:
            continue
        wanted = str(int(number[1]) + 1)
        scope = node.parent
        for _ in range(3):
            if scope is None:
                break
            for link in scope.css("a[href]")[:60]:
                if text_of(link) == wanted and (url := _usable(link, document)):
                    return url
            scope = scope.parent
    return None
