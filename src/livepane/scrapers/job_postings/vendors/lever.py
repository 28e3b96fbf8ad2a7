"""Lever: a bare array of postings, and boards that come complete as HTML."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.money import from_range
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.rows import Cells, text_of
from livepane.scrapers.job_postings.text import clean
from livepane.scrapers.job_postings.urls import query, with_query
from livepane.scrapers.job_postings.values import dig, named, number, rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor

PAGE = 100  # rows, when the request names no limit
CELLS = Cells(
    row="div.posting",
    link="a.posting-title[href], .posting-title a[href], a[href]",
    title="[data-qa=posting-name], h5",
    location=".sort-by-location, .location",
    department=".sort-by-team, .department",
    employment=".sort-by-commitment, .commitment",
    workplace=".workplaceTypes",
    group="div.postings-group",
    group_title=".posting-category-title, .large-category-header",
    identity="data-qa-posting-id",
)


def _posting(row: dict[str, Any]) -> Posting:
    categories = row.get("categories") if isinstance(row.get("categories"), dict) else {}
    lists = "".join(f"<h3>{part.get('text') or ''}</h3>{part.get('content') or ''}" for part in rows(row, "lists") or [])
    pay = row.get("salaryRange") if isinstance(row.get("salaryRange"), dict) else {}
    locations = (
        [text for item in dig(categories, "allLocations") or [] if (text := clean(item))]
        if isinstance(dig(categories, "allLocations"), list)
        else []
    )
    return Posting(
        title=clean(row.get("text")),
        url=clean(row.get("hostedUrl")),
        id=clean(row.get("id")),
        locations=locations or [clean(dig(categories, "location"))],
        workplace=clean(row.get("workplaceType")),
        department=named(dig(categories, "department")) or named(dig(categories, "team")),
        role_hint=named(dig(categories, "team")),
        employment=named(dig(categories, "commitment")),
        seniority=named(dig(categories, "level")),
        description=f"{row.get('description') or row.get('descriptionPlain') or ''}{lists}{row.get('additional') or ''}",
        posted=row.get("createdAt"),
        salary=from_range(dig(pay, "min"), dig(pay, "max"), dig(pay, "currency"), dig(pay, "interval")),
        apply=clean(row.get("applyUrl")),
    )


def read_json(value: Any, document: Document) -> Found | None:
    """`/v0/postings/{s}?mode=json`, one posting, or grouped (`group=team`)."""
    if isinstance(value, dict) and value.get("hostedUrl") and "text" in value:
        return Found("lever_api", "feed", [_posting(value)])
    if not isinstance(value, list):
        return None
    if value and all(rows(group, "postings") is not None for group in value):
        listed = [row for group in value for row in rows(group, "postings") or []]
    elif dig(value, 0, "hostedUrl") or (not value and "lever.co/v0/postings" in document.url):
        listed = [row for row in value if isinstance(row, dict)]
    else:
        return None
    limit, skip = number(query(document.url).get("limit")), number(query(document.url).get("skip")) or 0
    following = with_query(document.url, skip=skip + len(listed)) if listed and len(listed) >= (limit or PAGE) and limit else None
    zero = "the feed lists no job" if not listed and not skip else ""
    return Found("lever_api", "feed", [_posting(row) for row in listed], next_page=following, zero=zero)


def read_html(document: Document) -> Found | None:
    """`jobs.lever.co/{s}`, or the same markup put into a customer's page."""
    if not document.all("div.posting .posting-title, div.posting [data-qa=posting-name], div.posting a.posting-title"):
        return None
    postings = CELLS.read(document)
    for posting in postings:
        posting.locations = [part.strip() for location in posting.locations for part in location.split(" / ")]
        posting.workplace = posting.workplace.strip(" —–-")
    company = document.title if "lever.co" in document.url else ""
    return Found("lever_html", "list", postings, company=company) if postings else None


def read_posting(document: Document) -> Found | None:
    """One posting, for pages without JSON-LD."""
    headline = document.first(".posting-headline h2")
    if headline is None:
        return None
    part = {
        name: text_of(document.first(f".posting-categories .{name}"))
        for name in ("location", "department", "commitment", "workplaceTypes")
    }
    sections = " ".join(
        node.html or "" for node in document.all(".section-wrapper.page-full-width .section, [data-qa=job-description]")
    )
    posting = Posting(
        title=text_of(headline),
        url=document.url,
        locations=[part["location"].strip(" /")],
        department=part["department"].strip(" /"),
        employment=part["commitment"].strip(" /"),
        workplace=part["workplaceTypes"].strip(" /"),
        description=sections,
        apply=document.link(next((node.attributes.get("href") for node in document.all("a.postings-btn[href]")), "")),
    )
    return Found("lever_html", "detail", [posting], company=document.title.partition(" - ")[0])


VENDOR = Vendor(
    name="lever",
    boards=(r"^jobs(?:\.eu)?\.lever\.co/(?P<token>[\w.-]+)", r"^api(?:\.eu)?\.lever\.co/v\d/postings/(?P<token>[\w.-]+)"),
    embeds=(r"^jobs(?:\.eu)?\.lever\.co/embed",),
    inline=(
        r"leverJobsOptions\s*=\s*\{[^}]{0,400}?accountName[\"']?\s*:\s*[\"'](?P<token>[\w.-]+)",
        r"api(?:\.eu)?\.lever\.co/v\d/postings/(?P<token>[\w.-]+)",
        r"(?:leverAccount|lever_?(?:account|site|slug))[\"']?\s*[:=]\s*[\"'](?P<token>[\w.-]+)[\"']",
    ),
    marks="#lever-jobs-container",
    feed="https://api.lever.co/v0/postings/{token}?mode=json",
    home="https://jobs.lever.co/{token}",
    not_tokens=frozenset({"embed", "static", "assets", "postings"}),
    json=read_json,
    html=lambda document: read_html(document) or read_posting(document),
)
