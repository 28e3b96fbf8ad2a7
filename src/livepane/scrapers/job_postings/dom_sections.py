"""Jobs without an address of their own: tables, accordions, sections with a mail address."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from livepane.scrapers.job_postings.careers_links import in_decoy
from livepane.scrapers.job_postings.classify.titles import MARKER, may_be_title, names_a_role
from livepane.scrapers.job_postings.document import Document, is_hidden
from livepane.scrapers.job_postings.dom_frame import excluded, is_job_url
from livepane.scrapers.job_postings.dom_parts import Parts, department_above, is_apply, parts_of
from livepane.scrapers.job_postings.posting import Posting
from livepane.scrapers.job_postings.rows import text_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

OPENER = "summary, [class*=accordion-header], [class*=accordion-title], [class*=accordion__title], [class*=accordion-button], [class*=toggle-title], [class*=toggle_title], [aria-expanded], [data-toggle=collapse], [data-bs-toggle=collapse]"


def sections(document: Document, *, careers: bool) -> list[Posting]:
    """Accordions and sections without an address of their own: a title that is a job, and a way to apply or a text."""
    found: list[Posting] = []
    seen: set[str] = set()
    openers = [node for node in document.all(OPENER)[:400] if not excluded(node)]
    ways = {node.mem_id: _above(node) for node in openers}
    shared = {above for above, times in Counter(above for way in ways.values() for above in way).items() if times > 1}
    for node in openers:
        title = _heading_text(node)
        card = node.parent if node.parent is not None else node
        for _ in range(3):
            if len(text_of(card)) > len(title) + 40 or card.parent is None or card.parent.tag in {"body", "main"}:
                break
            if card.parent.mem_id in shared and len(text_of(card)) > len(title) + 8:
                break  # what is above it holds other jobs, too
            card = card.parent
        if card.mem_id in shared:
            card = _own_panel(node, shared, set(ways)) or card
        if not may_be_title(title) or not names_a_role(title) or title.casefold() in seen or in_decoy(node):
            continue
        body = text_of(card)
        if not (careers or MARKER.search(title) or is_apply(card)):
            continue
        if len(body.removeprefix(title)) < (8 if MARKER.search(title) else 20):
            continue
        seen.add(title.casefold())
        found.append(_of_section(node, card, title, document))
    if found:
        return found
    for node in document.all("h2, h3, h4, h5")[:400]:
        title = _heading_text(node)
        if not may_be_title(title) or not names_a_role(title) or title.casefold() in seen or excluded(node) or is_hidden(node):
            continue
        card, apply = _until_next(node)
        if apply is None and not (MARKER.search(title) and careers):
            continue
        seen.add(title.casefold())
        found.append(_of_section(node, card, title, document, apply=apply or ""))
    return found


def _above(node: LexborNode) -> list[int]:
    """The elements that it is in, the nearest first, by their `mem_id`."""
    found: list[int] = []
    current = node.parent
    while current is not None and len(found) < 6 and current.tag not in {"body", "main"}:
        found.append(current.mem_id)
        current = current.parent
    return found


def _own_panel(node: LexborNode, shared: set[int], openers: set[int]) -> LexborNode | None:
    """The element after an opener that stands beside other openers: what opens."""
    branch = node
    while branch.parent is not None and branch.parent.mem_id not in shared:
        branch = branch.parent
    sibling = branch.next
    while sibling is not None and (not sibling.tag or sibling.tag[0] in "-!"):
        sibling = sibling.next
    if sibling is None or sibling.mem_id in openers or sibling.css_first(OPENER) is not None:
        return None
    return sibling if text_of(sibling) else None


def _heading_text(node: LexborNode) -> str:
    inner = node.css_first("h1, h2, h3, h4, h5, h6, [class*=title]")
    text = (
        text_of(inner)
        if inner is not None and inner.mem_id != node.mem_id
        else text_of(node, ".sr-only, .icon, [aria-hidden=true]")
    )
    if inner is None and (part := _first_part(node)):
        text = part
    return text.strip(" +–-▼▾›»")


def _first_part(node: LexborNode) -> str:
    """The first of several parts that a line consists of, when it names a job by itself: title, kind, place."""
    parts = [child for child in node.iter() if child.tag not in {"svg", "i", "img", "br"} and text_of(child)]
    if len(parts) < 2 or len(" ".join(text_of(part) for part in parts)) < len(text_of(node)) - 2 * len(parts):
        return ""
    first = text_of(parts[0])
    return first if may_be_title(first) and names_a_role(first) else ""


def _until_next(node: LexborNode) -> tuple[LexborNode, str | None]:
    """The element that a heading heads, and the way to apply in it; None when there is none."""
    sibling, steps = node.next, 0
    while sibling is not None and steps < 25:
        steps += 1
        if sibling.tag and sibling.tag[0] not in "-!":
            if re.fullmatch(r"h[1-5]", sibling.tag) and sibling.tag <= str(node.tag):
                break
            if (apply := is_apply(sibling)) is not None:
                return node.parent if node.parent is not None and node.parent.tag not in {
                    "body",
                    "main",
                    "section",
                } else sibling, apply
        sibling = sibling.next
    parent = node.parent
    for _ in range(3):
        if parent is None or parent.tag in {"body", "main", "html"} or len(parent.css(str(node.tag))) > 1:
            break
        if (apply := is_apply(parent)) is not None:
            return parent, apply
        parent = parent.parent
    return node, None


def _add_until_next(node: LexborNode, title: str, parts: Parts) -> None:
    """What the elements between a heading and the next one say."""
    sibling, steps = node.next, 0
    while sibling is not None and steps < 12:
        steps += 1
        if sibling.tag and re.fullmatch(r"h[1-6]", sibling.tag):
            break
        if sibling.tag and sibling.tag[0] not in "-!" and len(text_of(sibling)) < 1500:
            more = parts_of(sibling, title)
            for name in ("location", "department", "employment", "workplace", "posted", "salary"):
                if not getattr(parts, name):
                    setattr(parts, name, getattr(more, name))
        sibling = sibling.next


def _of_section(node: LexborNode, card: LexborNode, title: str, document: Document, apply: str = "") -> Posting:
    identity = next(
        (
            value
            for part in (node, card, node.parent, card.parent)
            if part is not None
            and (
                value := part.attributes.get("id")
                or (
                    part.attributes.get("href")
                    or part.attributes.get("data-target")
                    or part.attributes.get("data-bs-target")
                    or "#"
                ).partition("#")[2]
            )
        ),
        "",
    )
    slug = identity or re.sub(r"[^\w]+", "-", title.lower()).strip("-")
    parts = parts_of(card, title)
    if re.fullmatch(r"h[2-5]", str(node.tag)):
        _add_until_next(node, title, parts)
    above = department_above(node)
    if not above.department and not above.employment:
        above = department_above(card)
    link = apply or is_apply(card) or ""
    url = document.link(link) if link and not link.startswith("mailto:") and is_job_url(document.link(link), document) else ""
    return Posting(
        title=title,
        url=url or f"{document.url.partition('#')[0]}#{slug}",
        locations=[parts.location] if parts.location else [],
        workplace=parts.workplace,
        department=parts.department or above.department,
        employment=" / ".join(filter(None, (parts.employment, above.employment))),
        posted=parts.posted or None,
        salary_text=parts.salary,
        apply=link if link.startswith("mailto:") else document.link(link),
        description=text_of(card),
    )


TABLE_HEADS = {
    "title": re.compile(
        r"^(?:job|position|title|role|vacancy|opening|stelle\w*|bezeichnung|tätigkeit|poste|intitulé|puesto|título|posizione|ruolo|functie|vacature|stanowisko|pozice|tjänst|stilling|job ?title|position title|titel|cargo|vaga)\b",
        re.IGNORECASE,
    ),
    "location": re.compile(
        r"^(?:location|place|city|office|site|country|region|ort|standort|einsatzort|arbeitsort|lieu|ville|ubicación|ciudad|sede|luogo|città|locatie|plaats|lokalizacja|miejsce|místo|lokalita|sted|local|cidade)\b",
        re.IGNORECASE,
    ),
    "department": re.compile(
        r"^(?:department|team|category|function|area|abteilung|bereich|fachbereich|département|service|equipe|équipe|departamento|área|reparto|afdeling|dział|oddělení|avdelning|avdeling|division|unit)\b",
        re.IGNORECASE,
    ),
    "employment": re.compile(
        r"^(?:type|employment|contract|schedule|hours|work ?type|job type|art|umfang|anstellung\w*|beschäftigung\w*|vertrag\w*|contrat|type de contrat|contrato|jornada|tipo|dienstverband|uren|umowa|wymiar|úvazek|omfattning|omfang)\b",
        re.IGNORECASE,
    ),
    "posted": re.compile(
        r"^(?:posted|date|published|date posted|datum|veröffentlicht|publié|fecha|data|datum|dato)\b", re.IGNORECASE
    ),
    "closes": re.compile(
        r"^(?:closing|deadline|closes|closing date|apply by|frist|bewerbungsfrist|date limite|sista ansökningsdag|søknadsfrist|ansøgningsfrist|termin)\b",
        re.IGNORECASE,
    ),
    "salary": re.compile(r"^(?:salary|pay|compensation|gehalt|salaire|salario|wynagrodzenie|mzda)\b", re.IGNORECASE),
}


def tables(document: Document, *, careers: bool) -> list[Posting]:
    """Tables with a head that names a title."""
    found: list[Posting] = []
    for table in document.all("table")[:40]:
        lines = table.css("tr")[:2000]
        if len(lines) < 2 or excluded(table):
            continue
        heads = [text_of(cell) for cell in lines[0].css("th, td")]
        columns = {
            name: index
            for name, pattern in TABLE_HEADS.items()
            for index, text in reversed(list(enumerate(heads)))
            if pattern.match(text)
        }
        if "title" not in columns:
            continue
        rows = []
        for line in lines[1:]:
            cells = line.css("td, th")
            if len(cells) <= columns["title"]:
                continue
            cell = cells[columns["title"]]
            title = text_of(cell.css_first("a") or cell)
            if not may_be_title(title):
                continue
            links = [node for node in (*cell.css("a[href]"), *line.css("a[href]")) if document.link(node.attributes.get("href"))]
            said = {name: text_of(cells[index]) for name, index in columns.items() if index < len(cells)}
            rows.append(
                Posting(
                    title=title,
                    url=document.link(links[0].attributes.get("href"))
                    if links
                    else f"{document.url.partition('#')[0]}#{re.sub(r'[^0-9a-z]+', '-', title.lower()).strip('-')}",
                    locations=[said["location"]] if said.get("location") else [],
                    department=said.get("department", ""),
                    employment=said.get("employment", ""),
                    posted=said.get("posted") or None,
                    valid_through=said.get("closes") or None,
                    salary_text=said.get("salary", ""),
                    apply=is_apply(line) or "",
                )
            )
        roles = sum(names_a_role(row.title) for row in rows)
        if rows and roles >= len(rows) * 0.4 and (careers or "location" in columns or "department" in columns):
            found += rows
    return found
