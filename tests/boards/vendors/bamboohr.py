"""BambooHR: a list without addresses, details apart, an old widget that writes HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

KIND = {"full_time": "Full-Time", "part_time": "Part-Time", "internship": "Intern", "contract": "Contractor"}
PLACE = {"onsite": "0", "remote": "1", "hybrid": "2"}
STATED = ("location_type", "department", "employment_type", "id")


def _where(one: Opening) -> str:
    return f"{one.place.city}, {one.place.region}" if one.place.city != one.place.region else one.place.city


def tenant(web: Web, slug: str, openings: tuple[Opening, ...]) -> str:
    """List, details and the widget's HTML."""
    rows = [
        {
            "id": one.id,
            "jobOpeningName": one.title,
            "departmentId": "18",
            "departmentLabel": one.department,
            "employmentStatusLabel": KIND[one.employment],
            "location": {"city": one.place.city, "state": one.place.region},
            "atsLocation": {"country": None, "state": None, "province": None, "city": None},
            "isRemote": None,
            "locationType": PLACE[one.workplace],
        }
        for one in openings
    ]
    for one, row in zip(openings, rows, strict=True):
        opening = row | {
            "jobOpeningShareUrl": f"https://{slug}.bamboohr.com/careers/{one.id}",
            "jobOpeningStatus": "Open",
            "description": one.body,
            "compensation": None,
            "datePosted": f"{one.posted(web.now):%Y-%m-%d}",
            "minimumExperience": None,
        }
        web.json(
            f"https://{slug}.bamboohr.com/careers/{one.id}/detail",
            {"meta": {}, "result": {"jobOpening": opening, "formFields": {}}},
        )
    groups: dict[str, list[Opening]] = {}
    for one in openings:
        groups.setdefault(one.department, []).append(one)
    listed = "".join(
        f'<li id="bhrDepartmentID_{number}" class="BambooHR-ATS-Department-Item"><div id="department_{number}" class="BambooHR-ATS-Department-Header">{name}</div><ul class="BambooHR-ATS-Jobs-List">'
        + "".join(
            f'<li id="bhrPositionID_{one.id}" class="BambooHR-ATS-Jobs-Item"><a href="//{slug}.bamboohr.com/careers/{one.id}">{html.escape(one.title)}</a>'
            f'<span class="BambooHR-ATS-Location">{_where(one)}</span></li>'
            for one in group
        )
        + "</ul></li>"
        for number, (name, group) in enumerate(groups.items(), 18)
    )
    web.on(
        f"https://{slug}.bamboohr.com/jobs/embed2.php",
        f'<div class="BambooHR-ATS-board"><h2>Current Openings</h2><ul class="BambooHR-ATS-Department-List">{listed}</ul></div>',
    )
    web.script(f"https://{slug}.bamboohr.com/js/embed.js", "")
    return web.json(f"https://{slug}.bamboohr.com/careers/list", {"meta": {"totalCount": len(rows)}, "result": rows})


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A widget, its HTML, a link to a board."""
    own = pick(24, 5, form="{}", first=0)
    url = tenant(web, "pinchbeck", own)
    jobs = tuple(
        one.expected(f"https://pinchbeck.bamboohr.com/careers/{one.id}", web.now, *STATED, location=_where(one)) for one in own
    )
    body = (
        '<h1>Careers</h1><div id="BambooHR" data-domain="pinchbeck.bamboohr.com" data-version="1.0.0" data-departmentId=""></div>'
        '<script src="https://pinchbeck.bamboohr.com/js/embed.js" type="text/javascript" async defer></script>'
    )
    careers = pages.company(web, "pinchbeck.example", "Pinchbeck", body)
    yield Site("pinchbeck.example", "bamboohr", jobs, ats="bamboohr", token="pinchbeck")
    yield Sheet("bamboohr", "list", url, jobs, ats="bamboohr", token="pinchbeck")
    yield Sheet("bamboohr", "widget", careers, needs_escalation=True, ats="bamboohr", token="pinchbeck")
    written = tuple(
        one.expected(f"https://pinchbeck.bamboohr.com/careers/{one.id}", web.now, "department", location=_where(one))
        for one in own
    )
    yield Sheet(
        "bamboohr", "widget's HTML", "https://pinchbeck.bamboohr.com/jobs/embed2.php", written, ats="bamboohr", token="pinchbeck"
    )
