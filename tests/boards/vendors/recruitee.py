"""Recruitee: an array of offers on the board's own host, also under a customer's name; a widget with a number."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

CODE = {"full_time": "fulltime_permanent", "part_time": "parttime", "internship": "internship", "contract": "freelance"}
STATED = ("location", "location_type", "department", "employment_type", "posted", "id")


def _slug(one: Opening) -> str:
    return "".join(char if char.isalnum() else "-" for char in one.title.lower()).strip("-")


def offers(web: Web, host: str, name: str, openings: tuple[Opening, ...]) -> str:
    """The feed of a board, wherever it is served."""
    rows = [
        {
            "id": int(one.id),
            "slug": _slug(one),
            "title": one.title,
            "status": "published",
            "company_name": name,
            "department": one.department,
            "description": one.body,
            "requirements": "<p>Patience.</p>",
            "location": one.place.short,
            "city": one.place.city,
            "country": one.place.country,
            "country_code": one.place.code,
            "locations": [
                {"id": 5, "city": one.place.city, "country": one.place.country, "country_code": one.place.code, "state": None}
            ],
            "remote": one.workplace == "remote",
            "hybrid": one.workplace == "hybrid",
            "on_site": one.workplace == "onsite",
            "employment_type_code": CODE[one.employment],
            "experience_code": None,
            "careers_url": f"https://{host}/o/{_slug(one)}",
            "careers_apply_url": f"https://{host}/o/{_slug(one)}/c/new",
            "published_at": f"{one.posted(web.now):%Y-%m-%d %H:%M:%S UTC}",
            "created_at": f"{one.posted(web.now):%Y-%m-%d %H:%M:%S UTC}",
            "min_hours": 40,
            "max_hours": 40,
            "salary": {"min": None, "max": None, "period": None, "currency": None},
            "translations": {"en": {"title": one.title}},
            "tags": [],
        }
        for one in openings
    ]
    return web.json(f"https://{host}/api/offers/", {"offers": rows})


def _board(host: str, name: str, openings: tuple[Opening, ...]) -> str:
    cards = "".join(
        f'<div class="sc-1fwbcuw-0"><h2><a class="sc-6exb5d-1" href="/o/{_slug(one)}">{html.escape(one.title)}</a></h2>'
        f'<ul><li><span class="custom-css-style-job-location-city">{one.place.city}</span>, <span class="custom-css-style-job-location-country">'
        f"{one.place.country}</span></li><li>{one.department}</li></ul></div>"
        for one in openings
    )
    return pages.html(
        f'<div id="root"><header><a href="/">{name}</a></header><section id="jobs">{cards}</section></div>'
        '<script src="https://d27i7n2isjbnbi.cloudfront.net/careers/app.js"></script><a href="https://recruitee.com">Powered by Tellent Recruitee</a>',
        title=f"Jobs at {name}",
    )


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A board of its own, a board under the company's name, a widget that only names a number."""
    own = pick(20, 5, form="{}", first=1_200_000)
    host = "hearthside.recruitee.com"
    url = offers(web, host, "Hearthside", own)
    web.on(f"https://{host}/", _board(host, "Hearthside", own))
    jobs = tuple(one.expected(f"https://{host}/o/{_slug(one)}", web.now, *STATED) for one in own)
    body = f'<h1>Join us</h1><p>Warm and safe.</p><a href="https://{host}/">See all vacancies</a>'
    pages.company(web, "hearthside.example", "Hearthside", body)
    yield Site("hearthside.example", "recruitee", jobs, ats="recruitee", token="hearthside")
    yield Sheet("recruitee", "feed", url, jobs, ats="recruitee", token="hearthside")
    listed = tuple(one.expected(f"https://{host}/o/{_slug(one)}", web.now) for one in own)
    yield Sheet("recruitee", "board", f"https://{host}/", listed, ats="recruitee", token="hearthside")

    named = pick(21, 4, form="{}", first=1_300_000)
    host = "werkenbij.smederij.example"
    url = offers(web, host, "Smederij", named)
    web.on(f"https://{host}/", _board(host, "Smederij", named))
    jobs = tuple(one.expected(f"https://{host}/o/{_slug(one)}", web.now, *STATED) for one in named)
    pages.company(web, "smederij.example", "Smederij", "", path=f"https://{host}/", lang="nl")
    yield Site("smederij.example", "recruitee", jobs, ats="recruitee")
    bare = tuple(one.expected(f"https://{host}/o/{_slug(one)}", web.now) for one in named)
    yield Sheet("recruitee", "board under another name", f"https://{host}/", bare, ats="recruitee")
    yield Sheet("recruitee", "feed under another name", url, jobs, ats="recruitee")
