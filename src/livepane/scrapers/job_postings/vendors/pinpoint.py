"""Pinpoint: `/postings.json`, and boards with their list in the page."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.money import from_range
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.text import clean, first
from livepane.scrapers.job_postings.urls import absolute
from livepane.scrapers.job_postings.values import dig, flag, named, places, rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor


def read_json(value: Any, document: Document) -> Found | None:
    """`/postings.json`: `data[]`, addresses without a host."""
    listed = rows(value, "data")
    if listed is None or not (
        dig(listed, 0, "workplace_type") or dig(listed, 0, "compensation_visible") is not None or "/postings.json" in document.url
    ):
        return None
    postings = []
    for row in listed:
        shown = flag(row.get("compensation_visible")) is not False
        postings.append(
            Posting(
                title=clean(row.get("title")),
                url=absolute(document.url, row.get("url") or row.get("path")),
                id=clean(row.get("id")),
                locations=places(row.get("location")),
                workplace=first(row.get("workplace_type"), row.get("workplace_type_text")),
                department=first(named(dig(row, "job", "department")), named(row.get("department"))),
                role_hint=named(dig(row, "job", "division")),
                employment=first(row.get("employment_type_text"), row.get("employment_type")),
                description="".join(
                    str(row.get(key) or "")
                    for key in ("description", "key_responsibilities", "skills_knowledge_expertise", "benefits")
                ),
                posted=row.get("published_at") or row.get("created_at"),
                valid_through=row.get("deadline_at"),
                salary=from_range(
                    row.get("compensation_minimum"),
                    row.get("compensation_maximum"),
                    row.get("compensation_currency"),
                    row.get("compensation_frequency"),
                )
                if shown
                else None,
                salary_text=clean(row.get("compensation")) if shown else "",
            )
        )
    return Found("pinpoint_api", "feed", postings, zero="" if listed else "the feed lists no job")


VENDOR = Vendor(
    name="pinpoint",
    boards=(r"^(?P<token>[\w-]+)\.pinpointhq\.com(?:/|$)",),
    embeds=(r"^(?P<token>[\w-]+)\.pinpointhq\.com/",),
    inline=(r"(?P<token>[\w-]+)\.pinpointhq\.com",),
    feed="https://{token}.pinpointhq.com/postings.json",
    home="https://{token}.pinpointhq.com/",
    not_tokens=frozenset({"www", "app", "api", "help", "developers", "cdn"}),
    json=read_json,
)
