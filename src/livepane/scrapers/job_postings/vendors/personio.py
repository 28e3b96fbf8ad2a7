"""Personio: a documented XML feed, a search in JSON, and two templates of boards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.rows import Cells
from livepane.scrapers.job_postings.text import clean, first
from livepane.scrapers.job_postings.urls import host, origin, path
from livepane.scrapers.job_postings.values import dig, named, rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LEVELS = {"entry-level": "entry", "experienced": "", "executive": "executive", "student": "intern", "lead": "lead"}
CELLS = Cells(
    row="a.job-box-link, .job-box, .jb-card, [class*=JobListItem], a[href*='/job/'][class*=job]",
    link="a[href*='/job/'], a[href]",
    title=".jb-title, .job-box-title, h3, [class*=JobTitle]",
    location=".jb-description span:last-child, .job-office, [class*=office]",
    employment=".jb-description span:first-child",
    details="[class*=JobListItem_meta], [class*=JobListItem-meta]",
    group=".jb-group, .job-group, section",
    group_title="h2, h3.department, .department-title",
)


def _said(position: Element, name: str) -> str:
    return clean(position.findtext(name))


def read_xml(document: Document) -> Found | None:
    """`/xml`: root `workzag-jobs`, one `position` each; the feed names no address, so it is made from its host."""
    root = document.xml
    if root.tag != "workzag-jobs" and root.find("position") is None:
        return None
    board = origin(document.url)
    postings = []
    for position in root.iter("position"):
        more = position.find("additionalOffices")
        offices = (
            [_said(position, "office"), *(clean(office.text) for office in more.iter("office"))]
            if more is not None
            else [_said(position, "office")]
        )
        texts = "".join(
            f"<h3>{part.findtext('name') or ''}</h3>{part.findtext('value') or ''}" for part in position.iter("jobDescription")
        )
        identity = _said(position, "id")
        postings.append(
            Posting(
                title=_said(position, "name"),
                url=f"{board}/job/{identity}" if identity else "",
                id=identity,
                company=_said(position, "subcompany"),
                locations=offices,
                department=_said(position, "department"),
                role_hint=_said(position, "occupationCategory"),
                employment=" / ".join(filter(None, (_said(position, "employmentType"), _said(position, "schedule")))),
                seniority=LEVELS.get(_said(position, "seniority"), _said(position, "seniority")),
                description=texts,
                posted=_said(position, "createdAt"),
                evergreen="talent pool" in _said(position, "recruitingCategory").lower(),
            )
        )
    return Found("personio_xml", "feed", postings, zero="" if postings else "the feed lists no job")


def read_json(value: Any, document: Document) -> Found | None:
    """`/search.json`."""
    if "personio" not in host(document.url):
        return None
    listed = rows(value) if isinstance(value, list) else rows(value, "positions") or rows(value, "jobs") or rows(value, "data")
    if listed is None:
        return None
    postings = [
        Posting(
            title=first(row.get("name"), row.get("title"), dig(row, "attributes", "name")),
            url=f"{origin(document.url)}/job/{clean(row.get('id'))}",
            id=clean(row.get("id")),
            company=clean(row.get("subcompany")),
            locations=[named(office) for office in row.get("offices") or []]
            if isinstance(row.get("offices"), list) and row["offices"]
            else [named(row.get("office"))],
            department=named(row.get("department")),
            employment=" / ".join(filter(None, (named(row.get("employment_type")), named(row.get("schedule"))))),
            seniority=LEVELS.get(named(row.get("seniority")), named(row.get("seniority"))),
            description=str(row.get("description") or ""),
            posted=row.get("created_at") or row.get("createdAt"),
        )
        for row in listed
        if row.get("id")
    ]
    return Found("personio_api", "feed", postings, zero="" if postings else "the feed lists no job")


def read_html(document: Document) -> Found | None:
    """The board itself."""
    if "jobs.personio." not in host(document.url):
        return None
    postings = [posting for posting in CELLS.read(document) if "/job/" in posting.url]
    for posting in postings:
        posting.id = path(posting.url).rstrip("/").rpartition("/")[2]
    return Found("personio_html", "list", postings) if postings else None


VENDOR = Vendor(
    name="personio",
    boards=(r"^(?P<token>[\w-]+)\.jobs\.personio\.(?:de|com)(?:/|$)", r"^api\.personio\.de/.{0,80}(?P<none>xml)"),
    embeds=(r"^(?P<token>[\w-]+)\.jobs\.personio\.(?:de|com)/",),
    inline=(r"(?P<token>[\w-]+)\.jobs\.personio\.(?:de|com)",),
    feed="https://{token}.jobs.personio.de/xml?language=en",
    home="https://{token}.jobs.personio.de/",
    not_tokens=frozenset({"www", "assets"}),
    json=read_json,
    xml=read_xml,
    html=read_html,
)
