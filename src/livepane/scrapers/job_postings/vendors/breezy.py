"""Breezy HR: the whole board at `/json`, and boards that come complete as HTML."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.rows import Cells
from livepane.scrapers.job_postings.text import clean, first
from livepane.scrapers.job_postings.urls import origin
from livepane.scrapers.job_postings.values import dig, flag, named, place, places
from livepane.scrapers.job_postings.vendors.vendor import Vendor

CELLS = Cells(
    row="li.position",
    link="a[href*='/p/'], a[href]",
    title="h2, h3, h4",
    location="li.location, .location",
    department="li.department, .department",
    employment="li.type, .type",
    salary="li.salary-range, .salary-range",
    group=".positions-container > div, .group, ul.positions",
    group_title=".group-header, h2.group",
)


def _posting(row: dict[str, Any], home: str) -> Posting:
    where = places(row.get("locations")) or places(row.get("location"))
    pay = row.get("salary")
    workplace = first(named(dig(row, "location", "remote_details")), named(row.get("remote_details")))
    return Posting(
        title=first(row.get("name"), row.get("title")),
        url=first(row.get("url")) or (f"{home}/p/{clean(row.get('friendly_id'))}" if row.get("friendly_id") else ""),
        id=first(row.get("id"), row.get("_id"), row.get("friendly_id")),
        company=named(row.get("company")),
        locations=where or [place(row.get("location"))],
        workplace=workplace,
        remote=flag(dig(row, "location", "is_remote")),
        department=named(row.get("department")),
        employment=first(dig(row, "type", "id"), named(row.get("type"))),
        seniority=named(row.get("experience")),
        description=str(row.get("description") or ""),
        posted=row.get("published_date") or row.get("creation_date"),
        salary_text=pay if isinstance(pay, str) else "",
    )


def read_json(value: Any, document: Document) -> Found | None:
    """`/json`: a bare array."""
    if isinstance(value, list) and (isinstance(dig(value, 0, "friendly_id"), str) or (not value and "breezy.hr" in document.url)):
        listed = [row for row in value if isinstance(row, dict) and row.get("state", "published") == "published"]
        return Found(
            "breezy_api",
            "feed",
            [_posting(row, origin(document.url)) for row in listed],
            zero="" if value else "the feed lists no job",
        )
    return None


def read_html(document: Document) -> Found | None:
    """The board."""
    if "breezy.hr" not in document.text[:300_000] and "breezy.hr" not in document.url:
        return None
    postings = CELLS.read(document)
    for posting in postings:
        posting.employment = posting.employment.replace("%LABEL_POSITION_TYPE_", "").rstrip("%").replace("_", " ")
        posting.locations = [
            text.replace("%LABEL_POSITION_TYPE_REMOTE%", "Remote").replace("%LABEL_POSITION_TYPE_WORLDWIDE%", "Remote")
            for text in posting.locations
        ]
    return Found("breezy_html", "list", postings) if postings else None


VENDOR = Vendor(
    name="breezy",
    boards=(r"^(?P<token>[\w-]+)\.breezy\.hr(?:/|$)",),
    embeds=(r"^(?P<token>[\w-]+)\.breezy\.hr/embed", r"^(?:assets|app)-?\w*\.breezy\.hr/"),
    inline=(r"(?P<token>[\w-]+)\.breezy\.hr/(?:json|embed)",),
    marks="#breezy-portal, .breezy-portal",
    feed="https://{token}.breezy.hr/json",
    home="https://{token}.breezy.hr/",
    not_tokens=frozenset({"www", "app", "api", "assets", "assets-cdn", "gallery-cdn", "developer", "help", "attachments-cdn"}),
    json=read_json,
    html=read_html,
)
