"""Jobvite: no feed; lists in two templates, searches by page, places rolled up."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Reply, Request, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

PAGE = 4


def _tables(slug: str, openings: tuple[Opening, ...], *, rolled: str = "") -> str:
    groups: dict[str, list[Opening]] = {}
    for one in openings:
        groups.setdefault(one.department, []).append(one)
    return "".join(
        f'<h3 class="h2">{name}</h3><table class="jv-job-list"><tbody>'
        + "".join(
            f'<tr><td class="jv-job-list-name"><a href="/{slug}/job/{one.id}">{html.escape(one.title)}</a></td>'
            f'<td class="jv-job-list-location">{"2 Locations" if one.id == rolled else one.place.short}</td></tr>'
            for one in group
        )
        + "</tbody></table>"
        for name, group in groups.items()
    )


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A list by department, a search over two pages, an inactive board."""
    own = pick(12, 5, form="o{}xfw", first=0)
    slug = "cokeandcoal"
    page = web.on(
        f"https://jobs.jobvite.com/{slug}/jobs",
        pages.html(
            f'<div class="jv-page-body"><h1>Coke and Coal Careers</h1>{_tables(slug, own, rolled=own[-1].id)}</div><p>Powered by <a href="https://www.jobvite.com">Jobvite</a></p>',
            title="Coke and Coal Careers - Jobs",
        ),
    )
    web.redirect(f"https://jobs.jobvite.com/{slug}", page)
    at = f"https://jobs.jobvite.com/{slug}/job/"
    jobs = tuple(
        one.expected(f"{at}{one.id}", web.now, "department", *(["location"] if one is not own[-1] else [])) for one in own
    )
    body = f'<h1>Careers</h1><p>Hot work.</p><a href="https://jobs.jobvite.com/{slug}/jobs">Current openings</a>'
    pages.company(web, "cokeandcoal.example", "Coke and Coal", body)
    yield Site("cokeandcoal.example", "jobvite", jobs, ats="jobvite", token=slug)
    yield Sheet("jobvite", "list by department", page, jobs, ats="jobvite", token=slug)

    more = pick(14, 6, form="o{}yfx", first=50)

    def search(request: Request) -> Reply:
        number = int(request.query.get("p", "0"))
        rows = "".join(
            f'<tr><td class="jv-job-list-name"><a href="/ashpit/job/{one.id}">{html.escape(one.title)}</a></td><td class="jv-job-list-location">{one.place.short}</td></tr>'
            for one in more[number * PAGE : (number + 1) * PAGE]
        )
        last = min(len(more), (number + 1) * PAGE)
        following = f'<a href="/ashpit/search?p={number + 1}" class="jv-pagination-next">Next</a>' if last < len(more) else ""
        return Reply(
            pages.html(
                f'<div class="jv-page-body"><table class="jv-job-list"><tbody>{rows}</tbody></table><div class="jv-pagination"><span class="jv-pagination-text">{number * PAGE + 1}-{last} of {len(more)}</span>{following}</div></div>',
                title="Ashpit Careers - Search",
            )
        )

    url = web.on("https://jobs.jobvite.com/ashpit/search", search)
    at = "https://jobs.jobvite.com/ashpit/job/"
    jobs = tuple(one.expected(f"{at}{one.id}", web.now, "location") for one in more)
    yield Sheet("jobvite", "search", url, jobs[:PAGE], next_page=f"{url}?p=1", ats="jobvite", token="ashpit")
    yield Sheet("jobvite", "second page", f"{url}?p=1", jobs[PAGE:], ats="jobvite", token="ashpit")
    gone = pages.html(
        "<h1>Inactive Career Page</h1><p>The job board you were viewing is no longer active.</p>", title="Inactive Career Page"
    )
    yield Sheet(
        "jobvite",
        "inactive",
        web.on("https://jobs.jobvite.com/coldash/jobs", gone),
        error="not_found",
        ats="jobvite",
        token="coldash",
    )
