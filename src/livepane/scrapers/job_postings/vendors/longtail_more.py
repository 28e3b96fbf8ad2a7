"""More systems of the long tail that answer in JSON."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.generic_json import posting_of
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.text import clean, first, joined
from livepane.scrapers.job_postings.urls import host, number_in, origin, path, query, with_query
from livepane.scrapers.job_postings.values import dig, flag, named, number, place, places, rows
from livepane.scrapers.job_postings.vendors.longtail import answer


def paylocity(value: Any, document: Document) -> Found | None:
    """Paylocity: `window.pageData.Jobs`."""
    listed = rows(value, "Jobs") or rows(value, "jobs")
    if not listed or not (dig(listed, 0, "JobTitle") and dig(listed, 0, "JobId")):
        return None
    postings = [
        Posting(
            title=clean(row.get("JobTitle")),
            url=f"https://recruiting.paylocity.com/Recruiting/Jobs/Details/{clean(row.get('JobId'))}",
            id=clean(row.get("JobId")),
            company=clean(row.get("CompanyName")),
            locations=[
                joined([dig(row, "JobLocation", "City"), dig(row, "JobLocation", "State"), dig(row, "JobLocation", "Country")])
                or first(row.get("LocationName"), dig(row, "JobLocation", "Name"))
            ],
            department=first(row.get("HiringDepartment"), row.get("Department")),
            remote=flag(row.get("IsRemote")),
            posted=row.get("PublishedDate"),
            description=str(row.get("Description") or ""),
            employment=clean(row.get("JobType")),
        )
        for row in listed
    ]
    return answer("paylocity", postings)


def join_com(value: Any, document: Document) -> Found | None:
    """JOIN: `/api/public/companies/{id}/jobs`, or the state of `join.com/companies/{name}`."""
    block = dig(value, "props", "pageProps", "initialState", "jobs") or value
    listed = rows(block, "items")
    if not listed or not (dig(listed, 0, "idParam") or dig(listed, 0, "workplaceType")):
        return None
    company = clean(dig(value, "props", "pageProps", "initialState", "company", "name"))
    slug = first(
        dig(value, "props", "pageProps", "initialState", "company", "domain"),
        path(document.url).rpartition("/companies/")[2].partition("/")[0],
    )
    postings = []
    for row in listed:
        posting = posting_of(row, document.url) or Posting(title="")
        posting.url = (
            f"https://join.com/companies/{slug}/{clean(row.get('idParam'))}" if slug and row.get("idParam") else posting.url
        )
        posting.department, posting.employment = named(row.get("category")), named(row.get("employmentType"))
        posting.locations = (
            [joined([dig(row, "city", "cityName"), dig(row, "city", "countryName"), dig(row, "country", "name")])]
            if row.get("city")
            else posting.locations
        )
        postings.append(posting)
    pages, page = number(dig(block, "pagination", "pageCount")), number(dig(block, "pagination", "page"))
    following = with_query(document.url, page=page + 1) if pages and page and page < pages else None
    return Found(
        "join_api" if document.kind == "json" else "join_state",
        "feed",
        postings,
        ats="join",
        company=company,
        total=number(dig(block, "pagination", "rowCount")),
        next_page=following,
    )


def gem(value: Any, document: Document) -> Found | None:
    """Gem: `/job_board/v0/{board}/job_posts/`."""
    if (
        isinstance(value, list)
        and dig(value, 0, "absolute_url")
        and "gem.com" in str(dig(value, 0, "absolute_url")) + host(document.url)
    ):
        return answer("gem", [posting for row in value if isinstance(row, dict) and (posting := posting_of(row, document.url))])
    return None


def gupy(value: Any, document: Document) -> Found | None:
    """Gupy: the state of `{t}.gupy.io`."""
    listed = rows(value, "props", "pageProps", "jobs")
    if not listed or "gupy.io" not in document.url:
        return None
    kinds = {
        "vacancy_type_effective": "full time",
        "vacancy_type_internship": "internship",
        "vacancy_type_apprentice": "apprenticeship",
        "vacancy_type_temporary": "temporary",
        "vacancy_type_talent_pool": "talent pool",
        "vacancy_legal_entity": "contractor",
        "vacancy_type_freelancer": "freelance",
    }
    postings = []
    for row in listed:
        address = dig(row, "workplace", "address")
        kind = clean(row.get("type"))
        postings.append(
            Posting(
                title=first(row.get("title"), row.get("name")),
                url=f"{origin(document.url)}/jobs/{clean(row.get('id'))}",
                id=clean(row.get("id")),
                locations=[place(address)],
                department=named(row.get("department")),
                workplace=clean(dig(row, "workplace", "workplaceType")),
                employment=kinds.get(kind, ""),
                evergreen=kind == "vacancy_type_talent_pool",
            )
        )
    return Found(
        "gupy_state", "feed", postings, ats="gupy", company=clean(dig(value, "props", "pageProps", "careerPage", "name"))
    )


def dayforce(value: Any, document: Document) -> Found | None:
    """Dayforce: `jobPostings` with `postingLocations`."""
    listed = rows(value, "jobPostings")
    if not listed or not dig(listed, 0, "jobPostingId"):
        return None
    postings = [
        Posting(
            title=clean(row.get("jobTitle")),
            url=f"{origin(document.url)}/{path(document.url).strip('/').partition('/')[0]}/jobs/{clean(row.get('jobPostingId'))}"
            if "dayforce" not in path(document.url)
            else "",
            id=clean(row.get("jobPostingId")),
            locations=[first(item.get("formattedAddress"), place(item)) for item in rows(row, "postingLocations") or []],
            posted=row.get("postingStartTimestampUTC"),
            valid_through=row.get("postingExpiryTimestampUTC"),
            remote=flag(row.get("hasVirtualLocation")),
            description=str(row.get("jobPostingContent") or ""),
        )
        for row in listed
    ]
    return answer("dayforce", postings, total=number(dig(value, "maxCount")))


def cornerstone(value: Any, document: Document) -> Found | None:
    """Cornerstone: `data.requisitions` of `rec-job-search`."""
    listed = rows(value, "data", "requisitions")
    if listed is None:
        return None
    postings = [
        Posting(
            title=clean(row.get("displayJobTitle")),
            url=f"{origin(document.url)}/ux/ats/careersite/1/home/requisition/{clean(row.get('requisitionId'))}",
            id=clean(row.get("requisitionId")),
            locations=places(row.get("locations")),
            posted=row.get("postingEffectiveDate"),
            description=str(row.get("externalDescription") or ""),
        )
        for row in listed
    ]
    return answer("cornerstone", postings, total=number(dig(value, "data", "totalCount")))


def jibe(value: Any, document: Document) -> Found | None:
    """Jibe (iCIMS Attract): `/api/jobs`, rows wrapped in `data`."""
    listed = rows(value, "jobs")
    if not listed or not isinstance(dig(listed, 0, "data"), dict) or "title" not in listed[0]["data"]:
        return None
    postings = []
    for row in listed:
        inner = row["data"] if isinstance(row.get("data"), dict) else {}
        postings.append(
            Posting(
                title=clean(inner.get("title")),
                url=document.link(dig(inner, "meta_data", "canonical_url"))
                or f"{origin(document.url)}/careers-home/jobs/{first(inner.get('slug'), inner.get('req_id'))}",
                id=first(inner.get("req_id"), inner.get("slug")),
                company=clean(inner.get("hiring_organization")),
                locations=[
                    first(inner.get("full_location"), inner.get("short_location"))
                    or joined([inner.get("city"), inner.get("state"), inner.get("country")])
                ],
                department=first(named(inner.get("department")), named(inner.get("category")), named(inner.get("categories"))),
                employment=clean(inner.get("employment_type")),
                workplace=clean(inner.get("location_type"))
                if str(inner.get("location_type")).lower() in {"remote", "hybrid", "onsite"}
                else "",
                description=str(inner.get("description") or ""),
                posted=inner.get("posted_date") or inner.get("create_date"),
                apply=clean(inner.get("apply_url")),
            )
        )
    total, page = number(value.get("totalCount")), number_in(query(document.url), "page") or 1
    following = with_query(document.url, page=page + 1) if total and page * max(10, len(listed)) < total else None
    return Found("jibe_api", "feed", postings, ats="icims", total=total, next_page=following)


READERS = (paylocity, join_com, gem, gupy, dayforce, cornerstone, jibe)
