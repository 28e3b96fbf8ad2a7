"""Teamtailor: a JSON feed, an RSS feed with a namespace of its own, boards that come complete as HTML."""

from __future__ import annotations

import re
from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.rows import Cells
from livepane.scrapers.job_postings.text import clean, first, joined
from livepane.scrapers.job_postings.urls import path
from livepane.scrapers.job_postings.values import rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor

NAMESPACE = "{https://teamtailor.com/locations}"
REMOTE = {"fully": "remote", "hybrid": "hybrid", "temporary": "onsite", "none": ""}
CELLS = Cells(
    row="#jobs_list_container > li, ul[id*=jobs] > li, li:has(a[href*='/jobs/'])",
    link="a[href*='/jobs/']",
    title="a .text-block-base-link, .title, a[href*='/jobs/'] span[title], a[href*='/jobs/']",
    details=".mt-1.text-md, .text-md, .meta",
)
IDENTITY = re.compile(r"/jobs/(\d+)")


def _identity(url: str) -> str:
    return match[1] if (match := IDENTITY.search(url)) else ""


def read_json(value: Any, document: Document) -> Found | None:
    """`/jobs.json`: a JSON Feed whose items carry a schema.org posting."""
    listed = rows(value, "items")
    if listed is None or not (
        any("_jobposting" in row for row in listed) or "teamtailor" in str(value.get("feed_url", "")) + document.url
    ):
        return None
    from livepane.scrapers.job_postings.jsonld import posting_of

    postings = []
    for row in listed:
        inner = row.get("_jobposting")
        posting = posting_of(inner, {}, document.url) if isinstance(inner, dict) else Posting(title="")
        posting.title = first(row.get("title"), posting.title)
        posting.url = first(row.get("url"), posting.url)
        posting.id = _identity(posting.url) or first(row.get("id"))
        posting.posted = row.get("date_published") or posting.posted
        posting.description = posting.description or str(row.get("content_html") or "")
        postings.append(posting)
    return Found(
        "teamtailor_api",
        "feed",
        postings,
        company=clean(value.get("title")),
        next_page=document.link(value.get("next_url")) or None,
        zero="" if listed else "the feed lists no job",
    )


def read_xml(document: Document) -> Found | None:
    """`/jobs.rss`."""
    root = document.xml
    if root.tag != "rss" or ("teamtailor.com/locations" not in document.text[:3000] and "teamtailor" not in document.url):
        return None
    postings = []
    for item in root.iter("item"):
        where = [
            joined(
                [place.findtext(f"{NAMESPACE}city") or place.findtext(f"{NAMESPACE}name"), place.findtext(f"{NAMESPACE}country")]
            )
            for place in item.iter(f"{NAMESPACE}location")
        ]
        url = clean(item.findtext("link"))
        remote = clean(item.findtext("remoteStatus"))
        postings.append(
            Posting(
                title=clean(item.findtext("title")),
                url=url,
                id=_identity(url) or clean(item.findtext("guid")),
                locations=where,
                workplace=REMOTE.get(remote, remote),
                department=clean(item.findtext(f"{NAMESPACE}department") or item.findtext("department")),
                role_hint=clean(item.findtext(f"{NAMESPACE}role")),
                company=clean(item.findtext("company_name")),
                description=item.findtext("description") or "",
                posted=item.findtext("pubDate"),
            )
        )
    company = clean(root.findtext("channel/title"))
    return Found("teamtailor_rss", "feed", postings, company=company, zero="" if postings else "the feed lists no job")


def read_html(document: Document) -> Found | None:
    """A list of jobs: title, then "Department · Place · Hybrid"."""
    if "teamtailor" not in document.text[:400_000]:
        return None
    postings = []
    for posting in CELLS.read(document):
        if not (identity := _identity(path(posting.url))):
            continue
        posting.id = identity
        postings.append(posting)
    more = next(
        iter(document.all("a[href*='/jobs/show_more'], [data-show-more-target] a[href], #show_more_button a[href]")), None
    )
    following = document.link(more.attributes.get("href")) if more is not None else ""
    return Found("teamtailor_html", "list", postings, next_page=following or None) if postings else None


VENDOR = Vendor(
    name="teamtailor",
    boards=(r"^(?P<token>[\w-]+)(?:\.(?:na|eu|ap|uk|us|au))?\.teamtailor\.com(?:/|$)",),
    embeds=(
        r"^(?:scripts|assets-aws|tt)\.teamtailor-cdn\.com/",
        r"^(?:scripts|assets)\.teamtailor\.com/",
        r"^scripts\.teamtailor-cdn\.com/widgets/",
    ),
    marks=".teamtailor-jobs-widget, [data-teamtailor-api-key], meta[name=generator][content*=eamtailor]",
    feed="https://{token}.teamtailor.com/jobs.json",
    home="https://{token}.teamtailor.com/jobs",
    not_tokens=frozenset(
        {"www", "app", "api", "scripts", "assets", "support", "partner", "developer", "docs", "career", "images", "get", "tt"}
    ),
    json=read_json,
    xml=read_xml,
    html=read_html,
)
