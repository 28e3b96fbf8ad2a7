"""Reads the rows of a list that has a known markup, by selectors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Posting
from livepane.scrapers.job_postings.text import clean

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MOST = 5000  # rows of one page
LABELS = {
    "location": re.compile(
        r"^(?:job |posting |work )?locations?$|^(?:stand|arbeits|einsatz)?ort\w*$|^lieu|^ubicaci|^sede|^locatie|^miejsce|^místo|^ort$|^sted$|^city$",
        re.IGNORECASE,
    ),
    "department": re.compile(
        r"^(?:department|category|team|division|function|job family|abteilung|bereich|fachbereich|département|departamento|área|reparto|afdeling|dział|oddělení|avdelning|avdeling)\b",
        re.IGNORECASE,
    ),
    "employment": re.compile(
        r"^(?:employment|position|job|contract|work)?\s?(?:type|status|time)\b|^(?:anstellungsart|vertragsart|arbeitszeit|beschäftigungsart|type de contrat|contrat|contrato|dienstverband|umowa|úvazek)\b|^schedule",
        re.IGNORECASE,
    ),
    "id": re.compile(r"^(?:requisition|job|req|posting|referen\w+|kennziffer)\s?(?:id|number|nr|code|#)?\.?$", re.IGNORECASE),
    "posted": re.compile(
        r"^(?:date )?(?:posted|published|updated)(?: date| on)?$|^(?:veröffentlicht|publié|fecha|data)\b", re.IGNORECASE
    ),
    "salary": re.compile(r"^(?:salary|compensation|pay|gehalt|salaire|salario)\b", re.IGNORECASE),
    "workplace": re.compile(r"^(?:workplace|remote|work model|location type)\b", re.IGNORECASE),
}


def first_of(node: LexborNode, selectors: str) -> LexborNode | None:
    """The first element of the first selector that has one: a list of selectors is in order of trust."""
    return next((found for selector in selectors.split(", ") if (found := node.css_first(selector)) is not None), None)


def matches(node: LexborNode, selector: str) -> bool:
    """Whether this very element fits; the parser's own question also counts what is inside it."""
    found = node.css_first(selector)
    return found is not None and found.mem_id == node.mem_id


def text_of(node: LexborNode | None, drop: str = "") -> str:
    """The words below a node, without what `drop` selects and without scripts."""
    if node is None:
        return ""
    parts: list[str] = []
    stack = [node]
    dropped = {part.mem_id for part in node.css(drop)} if drop else set()
    budget = 20_000
    while stack and budget:
        budget -= 1
        current = stack.pop()
        tag = current.tag
        if tag == "-text":
            parts.append(current.text(deep=False) or "")
            continue
        if tag in {"script", "style", "template", "noscript", "svg"} or current.mem_id in dropped:
            continue
        child = current.last_child
        while child is not None:
            stack.append(child)
            child = child.prev
        parts.append(" ")
    return clean("".join(parts).replace("<", " "))


