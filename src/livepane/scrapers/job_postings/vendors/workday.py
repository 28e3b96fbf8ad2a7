"""Workday: a search that is asked by POST and answers twenty rows at a time."""

from __future__ import annotations

import re
from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.rows import Cells
from livepane.scrapers.job_postings.text import clean, first
from livepane.scrapers.job_postings.urls import origin, path, query, with_query
from livepane.scrapers.job_postings.values import dig, number, rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor

PAGE = 20  # more is refused
ROLLUP = re.compile(r"^\d+\s+\w+$")  # "3 Locations": no place
CXS = re.compile(r"^/wday/cxs/(?P<tenant>[^/]+)/(?P<site>[^/]+)/")
CELLS = Cells(
    row="li:has([data-automation-id=jobTitle]), section[data-automation-id=jobResults] li",
    link="a[data-automation-id=jobTitle]",
    title="[data-automation-id=jobTitle]",
    location="[data-automation-id=locations] dd",
    posted="[data-automation-id=postedOn] dd",
    workplace="[data-automation-id=remoteType] dd",
    identity_text="[data-automation-id=subtitle] li",
)


def _home(document: Document) -> str:
    match = CXS.match(path(document.url))
    if not match:
        return origin(document.url)
    recruiting = f"/recruiting/{match['tenant']}" if "myworkdaysite.com" in document.url else ""
    return f"{origin(document.url)}{recruiting}/{match['site']}"


def read_json(value: Any, document: Document) -> Found | None:
    """`POST /wday/cxs/{t}/{site}/jobs`, and the detail below `externalPath`. The next page is named by `offset`."""
    detail = dig(value, "jobPostingInfo")
    if isinstance(detail, dict):
        where = [clean(detail.get("location")), *(clean(item) for item in dig(detail, "additionalLocations") or [])]
        if detail.get("canApply") is False and detail.get("posted") is False:
            return Found("workday_api", "feed", error="expired: the posting is closed")
        return Found(
            "workday_api",
            "feed",
            [
                Posting(
                    title=clean(detail.get("title")),
                    url=first(detail.get("externalUrl")) or _home(document) + CXS.sub("/", path(document.url)),
                    id=first(detail.get("jobReqId"), detail.get("id")),
                    company=clean(dig(value, "hiringOrganization", "name")),
                    locations=where,
                    workplace=clean(detail.get("remoteType")),
                    employment=clean(detail.get("timeType")),
                    description=str(detail.get("jobDescription") or ""),
                    posted=detail.get("startDate") or detail.get("postedOn"),
                    valid_through=detail.get("endDate"),
                )
            ],
        )
    listed = rows(value, "jobPostings")
    if listed is None or not (dig(listed, 0, "externalPath") or "total" in value):
        return None
    home = _home(document)
    postings = []
    for row in listed:
        where_text = clean(row.get("locationsText"))
        external = clean(row.get("externalPath"))
        if not external or not row.get("title"):
            continue
        bullets = [clean(item) for item in row.get("bulletFields") or []] if isinstance(row.get("bulletFields"), list) else []
        identity = next((item for item in bullets if re.search(r"\d{3}", item) and " " not in item), external.rpartition("_")[2])
        hint = re.match(r"/job/([^/]+)/", external)
        rollup = bool(ROLLUP.match(where_text)) and where_text[:1].isdigit()
        postings.append(
            Posting(
                title=clean(row.get("title")),
                url=home + external,
                id=identity,
                locations=[hint[1].replace("-", " ") if hint else ""] if rollup else [where_text],
                workplace=clean(row.get("remoteType")),
                employment=clean(row.get("timeType")),
                posted=row.get("postedOn"),
                signals=["location:rollup"] if rollup else [],
            )
        )
    total, offset = number(value.get("total")), number(query(document.url).get("offset")) or 0
    more = offset + len(listed) < total if total else len(listed) == PAGE and offset > 0
    following = with_query(document.url, offset=offset + len(listed)) if listed and more else None
    zero = "the search finds no job" if not listed and total == 0 and not offset else ""
    return Found("workday_api", "feed", postings, total=total or None, next_page=following, zero=zero)


def read_html(document: Document) -> Found | None:
    """A board that a browser has rendered."""
    if not document.all("[data-automation-id=jobTitle]"):
        return None
    postings = CELLS.read(document)
    for posting in postings:
        posting.locations = [text for text in posting.locations if not ROLLUP.match(text)]
    return Found("workday_html", "list", postings) if postings else None


VENDOR = Vendor(
    name="workday",
    boards=(
        r"^(?P<token>[\w-]+)\.wd\d+\.myworkdayjobs(?:-impl)?\.com(?:/|$)",
        r"^(?P<token>[\w-]+)\.myworkdayjobs\.com(?:/|$)",
        r"^wd\d+\.myworkdaysite\.com/(?:[a-z]{2}-[a-z]{2}/)?recruiting/(?P<token>[\w-]+)/",
        r"^wd\d+\.myworkdaysite\.com/wday/cxs/(?P<token>[\w-]+)/",
    ),
    inline=(r"(?P<token>[\w-]+)\.wd\d+\.myworkdayjobs\.com",),
    rendered=True,
    json=read_json,
    html=read_html,
)
