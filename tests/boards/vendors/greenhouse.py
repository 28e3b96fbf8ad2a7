"""Greenhouse: a feed with twice-escaped texts, two generations of boards, a widget on the customer's page."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

API = "https://boards-api.greenhouse.io/v1/boards"
STATED = ("location", "department", "posted", "id")


def _row(web: Web, token: str, name: str, one: Opening, url: str, *, metadata: bool) -> dict[str, object]:
    label = {"remote": "Remote", "hybrid": "Hybrid", "onsite": "In-Office"}[one.workplace]
    row: dict[str, object] = {
        "absolute_url": url,
        "data_compliance": [{"type": "gdpr", "requires_consent": False, "retention_period": None}],
        "education": "education_optional",
        "internal_job_id": int(one.id) - 900_000,
        "location": {"name": one.place.short},
        "metadata": [{"id": 81, "name": "Workplace Type", "value": label, "value_type": "single_select"}] if metadata else None,
        "id": int(one.id),
        "updated_at": web.now.strftime("%Y-%m-%dT06:00:00-04:00"),
        "requisition_id": "See Opening ID",
        "title": one.title,
        "company_name": name,
        "first_published": one.posted(web.now).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "language": "en",
        "content": html.escape(html.escape(one.body, quote=False)),
        "departments": [{"id": 11, "name": one.department, "child_ids": [], "parent_id": None}],
        "offices": [{"id": 7, "name": one.place.city, "location": one.place.short, "child_ids": [], "parent_id": None}],
    }
    return row


def feed(web: Web, token: str, name: str, openings: tuple[Opening, ...], url: str, *, metadata: bool = True) -> str:
    """The board's answers; `url` is the form of a posting's address."""
    rows = [_row(web, token, name, one, url.format(id=one.id), metadata=metadata) for one in openings]
    web.json(f"{API}/{token}", {"name": name, "content": ""})
    for row in rows:
        web.json(f"{API}/{token}/jobs/{row['id']}", row)
    return web.json(f"{API}/{token}/jobs", {"jobs": rows, "meta": {"total": len(rows)}})


def _second_generation(web: Web, token: str, name: str, openings: tuple[Opening, ...]) -> str:
    data = [
        {
            "id": int(one.id),
            "title": one.title,
            "location": one.place.short,
            "absolute_url": f"https://job-boards.greenhouse.io/{token}/jobs/{one.id}",
            "published_at": one.posted(web.now).strftime("%Y-%m-%dT%H:%M:%S-00:00"),
            "requisition_id": f"R-{one.id[-3:]}",
            "internal_job_id": int(one.id) - 900_000,
            "department": {"id": 11, "name": one.department},
            "content": None,
        }
        for one in openings
    ]
    state = {
        "state": {
            "loaderData": {
                "root": {"ENV": {"JBEN_URL": "https://job-boards.greenhouse.io"}},
                "routes/$url_token": {
                    "board": {"name": name, "public_url": f"https://job-boards.greenhouse.io/{token}"},
                    "jobPosts": {"count": len(data), "page": 1, "total": len(data), "total_pages": 1, "data": data},
                    "urlToken": token,
                },
            }
        }
    }
    rows = "".join(
        f'<tr class="job-post"><td class="cell"><a href="{row["absolute_url"]}" target="_top"><p class="body body--medium">'
        f'{row["title"]}</p><p class="body body__secondary body--metadata">{row["location"]}</p></a></td></tr>'
        for row in data
    )
    body = (
        f'<div class="job-posts"><h1>Current openings at {name}</h1><div class="job-posts--table"><table><tbody>{rows}</tbody>'
        f"</table></div></div><script>window.__remixContext = {json.dumps(state)};</script>"
    )
    return web.on(f"https://job-boards.greenhouse.io/{token}", pages.html(body, title=f"Jobs at {name}"))


def _first_generation(web: Web, token: str, name: str, openings: tuple[Opening, ...]) -> str:
    groups: dict[str, list[Opening]] = {}
    for one in openings:
        groups.setdefault(one.department, []).append(one)
    sections = "".join(
        f'<section class="level-0"><h3 id="{number}">{department}</h3>'
        + "".join(
            f'<div class="opening" data-department_id="{number}" data-office_id="9"><a data-mapped="true" '
            f'href="/{token}/jobs/{one.id}">{html.escape(one.title)}</a><br><span class="location">{one.place.short}</span></div>'
            for one in group
        )
        + "</section>"
        for number, (department, group) in enumerate(groups.items(), 41)
    )
    body = f'<div id="wrapper"><div id="main"><h1>Current Job Openings at {name}</h1>{sections}</div></div>'
    return web.on(f"https://boards.greenhouse.io/{token}", pages.html(body, title=f"Jobs at {name}"))


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A widget with addresses of the customer's own, a link to the new board, a board of the first generation."""
    own = pick(1, 7)
    domain = "anvilworks.example"
    form = f"https://{domain}/careers?gh_jid={{id}}"
    url = feed(web, "anvilworks", "Anvil Works", own, form)
    jobs = tuple(one.expected(form.format(id=one.id), web.now, *STATED, "location_type") for one in own)
    web.script(
        "https://boards.greenhouse.io/embed/job_board/js",
        "document.getElementById('grnhse_app').innerHTML='<p>The widget fills this.</p>';",
    )
    body = (
        '<h1>Work with us</h1><p>We hire slowly and keep people long.</p><div id="grnhse_app"></div>'
        '<script src="https://boards.greenhouse.io/embed/job_board/js?for=anvilworks"></script>'
    )
    careers = pages.company(web, domain, "Anvil Works", body)
    yield Site(domain, "greenhouse", jobs, ats="greenhouse", token="anvilworks")
    yield Sheet("greenhouse", "feed", url, jobs, ats="greenhouse", token="anvilworks")
    yield Sheet("greenhouse", "widget", careers, needs_escalation=True, ats="greenhouse", token="anvilworks")

    board = pick(4, 6)
    at = "https://job-boards.greenhouse.io/bellowsco/jobs/{id}"
    feed(web, "bellowsco", "Bellows & Co", board, at, metadata=False)
    page = _second_generation(web, "bellowsco", "Bellows & Co", board)
    seen = tuple(one.expected(at.format(id=one.id), web.now, *STATED) for one in board)
    body = '<h1>Join us</h1><p>Air is our business.</p><a class="button" href="https://job-boards.greenhouse.io/bellowsco">View open positions</a>'
    link = pages.company(web, "bellowsco.example", "Bellows & Co", body, path="/company/careers")
    yield Site("bellowsco.example", "greenhouse", seen, ats="greenhouse", token="bellowsco")
    yield Sheet("greenhouse", "new board", page, seen, ats="greenhouse", token="bellowsco")
    yield Sheet("greenhouse", "link", link, next_page=page, ats="greenhouse", token="bellowsco")

    old = pick(9, 5)
    page = _first_generation(web, "tongs", "Tongs Ltd", old)
    at = "https://boards.greenhouse.io/tongs/jobs/{id}"
    feed(web, "tongs", "Tongs Ltd", old, at, metadata=False)
    jobs = tuple(one.expected(at.format(id=one.id), web.now, "location", "department") for one in old)
    yield Sheet("greenhouse", "old board", page, jobs, ats="greenhouse", token="tongs")
