"""Jobs in the markup of a page that no vendor vouches for: repeated links, tables, accordions, sections with a mail address."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from livepane.scrapers.job_postings import dom_aside, dom_frame, dom_sections, shown
from livepane.scrapers.job_postings.careers_links import SOCIAL, in_decoy
from livepane.scrapers.job_postings.classify.titles import MARKER, is_evergreen, may_be_title, names_a_role
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.dom_frame import NOT_A_JOB, excluded, is_job_url
from livepane.scrapers.job_postings.dom_parts import Parts, department_above, fill_places, is_apply, parts_of
from livepane.scrapers.job_postings.dom_title import title_of
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.rows import text_of
from livepane.scrapers.job_postings.urls import canonical, domain, host

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

LINKS_MOST = 4000
SEVERAL = re.compile(
    r"\b(?:jobs|vacancies|openings|positions|careers|stellen|stellenangebote|offres|emplois|ofertas|empleos|vacatures)\b",
    re.IGNORECASE,
)
LABELS_OF_ONE = 2  # labelled parts below the heading tell a posting from a list of them
APPENDIX = re.compile(r"(?:/(?:apply|application|bewerben|bewerbung|postuler)|\.pdf)\?", re.IGNORECASE)


@dataclass(slots=True)
class Row:
    """A link or section that may be a job."""

    node: LexborNode  # the link or section
    card: LexborNode  # all that belongs to it
    title: str
    url: str
    parts: Parts
    strong: bool  # the address itself is one of a job
    role: bool


def _path(node: LexborNode, depth: int = 7) -> str:
    names: list[str] = []
    current: LexborNode | None = node
    while current is not None and len(names) < depth:
        names.append(str(current.tag))
        current = current.parent
    return "/".join(names)


def _card(node: LexborNode, hrefs: dict[int, set[str]], own: str) -> LexborNode:
    """The largest element around a link that holds no other job's link."""
    card = node
    for _ in range(8):
        parent = card.parent
        if parent is None or parent.tag in {"body", "html", "main", "ul", "ol", "tbody", "table"}:
            break
        if hrefs.get(parent.mem_id, set()) - {own}:
            break
        if len(text_of(parent)) > 1800:
            break
        card = parent
    return card


def _key(url: str, here: str) -> str:
    """What the links of one job have in common: its page, its form and its paper are one."""
    key = canonical(url)
    page = key.partition("#")[0]
    if page == here:
        return key
    return APPENDIX.sub("?", page)


def _linked_rows(document: Document, *, careers: bool) -> list[Row]:
    links: list[tuple[LexborNode, str]] = []
    hrefs: dict[int, set[str]] = defaultdict(set)
    here = canonical(document.url).partition("#")[0]
    for node in document.links[:LINKS_MOST]:
        url = document.link(node.attributes.get("href"))
        if not url or excluded(node):
            continue
        key = _key(url, here)
        if key.partition("#")[0] == here and "#" not in key.rstrip("#"):
            continue
        if len(urlsplit(url).path.strip("/")) == 0 and not urlsplit(url).query and "#" not in key.rstrip("#"):
            continue
        links.append((node, url))
        current: LexborNode | None = node
        for _ in range(9):
            if current is None:
                break
            hrefs[current.mem_id].add(key)
            current = current.parent
    rows: list[Row] = []
    for node, url in links:
        away = domain(url) != domain(document.url)
        paper = careers and dom_frame.is_paper(url)
        if away and not paper and not is_job_url(url, document) and not (careers and not SOCIAL.search(host(url))):
            continue
        fragment = canonical(url).partition("#")[0] == here
        strong = not fragment and (is_job_url(url, document) or paper)
        if not strong and NOT_A_JOB.search(unquote(urlsplit(url).path)):
            continue
        card = _card(node, hrefs, _key(url, here))
        title = title_of(node, card)
        if not title:
            continue
        role = names_a_role(title)
        if not role and (not strong or paper):
            continue
        parts = parts_of(card, title)
        if dom_aside.is_over(card, title, parts.pieces) or (not careers and dom_aside.is_ware(card, parts.pieces)):
            continue
        rows.append(Row(node, card, title, url, parts, strong, role))
    return rows


