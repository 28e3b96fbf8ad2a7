"""Systems of the long tail that answer in JSON: where their rows are and how an address is made of them."""

from __future__ import annotations

import re
from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.generic_json import posting_of
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.text import clean, first, joined
from livepane.scrapers.job_postings.urls import number_in, origin, path, query, with_query
from livepane.scrapers.job_postings.values import dig, flag, named, number, places, rows


def answer(name: str, postings: list[Posting], **more: Any) -> Found:
    """What a system of this name has answered."""
    return Found(
        f"{name}_api", "feed", postings, ats=name, zero="" if postings or more.get("total") else "the feed lists no job", **more
    )


def oracle(value: Any, document: Document) -> Found | None:
    """Oracle Recruiting: `recruitingCEJobRequisitions`, rows in `items[0].requisitionList`."""
    listed = rows(value, "items", 0, "requisitionList")
    if listed is None:
        detail = dig(value, "items", 0)
        if not (isinstance(detail, dict) and "ExternalDescriptionStr" in detail):
            return None
        listed = [detail]
    site = re.search(r"siteNumber=([\w-]+)", document.url)
    home = f"{origin(document.url)}/hcmUI/CandidateExperience/en/sites/{site[1] if site else 'CX'}/job/"
    postings = [
        Posting(
            title=clean(row.get("Title")),
            url=home + clean(row.get("Id")),
            id=clean(row.get("Id")),
            locations=[
                clean(row.get("PrimaryLocation")),
                *(clean(item.get("Name")) for item in rows(row, "secondaryLocations") or []),
            ],
            workplace=clean(row.get("WorkplaceType")),
            department=first(row.get("Department"), row.get("Organization")),
            role_hint=first(row.get("JobFunction"), row.get("JobFamily"), row.get("Category")),
            employment=joined([row.get("JobSchedule"), row.get("ContractType"), row.get("JobType")], " / "),
            posted=row.get("PostedDate") or row.get("ExternalPostedStartDate"),
            valid_through=row.get("PostingEndDate"),
            description="".join(
                str(row.get(key) or "")
                for key in (
                    "ExternalDescriptionStr",
                    "ShortDescriptionStr",
                    "ExternalResponsibilitiesStr",
                    "ExternalQualificationsStr",
                )
            ),
        )
        for row in listed
    ]
    total = number(dig(value, "items", 0, "TotalJobsCount"))
    offset = re.search(r"offset=(\d+)", document.url)
    seen = (int(offset[1]) if offset else 0) + len(listed)
    following = None
    if total and listed and seen < total:
        following = (
            document.url.replace(offset[0], f"offset={seen}")
            if offset
            else f"{document.url},offset={seen}"
            if "finder=" in document.url
            else None
        )
    return answer("oracle", postings, total=total, next_page=following)


def eightfold(value: Any, document: Document) -> Found | None:
    """Eightfold: `/api/apply/v2/jobs` (`positions`, `count`) and `/api/pcsx/search` (`data.positions`)."""
    listed = rows(value, "positions") or rows(value, "data", "positions")
    if not listed or not (
        dig(listed, 0, "canonicalPositionUrl")
        or dig(listed, 0, "ats_job_id")
        or dig(listed, 0, "positionUrl")
        or dig(listed, 0, "t_create")
    ):
        return None
    postings = []
    for row in listed:
        posting = posting_of(row, document.url) or Posting(title="")
        identity = clean(row.get("id"))
        posting.title, posting.id = first(row.get("posting_name"), row.get("name")), identity
        posting.url = (
            first(row.get("canonicalPositionUrl"))
            or document.link(row.get("positionUrl"))
            or f"{origin(document.url)}/careers/job/{identity}"
        )
        posting.locations = places(row.get("locations")) or places(row.get("location"))
        posting.workplace = first(row.get("work_location_option"), row.get("workLocationOption"))
        posting.department, posting.employment = named(row.get("department")), ""
        posting.posted = row.get("t_create") or row.get("postedTs") or row.get("creationTs")
        posting.role_hint = named(row.get("business_unit"))
        postings.append(posting)
    total = number(dig(value, "count")) or number(dig(value, "data", "count"))
    start = number_in(query(document.url), "start") or 0
    following = with_query(document.url, start=start + len(listed)) if total and start + len(listed) < total else None
    return answer("eightfold", postings, total=total, next_page=following)


