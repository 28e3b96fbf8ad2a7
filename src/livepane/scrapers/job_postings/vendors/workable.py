"""Workable: an account feed, the newer search that goes by tokens, and old boards in HTML."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.rows import Cells
from livepane.scrapers.job_postings.text import clean, first, joined
from livepane.scrapers.job_postings.urls import path, with_query
from livepane.scrapers.job_postings.values import dig, flag, named, number, place, places, rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor

CELLS = Cells(
    row="li.job, li.whr-item, li[data-ui=job], ul.jobs > li",
    link="h2 a[href], h3 a[href], .whr-title a[href], a[href]",
    title="h2, h3, .whr-title, [data-ui=job-title]",
    location="[data-ui=job-location], .whr-location, .meta, .job-location",
    department="[data-ui=job-department], .whr-dept, .department",
    employment="[data-ui=job-type], .employment-type",
    workplace="[data-ui=job-workplace]",
)


def _posting(row: dict[str, Any], slug: str) -> Posting:
    code = first(row.get("shortcode"), row.get("code"))
    where = places(row.get("locations")) or [
        joined([row.get("city"), row.get("state") or row.get("region"), row.get("country")]) or place(row.get("location"))
    ]
    employment = row.get("employment_type") or row.get("type")
    codes = {
        "full": "full_time",
        "part": "part_time",
        "contract": "contract",
        "temporary": "temporary",
        "internship": "internship",
        "other": "other",
    }
    return Posting(
        title=first(row.get("title"), row.get("full_title")),
        url=first(row.get("url"), row.get("shortlink"), row.get("application_url"))
        or (f"https://apply.workable.com/{slug}/j/{code}/" if slug and code else ""),
        id=code or clean(row.get("id")),
        locations=where,
        workplace=clean(row.get("workplace")),
        remote=flag(row.get("telecommuting", row.get("remote"))),
        department=named(row.get("department")),
        role_hint=clean(row.get("function")),
        employment=codes.get(clean(employment).lower(), clean(employment)),
        seniority=clean(row.get("experience")),
        description="".join(str(row.get(key) or "") for key in ("description", "requirements", "benefits")),
        posted=row.get("published_on") or row.get("published") or row.get("created_at"),
        apply=clean(row.get("application_url")),
    )


def read_json(value: Any, document: Document) -> Found | None:
    """`/api/v1/widget/accounts/{s}` (rows a country) and `/api/v3/accounts/{s}/jobs` (`results`, `nextPage`)."""
    parts = path(document.url).strip("/").split("/")
    slug = parts[parts.index("accounts") + 1] if "accounts" in parts[:-1] else ""
    if (listed := rows(value, "results")) is not None and (dig(listed, 0, "shortcode") or "workable.com" in document.url):
        total, token = number(dig(value, "total")), clean(dig(value, "nextPage"))
        following = with_query(document.url, token=token) if token and listed else None
        zero = "the feed lists no job" if not listed and not total else ""
        return Found("workable_api", "feed", [_posting(row, slug) for row in listed], total=total, next_page=following, zero=zero)
    if (listed := rows(value, "jobs")) is not None and (dig(listed, 0, "shortcode") or "workable.com" in document.url):
        company = clean(dig(value, "name"))
        return Found(
            "workable_api",
            "feed",
            [_posting(row, slug) for row in listed],
            company=company,
            zero="" if listed else "the feed lists no job",
        )
    if isinstance(value, dict) and value.get("shortcode") and value.get("title"):
        return Found("workable_api", "feed", [_posting(value, slug)])
    return None


def read_html(document: Document) -> Found | None:
    """`{s}.workable.com`, and the list that its widget writes."""
    if "workable.com" not in document.url and not document.all(".whr-item, [data-ui=job]"):
        return None
    postings = [posting for posting in CELLS.read(document) if posting.title]
    return Found("workable_html", "list", postings) if postings else None


VENDOR = Vendor(
    name="workable",
    boards=(
        r"^apply\.workable\.com/api/v\d/(?:widget/)?accounts/(?P<token>[\w-]+)",
        r"^(?:www\.)?workable\.com/api/accounts/(?P<token>[\w-]+)",
        r"^apply\.workable\.com/(?P<token>[\w-]+)",
        r"^(?P<token>[\w-]+)\.workable\.com(?:/|$)",
    ),
    embeds=(r"^(?:www|apply)\.workable\.com/assets/embed\.js",),
    inline=(
        r"workable\.com/api/(?:v\d/)?(?:widget/)?accounts/(?P<token>[a-zA-Z][\w-]*)",
        r"whr_embed\(\s*(?P<number>\d+)",
    ),
    marks="#whr_embed_hook, .whr-item",
    feed="https://apply.workable.com/api/v1/widget/accounts/{token}?details=true",
    home="https://apply.workable.com/{token}/",
    not_tokens=frozenset(
        {
            "www",
            "apply",
            "api",
            "help",
            "resources",
            "support",
            "jobs",
            "j",
            "assets",
            "careers-page",
            "get",
            "blog",
            "status",
            "workable-application-form",
            "id",
        }
    ),
    rendered=True,
    json=read_json,
    html=read_html,
)
