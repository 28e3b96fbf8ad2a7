"""Ashby: one answer for a whole board, remote and hybrid at once, a page that only scripts fill."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.boards import company as pages
from tests.boards.nouns import Opening, Sheet, Site
from tests.boards.openings import pick, with_uuids
from tests.boards.web import Web

KIND = {"full_time": "FullTime", "part_time": "PartTime", "internship": "Intern", "contract": "Contract"}
PLACE = {"remote": "Remote", "hybrid": "Hybrid", "onsite": "OnSite"}
STATED = ("location", "location_type", "department", "employment_type", "posted", "id")


def _row(web: Web, slug: str, one: Opening) -> dict[str, object]:
    url = f"https://jobs.ashbyhq.com/{slug}/{one.id}"
    row: dict[str, object] = {
        "id": one.id,
        "title": one.title,
        "department": one.department,
        "team": one.department,
        "employmentType": KIND[one.employment],
        "location": one.place.short,
        "secondaryLocations": [],
        "publishedAt": one.posted(web.now).isoformat(timespec="milliseconds"),
        "isListed": True,
        "isRemote": one.workplace != "onsite",  # also for hybrid ones
        "workplaceType": PLACE[one.workplace],
        "address": {"postalAddress": {"addressLocality": one.place.city, "addressCountry": one.place.country}},
        "jobUrl": url,
        "applyUrl": f"{url}/application",
        "descriptionHtml": one.body,
        "descriptionPlain": "",
        "shouldDisplayCompensationOnJobPostings": True,
    }
    if one.pay:
        sign = {"USD": "$", "GBP": "£", "EUR": "€"}[one.pay.currency]
        spoken = (
            f"{sign}{one.pay.low // 1000}K – {sign}{one.pay.high // 1000}K"
            if one.pay.period == "year"
            else f"{sign}{one.pay.low} – {sign}{one.pay.high} per hour"
        )
        row["compensation"] = {
            "compensationTierSummary": f"{spoken} • Offers Equity",
            "scrapeableCompensationSalarySummary": spoken.replace("–", "-"),
            "summaryComponents": [
                {
                    "compensationType": "EquityPercentage",
                    "interval": "NONE",
                    "currencyCode": None,
                    "minValue": None,
                    "maxValue": None,
                },
                {
                    "compensationType": "Salary",
                    "interval": "1 YEAR" if one.pay.period == "year" else "1 HOUR",
                    "currencyCode": one.pay.currency,
                    "minValue": one.pay.low,
                    "maxValue": one.pay.high,
                },
            ],
        }
    return row


def tenant(web: Web, slug: str, name: str, openings: tuple[Opening, ...]) -> str:
    """The feed of a board and its page; gives the feed's address."""
    rows = [_row(web, slug, one) for one in openings]
    hidden = {
        **_row(web, slug, openings[0]),
        "id": "00000000-0000-4000-a000-000000000000",
        "title": "Unlisted role",
        "isListed": False,
    }
    postings: list[dict[str, object]] = [
        {
            "id": one.id,
            "title": one.title,
            "departmentName": one.department,
            "teamName": one.department,
            "locationName": one.place.short,
            "workplaceType": PLACE[one.workplace],
            "employmentType": KIND[one.employment],
            "secondaryLocations": [],
            "publishedDate": f"{one.posted(web.now):%Y-%m-%d}",
            "isListed": True,
            "compensationTierSummary": None,
        }
        for one in openings
    ]
    data = {
        "organization": {"name": name, "hostedJobsPageSlug": slug},
        "posting": None,
        "jobBoard": {"teams": [], "jobPostings": postings},
    }
    web.on(
        f"https://jobs.ashbyhq.com/{slug}",
        pages.html(f'<div id="root"></div><script>window.__appData = {json.dumps(data)};</script>', title=f"{name} Jobs"),
    )
    web.script(f"https://jobs.ashbyhq.com/{slug}/embed", "document.getElementById('ashby_embed').textContent = 'Loading…';")
    return web.json(f"https://api.ashbyhq.com/posting-api/job-board/{slug}", {"jobs": [*rows, hidden], "apiVersion": "1"})


def parts(web: Web) -> Iterator[Site | Sheet]:
    """A widget, a board as the careers page of a redirect, a board's own state."""
    own = with_uuids(pick(3, 6))
    url = tenant(web, "quench", "Quench", own)
    jobs = tuple(one.expected(f"https://jobs.ashbyhq.com/quench/{one.id}", web.now, *STATED, "salary") for one in own)
    body = (
        '<h1>Open roles</h1><div id="ashby_embed"></div><script src="https://jobs.ashbyhq.com/quench/embed?version=2"></script>'
    )
    careers = pages.company(web, "quench.example", "Quench", body, path="/jobs")
    yield Site("quench.example", "ashby", jobs, ats="ashby", token="quench")
    yield Sheet("ashby", "feed", f"{url}?includeCompensation=true", jobs, ats="ashby", token="quench")
    yield Sheet("ashby", "widget", careers, needs_escalation=True, ats="ashby", token="quench")
    listed = tuple(one.expected(f"https://jobs.ashbyhq.com/quench/{one.id}", web.now, *STATED) for one in own)
    yield Sheet("ashby", "board's state", "https://jobs.ashbyhq.com/quench", listed, ats="ashby", token="quench")

    sent = with_uuids(pick(11, 3))
    tenant(web, "temperlabs", "Temper Labs", sent)
    jobs = tuple(one.expected(f"https://jobs.ashbyhq.com/temperlabs/{one.id}", web.now, *STATED, "salary") for one in sent)
    pages.company(web, "temperlabs.example", "Temper Labs", "", path="https://careers.temperlabs.example/")
    web.redirect("https://careers.temperlabs.example/", "https://jobs.ashbyhq.com/temperlabs", 301)
    yield Site("temperlabs.example", "ashby", jobs, ats="ashby", token="temperlabs")
