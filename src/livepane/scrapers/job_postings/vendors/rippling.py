"""Rippling: a row for every place of a job, in feeds of two generations and in the state of its boards."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.money import from_range
from livepane.scrapers.job_postings.posting import Found, Posting, Salary
from livepane.scrapers.job_postings.text import clean, first
from livepane.scrapers.job_postings.urls import query, with_query
from livepane.scrapers.job_postings.values import dig, named, number, places, rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor

KINDS = {
    "SALARIED_FT": "full time",
    "HOURLY_FT": "full time",
    "SALARIED_PT": "part time",
    "HOURLY_PT": "part time",
    "TEMP": "temporary",
    "INTERN": "internship",
    "CONTRACTOR": "contractor",
}
PAGE = 20


def _kind(value: Any) -> str:
    """The kind of employment: a code, a name, or both in either order under `id` and `label`."""
    said = [text for text in (clean(dig(value, "id")), clean(dig(value, "label")), named(value)) if text]
    return next((KINDS[text] for text in said if text in KINDS), next((text for text in said if not text.isupper()), ""))


def _pay(row: dict[str, Any]) -> Salary | None:
    """One range for all places that are paid in one currency by one period."""
    details = [pay for pay in rows(row, "payRangeDetails") or [] if pay.get("rangeStart") or pay.get("rangeEnd")]
    if not details or len({(clean(pay.get("currency")), clean(pay.get("frequency"))) for pay in details}) > 1:
        return None
    ends = [pay.get(key) for pay in details for key in ("rangeStart", "rangeEnd")]
    values = [float(end) for end in ends if isinstance(end, int | float) and end > 0]
    if not values:
        return None
    return from_range(min(values), max(values), details[0].get("currency"), details[0].get("frequency"))


def _posting(row: dict[str, Any]) -> Posting:
    where = [named(item) for item in row.get("locations") or [] if item] if isinstance(row.get("locations"), list) else []
    where = where or [named(item) for item in row.get("workLocations") or []] or [named(row.get("workLocation"))]
    kind = _kind(row.get("employmentType"))
    workplace = next(
        (clean(item.get("workplaceType")) for item in rows(row, "locations") or [] if item.get("workplaceType")),
        clean(row.get("workplaceType")),
    )
    description = row.get("description")
    return Posting(
        title=first(row.get("name"), row.get("title")),
        url=clean(row.get("url")),
        id=first(row.get("uuid"), row.get("id")),
        company=named(row.get("companyName")),
        locations=where or places(row.get("location")),
        workplace=workplace,
        department=first(dig(row, "department", "base_department"), named(row.get("department"))),
        employment=kind,
        description="".join(str(part) for part in description.values())
        if isinstance(description, dict)
        else str(description or ""),
        posted=row.get("createdOn") or row.get("publishedAt"),
        salary=_pay(row),
    )


def _found(value: Any, document: Document, source: str) -> Found | None:
    listed = rows(value, "items")
    if listed is None or not (dig(listed, 0, "id") or dig(listed, 0, "uuid") or not listed):
        return None
    total, pages, page = number(value.get("totalItems")), number(value.get("totalPages")), number(query(document.url).get("page"))
    current = page if page is not None else number(value.get("page")) or 0
    following = with_query(document.url, page=current + 1) if listed and pages and current + 1 < pages else None
    # `totalItems` counts rows, and a job has one row a place: it is no number of jobs.
    return Found(
        source,
        "feed",
        [_posting(row) for row in listed],
        next_page=following,
        zero="" if listed or total else "the feed lists no job",
    )


def read_json(value: Any, document: Document) -> Found | None:
    """`/api/v2/board/{s}/jobs` (pages), `/platform/api/ats/v1/board/{s}/jobs` (all at once), and one posting."""
    if "rippling.com" not in document.url and not str(dig(value, "items", 0, "url") or dig(value, 0, "url") or "").startswith(
        "https://ats.rippling.com/"
    ):
        return None
    if isinstance(value, list) and (listed := rows(value)) is not None:
        return Found("rippling_api", "feed", [_posting(row) for row in listed], zero="" if listed else "the feed lists no job")
    if isinstance(value, dict) and value.get("uuid") and value.get("name"):
        return Found("rippling_api", "feed", [_posting(value)])
    return _found(value, document, "rippling_api")


def read_html(document: Document) -> Found | None:
    """`ats.rippling.com/{s}/jobs`: the state of the page."""
    if "rippling.com" not in document.url:
        return None
    from livepane.scrapers.job_postings.state import next_data

    props = dig(next_data(document), "props", "pageProps")
    post = dig(props, "apiData", "jobPost")
    if isinstance(post, dict) and post.get("name"):
        posting = _posting(post)
        posting.url = posting.url or document.url
        return Found("rippling_board", "feed", [posting], company=named(dig(post, "companyName")))
    for query_ in rows(props, "dehydratedState", "queries") or []:
        data = dig(query_, "state", "data")
        if (dig(data, "items") is not None) and (found := _found(data, document, "rippling_board")):
            return found
    return None


VENDOR = Vendor(
    name="rippling",
    boards=(
        r"^ats\.rippling\.com/api/v\d/board/(?P<token>[\w-]+)",
        r"^api\.rippling\.com/platform/api/ats/v\d/board/(?P<token>[\w-]+)",
        r"^ats\.rippling\.com/(?:[a-z]{2}(?:-[A-Za-z]{2,4})?/|embed/)?(?P<token>[\w-]+)(?:/jobs|$|/$)",
    ),
    inline=(r"(?:ats\.rippling\.com/api/v\d|api\.rippling\.com/platform/api/ats/v\d)/board/(?P<token>[\w-]+)",),
    feed="https://ats.rippling.com/api/v2/board/{token}/jobs?page=0&pageSize=100",
    home="https://ats.rippling.com/{token}/jobs",
    not_tokens=frozenset({"api", "embed", "_next", "static"}),
    json=read_json,
    html=read_html,
)