def labelled(node: LexborNode, selector: str = "") -> dict[str, str]:
    """`Location: Berlin`, `<dt>Location</dt><dd>Berlin</dd>`, a label for screen readers before a value."""
    found: dict[str, str] = {}
    pairs: list[tuple[str, str]] = []
    for part in node.css(selector)[:40] if selector else []:
        label = part.css_first("dt, .sr-only, .field-label, .label, strong, b, th")
        whole = text_of(part)
        if label is not None and (name := text_of(label)):
            pairs.append((name, whole.removeprefix(name).strip(" :")))
        pairs += [(name, rest) for name, mark, rest in [whole.partition(":")] if mark and len(name) < 40]
        pairs += re.findall(r"(\w[\w ]{2,20}):\s*([^:]{2,80}?)(?=\s+\w[\w ]{2,20}:|$)", whole[:300])
    for name, value in pairs:
        for key, pattern in LABELS.items():
            if pattern.match(name.strip(" :")) and value.strip():
                found.setdefault(key, value.strip())
    return found


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the parts of a row are, as CSS selectors."""

    row: str
    link: str = "a[href]"
    title: str = "a"
    location: str = ""
    department: str = ""
    employment: str = ""
    workplace: str = ""
    posted: str = ""
    exact: str = ""  # an element whose `title` is the day: it only says "1 week ago"
    salary: str = ""
    description: str = ""
    labelled: str = ""
    details: str = ""  # one line of several parts: "Engineering · Berlin · Hybrid"
    identity: str = ""  # attribute of the row
    identity_text: str = ""
    drop: str = ""
    group: str = ""  # an ancestor of the row …
    group_title: str = ""  # … whose title names the department
    group_before: str = ""  # or the nearest such heading before the row
    group_is_location: bool = False

    def read(self, document: Document) -> list[Posting]:
        """Every row that has a title."""
        postings: list[Posting] = []
        seen: set[str] = set()
        for row in document.all(self.row)[:MOST]:
            posting = self._one(row, document)
            if posting is None or f"{posting.url} {posting.title}" in seen:
                continue
            seen.add(f"{posting.url} {posting.title}")
            if heading := self._heading(row):
                if self.group_is_location:
                    posting.locations = posting.locations or [heading]
                else:
                    posting.department = posting.department or heading
            postings.append(posting)
        return postings

    def _say(self, row: LexborNode, selector: str) -> str:
        return text_of(first_of(row, selector), self.drop) if selector else ""

    def _exactly(self, row: LexborNode) -> str:
        node = first_of(row, self.exact) if self.exact else None
        return f"{clean(node.attributes.get('title'))} ({text_of(node, self.drop)})" if node is not None else ""

    def _one(self, row: LexborNode, document: Document) -> Posting | None:
        link = row if row.tag == "a" and "href" in row.attributes else first_of(row, self.link)
        title = ""
        for selector in self.title.split(", "):
            if title := self._say(row, selector):
                break
        if not title:
            return None
        said = labelled(row, self.labelled) if self.labelled else {}
        place = self._say(row, self.location)
        posting = Posting(
            title=title,
            url=document.link(link.attributes.get("href")) if link is not None else "",
            id=clean(row.attributes.get(self.identity)) if self.identity else "",
            locations=[place] if place else [said["location"]] if "location" in said else [],
            department=self._say(row, self.department) or said.get("department", ""),
            employment=self._say(row, self.employment) or said.get("employment", ""),
            workplace=self._say(row, self.workplace) or said.get("workplace", ""),
            posted=self._exactly(row) or self._say(row, self.posted) or said.get("posted") or None,
            salary_text=self._say(row, self.salary) or said.get("salary", ""),
            description=self._say(row, self.description),
        )
        if self.identity_text and not posting.id:
            posting.id = next(
                (text for node in row.css(self.identity_text) if re.search(r"\d{3}", text := text_of(node)) and " " not in text),
                "",
            )
        if self.details:
            line = row.css_first(self.details)
            spoken = text_of(line) if line is not None else text_of(row).partition(title)[2]
            if line is not None or " · " in spoken:  # the class may have another name by now; the points stay
                self._details(posting, [part.strip() for part in re.split(r"\s[·•|–]\s|\s{2,}", spoken) if part.strip()])
        return posting

    @staticmethod
    def _details(posting: Posting, parts: list[str]) -> None:
        """ "Department · Place · Hybrid": the last is the workplace when it says so, the one before it the place."""
        from livepane.scrapers.job_postings.classify.employment import KINDS
        from livepane.scrapers.job_postings.classify.workplace import HYBRID, ONSITE, REMOTE

        kinds = [part for part in parts if len(part) < 40 and any(pattern.match(part) for _, pattern in KINDS)]
        posting.employment = posting.employment or " / ".join(kinds)
        parts = [part for part in parts if part not in kinds]
        if parts and len(parts[-1]) < 30 and (HYBRID.search(parts[-1]) or REMOTE.search(parts[-1]) or ONSITE.search(parts[-1])):
            posting.workplace = parts.pop()
        if len(parts) > 1:
            posting.department = posting.department or parts[0]
        if parts:
            posting.locations = posting.locations or [parts[-1]]

    def _heading(self, row: LexborNode) -> str:
        if self.group:
            node = row.parent
            for _ in range(8):
                if node is None:
                    break
                if matches(node, self.group):
                    return text_of(first_of(node, self.group_title), self.drop)
                node = node.parent
        if self.group_before:
            node = row
            for _ in range(4):
                if node is None:
                    break
                before = node.prev
                for _ in range(200):
                    if before is None:
                        break
                    if before.tag and before.tag[0] not in "-!" and matches(before, self.group_before):
                        return text_of(before)
                    before = before.prev
                node = node.parent
        return ""
