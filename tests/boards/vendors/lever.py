"""Lever: a bare array in two regions, the text spread over lists; boards that come complete as HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Reply, Request, Sheet, Site
from tests.boards.openings import pick, with_uuids
from tests.boards.web import Web

COMMITMENT = {"full_time": "Full-time", "part_time": "Part-time", "internship": "Internship", "contract": "Contract"}
STATED = ("location", "location_type", "department", "employment_type", "posted", "salary", "id")
PERIOD = {"year": "per-year-salary", "hour": "per-hour-wage"}


def _row(web: Web, slug: str, one: Opening, home: str) -> dict[str, object]:
    lead, _, rest = one.body.partition("<h3>")
    row: dict[str, object] = {
        "additional": "<div>We welcome everybody.</div>",
        "additionalPlain": "We welcome everybody.",
        "categories": {
            "commitment": COMMITMENT[one.employment],
            "department": one.department,
            "location": one.place.short,
            "team": one.department,
            "allLocations": [one.place.short],
        },
        "createdAt": int(one.posted(web.now).timestamp() * 1000),
        "descriptionPlain": "",
        "description": lead,
        "id": one.id,
        "lists": [{"text": "What you will do", "content": rest}],
        "text": one.title,
        "country": one.place.code,
        "workplaceType": one.workplace,
        "opening": "",
        "hostedUrl": f"{home}/{one.id}",
        "applyUrl": f"{home}/{one.id}/apply",
    }
    if one.pay:
        row["salaryRange"] = {
            "min": one.pay.low,
            "max": one.pay.high,
            "currency": one.pay.currency,
            "interval": PERIOD[one.pay.period],
        }
    return row


def tenant(web: Web, slug: str, openings: tuple[Opening, ...], *, region: str = "") -> str:
    """The feed of a board, with its pages; gives its address."""
    home = f"https://jobs.{region}lever.co/{slug}"
    rows = [_row(web, slug, one, home) for one in openings]
    url = f"https://api.{region}lever.co/v0/postings/{slug}"

    def answer(request: Request) -> Reply:
        import json

        skip, limit = int(request.query.get("skip", "0")), int(request.query.get("limit", "100"))
        return Reply(json.dumps(rows[skip : skip + limit]), content_type="application/json; charset=utf-8")

    web.on(url, answer)
    web.on(home, _board(slug, openings, home))
    return url


def _board(slug: str, openings: tuple[Opening, ...], home: str) -> str:
    groups: dict[str, list[Opening]] = {}
    for one in openings:
        groups.setdefault(one.department, []).append(one)
    body = "".join(
        f'<div class="postings-group"><div class="posting-category-title large-category-label">{department}</div>'
        + "".join(
            f'<div class="posting" data-qa-posting-id="{one.id}"><div class="posting-apply" data-qa="btn-apply">'
            f'<a href="{home}/{one.id}">Apply</a></div><a class="posting-title" href="{home}/{one.id}">'
            f'<h5 data-qa="posting-name">{html.escape(one.title)}</h5><div class="posting-categories">'
            f'<span class="display-inline-block small-category-label workplaceTypes">{one.workplace.capitalize().replace("Onsite", "On-site")} — </span>'
            f'<span class="sort-by-commitment posting-category small-category-label commitment">{COMMITMENT[one.employment]}</span>'
            f'<span class="sort-by-location posting-category small-category-label location">{one.place.short}</span></div></a></div>'
            for one in group
        )
        + "</div>"
        for department, group in groups.items()
    )
    filters = '<div class="filter-popup" style="display:none"><p>No results match your filters. No open positions.</p></div>'
    return pages.html(
        f'<div class="main-header"><a href="https://{slug}.example"><img alt="{slug.title()} logo" src="/logo.png"></a></div>'
        f'{filters}<div class="postings-wrapper">{body}</div><p>Jobs powered by <a href="https://lever.co">Lever</a></p>',
        title=slug.title(),
    )


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A link to the board, a board in Europe behind a widget, and a board of a company with another name as a decoy."""
    own = with_uuids(pick(2, 8))
    url = tenant(web, "hammerhall", own)
    home = "https://jobs.lever.co/hammerhall"
    jobs = tuple(one.expected(f"{home}/{one.id}", web.now, *STATED) for one in own)
    body = (
        f'<h1>Careers at Hammerhall</h1><p>Swing with us.</p><a href="{home}">See open roles</a>'
        '<section class="sponsors"><h2>Our sponsors are hiring, too</h2><a href="https://jobs.lever.co/bigbellows">Big Bellows jobs</a>'
        '<a href="https://jobs.ashbyhq.com/firetech">Firetech jobs</a></section>'
    )
    careers = pages.company(web, "hammerhall.example", "Hammerhall", body)
    yield Site("hammerhall.example", "lever", jobs, ats="lever", token="hammerhall")
    yield Sheet("lever", "feed", f"{url}?mode=json", jobs, ats="lever", token="hammerhall")
    yield Sheet("lever", "link among sponsors", careers, next_page=home, ats="lever", token="hammerhall")
    listed = tuple(
        one.expected(f"{home}/{one.id}", web.now, "location", "location_type", "department", "employment_type", "id")
        for one in own
    )
    yield Sheet("lever", "board", home, listed, ats="lever", token="hammerhall")

    europe = with_uuids(pick(7, 4))
    url = tenant(web, "sparkschmiede", europe, region="eu.")
    home = "https://jobs.eu.lever.co/sparkschmiede"
    jobs = tuple(one.expected(f"{home}/{one.id}", web.now, *STATED) for one in europe)
    web.script("https://jobs.eu.lever.co/embed/index.js", "")
    body = (
        '<h1>Karriere</h1><p>Wir suchen Leute.</p><div id="lever-jobs-container"></div><script>window.leverJobsOptions = '
        "{accountName: 'sparkschmiede', includeCss: true};</script><script src=\"https://jobs.eu.lever.co/embed/index.js\"></script>"
    )
    pages.company(web, "sparkschmiede.example", "Sparkschmiede", body, path="/karriere", lang="de")
    yield Site("sparkschmiede.example", "lever", jobs, ats="lever", token="sparkschmiede")
    yield Sheet("lever", "feed in Europe", f"{url}?mode=json", jobs, ats="lever", token="sparkschmiede")
