"""Workable: an account's feed with a row for every country, a search by tokens, a widget that hides the name."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Reply, Request, Sheet, Site
from tests.boards.openings import OSLO, pick
from tests.boards.web import Web

KIND = {"full_time": "Full-time", "part_time": "Part-time", "internship": "Internship", "contract": "Contract"}
SHORT = {"full_time": "full", "part_time": "part", "internship": "internship", "contract": "contract"}
PLACE = {"remote": "remote", "hybrid": "hybrid", "onsite": "on_site"}
STATED = ("department", "employment_type", "posted", "id")
PAGE = 10


def _where(one: Opening) -> str:
    return f"{one.place.city}, {one.place.region}, {one.place.country}" if one.place.city != one.place.region else one.place.short


def _widget_row(web: Web, slug: str, one: Opening) -> dict[str, object]:
    url = f"https://apply.workable.com/{slug}/j/{one.id}/"
    return {
        "title": one.title,
        "shortcode": one.id,
        "code": "",
        "employment_type": KIND[one.employment],
        "telecommuting": one.workplace == "remote",
        "department": one.department,
        "url": url,
        "shortlink": f"https://apply.workable.com/j/{one.id}",
        "application_url": f"{url}apply/",
        "published_on": f"{one.posted(web.now):%Y-%m-%d}",
        "created_at": f"{one.posted(web.now):%Y-%m-%d}",
        "country": one.place.country,
        "city": one.place.city,
        "state": one.place.region,
        "education": "Bachelor's Degree",
        "experience": "",
        "function": "",
        "industry": "Metal",
        "locations": [
            {
                "country": one.place.country,
                "countryCode": one.place.code,
                "city": one.place.city,
                "region": one.place.region,
                "hidden": False,
            }
        ],
        "description": one.body,
    }


def _search_row(web: Web, one: Opening) -> dict[str, object]:
    place = {
        "country": one.place.country,
        "countryCode": one.place.code,
        "city": one.place.city,
        "region": one.place.region,
        "hidden": False,
    }
    return {
        "id": 4_100_000 + len(one.title),
        "shortcode": one.id,
        "title": one.title,
        "remote": one.workplace == "remote",
        "location": {key: value for key, value in place.items() if key != "hidden"},
        "locations": [place],
        "state": "published",
        "isInternal": False,
        "code": None,
        "published": f"{one.posted(web.now):%Y-%m-%dT00:00:00.000Z}",
        "type": SHORT[one.employment],
        "language": "en",
        "department": [one.department],
        "accountUid": "1b7a",
        "approvalStatus": "approved",
        "workplace": PLACE[one.workplace],
    }


def tenant(web: Web, slug: str, name: str, openings: tuple[Opening, ...], *, doubled: bool = False) -> str:
    """Feed, search and page of an account; `doubled` lists the first opening in a second country, too."""
    rows = [_widget_row(web, slug, one) for one in openings]
    if doubled:
        rows.append(
            rows[0] | {"country": OSLO.country, "city": OSLO.city, "state": OSLO.region, "locations": rows[0]["locations"]}
        )
    found = [_search_row(web, one) for one in openings]

    def search(request: Request) -> Reply:
        asked = json.loads(request.body or b"{}")
        if "limit" in asked:
            return Reply('{"error":"Validation failed"}', 400, "application/json")
        start = int(str(asked.get("token") or request.query.get("token") or "t0")[1:])
        answer: dict[str, object] = {"total": len(found), "results": found[start : start + PAGE]}
        if start + PAGE < len(found):
            answer["nextPage"] = f"t{start + PAGE}"
        return Reply(json.dumps(answer), content_type="application/json")

    web.on(f"https://apply.workable.com/api/v3/accounts/{slug}/jobs", search)
    web.on(
        f"https://apply.workable.com/{slug}/",
        pages.html('<div id="app"></div><script src="/static/main.js"></script>', title=f"{name} - Current Openings"),
    )
    web.script("https://apply.workable.com/static/main.js", "")
    return web.json(
        f"https://apply.workable.com/api/v1/widget/accounts/{slug}", {"name": name, "description": None, "jobs": rows}
    )


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A link, a widget by number, a search of two pages."""
    own = pick(15, 5, form="{:X}", first=0xA1B2C3D400)
    own = tuple(_with_code(one, step) for step, one in enumerate(own))
    url = tenant(web, "crucible", "Crucible", own)
    at = "https://apply.workable.com/crucible/j/{id}/"
    jobs = tuple(one.expected(at.format(id=one.id), web.now, *STATED, location=_where(one)) for one in own)
    body = '<h1>Careers</h1><p>We melt things.</p><a href="https://apply.workable.com/crucible/">View our openings</a>'
    careers = pages.company(web, "crucible.example", "Crucible", body)
    yield Site("crucible.example", "workable", jobs, ats="workable", token="crucible")
    yield Sheet("workable", "feed", f"{url}?details=true", jobs, ats="workable", token="crucible")
    yield Sheet("workable", "link", careers, next_page="https://apply.workable.com/crucible/", ats="workable", token="crucible")
    searched = tuple(one.expected(at.format(id=one.id), web.now, *STATED, "location_type", location=_where(one)) for one in own)
    yield Sheet(
        "workable",
        "search",
        "https://apply.workable.com/api/v3/accounts/crucible/jobs",
        searched,
        ats="workable",
        token="crucible",
        post={"query": "", "location": [], "department": [], "worktype": [], "remote": []},
    )
    yield Sheet(
        "workable", "page", "https://apply.workable.com/crucible/", needs_escalation=True, ats="workable", token="crucible"
    )

    hidden = tuple(_with_code(one, step + 50) for step, one in enumerate(pick(16, 4)))
    tenant(web, "ladleworks", "Ladle Works", hidden)
    jobs = tuple(
        one.expected(f"https://apply.workable.com/ladleworks/j/{one.id}/", web.now, *STATED, location=_where(one))
        for one in hidden
    )
    web.script(
        "https://www.workable.com/assets/embed.js",
        "window.whr_embed = function (account) {"
        "fetch('https://apply.workable.com/api/v1/widget/accounts/ladleworks?details=true').then(r => r.json()).then(data => {"
        "document.getElementById('whr_embed_hook').innerHTML = '<ul class=whr-items>' + data.jobs.map(job => "
        "`<li class=whr-item><h3 class=whr-title><a href='${job.url}'>${job.title}</a></h3><ul><li class=whr-location>"
        "${job.city}, ${job.country}</li></ul></li>`).join('') + '</ul>'; }); };",
    )
    body = (
        '<h1>Work at Ladle</h1><div id="whr_embed_hook"></div><script src="https://www.workable.com/assets/embed.js"></script>'
        "<script>whr_embed(512345, {detail: 'titles', base: 'jobs', zoom: 'country', grouping: 'departments'});</script>"
    )
    careers = pages.company(web, "ladleworks.example", "Ladle Works", body)
    yield Site("ladleworks.example", "workable", jobs, needs_browser=True, ats="workable")
    yield Sheet("workable", "widget by number", careers, needs_escalation=True, ats="workable", token="512345")


def _with_code(one: Opening, step: int) -> Opening:
    from dataclasses import replace

    return replace(one, id=f"{(step * 7919 + 0xA1B2C3D4E5) % 16**10:010X}")
