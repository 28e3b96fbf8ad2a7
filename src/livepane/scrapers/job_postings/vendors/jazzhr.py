"""JazzHR (once The Resumator): boards in three templates, no feed."""

from __future__ import annotations

import re

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found
from livepane.scrapers.job_postings.rows import Cells
from livepane.scrapers.job_postings.vendors.vendor import Vendor

IDENTITY = re.compile(r"/apply/(?:job_\d+_)?([A-Za-z0-9]{6,})(?:/|$|\?)")
TEMPLATES = (
    Cells(
        row="tr[id^=row_job], tr[class*=resumator-table-row]",
        link="a.job_title_link[href], a.resumator-job-title-link[href], a[href*='/apply']",
        title="a.job_title_link, a.resumator-job-title-link, a[href*='/apply']",
        location="td.resumator-job-location-column, td:nth-child(2)",
        department=".resumator_department, td.resumator-department-column",
    ),
    Cells(
        row="li.list-group-item, .job-board-list li",
        link=".list-group-item-heading a[href], a[href*='/apply/']",
        title=".list-group-item-heading a, .list-group-item-heading, a[href*='/apply/']",
        location=".list-inline li:has(.fa-map-marker), .list-group-item-text li:first-child",
        department=".list-inline li:has(.fa-sitemap), .list-group-item-text li:nth-child(2)",
    ),
    Cells(
        row="div.resumator-job, .resumator-jobs-text:has(> a.resumator-job-title-link)",
        link="a.resumator-job-title-link[href], a[href*='/apply']",
        title="a.resumator-job-title-link, .resumator-job-title, a[href*='/apply']",
        labelled=".resumator-job-info",
        group=".resumator-department",
        group_title=".resumator-department-heading",
    ),
)


def read_html(document: Document) -> Found | None:
    """`/apply`, `/apply/jobs` and the classic list."""
    if not any(map(document.says, ("applytojob.com", "resumator", "app.jazz.co"))):
        return None
    for cells in TEMPLATES:
        postings = [posting for posting in cells.read(document) if "/apply" in posting.url]
        for posting in postings:
            posting.id = match[1] if (match := IDENTITY.search(posting.url)) else posting.id
        if postings:
            return Found("jazzhr_html", "list", postings)
    return None


VENDOR = Vendor(
    name="jazzhr",
    boards=(
        r"^(?P<token>[\w-]+)\.applytojob\.com(?:/|$)",
        r"^app\.jazz\.co/widgets/basic/create/(?P<token>[\w-]+)",
        r"^(?P<token>[\w-]+)\.theresumator\.com(?:/|$)",
    ),
    embeds=(r"^app\.jazz\.co/widgets/basic/create/(?P<token>[\w-]+)", r"^(?:www\.)?resumator\.com/widgets/"),
    inline=(r"app\.jazz\.co/widgets/basic/create/(?P<token>[\w-]+)",),
    marks="#resumator-job-frame, #resumator-content-left-wrapper",
    home="https://{token}.applytojob.com/apply",
    not_tokens=frozenset({"www", "app", "cdn", "assets"}),
    html=read_html,
)
