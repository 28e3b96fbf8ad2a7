"""Whether a board belongs to the company: sponsors, portfolio companies and partners have boards, too."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from livepane.scrapers.job_postings.careers_links import STRONG_TEXT, in_decoy
from livepane.scrapers.job_postings.detect import Detection, company_names, of_url, similar
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.rows import text_of
from livepane.scrapers.job_postings.text import clean
from livepane.scrapers.job_postings.urls import domain, label

# "Jobs at Globex" on the site of Acme is about Globex; "work with us" is not.
OF_SOMEBODY = re.compile(
    r"\b(?:at|with|for|bei|chez|en|bij|hos|join)\s+"
    r"(?!us\b|uns\b|nous\b|ons\b|oss\b|our\b|the\b|unser|nosotros\b|a\b)([\w&.-][\w &.-]{1,38})$",
    re.IGNORECASE,
)
GENERIC = re.compile(r"^(?:home|start|startseite|welcome|willkommen|accueil|inicio|careers?|jobs?|about.*|index)$", re.IGNORECASE)


@dataclass(slots=True)
class Owner:
    """The company, by every name that its own site gives it."""

    site: str  # the address that was asked for
    names: list[str] = field(default_factory=list)
    domains: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, site: str) -> Owner:
        """What the address alone tells."""
        found = cls(site, domains={domain(site)})
        if of_url(site) is None:
            found.names.append(label(site))
        return found

    def learn(self, document: Document) -> None:
        """What a page of the company's own site calls it."""
        if of_url(document.url) is not None:
            return
        self.domains.add(domain(document.url))
        for name in company_names(document):
            if not GENERIC.match(name) and name not in self.names:
                self.names.append(name)

    def owns(self, url: str) -> bool:
        """Whether an address is below one of the company's domains."""
        return domain(url) in self.domains

    def is_called(self, name: str) -> bool:
        """Whether a name can be the company's."""
        return bool(name) and any(similar(name, own) for own in self.names)

    @property
    def shown(self) -> str:
        """How the company calls itself, "" when only its address is known."""
        spoken = [name for name in self.names[1:] if similar(name, self.names[0])] if self.names else []
        return clean(min(spoken, key=len)) if spoken else ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a board counts, and how sure its owner is: True, False for a doubt, None for not known."""

    keep: bool
    verified: bool | None
    why: str


def judge(owner: Owner, detection: Detection, document: Document, *, careers: bool, asked_for: bool) -> Verdict:
    """By what names the board, and by where that stands. `asked_for`: the address that was asked for is the board."""
    token = detection.token or ""
    if asked_for:
        return Verdict(True, True, "it is what was asked for")
    if token and not token.isdigit() and owner.is_called(token):
        return Verdict(True, True, f"its name {token} is the company's")
    if detection.strength >= 3 and detection.evidence != "address" and owner.owns(document.url):
        return Verdict(True, True if careers else None, "it is part of the company's own page")
    if detection.evidence == "address":
        return Verdict(True, None, "the company's own link leads there")
    return _linked(owner, detection, document, careers=careers)


def _linked(owner: Owner, detection: Detection, document: Document, *, careers: bool) -> Verdict:
    """A link to a board of another name: believed when the page speaks of its own jobs there."""
    token = detection.token or ""
    said = [
        (node, text_of(node) or clean(node.attributes.get("aria-label")))
        for node in document.links[:5000]
        if (hit := of_url(document.link(node.attributes.get("href")))) and hit[0].name == detection.ats and hit[1] == token
    ]
    if any(in_decoy(node) for node, _ in said):
        return Verdict(False, False, f"{token} stands among partners, sponsors or customers")
    for _, text in said:
        if (other := OF_SOMEBODY.search(text)) and not owner.is_called(other[1]):
            return Verdict(False, False, f"the link to {token} speaks of {other[1]}")
    if any(STRONG_TEXT.match(text) for _, text in said) or (careers and detection.evidence == "links"):
        return Verdict(True, False, f"its name {token} is not the company's, but the link speaks of its own jobs")
    return Verdict(False, False, f"its name {token} is not the company's")


def stated(owner: Owner, verdict: Verdict, company: str, detection: Detection) -> Verdict:
    """The verdict once the board itself has said whose it is."""
    if not company or verdict.verified or similar(company, detection.token or ""):
        return verdict
    if owner.is_called(company):
        return Verdict(True, True, f"the board says that it is of {company}")
    return verdict


def links_back(owner: Owner, document: Document) -> bool:
    """Whether a board's page links to the company's site."""
    return any(owner.owns(document.link(node.attributes.get("href"))) for node in document.links[:3000])
