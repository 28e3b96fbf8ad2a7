"""SmartRecruiters: a feed that knows every name, and pages of `careers.smartrecruiters.com`."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.rows import Cells
from livepane.scrapers.job_postings.text import clean, first
from livepane.scrapers.job_postings.urls import path, query, with_query
from livepane.scrapers.job_postings.values import dig, flag, named, number, place, rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor

PAGE = 100
CELLS = Cells(
    row="li.opening-job, .opening-job",
    link="a[href]",
    title=".job-title, h4, a",
    location=".job-location, .details .location",
    employment=".job-desc, .details .job-desc",
    group="section.openings-section, .openings-section",
    group_title="h3, .opening-title, .openings-title",
    group_is_location=True,
)


def _posting(row: dict[str, Any]) -> Posting:
    identity = clean(row.get("id") or row.get("uuid"))
    company = clean(dig(row, "company", "identifier"))
    name = clean(dig(row, "company", "name"))
    department = named(row.get("department"))
    sections = dig(row, "jobAd", "sections")
    description = "".join(
        str(dig(sections, key, "text") or "")
        for key in ("jobDescription", "qualifications", "additionalInformation", "companyDescription")
    )
    return Posting(
        title=first(row.get("name"), row.get("title")),
        url=first(row.get("postingUrl"))
        or (f"https://jobs.smartrecruiters.com/{company}/{identity}" if company and identity else clean(row.get("applyUrl"))),
        id=identity,
        company=name,
        locations=[place(row.get("location"))],
        workplace="hybrid" if flag(dig(row, "location", "hybrid")) else clean(row.get("workplaceType")),
        remote=flag(dig(row, "location", "remote")),
        department=named(row.get("function")) if not department or department.casefold() == name.casefold() else department,
        role_hint=named(row.get("function")),
        employment=named(row.get("typeOfEmployment")),
        seniority=named(row.get("experienceLevel")),
        description=description,
        posted=row.get("releasedDate") or row.get("createdOn"),
        apply=clean(row.get("applyUrl")),
    )


def read_json(value: Any, document: Document) -> Found | None:
    """`/v1/companies/{C}/postings` with `totalFound`, or one posting."""
    if (listed := rows(value, "content")) is not None and ("totalFound" in value):
        total, offset = number(value.get("totalFound")), number(value.get("offset")) or 0
        following = (
            with_query(document.url, offset=offset + len(listed)) if listed and total and offset + len(listed) < total else None
        )
        # Zero for a name that it does not know looks the same, so a zero is not proof.
        note = "unknown: SmartRecruiters answers zero for any name" if not listed and not offset else ""
        return Found(
            "smartrecruiters_api", "feed", [_posting(row) for row in listed], total=total, next_page=following, error=note
        )
    if isinstance(value, dict) and isinstance(value.get("jobAd"), dict) and value.get("name"):
        if value.get("active") is False:
            return Found("smartrecruiters_api", "feed", error="expired: the posting is no longer active")
        return Found("smartrecruiters_api", "feed", [_posting(value)])
    return None


def read_html(document: Document) -> Found | None:
    """The list of `careers.smartrecruiters.com/{C}`, grouped by place; more rows come from `/api/more`."""
    if not document.all(".opening-job, .openings-section"):
        return None
    postings = CELLS.read(document)
    for posting in postings:
        posting.id = next((part.partition("-")[0] for part in [path(posting.url).rpartition("/")[2]] if part[:6].isdigit()), "")
    more = next(iter(document.all("a.js-more[href], .js-more a[href], .show-more a[href]")), None)
    following = document.link(more.attributes.get("href")) if more is not None else ""
    if not following and "/api/more" in document.url and postings:
        page = number(query(document.url).get("page")) or 1
        following = with_query(document.url, page=page + 1)
    return Found("smartrecruiters_html", "list", postings, next_page=following or None) if postings else None


VENDOR = Vendor(
    name="smartrecruiters",
    boards=(
        r"^api\.smartrecruiters\.com/v1/companies/(?P<token>[\w-]+)",
        r"^(?:careers|jobs)\.smartrecruiters\.com/(?P<token>[\w-]+)",
    ),
    embeds=(r"^(?:static|www|attrax)\.smartrecruiters\.com/(?:job-widget|ssr)",),
    inline=(
        r"[\"']?company_code[\"']?\s*:\s*[\"'](?P<token>[\w-]+)[\"']",
        r"api\.smartrecruiters\.com/v1/companies/(?P<token>[\w-]+)",
        r"[?&]dcr_ci=(?P<token>[\w-]+)",
    ),
    marks=".srJobList, #st-widget-root, .job-widget[data-company]",
    feed="https://api.smartrecruiters.com/v1/companies/{token}/postings?limit=100",
    home="https://careers.smartrecruiters.com/{token}",
    not_tokens=frozenset({"sr-jobs", "api", "static", "oneclick-ui", "my-applications", "login", "legal"}),
    json=read_json,
    html=read_html,
)
