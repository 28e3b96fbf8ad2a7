"""JazzHR: boards in HTML only, in templates of several years, each posting described for search engines."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Sheet, Site
from tests.boards.openings import pick
from tests.boards.own.structured import block, linked
from tests.boards.web import Web


def _slug(one: Opening) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in one.title).split())


def _where(one: Opening) -> str:
    return ", ".join(dict.fromkeys((one.place.city, one.place.region)))


def _described(web: Web, one: Opening, url: str) -> str:
    """For search engines, with the place as the list has it."""
    where = {"@type": "PostalAddress", "addressLocality": one.place.city, "addressRegion": one.place.region}
    return block(linked(web, one, "Swage Block", url) | {"jobLocation": {"@type": "Place", "address": where}})


def _new(host: str, name: str, openings: tuple[Opening, ...]) -> str:
    rows = "".join(
        f'<li class="list-group-item"><h3 class="list-group-item-heading"><a href="https://{host}/apply/{one.id}/{_slug(one)}">{html.escape(one.title)}</a></h3>'
        f'<ul class="list-inline list-group-item-text"><li><i class="fa fa-map-marker"></i>{_where(one)}</li><li><i class="fa fa-sitemap"></i>{one.department}</li></ul></li>'
        for one in openings
    )
    return pages.html(
        f'<div class="jobs-list"><h2>Current Openings</h2><ul class="list-group">{rows}</ul></div><p>Powered by <a href="https://www.jazzhr.com">JazzHR</a></p>',
        title=f"{name} - Career Page",
    )


def _old(host: str, name: str, openings: tuple[Opening, ...]) -> str:
    rows = "".join(
        f'<tr id="row_job_{one.id}" class="resumator_{"odd" if step % 2 else "even"}_row"><td class="resumator-job-title resumator-jobs-text"><a class="job_title_link resumator-job-title-link" '
        f'href="/apply/{one.id}/{_slug(one)}">{html.escape(one.title)}</a></td><td class="resumator-job-location">{_where(one)}</td><td class="resumator-job-department">{one.department}</td></tr>'
        for step, one in enumerate(openings)
    )
    return pages.html(
        f'<div id="resumator-wrapper"><h1>Open positions at {name}</h1><table id="jobs_table"><thead><tr><th>Job Title</th><th>Location</th><th>Department</th></tr></thead><tbody>{rows}</tbody></table></div>',
        title=f"{name} Jobs",
    )


def parts(web: Web) -> Iterator[Site | Sheet]:
    """Two templates of lists, a posting, a widget."""
    own = pick(28, 5, form="aB{}xY", first=0)
    host = "swageblock.applytojob.com"
    page = web.on(f"https://{host}/apply", _new(host, "Swage Block", own))
    at = f"https://{host}/apply/"
    jobs = tuple(one.expected(f"{at}{one.id}/{_slug(one)}", web.now, "department", location=_where(one)) for one in own)
    for one in own:
        url = f"{at}{one.id}/{_slug(one)}"
        web.on(
            url,
            pages.html(
                f"<h1>{html.escape(one.title)}</h1>{one.body}",
                title=f"{one.title} - Swage Block - Career Page",
                head=_described(web, one, url),
            ),
        )
    body = '<h1>Careers</h1><script src="https://app.jazz.co/widgets/basic/create/swageblock" charset="utf-8"></script>'
    web.script("https://app.jazz.co/widgets/basic/create/swageblock", "")
    careers = pages.company(web, "swageblock.example", "Swage Block", body)
    yield Site("swageblock.example", "jazzhr", jobs, ats="jazzhr", token="swageblock")
    yield Sheet("jazzhr", "list", page, jobs, ats="jazzhr", token="swageblock")
    yield Sheet("jazzhr", "widget", careers, needs_escalation=True, ats="jazzhr", token="swageblock")
    one = own[0]
    yield Sheet(
        "jazzhr",
        "posting",
        jobs[0].url,
        (one.expected(jobs[0].url, web.now, "posted", "employment_type", location=_where(one)),),
        ats="jazzhr",
        token="swageblock",
    )

    old = pick(29, 4, form="cD{}", first=0)
    host = "mandrel.applytojob.com"
    page = web.on(f"https://{host}/apply/jobs/", _old(host, "Mandrel", old))
    jobs = tuple(
        one.expected(f"https://{host}/apply/{one.id}/{_slug(one)}", web.now, "department", location=_where(one)) for one in old
    )
    yield Sheet("jazzhr", "old list", page, jobs, ats="jazzhr", token="mandrel")
