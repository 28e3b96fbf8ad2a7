"""Teamtailor: a JSON feed, RSS with names of its own, lists under customers' names, a widget that hides the board."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Reply, Sheet, Site
from tests.boards.openings import pick
from tests.boards.web import Web

STATUS = {"remote": "fully", "hybrid": "hybrid", "onsite": "none"}
WORD = {"remote": "Fully Remote", "hybrid": "Hybrid", "onsite": ""}
STATED = ("location", "department", "posted", "id")


def _path(one: Opening) -> str:
    slug = "-".join("".join(char if char.isalnum() else " " for char in one.title.lower()).split())
    return f"/jobs/{one.id}-{slug}"


def _rss(web: Web, home: str, name: str, openings: tuple[Opening, ...]) -> str:
    items = "".join(
        f"<item><title>{html.escape(one.title)}</title><description>{html.escape(one.body)}</description>"
        f"<pubDate>{one.posted(web.now):%a, %d %b %Y %H:%M:%S +0000}</pubDate><link>{home}{_path(one)}</link><remoteStatus>{STATUS[one.workplace]}</remoteStatus>"
        f'<guid isPermaLink="false">guid-{one.id}</guid><tt:locations><tt:location><tt:name>{one.place.city}</tt:name><tt:address></tt:address><tt:zip></tt:zip>'
        f"<tt:city>{one.place.city}</tt:city><tt:country>{one.place.country}</tt:country></tt:location></tt:locations>"
        f"<tt:department>{one.department}</tt:department><tt:role></tt:role><company_name>{name}</company_name></item>"
        for one in openings
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:tt="https://teamtailor.com/locations"><channel>'
        f"<title>{name}</title><description>Jobs</description><link>{home}/jobs</link>{items}</channel></rss>"
    )


def _json(web: Web, home: str, name: str, openings: tuple[Opening, ...]) -> dict[str, object]:
    items = []
    for one in openings:
        posting: dict[str, object] = {
            "@context": "http://schema.org/",
            "@type": "JobPosting",
            "title": one.title,
            "description": one.body,
            "identifier": {"@type": "PropertyValue", "name": name, "value": f"uuid-{one.id}"},
            "datePosted": one.posted(web.now).isoformat(),
            "employmentType": "FULL_TIME",
            "hiringOrganization": {"@type": "Organization", "name": name, "sameAs": home},
            "jobLocation": [
                {
                    "@type": "Place",
                    "address": {"@type": "PostalAddress", "addressLocality": one.place.city, "addressCountry": one.place.country},
                }
            ],
        }
        if one.workplace == "remote":
            posting["jobLocationType"] = "TELECOMMUTE"
        items.append(
            {
                "id": f"uuid-{one.id}",
                "title": one.title,
                "url": f"{home}{_path(one)}",
                "date_published": one.posted(web.now).isoformat(),
                "content_html": one.body,
                "_jobposting": posting,
            }
        )
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{name} Jobs",
        "home_page_url": f"{home}/jobs",
        "items": items,
    }


def _list(home: str, name: str, openings: tuple[Opening, ...]) -> str:
    rows = "".join(
        f'<li class="w-full"><div class="relative"><a class="flex flex-col py-6" href="{home}{_path(one)}"><span class="text-block-base-link sm:min-w-[25%] '
        f'company-link-style" title="{html.escape(one.title)}">{html.escape(one.title)}</span><div class="mt-1 text-md"><span>{one.department}</span>'
        f'<span class="mx-[2px]">·</span><span>{one.place.short}</span>'
        + (
            f'<span class="mx-[2px]">·</span><span class="inline-flex items-center gap-x-2">{WORD[one.workplace]}</span>'
            if WORD[one.workplace]
            else ""
        )
        + "</div></a></div></li>"
        for one in openings
    )
    return pages.html(
        f'<main><section id="jobs"><ul id="jobs_list_container" class="block-grid">{rows}</ul></section></main><footer><a href="https://www.teamtailor.com">Career site by Teamtailor</a></footer>',
        title=f"Jobs - {name}",
        head=f'<meta name="generator" content="Teamtailor"><meta property="og:site_name" content="{name}"><link rel="stylesheet" href="https://assets-aws.teamtailor-cdn.com/app.css">',
    )


def tenant(web: Web, host: str, name: str, openings: tuple[Opening, ...]) -> str:
    """Feeds and list of a career site."""
    home = f"https://{host}"
    web.on(f"{home}/jobs", _list(home, name, openings))
    web.on(
        f"{home}/",
        pages.html(
            f'<h1>Work at {name}</h1><a href="{home}/jobs">All jobs</a>',
            title=f"{name} career site",
            head='<meta name="generator" content="Teamtailor">',
        ),
    )
    web.on(f"{home}/jobs.rss", Reply(_rss(web, home, name, openings), content_type="application/rss+xml"))
    web.json(f"{home}/jobs.json", _json(web, home, name, openings))
    return home


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A board of its own, one under the company's name, a widget that only a browser can read."""
    own = pick(25, 6, form="{}", first=5_000_000)
    home = tenant(web, "forgefjord.teamtailor.com", "Forgefjord", own)

    jobs = tuple(one.expected(f"{home}{_path(one)}", web.now, *STATED, "location_type") for one in own)
    body = f'<h1>Karriere</h1><p>Kom og vær med.</p><a href="{home}/jobs">Se ledige stillinger</a>'
    pages.company(web, "forgefjord.example", "Forgefjord", body)
    seen = tuple(one.expected(f"{home}{_path(one)}", web.now, "location") for one in own)
    yield Site("forgefjord.example", "teamtailor", seen, ats="teamtailor", token="forgefjord")
    yield Sheet("teamtailor", "rss", f"{home}/jobs.rss", jobs, ats="teamtailor", token="forgefjord")
    listed = tuple(one.expected(f"{home}{_path(one)}", web.now, "location", "department") for one in own)
    yield Sheet("teamtailor", "list", f"{home}/jobs", listed, ats="teamtailor", token="forgefjord")
    fed = tuple(one.expected(f"{home}{_path(one)}", web.now, "location", "posted") for one in own)
    yield Sheet("teamtailor", "json feed", f"{home}/jobs.json", fed, ats="teamtailor", token="forgefjord")

    named = pick(26, 4, form="{}", first=5_100_000)
    home = tenant(web, "career.gnist.example", "Gnist", named)
    seen = tuple(one.expected(f"{home}{_path(one)}", web.now, "location") for one in named)
    pages.company(web, "gnist.example", "Gnist", "", path=f"{home}/")
    yield Site("gnist.example", "teamtailor", seen, ats="teamtailor")
    yield Sheet("teamtailor", "list under another name", f"{home}/jobs", seen, ats="teamtailor")
