"""SmartRecruiters: a feed of a hundred rows a page that robots may not read, a list in HTML that they may."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Reply, Request, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

KIND = {
    "full_time": ("permanent", "Full-time"),
    "part_time": ("part_time", "Part-time"),
    "internship": ("intern", "Intern"),
    "contract": ("contractor", "Contract"),
}
STATED = ("location_type", "department", "employment_type", "posted", "id")


def _row(web: Web, company: str, name: str, one: Opening, *, no_department: bool) -> dict[str, object]:
    kind = KIND[one.employment]
    department: dict[str, object] = {"id": "77", "label": name} if no_department else {"id": "12", "label": one.department}
    return {
        "id": one.id,
        "name": one.title,
        "uuid": f"{one.id}-uuid",
        "refNumber": f"REF{one.id[-4:]}A",
        "company": {"identifier": company, "name": name},
        "releasedDate": f"{one.posted(web.now):%Y-%m-%dT%H:%M:%S.000Z}",
        "location": {
            "city": one.place.city,
            "region": one.place.region,
            "country": one.place.code.lower(),
            "remote": one.workplace == "remote",
            "hybrid": one.workplace == "hybrid",
            "fullLocation": f"{one.place.city}, {one.place.region}, {one.place.country}",
        },
        "industry": {"id": "metal", "label": "Metal"},
        "department": department,
        "function": {"id": "fn", "label": one.department},
        "typeOfEmployment": {"id": kind[0], "label": kind[1]},
        "experienceLevel": {"id": "not_applicable", "label": "Not Applicable"},
        "customField": [
            {"fieldId": "COUNTRY", "fieldLabel": "Country", "valueId": one.place.code.lower(), "valueLabel": one.place.country}
        ],
        "visibility": "PUBLIC",
        "ref": f"https://api.smartrecruiters.com/v1/companies/{company}/postings/{one.id}",
        "creator": {"name": "A Recruiter"},
        "language": {"code": "en", "label": "English"},
    }


def _list(company: str, openings: tuple[Opening, ...]) -> str:
    groups: dict[str, list[Opening]] = {}
    for one in openings:
        groups.setdefault(one.place.short, []).append(one)
    return "".join(
        f'<section class="openings-section opening opening--grouped js-group"><h3 class="opening-title title display--inline-block text--default">{place}</h3>'
        '<ul class="opening-jobs grid--gutter padding--none js-group-list">'
        + "".join(
            f'<li class="opening-job job column wide-7of16 medium-1of2"><a href="https://jobs.smartrecruiters.com/{company}/{one.id}-{one.title.lower().replace(" ", "-")}" '
            f'class="link--block details"><h4 class="details-title job-title link--block-target">{html.escape(one.title)}</h4>'
            f'<p class="details-desc job-desc"><span class="margin--right--s">{KIND[one.employment][1]}</span></p></a></li>'
            for one in group
        )
        + "</ul></section>"
        for place, group in groups.items()
    )


def _known(company: str, openings: tuple[Opening, ...]) -> str:
    return f"https://jobs.smartrecruiters.com/{company}/{{id}}"


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A list in HTML, a feed with a department that is the company, a feed in two pages."""
    web.on("https://api.smartrecruiters.com/robots.txt", Reply("User-agent: *\nDisallow: /\n", content_type="text/plain"))
    own = pick(17, 6, form="7439990{}", first=10_000_000)
    company, name = "BloomeryInc", "Bloomery"
    rows = [_row(web, company, name, one, no_department=True) for one in own]

    def answer(request: Request) -> Reply:
        offset, limit = int(request.query.get("offset", "0")), min(100, int(request.query.get("limit", "10")))
        page = rows[offset : offset + limit]
        return Reply(
            json.dumps({"offset": offset, "limit": limit, "totalFound": len(rows), "content": page}),
            content_type="application/json",
        )

    url = web.on(f"https://api.smartrecruiters.com/v1/companies/{company}/postings", answer)
    at = _known(company, own)
    jobs = tuple(
        one.expected(
            at.format(id=one.id), web.now, *STATED, location=f"{one.place.city}, {one.place.region}, {one.place.country}"
        )
        for one in own
    )
    yield Sheet("smartrecruiters", "feed", f"{url}?limit=100", jobs, ats="smartrecruiters", token=company)
    yield Sheet(
        "smartrecruiters",
        "first page of the feed",
        f"{url}?limit=4&offset=0",
        jobs[:4],
        next_page=f"{url}?limit=4&offset=4",
        ats="smartrecruiters",
        token=company,
    )
    unknown = {"offset": 0, "limit": 100, "totalFound": 0, "content": []}
    web.json("https://api.smartrecruiters.com/v1/companies/NobodyAtAll/postings", unknown)
    yield Sheet(
        "smartrecruiters",
        "any name",
        "https://api.smartrecruiters.com/v1/companies/NobodyAtAll/postings",
        error="unknown",
        ats="smartrecruiters",
        token="NobodyAtAll",
    )
    board = web.on(
        f"https://careers.smartrecruiters.com/{company}",
        pages.html(
            f'<h1>{name}</h1><main class="jobs-list">{_list(company, own)}</main>',
            title=f"Careers at {name}",
            head=f'<meta property="og:site_name" content="{name}">',
        ),
    )
    slug = "https://jobs.smartrecruiters.com/{company}/{id}-{title}"
    listed = tuple(
        one.expected(
            slug.format(company=company, id=one.id, title=one.title.lower().replace(" ", "-")),
            web.now,
            "location",
            "employment_type",
            "id",
        )
        for one in own
    )
    body = f'<h1>Careers</h1><p>Iron the old way.</p><a href="{board}">Search jobs</a>'
    pages.company(web, "bloomery.example", name, body)
    yield Site("bloomery.example", "smartrecruiters", listed, ats="smartrecruiters", token=company)
    yield Sheet("smartrecruiters", "board", board, listed, ats="smartrecruiters", token=company)
