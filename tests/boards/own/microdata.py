"""Companies that mark up their postings in the page itself: microdata of a shop's theme, RDFa, with other marked things beside them."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

SPOKEN = {"full_time": "Full-Time", "part_time": "Part-Time", "internship": "Internship", "contract": "Contract"}
UNIT = {"year": "YEAR", "hour": "HOUR"}
# Marked up as well, and no posting: who praises us and what they do, what we sell, what we write, where one is.
DECOYS = (
    '<ol itemscope itemtype="https://schema.org/BreadcrumbList"><li itemprop="itemListElement" itemscope '
    'itemtype="https://schema.org/ListItem"><a itemprop="item" href="/"><span itemprop="name">Home</span></a></li></ol>'
    '<div itemscope itemtype="https://schema.org/Review"><p itemprop="reviewBody">The best anvil that I ever had.</p>'
    '<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Ada Lund</span>, '
    '<span itemprop="jobTitle">Senior Farrier</span></span></div>'
    '<div itemscope itemtype="https://schema.org/Product"><a itemprop="url" href="/products/anvil-9"><span itemprop="name">'
    'Anvil No. 9</span></a><span itemprop="offers" itemscope itemtype="https://schema.org/Offer"><meta itemprop="price" '
    'content="900"><meta itemprop="priceCurrency" content="EUR"></span></div>'
)


def _detail(web: Web, one: Opening) -> str:
    pay = (
        '<span itemprop="baseSalary" itemscope itemtype="http://schema.org/MonetaryAmount"><meta itemprop="currency" '
        f'content="{one.pay.currency}"><span itemprop="value" itemscope itemtype="http://schema.org/QuantitativeValue">'
        f'<meta itemprop="minValue" content="{one.pay.low}"><meta itemprop="maxValue" content="{one.pay.high}">'
        f'<meta itemprop="unitText" content="{UNIT[one.pay.period]}"></span></span>'
        if one.pay
        else ""
    )
    return (
        '<article itemscope itemtype="http://schema.org/JobPosting"><header><h1 itemprop="title"><span class="kicker"></span>'
        f"{html.escape(one.title)}</h1><p>Posted <time itemprop='datePosted' datetime='{one.posted(web.now):%Y-%m-%dT%H:%M:%S+00:00}'>"
        f"{one.posted(web.now):%d %B %Y}</time></p></header><div itemprop='hiringOrganization' itemscope "
        'itemtype="http://schema.org/Organization"><a itemprop="sameAs" href="https://tongworks.example/"><span itemprop="name">'
        'Tongworks</span></a></div><div itemprop="jobLocation" itemscope itemtype="http://schema.org/Place"><div '
        'itemprop="address" itemscope itemtype="http://schema.org/PostalAddress"><span itemprop="addressLocality">'
        f'{one.place.city}</span><meta itemprop="addressCountry" content="{one.place.country}"></div></div>{pay}'
        f'<p>Type: <span itemprop="employmentType">{SPOKEN[one.employment]}</span></p><div itemprop="description">{one.body}'
        '</div><a class="button" href="https://tongworks.example/apply">Apply</a></article>'
    )


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A list of plain links to pages with microdata; a list in RDFa; a posting that is past its last day among others."""
    own = pick(3, 4, form="tw-{}", first=300)
    root = "https://tongworks.example/careers"
    jobs = []
    for one in own:
        url = f"{root}/{one.id}"
        stated = ["location", "employment_type", "posted", *(["salary"] if one.pay else [])]
        jobs.append(one.expected(url, web.now, *stated))
        web.on(url, pages.framed("Tongworks", f"{DECOYS}{_detail(web, one)}", title=f"{html.escape(one.title)} | Tongworks"))
        yield Sheet("microdata", "detail beside a shop", url, (jobs[-1],))
    links = "".join(f'<li><a href="/careers/{one.id}">{html.escape(one.title)}</a></li>' for one in own)
    pages.company(web, "tongworks.example", "Tongworks", f"<h1>Open positions</h1>{DECOYS}<ul>{links}</ul>")
    yield Site("tongworks.example", "microdata", tuple(jobs))

    own = pick(11, 4, form="{}", first=61)
    root = "https://klingeforge.example/jobs"
    gone = (
        '<section typeof="JobPosting"><h3 property="title">Night Watchman</h3><meta property="validThrough" content="2024-02-29">'
        '<meta property="datePosted" content="2024-01-02"><span property="jobLocation">Bergen, Norway</span>'
        '<a property="url" href="/jobs/12">Read more</a></section>'
    )
    rows = "".join(
        f'<section typeof="JobPosting" resource="#job-{one.id}"><h3 property="title">{html.escape(one.title)}</h3>'
        f'<span property="hiringOrganization" typeof="Organization"><meta property="name" content="Klinge Forge"></span>'
        f'<span property="jobLocation">{one.place.short}</span> · <span property="employmentType">{SPOKEN[one.employment]}</span>'
        f'<meta property="datePosted" content="{one.posted(web.now):%Y-%m-%d}">'
        f'<a property="url" href="/jobs/{one.id}">Read more</a></section>'
        for one in own
    )
    body = f'<h1>Jobs</h1>{DECOYS}<div vocab="https://schema.org/">{rows}{gone}</div>'
    url = pages.company(web, "klingeforge.example", "Klinge Forge", body, path="/jobs")
    found = tuple(one.expected(f"{root}/{one.id}", web.now, "location", "employment_type", "posted") for one in own)
    yield Site("klingeforge.example", "microdata", found)
    yield Sheet("microdata", "RDFa with one that is over", url, found)
