"""Recruitee (Tellent): a feed on every board, also below a customer's own domain."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.money import from_range
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.rows import Cells
from livepane.scrapers.job_postings.text import clean, first, joined
from livepane.scrapers.job_postings.values import dig, flag, places, rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor

CELLS = Cells(
    row=".job, [data-testid=offer-list-grid] > div, .c-job, li.job-offer",
    link=".job-title a[href], a[href*='/o/']",
    title=".job-title, a[href*='/o/'], h5",
    location=".job-location, [data-testid=styled-location-list-item]",
    department=".department, .job-department",
)


def _workplace(row: dict[str, Any]) -> str:
    for key, word in (("hybrid", "hybrid"), ("remote", "remote"), ("on_site", "onsite")):
        if flag(row.get(key)):
            return word
    return ""


def _posting(row: dict[str, Any]) -> Posting:
    translations = row.get("translations")
    words = next((item for item in translations.values() if isinstance(item, dict)), {}) if isinstance(translations, dict) else {}
    pay = row.get("salary") if isinstance(row.get("salary"), dict) else {}
    where = places(row.get("locations")) or [
        clean(row.get("location")) or joined([row.get("city"), row.get("state_name"), row.get("country")])
    ]
    return Posting(
        title=first(row.get("title"), row.get("sharing_title"), words.get("title")),
        url=first(row.get("careers_url"), row.get("url")),
        id=clean(row.get("id")),
        company=clean(row.get("company_name")),
        locations=where,
        workplace=_workplace(row),
        department=first(row.get("department"), dig(row, "department", "name")),
        employment=clean(row.get("employment_type_code")).replace("fulltime", "full_time ").replace("parttime", "part_time "),
        seniority=clean(row.get("experience_code")).replace("_", " "),
        description=f"{row.get('description') or words.get('description') or ''} {row.get('requirements') or words.get('requirements') or ''}",
        posted=row.get("published_at") or row.get("created_at"),
        valid_through=row.get("close_at"),
        salary=from_range(dig(pay, "min"), dig(pay, "max"), dig(pay, "currency"), dig(pay, "period")),
        apply=clean(row.get("careers_apply_url")),
        evergreen=clean(row.get("kind")) in {"talent_pool", "open_application"},
    )


def read_json(value: Any, document: Document) -> Found | None:
    """`/api/offers/`."""
    listed = rows(value, "offers")
    if listed is None:
        return (
            Found("recruitee_api", "feed", [_posting(value["offer"])])
            if isinstance(dig(value, "offer", "careers_url"), str)
            else None
        )
    return Found(
        "recruitee_api",
        "feed",
        [_posting(row) for row in listed if row.get("status", "published") == "published"],
        zero="" if listed else "the feed lists no job",
    )


def read_html(document: Document) -> Found | None:
    """Boards of the old templates; newer ones carry their state."""
    if "recruitee.com" not in document.url and not document.all("a[href*='recruitee'], script[src*=recruitee]"):
        return None
    postings = [posting for posting in CELLS.read(document) if "/o/" in posting.url]
    return Found("recruitee_html", "list", postings) if postings else None


VENDOR = Vendor(
    name="recruitee",
    boards=(r"^(?P<token>[\w-]+)\.recruitee\.com(?:/|$)", r"^api\.recruitee\.com/c/(?P<token>[\w-]+)/"),
    embeds=(r"^(?:\w+\.)?(?:recruitee\.com|recruiteecdn\.com)/.{0,60}widget", r"^d10zminp1cyta8\.cloudfront\.net/widget\.js"),
    # Its boards under a customer's own name.
    marks="[class*=custom-css-style-job], script[src*='recruiteecdn.com'], link[href*='recruiteecdn.com']",
    inline=(r"RTWidget\(\s*\{[^}]{0,200}?[\"']?companies[\"']?\s*:\s*\[\s*(?P<number>\d+)",),
    feed="https://{token}.recruitee.com/api/offers/",
    home="https://{token}.recruitee.com/",
    not_tokens=frozenset(
        {"www", "api", "app", "docs", "careers", "careers-analytics", "support", "cdn", "auth", "blog", "jobs", "s3"}
    ),
    json=read_json,
    html=read_html,
)