def _grouped(rows: list[Row]) -> list[list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        pattern = re.sub(r"/[^/]*$", "", urlsplit(row.url).path.rstrip("/"))
        groups[f"{_path(row.node, 4)} {urlsplit(row.url).netloc} {pattern.count('/')}"].append(row)
    return list(groups.values())


def _believed(group: list[Row], *, careers: bool) -> list[Row]:
    """The rows of a group that are jobs, when the group as a whole looks like jobs."""
    distinct = {canonical(row.url) for row in group}
    roles = sum(row.role for row in group)
    strong = sum(row.strong for row in group)
    evidence = sum(row.parts.says_something for row in group)
    marked = sum(bool(MARKER.search(row.title)) for row in group)
    if not roles:
        # Titles in words we do not know, but with addresses of jobs and places beside them.
        return (
            [row for row in group if row.strong and row.parts.location]
            if careers and strong == len(group) >= 2 and evidence >= len(group) * 0.6
            else []
        )
    if len(distinct) >= 2:
        if strong >= len(group) * 0.5 and roles >= len(group) * 0.3:
            return [row for row in group if row.strong or row.role]
        if (careers or marked) and roles >= len(group) * 0.5 and (evidence >= len(group) * 0.4 or marked >= 1):
            return [row for row in group if row.role or row.strong]
        return [row for row in group if MARKER.search(row.title) or (row.strong and row.role)]
    row = group[0]
    if (row.strong and row.role and (careers or row.parts.says_something)) or MARKER.search(row.title):
        return [row]
    return []


def _posting(row: Row, document: Document) -> Posting:
    parts = row.parts
    above = department_above(row.card)
    return Posting(
        title=row.title,
        url=row.url,
        locations=[parts.location] if parts.location else [],
        workplace=parts.workplace,
        department=parts.department or above.department,
        employment=" / ".join(filter(None, (parts.employment, above.employment))),
        posted=parts.posted or None,
        salary_text=parts.salary,
        apply=parts.apply,
        description=parts.text,
    )


def read(document: Document, *, careers: bool) -> Found | None:
    """The jobs of a page's own markup; None when there are none. `careers` is whether the page speaks of work at all."""
    one = _single(document)
    related, past = dom_aside.beside(document)
    if one is not None and one.labels >= LABELS_OF_ONE:
        return one.found  # whatever other jobs it lists
    if in_tables := dom_sections.tables(document, careers=careers):
        return Found("static_dom", "list", in_tables, note="a table")
    here = canonical(document.url).partition("#")[0]
    rows = [row for row in _linked_rows(document, careers=careers) if row.node.mem_id not in past]
    if one is not None:
        rows = [row for row in rows if row.node.mem_id not in related and not dom_aside.is_related(row.node)]
    believed = [row for group in _grouped(rows) for row in _believed(group, careers=careers)]
    believed = [row for row in believed if not in_decoy(row.node)]
    fill_places([row.parts for row in believed])
    postings: list[Posting] = []
    seen: dict[str, Posting] = {}
    for row in believed:
        key = _key(row.url, here)
        if key in seen:
            # Several links of one job: the one whose words name a trade is the title.
            if row.role and not names_a_role(seen[key].title):
                seen[key].title = row.title
            continue
        posting = _posting(row, document)
        seen[key] = posting
        postings.append(posting)
    in_sections = dom_sections.sections(document, careers=careers) if len(postings) < 2 else []
    if len(in_sections) > len(postings):
        return Found("static_dom", "list", in_sections, note="sections")
    if not any(not is_evergreen(posting.title) for posting in postings) and not careers:
        return None
    if not postings and one is not None:
        return one.found
    return Found("static_dom", "list", postings, note="repeated links") if postings else None


@dataclass(frozen=True, slots=True)
class Single:
    """The page of one posting, and how many of its parts carry a label that occurs once."""

    found: Found
    labels: int


def _single(document: Document) -> Single | None:
    """The page of one posting: the address of a job, a heading that names a trade, and a way to apply."""
    head = document.first("main h1, article h1, h1")
    if head is None or not is_job_url(document.url, document, itself=True):
        return None
    title = text_of(head)
    if not may_be_title(title) or not names_a_role(title) or is_evergreen(title) or SEVERAL.search(title):
        return None
    card = head.parent
    for _ in range(5):
        if card is None or card.tag == "html" or (is_apply(card) is not None and len(text_of(card)) > len(title) + 40):
            break
        card = card.parent
    if card is None or card.tag == "html" or is_apply(card) is None:
        return None
    parts = parts_of(card, title)
    said = shown.read(document, title)
    place = said.said.get("location") or parts.location
    posting = Posting(
        title=title,
        url=document.url,
        locations=[place] if place else [],
        workplace=said.said.get("workplace", parts.workplace),
        department=said.said.get("department") or parts.department,
        employment=said.said.get("employment") or parts.employment,
        posted=said.said.get("posted") or parts.posted or None,
        salary_text=said.said.get("salary") or said.pay or parts.salary,
        apply=parts.apply or "direct",
        description=said.text.removeprefix(title),
    )
    found = Found("static_dom", "detail", [posting], note="a posting's own page")
    return Single(found, 0 if said.repeated else len(said.said))