def phenom(value: Any, document: Document) -> Found | None:
    """Phenom: `phApp.ddo` of a page or the answer of `/widgets`."""
    detail = dig(value, "jobDetail", "data", "job")
    block = next((found for key in ("eagerLoadRefineSearch", "refineSearch", "jobsSearch") if (found := dig(value, key))), None)
    listed = rows(block, "data", "jobs")
    if listed is None:
        if not isinstance(detail, dict) or not detail.get("title"):
            return None
        listed = [detail]
    match = re.match(r"/(?:[a-z]{2,6}/[a-z]{2}(?:-[a-z]{2})?(?=/|$))", path(document.url))
    home = origin(document.url) + (match[0] if match else "")
    postings = []
    for row in listed:
        identity = first(row.get("jobId"), row.get("reqId"), row.get("jobSeqNo"))
        sequence = first(row.get("jobSeqNo"), identity)
        where = [
            clean(item.get("location") or item.get("latlong")) for item in rows(row, "multi_location_array") or []
        ] or places(row.get("multi_location"))
        postings.append(
            Posting(
                title=clean(row.get("title")),
                url=document.url if row is detail else f"{home}/job/{sequence}",
                id=identity,
                company=first(row.get("companyName"), row.get("company")),
                locations=where
                or [first(row.get("cityStateCountry"), row.get("cityState"), row.get("location"), row.get("city"))],
                department=first(named(row.get("department")), named(row.get("multi_category")), row.get("category")),
                role_hint=clean(row.get("category")),
                employment=first(row.get("type"), row.get("employmentType"), row.get("jobType")),
                workplace=first(
                    row.get("workplaceType"),
                    row.get("remote"),
                    row.get("workLocation") if "emote" in str(row.get("workLocation")) else "",
                ),
                description=str(row.get("description") or row.get("descriptionTeaser") or ""),
                posted=row.get("postedDate") or row.get("dateCreated"),
                apply=clean(row.get("applyUrl")),
            )
        )
    total, start = number(dig(block, "totalHits")), number_in(query(document.url), "from") or 0
    following = (
        with_query(document.url, **{"from": start + len(listed), "s": 1})
        if total and listed and start + len(listed) < total and document.kind == "html"
        else None
    )
    return Found(
        "phenom_state" if document.kind == "html" else "phenom_api",
        "feed",
        postings,
        ats="phenom",
        total=total if block else None,
        next_page=following,
        zero="the search finds no job" if block and not listed and total == 0 else "",
    )


def taleo(value: Any, document: Document) -> Found | None:
    """Taleo: `requisitionList` with columns by position."""
    listed = rows(value, "requisitionList")
    if listed is None or "pagingData" not in value:
        return None
    section = re.search(r"/careersection/(?:rest/)?([\w-]+)/", document.url)
    home = f"{origin(document.url)}/careersection/{section[1] if section and section[1] not in {'rest', 'jobboard'} else 'ex'}/jobdetail.ftl?job="
    postings = []
    for row in listed:
        columns = [clean(item) for item in row.get("column") or []] if isinstance(row.get("column"), list) else []
        if not columns:
            continue
        where = next((text for text in columns[1:] if text.startswith(("[", '["'))), "")
        postings.append(
            Posting(
                title=columns[0],
                url=home + first(row.get("contestNo"), row.get("jobId")),
                id=first(row.get("contestNo"), row.get("jobId")),
                locations=[text.strip('" ').replace("-", ", ") for text in where.strip("[]").split('","')] if where else [],
                posted=next((text for text in reversed(columns) if re.search(r"\d{4}", text) and not text.startswith("[")), None),
            )
        )
    total = number(dig(value, "pagingData", "totalCount"))
    return answer("taleo", postings, total=total)


def ukg(value: Any, document: Document) -> Found | None:
    """UKG Pro (UltiPro): `opportunities` of `LoadSearchResults`."""
    listed = rows(value, "opportunities")
    if listed is None:
        return None
    board = re.match(r"(https?://[^?#]+?/JobBoard/[^/?#]+)", document.url, re.IGNORECASE)
    home = f"{board[1]}/OpportunityDetail?opportunityId=" if board else ""
    postings = [
        Posting(
            title=clean(row.get("Title")),
            url=home + clean(row.get("Id")) if home else "",
            id=clean(row.get("Id")),
            locations=[
                joined(
                    [dig(item, "Address", "City"), dig(item, "Address", "State", "Code"), dig(item, "Address", "Country", "Code")]
                )
                or first(item.get("LocalizedDescription"), item.get("LocalizedName"))
                for item in rows(row, "Locations") or []
            ],
            department=clean(row.get("JobCategoryName")),
            employment="full time" if flag(row.get("FullTime")) else "part time" if row.get("FullTime") is False else "",
            description=str(row.get("BriefDescription") or row.get("Description") or ""),
            posted=row.get("PostedDate"),
            workplace={"1": "onsite", "2": "remote", "3": "hybrid"}.get(clean(row.get("JobLocationType")), ""),
        )
        for row in listed
    ]
    return answer("ukg", postings, total=number(dig(value, "totalCount")))


READERS = (oracle, eightfold, phenom, taleo, ukg)
