"""Ashby: a public feed, and boards that carry their list in `window.__appData`."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.jsonld import salary_of
from livepane.scrapers.job_postings.money import from_range
from livepane.scrapers.job_postings.posting import Found, Posting, Salary
from livepane.scrapers.job_postings.text import clean, first
from livepane.scrapers.job_postings.urls import path
from livepane.scrapers.job_postings.values import dig, flag, named, places, rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor


def _places(row: dict[str, Any]) -> list[str]:
    address = dig(row, "address", "postalAddress")
    main = first(row.get("location"), row.get("locationName")) or next(iter(places(address)), "")
    return [main, *(clean(dig(item, "location") or dig(item, "locationName")) for item in rows(row, "secondaryLocations") or [])]


def _pay(row: dict[str, Any]) -> Salary | None:
    """The component that is a salary; equity and commission are none. Several tiers give one range."""
    compensation = row.get("compensation")
    parts = rows(compensation, "summaryComponents") or [
        part for tier in rows(compensation, "compensationTiers") or [] for part in rows(tier, "components") or []
    ]
    pay = [part for part in parts if clean(part.get("compensationType")).lower() == "salary" and part.get("minValue")]
    if not pay:  # a board's own page states it only for search engines
        return salary_of(dig(row, "linkedData", "baseSalary"), {})[0]
    if len({(clean(part.get("currencyCode")), clean(part.get("interval"))) for part in pay}) > 1:
        return None
    interval = clean(pay[0].get("interval")).lower().removeprefix("1 ")
    lows = [part["minValue"] for part in pay]
    highs = [part.get("maxValue") or part["minValue"] for part in pay]
    try:
        return from_range(min(lows), max(highs), pay[0].get("currencyCode"), interval)
    except TypeError:
        return None


def _posting(row: dict[str, Any], slug: str) -> Posting:
    identity = clean(row.get("id"))
    return Posting(
        title=clean(row.get("title")),
        url=clean(row.get("jobUrl")) or (f"https://jobs.ashbyhq.com/{slug}/{identity}" if slug and identity else ""),
        id=identity,
        locations=_places(row),
        workplace=clean(row.get("workplaceType")),
        remote=flag(row.get("isRemote")),
        department=first(row.get("department"), row.get("departmentName"), row.get("team"), row.get("teamName")),
        role_hint=first(row.get("team"), row.get("teamName")),
        employment=clean(row.get("employmentType")),
        description=str(row.get("descriptionHtml") or row.get("descriptionPlain") or ""),
        posted=row.get("publishedAt") or row.get("publishedDate"),
        salary=_pay(row),
        salary_text=first(
            dig(row, "compensation", "scrapeableCompensationSalarySummary"),
            dig(row, "compensation", "compensationTierSummary"),
            row.get("compensationTierSummary"),
            row.get("scrapeableCompensationSalarySummary"),
        ),
        apply=clean(row.get("applyUrl")),
    )


def _listed(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in listed if row.get("isListed") is not False]


def read_json(value: Any, document: Document) -> Found | None:
    """`/posting-api/job-board/{s}`, or the answer of the board's own GraphQL."""
    slug = path(document.url).rstrip("/").rpartition("/")[2] if "ashbyhq.com" in document.url else ""
    board = dig(value, "data", "jobBoard") or dig(value, "data", "jobBoardWithTeams")
    if listed := rows(board, "jobPostings"):
        return Found("ashby_api", "feed", [_posting(row, "") for row in _listed(listed)], total=len(listed))
    if (
        isinstance(value, dict)
        and "data" in value
        and (("jobBoard" in (value["data"] or {})) if isinstance(value["data"], dict) else False)
    ):
        return Found(
            "ashby_api",
            "feed",
            error="not_found: the board is unknown" if not board else "",
            zero="the feed lists no job" if board else "",
        )
    if isinstance(value, dict) and value.get("organization", 1) is None:
        return Found("ashby_api", "feed", error="not_found: the board is unknown to Ashby")
    listed = rows(value, "jobs")
    if listed is None or not (
        dig(listed, 0, "jobUrl") or dig(listed, 0, "isListed") is not None or "ashbyhq.com" in document.url
    ):
        return None
    shown = _listed(listed)
    return Found("ashby_api", "feed", [_posting(row, slug) for row in shown], zero="" if shown else "the feed lists no job")


def read_html(document: Document) -> Found | None:
    """A board or a posting of `jobs.ashbyhq.com`: the state of the page."""
    data: Any = None
    for _, text in document.scripts:
        if "__appData" in text:
            from livepane.scrapers.job_postings.state import values_in

            data = next(
                (
                    value
                    for value in values_in(text)
                    if isinstance(value, dict) and ("organization" in value or "jobBoard" in value or "posting" in value)
                ),
                None,
            )
    if data is None:
        return None
    slug = first(dig(data, "organization", "hostedJobsPageSlug"), path(document.url).strip("/").partition("/")[0])
    company = clean(dig(data, "organization", "name"))
    if isinstance(posting := data.get("posting"), dict):
        read = _posting(posting, slug)
        read.url = read.url or document.url
        return Found("ashby_board", "feed", [read], company=company)
    listed = rows(data, "jobBoard", "jobPostings")
    if listed is None:
        if "organization" in data and data["organization"] is None:
            return Found("ashby_board", "feed", error="not_found: the board is unknown to Ashby")
        return None
    teams = {clean(team.get("id")): named(team) for team in rows(data, "jobBoard", "teams") or []}
    postings = []
    for row in _listed(listed):
        posting_read = _posting(row, slug)
        posting_read.department = posting_read.department or teams.get(clean(row.get("teamId")), "")
        postings.append(posting_read)
    return Found("ashby_board", "feed", postings, company=company, zero="" if postings else "the board lists no job")


VENDOR = Vendor(
    name="ashby",
    boards=(r"^api\.ashbyhq\.com/posting-api/job-board/(?P<token>[\w.%-]+)", r"^jobs\.ashbyhq\.com/(?P<token>[\w.%-]+)"),
    embeds=(r"^jobs\.ashbyhq\.com/(?P<token>[\w.%-]+)/embed",),
    inline=(
        r"api\.ashbyhq\.com/posting-api/job-board/(?P<token>[\w.%-]+)",
        r"jobs\.ashbyhq\.com/(?P<token>[\w.%-]+)/embed",
        r"hostedJobsPageSlug\"\s*:\s*\"(?P<token>[^\"]+)\"",
    ),
    marks="#ashby_embed, #ashby_embed_iframe",
    feed="https://api.ashbyhq.com/posting-api/job-board/{token}?includeCompensation=true",
    home="https://jobs.ashbyhq.com/{token}",
    not_tokens=frozenset({"api", "embed", "static", "_next"}),
    json=read_json,
    html=read_html,
    rendered=True,
)
