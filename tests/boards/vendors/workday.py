"""Workday: a search that is asked by POST, twenty rows a page, its total on the first page only, relative dates."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Reply, Request, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

PAGE = 20
KIND = {"full_time": "Full time", "part_time": "Part time", "internship": "Full time", "contract": "Full time"}
PLACE = {"remote": "Remote", "hybrid": "Hybrid", "onsite": ""}


def _posted(age: int) -> str:
    return (
        "Posted Today"
        if age == 0
        else "Posted Yesterday"
        if age == 1
        else f"Posted {age} Days Ago"
        if age <= 30
        else "Posted 30+ Days Ago"
    )


def _path(one: Opening) -> str:
    slug = "".join(char if char.isalnum() else "-" for char in one.title)
    return f"/job/{one.place.city}/{slug}_{one.id}"


def tenant(web: Web, host: str, name: str, site: str, openings: tuple[Opening, ...]) -> str:
    """Search, details and page of a site; gives the search's address."""
    short = host.partition(".")[0]
    rows = [
        {
            "title": one.title,
            "externalPath": _path(one),
            "locationsText": one.place.short,
            "postedOn": _posted(one.age),
            "remoteType": PLACE[one.workplace] or None,
            "timeType": KIND[one.employment],
            "bulletFields": [one.id],
        }
        for one in openings
    ]

    def search(request: Request) -> Reply:
        asked = json.loads(request.body or b"{}")
        offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", PAGE))
        if limit > PAGE or request.method != "POST":
            return Reply('{"errorCode":"HTTP_400","httpStatus":400}', 400, "application/json")
        total = len(rows) if offset == 0 else 0
        answer = {"total": total, "jobPostings": rows[offset : offset + limit], "facets": [], "userAuthenticated": False}
        return Reply(json.dumps(answer), content_type="application/json")

    for one in openings:
        web.json(
            f"https://{host}/wday/cxs/{short}/{site}{_path(one)}",
            {
                "jobPostingInfo": {
                    "id": f"wd{one.id}",
                    "title": one.title,
                    "jobDescription": one.body,
                    "location": one.place.short,
                    "postedOn": _posted(one.age),
                    "startDate": f"{one.posted(web.now):%Y-%m-%d}",
                    "timeType": KIND[one.employment],
                    "remoteType": PLACE[one.workplace] or None,
                    "jobReqId": one.id,
                    "jobPostingId": f"{one.id}-1",
                    "country": {"descriptor": one.place.country, "id": "x"},
                    "canApply": True,
                    "posted": True,
                    "externalUrl": f"https://{host}/{site}{_path(one)}",
                },
                "hiringOrganization": {"name": name, "url": ""},
                "similarJobs": [],
                "userAuthenticated": False,
            },
        )
    shell = (
        '<div id="root"></div><script>window.workday = window.workday || {tenant: "'
        + short
        + '", siteId: "'
        + site
        + '", locale: "en-US"};</script>'
        '<script src="/app.js"></script>'
    )
    web.on(f"https://{host}/{site}", pages.html(shell, title="Careers"))
    web.on(f"https://{host}/en-US/{site}", pages.html(shell, title="Careers"))
    return web.on(f"https://{host}/wday/cxs/{short}/{site}/jobs", search)


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A link with a language in it, a search in two pages, a single posting."""
    own = pick(18, 27, form="JR-{}", first=0)
    host, site = "millstone.wd3.myworkdayjobs.com", "External_Careers"
    url = tenant(web, host, "Millstone Group", site, own)
    jobs = tuple(
        one.expected(
            f"https://{host}/{site}{_path(one)}",
            web.now,
            "location",
            "id",
            *(["location_type"] if one.workplace != "onsite" else []),
            *(["posted"] if one.age <= 30 else []),
            *(["employment_type"] if one.employment in {"full_time", "part_time", "internship"} else []),
        )
        for one in own
    )
    body = f'<h1>Careers at Millstone</h1><p>We grind.</p><a href="https://{host}/en-US/{site}">Search and apply</a>'
    careers = pages.company(web, "millstone.example", "Millstone", body)
    yield Site("millstone.example", "workday", jobs, ats="workday", token="millstone")
    question = {"appliedFacets": {}, "limit": PAGE, "offset": 0, "searchText": ""}
    yield Sheet("workday", "first page of the search", url, jobs[:PAGE], ats="workday", token="millstone", post=question)
    yield Sheet("workday", "second page", url, jobs[PAGE:], ats="workday", token="millstone", post=question | {"offset": PAGE})
    yield Sheet("workday", "link", careers, next_page=f"https://{host}/en-US/{site}", ats="workday", token="millstone")
    yield Sheet("workday", "page", f"https://{host}/en-US/{site}", needs_escalation=True, ats="workday", token="millstone")
    one = own[0]
    detail = one.expected(f"https://{host}/{site}{_path(one)}", web.now, "location", "posted", "id")
    yield Sheet(
        "workday", "posting", f"https://{host}/wday/cxs/millstone/{site}{_path(one)}", (detail,), ats="workday", token="millstone"
    )
