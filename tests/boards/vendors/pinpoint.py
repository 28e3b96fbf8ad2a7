"""Pinpoint: a feed with addresses without a host, pay that is not always to be shown."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Sheet, Site
from tests.boards.openings import pick
from tests.boards.own.structured import block, linked
from tests.boards.web import Web

KIND = {"full_time": "full_time", "part_time": "part_time", "internship": "internship", "contract": "contract_temp"}
STATED = ("location_type", "department", "id")


def _where(one: Opening) -> str:
    return f"{one.place.city}, {one.place.region}" if one.place.city != one.place.region else one.place.city


def tenant(web: Web, slug: str, openings: tuple[Opening, ...], *, shown: bool) -> str:
    """The feed."""
    rows = []
    for one in openings:
        pay = one.pay
        rows.append(
            {
                "id": one.id,
                "title": one.title,
                "path": f"/en/postings/{one.id}",
                "url": f"https://{slug}.pinpointhq.com/en/postings/{one.id}",
                "description": one.body,
                "key_responsibilities": "",
                "skills_knowledge_expertise": "",
                "benefits": "",
                "employment_type": KIND[one.employment],
                "employment_type_text": KIND[one.employment].replace("_", " ").title(),
                "workplace_type": one.workplace,
                "workplace_type_text": one.workplace.title(),
                "compensation_visible": shown,
                "compensation_minimum": float(pay.low) if pay else None,
                "compensation_maximum": float(pay.high) if pay else None,
                "compensation_currency": pay.currency if pay else None,
                "compensation_frequency": pay.period if pay else None,
                "compensation": f"{pay.currency} {pay.low} - {pay.high} / {pay.period}" if pay else None,
                "deadline_at": None,
                "location": {
                    "id": "9",
                    "city": one.place.city,
                    "name": _where(one),
                    "postal_code": "",
                    "province": one.place.region,
                },
                "job": {"id": "3", "requisition_id": None, "department": {"id": "8", "name": one.department}, "division": None},
            }
        )
    return web.json(f"https://{slug}.pinpointhq.com/postings.json", {"data": rows})


def parts(web: Web) -> Iterator[Site | Sheet]:
    """Pay that is shown, pay that is not, a posting's page, an empty board."""
    own = pick(3, 5, form="{}", first=90_000)
    url = tenant(web, "awlandpunch", own, shown=True)
    home = "https://awlandpunch.pinpointhq.com"
    jobs = tuple(one.expected(f"{home}/en/postings/{one.id}", web.now, *STATED, "salary", location=_where(one)) for one in own)
    body = f'<h1>Careers</h1><p>Small holes.</p><a href="{home}">See our vacancies</a>'
    pages.company(web, "awlandpunch.example", "Awl and Punch", body)
    yield Site("awlandpunch.example", "pinpoint", jobs, ats="pinpoint", token="awlandpunch")
    yield Sheet("pinpoint", "feed", url, jobs, ats="pinpoint", token="awlandpunch")
    one = own[0]
    page = f"{home}/en/postings/{one.id}"
    web.on(
        page,
        pages.html(
            f"<h1>{html.escape(one.title)}</h1>{one.body}",
            title=f"{one.title} - Awl and Punch",
            head=block(linked(web, one, "Awl and Punch", page)),
        ),
    )
    yield Sheet(
        "pinpoint",
        "posting",
        page,
        (one.expected(page, web.now, "location", "posted", "employment_type"),),
        ats="pinpoint",
        token="awlandpunch",
    )

    quiet = pick(19, 3, form="{}", first=91_000)
    url = tenant(web, "drawplate", quiet, shown=False)
    jobs = tuple(one.expected(f"https://drawplate.pinpointhq.com/en/postings/{one.id}", web.now, *STATED) for one in quiet)
    yield Sheet("pinpoint", "pay not shown", url, jobs, ats="pinpoint", token="drawplate")
    web.json("https://emptybench.pinpointhq.com/postings.json", {"data": []})
    yield Sheet("pinpoint", "empty feed", "https://emptybench.pinpointhq.com/postings.json", ats="pinpoint", token="emptybench")
