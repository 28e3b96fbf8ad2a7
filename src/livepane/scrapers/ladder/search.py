"""Where a careers page may be when no link leads there: sitemaps, other hosts of the company, the usual paths."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlsplit

from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.job_postings import urls
from livepane.scrapers.job_postings.careers_links import PATH, is_careers_page
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.feeds import local
from livepane.scrapers.job_postings.text import clean
from livepane.scrapers.ladder.asks import Ask
from livepane.scrapers.ladder.site import Page, Site

SITEMAPS_MOST = 3
PATHS_MOST = 6  # at one request a second each more of them is a second that somebody waits
PATHS: dict[str, tuple[str, ...]] = {
    "de": ("/karriere", "/jobs", "/stellenangebote", "/careers"),
    "fr": ("/carrieres", "/recrutement", "/careers", "/jobs"),
    "es": ("/empleo", "/trabaja-con-nosotros", "/careers"),
    "it": ("/lavora-con-noi", "/carriere", "/careers"),
    "nl": ("/vacatures", "/werken-bij", "/careers", "/jobs"),
    "cs": ("/kariera", "/volna-mista", "/careers"),
    "pl": ("/kariera", "/praca", "/careers"),
    "pt": ("/carreiras", "/vagas", "/trabalhe-conosco", "/careers"),
    "sv": ("/karriar", "/lediga-jobb", "/jobb", "/careers"),
    "no": ("/ledige-stillinger", "/karriere", "/careers"),
    "nb": ("/ledige-stillinger", "/karriere", "/careers"),
    "da": ("/ledige-stillinger", "/job", "/karriere", "/careers"),
}
USUAL = ("/careers", "/jobs", "/career", "/join-us", "/about/careers", "/company/careers", "/work-with-us")
HOSTS = ("careers", "jobs")
OF_PAGES = re.compile(r"page|main|static|content|general", re.IGNORECASE)


def language(document: Document) -> str:
    """Two letters that the page declares, or those of its country's domain."""
    node = document.tree.css_first("html[lang]") if document.kind == "html" else None
    said = str(node.attributes.get("lang") or "")[:2].lower() if node is not None else ""
    ending = urls.host(document.url).rpartition(".")[2]
    return said or {"at": "de", "ch": "de", "be": "nl", "cz": "cs", "br": "pt", "dk": "da", "se": "sv"}.get(ending, ending)


def hosts(home: Page) -> list[str]:
    """Other hosts of the company where careers pages live."""
    own = urls.domain(home.url)
    names = (*HOSTS, "karriere") if language(home.document) == "de" else HOSTS
    return [f"https://{name}.{own}/" for name in names if "." in own and not urls.host(home.url).startswith(f"{name}.")]


def paths(home: Page) -> list[str]:
    """The usual addresses in the language of the site."""
    tongue = PATHS.get(language(home.document), ())
    return [urls.origin(home.url) + path for path in dict.fromkeys((*tongue, *USUAL))][:PATHS_MOST]


async def sitemap_leads(site: Site, home: Page) -> AsyncIterator[str]:
    """Careers pages that sitemaps name, the shortest address first. Jobs in them may be closed long ago: they are no leads."""
    waiting = await _sitemaps(site, home)
    read = 0
    while waiting and read < SITEMAPS_MOST:
        url = waiting.pop(0)
        read += 1
        with suppress(ScrapeError):
            fetched = await site.fetch(Ask(url))
            if fetched.status >= 400:
                continue
            document = Document(fetched.body, fetched.url, content_type=fetched.content_type)
            more, leads = _of_sitemap(document)
            waiting = [*more, *waiting]
            for lead in leads:
                yield lead


async def _sitemaps(site: Site, home: Page) -> list[str]:
    """Those that robots.txt names, else the usual one."""
    origin = urls.origin(home.url)
    named: list[str] = []
    with suppress(ScrapeError):
        robots = await site.robots(f"{origin}/robots.txt")
        if robots.status == 200:
            text = robots.body[:500_000].decode("utf-8", "replace")
            named = [urls.absolute(home.url, line) for line in re.findall(r"(?im)^\s*sitemap\s*:\s*(\S+)", text)]
    own = [url for url in named if url]
    own.sort(key=lambda url: not re.search(r"job|career|vacanc|stelle|karriere", url, re.IGNORECASE))
    return own or [f"{origin}/sitemap.xml"]


def _of_sitemap(document: Document) -> tuple[list[str], list[str]]:
    """The sitemaps and the careers pages that a sitemap names."""
    if document.kind != "xml":
        return [], []
    try:
        root = document.xml
    except ValueError:
        return [], []
    named = [clean(node.text) for node in root.iter() if local(node) == "loc" and node.text]
    if local(root) == "sitemapindex":
        return sorted((url for url in named if OF_PAGES.search(urlsplit(url).path)), key=len)[:2], []
    leads = [url for url in named if PATH.search(urlsplit(url).path.rstrip("/"))]
    return [], sorted(leads, key=len)[:2]


def is_new(home: Page, page: Page) -> bool:
    """Whether a guess has led to a careers page, and not to nowhere or the home page once more."""
    if page.error in {"not_found", "http", "login", "blocked"} or page.document.kind == "empty":
        return False
    same = urls.canonical(page.url) == urls.canonical(home.url) or page.document.title == home.document.title
    return not same and (is_careers_page(page.document) or bool(page.read.detect.ats))
