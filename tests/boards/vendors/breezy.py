"""Breezy HR: a whole board at /json, boards that come complete as HTML with labels that nobody translated."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

KIND = {
    "full_time": ("fullTime", "Full-Time"),
    "part_time": ("partTime", "Part-Time"),
    "internship": ("internship", "Internship"),
    "contract": ("contract", "Contract"),
}
STATED = ("department", "employment_type", "posted", "id")


def _slug(one: Opening) -> str:
    return f"{one.id}-" + "-".join("".join(char if char.isalnum() else " " for char in one.title.lower()).split())


def tenant(web: Web, slug: str, name: str, openings: tuple[Opening, ...]) -> str:
    """Board and feed."""
    home = f"https://{slug}.breezy.hr"
    rows = [
        {
            "id": one.id,
            "friendly_id": _slug(one),
            "name": one.title,
            "url": f"{home}/p/{_slug(one)}",
            "published_date": f"{one.posted(web.now):%Y-%m-%dT%H:%M:%S.000Z}",
            "type": {"id": KIND[one.employment][0], "name": KIND[one.employment][1]},
            "location": {
                "country": {"name": one.place.country, "id": one.place.code},
                "city": one.place.city,
                "is_remote": one.workplace == "remote",
                "name": one.place.short,
            },
            "department": one.department,
            "salary": "",
            "company": {"name": name, "logo_url": None, "friendly_id": slug},
            "locations": [],
        }
        for one in openings
    ]
    cards = "".join(
        f'<li class="position transition"><a href="/p/{_slug(one)}"><button class="button apply polygot button-right bzyButtonColor">%BUTTON_APPLY_TO_POSITION%</button>'
        f'<h2>{html.escape(one.title)}</h2><ul class="meta"><li class="location"><i class="fa fa-map-marker"></i><span>{one.place.short}</span></li>'
        f'<li class="type"><i class="fa fa-building"></i><span class="polygot">%LABEL_POSITION_TYPE_{KIND[one.employment][1].upper().replace("-", "_")}%</span></li>'
        f'<li class="department"><span>{one.department}</span></li></ul></a></li>'
        for one in openings
    )
    web.on(
        f"{home}/",
        pages.html(
            f'<div class="breezy-portal" id="breezy-portal"><h1>{name}</h1><ul class="positions">{cards}</ul></div><script src="https://assets-cdn.breezy.hr/breezy-portal/main.js"></script>',
            title=f"{name} - Careers",
        ),
    )
    return web.json(f"{home}/json", rows)


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A link, the feed, the board."""
    own = pick(27, 5, form="{:0>12}", first=0)
    home = "https://zephyrforge.breezy.hr"
    url = tenant(web, "zephyrforge", "Zephyr Forge", own)
    at = f"{home}/p/"
    jobs = tuple(
        one.expected(at + _slug(one), web.now, *STATED, "location", *(["location_type"] if one.workplace == "remote" else []))
        for one in own
    )
    body = f'<h1>Careers</h1><p>A fresh wind.</p><a class="btn" href="{home}">Browse jobs</a>'
    pages.company(web, "zephyrforge.example", "Zephyr Forge", body)
    yield Site("zephyrforge.example", "breezy", jobs, ats="breezy", token="zephyrforge")
    yield Sheet("breezy", "feed", url, jobs, ats="breezy", token="zephyrforge")
    shown = tuple(one.expected(at + _slug(one), web.now, "location", "department", "employment_type") for one in own)
    yield Sheet("breezy", "board", f"{home}/", shown, ats="breezy", token="zephyrforge")
    web.json("https://calmair.breezy.hr/json", [])
    yield Sheet("breezy", "empty feed", "https://calmair.breezy.hr/json", ats="breezy", token="calmair")
