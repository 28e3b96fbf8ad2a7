"""iCIMS: lists inside a frame, labels for screen readers inside the links, pages by number, details for search engines."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Reply, Request, Sheet, Site
from tests.boards.openings import pick
from tests.boards.own.structured import block, linked
from tests.boards.web import Web

PAGE = 5


def _slug(one: Opening) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in one.title.lower()).split())


def _where(one: Opening) -> str:
    return f"{one.place.code}-{one.place.region[:2].upper()}-{one.place.city}"


def _list(host: str, openings: tuple[Opening, ...], number: int) -> str:
    pages_ = -(-len(openings) // PAGE)
    rows = "".join(
        f'<li class="iCIMS_JobCardItem"><div class="row"><div class="col-xs-6 header left"><span class="sr-only field-label">Job Locations</span><span>{_where(one)}</span></div>'
        f'<div class="col-xs-12 title"><a href="https://{host}/jobs/{one.id}/{_slug(one)}/job?in_iframe=1" class="iCIMS_Anchor" title="{one.id} - {html.escape(one.title)}">'
        f'<span class="sr-only field-label">Title</span><h3>{html.escape(one.title)}</h3></a></div>'
        f'<div class="col-xs-12 additionalFields"><dl class="iCIMS_JobHeaderGroup"><div class="iCIMS_JobHeaderTag"><dt class="iCIMS_JobHeaderField">ID</dt>'
        f'<dd class="iCIMS_JobHeaderData"><span>{one.id}</span></dd></div><div class="iCIMS_JobHeaderTag"><dt class="iCIMS_JobHeaderField">Category</dt>'
        f'<dd class="iCIMS_JobHeaderData"><span>{one.department}</span></dd></div></dl></div></div></li>'
        for one in openings[(number - 1) * PAGE : number * PAGE]
    )
    following = (
        f'<a href="https://{host}/jobs/search?pr={number}&amp;in_iframe=1" class="glyph " rel="next"><span class="sr-only">Next page of results</span></a>'
        if number < pages_
        else ""
    )
    return pages.html(
        f'<div class="iCIMS_MainWrapper iCIMS_ListingsPage"><h1 class="iCIMS_Header">Welcome page</h1><h2 class="iCIMS_SubHeader iCIMS_SubHeader_Jobs">Search Results Page {number} of {pages_}</h2>'
        f'<ul class="container-fluid iCIMS_JobsTable">{rows}</ul><div class="iCIMS_Paging">{following}</div></div>',
        title="Careers Center | Job Search",
    )


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A frame on the careers page, a list over two pages, a posting."""
    own = pick(30, 8, form="{}", first=0)
    host = "careers-trunnion.icims.com"

    def search(request: Request) -> Reply:
        return Reply(_list(host, own, int(request.query.get("pr", "0")) + 1))

    web.on(f"https://{host}/jobs/search", search)
    at = f"https://{host}/jobs/{{id}}/{{slug}}/job"
    jobs = tuple(one.expected(at.format(id=one.id, slug=_slug(one)), web.now, "department", "id") for one in own)
    for one in own:
        url = at.format(id=one.id, slug=_slug(one))
        posting = linked(web, one, "Trunnion", url) | {"occupationalCategory": one.department}
        web.on(
            url,
            pages.html(
                f'<div class="iCIMS_MainWrapper"><h1 class="iCIMS_Header">{html.escape(one.title)}</h1>{one.body}</div>',
                title=f"{one.title} in {one.place.city} | Careers at Trunnion",
                head=block(posting),
            ),
        )
    frame = f"https://{host}/jobs/search?ss=1&in_iframe=1"
    body = f'<h1>Careers</h1><iframe id="icims_content_iframe" src="{html.escape(frame)}" width="100%"></iframe>'
    careers = pages.company(web, "trunnion.example", "Trunnion", body)
    yield Site("trunnion.example", "icims", jobs, ats="icims", token="trunnion")
    yield Sheet(
        "icims",
        "list",
        frame,
        jobs[:PAGE],
        next_page=f"https://{host}/jobs/search?pr=1&in_iframe=1",
        ats="icims",
        token="trunnion",
    )
    yield Sheet(
        "icims", "second page", f"https://{host}/jobs/search?pr=1&in_iframe=1", jobs[PAGE:], ats="icims", token="trunnion"
    )
    yield Sheet("icims", "frame", careers, next_page=frame, ats="icims", token="trunnion")
    one = own[1]
    yield Sheet(
        "icims",
        "posting",
        jobs[1].url,
        (one.expected(jobs[1].url, web.now, "location", "posted", "employment_type"),),
        ats="icims",
        token="trunnion",
    )
