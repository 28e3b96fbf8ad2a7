"""Jobvite: boards in HTML of two templates, no feed."""

from __future__ import annotations

import re

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found
from livepane.scrapers.job_postings.rows import Cells
from livepane.scrapers.job_postings.urls import number_in, query, with_query
from livepane.scrapers.job_postings.vendors.vendor import Vendor

IDENTITY = re.compile(r"/job/(\w+)")
SPAN = re.compile(r"(\d+)\s*[-–]\s*(\d+)\s+(?:of|von|de|sur|di|z)\s+(\d+)")
ROLLUP = re.compile(r"^\d+ \w+$")
TEMPLATES = (
    Cells(
        row="table.jv-job-list tr",
        link=".jv-job-list-name a[href], a[href*='/job/']",
        title=".jv-job-list-name a, .jv-job-list-name",
        location=".jv-job-list-location",
        group_before="h3, h2, .h2",
    ),
    Cells(
        row="li.row, a.jv-job-item, .jv-job-list li",
        link="a[href*='/job/']",
        title=".jv-job-list-name, .jv-job-item-title, a[href*='/job/']",
        location=".jv-job-list-location, .jv-job-item-location",
        department=".jv-job-list-department",
        group_before="h3, h2, .h2",
    ),
)


def read_html(document: Document) -> Found | None:
    """`/{s}/jobs` and `/{s}/search?p=N`, also below a customer's own domain."""
    if "jv-" not in document.text or not document.all(".jv-job-list, .jv-job-item, .jv-page-body, li.row a[href*='/job/']"):
        return None
    for cells in TEMPLATES:
        postings = [posting for posting in cells.read(document) if IDENTITY.search(posting.url)]
        if not postings:
            continue
        for posting in postings:
            posting.id = match[1] if (match := IDENTITY.search(posting.url)) else ""
            if any(ROLLUP.match(text) for text in posting.locations):
                posting.locations, posting.signals = [], ["location:rollup"]
        following, total = None, None
        if match := SPAN.search(document.visible):
            total = int(match[3][:7])
            if int(match[2][:7]) < total:
                following = with_query(document.url, p=(number_in(query(document.url), "p") or 0) + 1)
        return Found(
            "jobvite_html",
            "list",
            postings,
            next_page=following,
            total=total if following is None and total == len(postings) else None,
        )
    return None


VENDOR = Vendor(
    name="jobvite",
    boards=(
        r"^jobs\.jobvite\.com/(?:careers/|support/)?(?P<token>[\w-]+)",
        r"^(?:app|hire)\.jobvite\.com/.{0,80}[?&]c=(?P<token>\w+)",
    ),
    embeds=(
        r"^(?:jobs|app|hire)\.jobvite\.com/(?:.{0,40}careersite|__assets__)",
        r"^jobs\.jobvite\.com/(?:careers/)?(?P<token>[\w-]+)/",
    ),
    inline=(
        r"jobs\.jobvite\.com/(?:careers/)?(?P<token>[\w-]+)/(?:jobs|search|job)",
        r"jvOptions|careersite_company\W{1,6}(?P<token>\w+)",
    ),
    marks="#jv_careersite_iframe_id, .jv-careersite[data-careersite]",
    token_attribute="data-careersite",  # noqa: S106 - the name of an attribute
    home="https://jobs.jobvite.com/{token}/jobs",
    not_tokens=frozenset({"__assets__", "careers", "support", "api", "privacy-policy", "careersite", "public"}),
    html=read_html,
)
