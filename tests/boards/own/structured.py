"""Companies that describe their openings for search engines: lists, single pages, graphs, and blocks that are broken."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Expected, Opening, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

TYPE = {"full_time": "FULL_TIME", "part_time": "PART_TIME", "internship": "INTERN", "contract": "CONTRACTOR"}
STATED = ("location", "employment_type", "posted", "salary", "id")
PERIOD = {"year": "YEAR", "hour": "HOUR"}


def linked(web: Web, one: Opening, name: str, url: str, *, organisation: object = None) -> dict[str, object]:
    """A JobPosting."""
    value: dict[str, object] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": one.title,
        "description": one.body,
        "identifier": {"@type": "PropertyValue", "name": name, "value": one.id},
        "datePosted": f"{one.posted(web.now):%Y-%m-%d}",
        "employmentType": [TYPE[one.employment]],
        "hiringOrganization": organisation or {"@type": "Organization", "name": name},
        "jobLocation": {
            "@type": "Place",
            "address": {"@type": "PostalAddress", "addressLocality": one.place.city, "addressCountry": one.place.country},
        },
        "url": url,
        "directApply": True,
    }
    if one.workplace == "remote":
        value["jobLocationType"] = "TELECOMMUTE"
        value["applicantLocationRequirements"] = {"@type": "Country", "name": one.place.country}
    if one.pay:
        value["baseSalary"] = {
            "@type": "MonetaryAmount",
            "currency": one.pay.currency,
            "value": {
                "@type": "QuantitativeValue",
                "minValue": one.pay.low,
                "maxValue": one.pay.high,
                "unitText": PERIOD[one.pay.period],
            },
        }
    return value


def block(value: object) -> str:
    """A script element with it."""
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def _expected(web: Web, one: Opening, url: str) -> Expected:
    return one.expected(url, web.now, *STATED, *(["location_type"] if one.workplace == "remote" else []))


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A list of links with details, a graph on the list, broken blocks, microdata."""
    own = pick(5, 5, form="REQ-{}", first=100)
    root = "https://ironmoor.example/careers"
    links = "".join(f'<li><a href="/careers/{one.id.lower()}"><h3>{html.escape(one.title)}</h3></a></li>' for one in own)
    jobs = []
    for one in own:
        url = f"{root}/{one.id.lower()}"
        jobs.append(_expected(web, one, url))
        web.on(
            url,
            pages.framed(
                "Ironmoor", f"<h1>{html.escape(one.title)}</h1>{one.body}", head=block(linked(web, one, "Ironmoor", url))
            ),
        )
        yield Sheet("json_ld", "detail", url, (jobs[-1],))
    pages.company(web, "ironmoor.example", "Ironmoor", f"<h1>Open positions</h1><ul class='jobs'>{links}</ul>")
    yield Site("ironmoor.example", "json_ld", tuple(jobs))

    own = pick(8, 4, form="{}", first=70_000)
    root = "https://emberandash.example/jobs"
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "@id": "#org", "name": "Ember & Ash", "url": "https://emberandash.example/"},
            {"@type": "BreadcrumbList", "itemListElement": []},
            *(linked(web, one, "Ember & Ash", f"{root}/{one.id}", organisation={"@id": "#org"}) for one in own),
        ],
    }
    cards = "".join(f'<article><a href="/jobs/{one.id}">{html.escape(one.title)}</a></article>' for one in own)
    url = pages.company(web, "emberandash.example", "Ember & Ash", f"<h1>Jobs</h1>{cards}", path="/jobs", head=block(graph))
    found = tuple(_expected(web, one, f"{root}/{one.id}") for one in own)
    yield Site("emberandash.example", "json_ld", found)
    yield Sheet("json_ld", "graph on the list", url, found)

    own = pick(10, 3, form="{}", first=8_000)
    root = "https://slagheap.example/stellen"
    broken = [json.dumps(linked(web, one, "Slagheap", f"{root}/{one.id}")) for one in own]
    broken[0] = broken[0].replace("<h3>", "\n<h3>").replace("anvils", r"anvils\_")  # a raw line end, an escape that is none
    broken[1] = broken[1][:-1] + ",}"
    broken[2] = f"//<![CDATA[\n{broken[2]}\n//]]>"
    head = "".join(f'<script type="application/ld+json">{text}</script>' for text in ['{"@type": "WebSite", oops', *broken])
    cards = "".join(f'<p><a href="/stellen/{one.id}">{html.escape(one.title)}</a></p>' for one in own)
    url = pages.company(web, "slagheap.example", "Slagheap", f"<h1>Stellen</h1>{cards}", path="/stellen", lang="de", head=head)
    found = tuple(_expected(web, one, f"{root}/{one.id}") for one in own)
    yield Site("slagheap.example", "json_ld_malformed", found)
    yield Sheet("json_ld_malformed", "four kinds of broken blocks", url, found)

    own = pick(13, 4, form="{}", first=500)
    root = "https://cinder.example/vacancies"
    rows = "".join(
        f'<div itemscope itemtype="https://schema.org/JobPosting"><h3 itemprop="title">{html.escape(one.title)}</h3>'
        f'<meta itemprop="datePosted" content="{one.posted(web.now):%Y-%m-%d}"><meta itemprop="employmentType" content="{TYPE[one.employment]}">'
        f'<span itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization"><meta itemprop="name" content="Cinder"></span>'
        f'<span itemprop="jobLocation" itemscope itemtype="https://schema.org/Place"><span itemprop="address" itemscope '
        f'itemtype="https://schema.org/PostalAddress"><span itemprop="addressLocality">{one.place.city}</span>, '
        f'<span itemprop="addressCountry">{one.place.country}</span></span></span>'
        f'<a itemprop="url" href="/vacancies/{one.id}">Read more</a></div>'
        for one in own
    )
    url = pages.company(web, "cinder.example", "Cinder", f"<h1>Vacancies</h1>{rows}", path="/vacancies")
    found = tuple(one.expected(f"{root}/{one.id}", web.now, "location", "employment_type", "posted") for one in own)
    yield Site("cinder.example", "microdata", found)
    yield Sheet("microdata", "list", url, found)
