"""BambooHR: a list in JSON without addresses, and the widget's list in HTML."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.rows import Cells
from livepane.scrapers.job_postings.text import clean, first
from livepane.scrapers.job_postings.urls import origin, path
from livepane.scrapers.job_postings.values import dig, flag, named, number, place, rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor

PLACES = {"0": "onsite", "1": "remote", "2": "hybrid"}  # locationType
CELLS = Cells(
    row="li.BambooHR-ATS-Jobs-Item, .ResAts__listing, [data-testid=job-item]",
    link="a[href]",
    title="a",
    location=".BambooHR-ATS-Location, .ResAts__listing-location",
    group="li.BambooHR-ATS-Department-Item",
    group_title=".BambooHR-ATS-Department-Header",
)


def _posting(row: dict[str, Any], home: str) -> Posting:
    identity = first(row.get("id"), dig(row, "jobOpeningId"))
    return Posting(
        title=first(row.get("jobOpeningName"), row.get("jobTitle"), dig(row, "title", "label"), row.get("title")),
        url=first(row.get("jobOpeningShareUrl")) or (f"{home}/careers/{identity}" if identity else ""),
        id=identity,
        locations=[place(row.get("atsLocation")) or place(row.get("location")) or named(row.get("location"))],
        workplace=PLACES.get(
            clean(row.get("locationType")), clean(row.get("locationType")) if not clean(row.get("locationType")).isdigit() else ""
        ),
        remote=flag(row.get("isRemote")),
        department=first(row.get("departmentLabel"), named(row.get("department"))),
        employment=first(row.get("employmentStatusLabel"), named(row.get("employmentType"))),
        seniority=named(row.get("minimumExperience")),
        description=str(row.get("description") or ""),
        posted=row.get("datePosted") or row.get("postedDate"),
        salary_text=clean(row.get("compensation")),
    )


def read_json(value: Any, document: Document) -> Found | None:
    """`/careers/list` with `meta.totalCount`, and `/careers/{id}/detail`."""
    home = origin(document.url)
    detail = dig(value, "result", "jobOpening")
    if isinstance(detail, dict):
        if clean(detail.get("jobOpeningStatus")).lower() in {"closed", "filled", "canceled"}:
            return Found("bamboohr_api", "feed", error="expired: the posting is closed")
        posting = _posting(detail, home)
        posting.id = posting.id or next((part for part in path(posting.url).split("/") if part.isdigit()), "")
        return Found("bamboohr_api", "feed", [posting])
    listed = rows(value, "result")
    if listed is None or not (dig(listed, 0, "jobOpeningName") or dig(value, "meta", "totalCount") is not None):
        return None
    total = number(dig(value, "meta", "totalCount"))
    return Found(
        "bamboohr_api",
        "feed",
        [_posting(row, home) for row in listed],
        total=total,
        zero="" if listed or total else "the feed lists no job",
    )


def read_html(document: Document) -> Found | None:
    """`/jobs/embed2.php`, alone or put into a customer's page."""
    if not document.all("li.BambooHR-ATS-Jobs-Item, .ResAts__listing"):
        return None
    postings = CELLS.read(document)
    for posting in postings:
        tail = posting.url.partition("?id=")[2] or posting.url.rstrip("/").rpartition("/")[2]
        posting.id = tail.partition("&")[0]
    return Found("bamboohr_html", "list", postings) if postings else None


VENDOR = Vendor(
    name="bamboohr",
    boards=(r"^(?P<token>[\w-]+)\.bamboohr\.(?:com|co\.uk)/(?:careers|jobs|hiring)",),
    embeds=(r"^(?P<token>[\w-]+)\.bamboohr\.com/js/(?:embed|jobs2?)\.js", r"^(?P<token>[\w-]+)\.bamboohr\.com/jobs/embed"),
    inline=(r"(?P<token>[\w-]+)\.bamboohr\.com/(?:js/|jobs|careers)",),
    marks="#BambooHR, [data-domain$='.bamboohr.com']",
    token_attribute="data-domain",  # noqa: S106 - the name of an attribute
    feed="https://{token}.bamboohr.com/careers/list",
    home="https://{token}.bamboohr.com/careers",
    not_tokens=frozenset({"www", "app", "api", "resources", "documentation", "help", "partners"}),
    rendered=True,
    json=read_json,
    html=read_html,
)
