"""iCIMS: a list inside a frame, in two layouts, with labels for screen readers among the words."""

from __future__ import annotations

import re

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found
from livepane.scrapers.job_postings.rows import Cells
from livepane.scrapers.job_postings.urls import number_in, query, with_query
from livepane.scrapers.job_postings.vendors.vendor import Vendor

IDENTITY = re.compile(r"/jobs/(\d+)/")
PAGES = re.compile(r"Page\s+(\d+)\s+of\s+(\d+)", re.IGNORECASE)
PLACE = re.compile(r"^([A-Z]{2})-(?:([A-Z]{2,3})-)?(.+)$")
CELLS = Cells(
    row=".iCIMS_JobsTable .row, li.iCIMS_JobCardItem .row, .iCIMS_JobListingRow, table.iCIMS_JobsTable tbody tr, li.iCIMS_JobCardItem, li.row",
    link="a.iCIMS_Anchor[href*='/jobs/'], a[href*='/jobs/']",
    title=".title h3, .title h2, .title h4, a.iCIMS_Anchor h3, a.iCIMS_Anchor h2, [itemprop=title] a, a.iCIMS_Anchor",
    location=".header.left span:not(.sr-only), .iCIMS_JobLocation, .iCIMS_JobHeaderLocation",
    labelled=".iCIMS_JobHeaderTag, .header",
    description=".description",
    exact=".header span[title*='/20'], .iCIMS_JobHeaderData span[title*='/20']",
    drop=".sr-only, .field-label",
)


def spoken(place: str) -> str:
    """`US-CA-San Francisco` as people write it."""
    match = PLACE.match(place.strip())
    return ", ".join(filter(None, (match[3], match[2], match[1]))) if match else place


def read_html(document: Document) -> Found | None:
    """`/jobs/search?in_iframe=1`."""
    if b"icims" not in document.glance.page[:500_000]:
        return None
    postings = []
    for posting in CELLS.read(document):
        if not (match := IDENTITY.search(posting.url)):
            continue
        posting.id = match[1]
        posting.locations = [spoken(part) for text in posting.locations for part in text.split("|")]
        postings.append(posting)
    if not postings:
        return None
    following = None
    if (match := PAGES.search(document.visible)) and int(match[1][:6]) < int(match[2][:6]):
        page = number_in(query(document.url), "pr") or 0
        stated = next((node.attributes.get("href") for node in document.all("a[rel~=next][href], link[rel~=next][href]")), "")
        following = document.link(stated) or with_query(document.url, pr=page + 1)
    return Found("icims_html", "list", postings, next_page=following)


VENDOR = Vendor(
    name="icims",
    boards=(
        r"^(?:[a-z]{0,12}-?(?:careers|jobs|external|internal|english|campus|hourly)?-)?(?P<token>[\w-]+)\.icims\.com(?:/|$)",
    ),
    embeds=(r"^(?:[\w]*careers-)?(?P<token>[\w-]+)\.icims\.com/jobs", r"^(?:www|cdn\d*)\.icims\.com/"),
    inline=(
        r"(?:[\w]*careers-)(?P<token>[\w-]+)\.icims\.com",
        r"icimsFrame\.src\s*=\s*[\"'][^\"']{0,20}?//(?:[\w]*careers-)?(?P<token>[\w-]+)\.icims\.com",
    ),
    marks="#icims_content_iframe, #icims_iframe_span, .iCIMS_MainWrapper",
    not_tokens=frozenset({"www", "cdn", "cdn01", "cdn02", "cdn03", "cdn31", "login", "media", "api", "developer"}),
    html=read_html,
)
