"""What the company is called: as it is stated, as its pages write it, else by its board or domain."""

from __future__ import annotations

import re

from livepane.scrapers.job_postings.detect import Detection, of_url, similar
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found
from livepane.scrapers.job_postings.text import clean
from livepane.scrapers.job_postings.urls import domain, host, label
from livepane.scrapers.job_postings.vendors.registry import BY_NAME

LONGEST = 60
_WORK = (
    r"(?:current |open |all |our |latest )?(?:careers?|jobs?|job openings?|openings|positions|vacancies|karriere|stellenangebote|offene stellen|stellen|"
    r"emplois?|offres d['’]emploi|recrutement|empleos?|vagas|vacatures|lediga jobb|ledige stillinger|kariera|kariéra|work|working)"
)
BEFORE = re.compile(rf"^{_WORK}(?: (?:at|with|for|bei|chez|en|in|bij|hos|w|na)|\s*[:|–—-])\s+", re.IGNORECASE)
BEHIND = re.compile(rf"\s*[:|–—-]?\s*\b{_WORK}(?: (?:page|site|portal|board|center|centre|opportunities))?\s*$", re.IGNORECASE)
BETWEEN = re.compile(r"\s+[|–—·:-]\s+|\s+[|»·]\s*")
TITLE = re.compile(
    r"^(?:jobs?|careers?|current openings|open positions|job openings|karriere|working) (?:at|bei|chez|en|in) (.{2,60}?)(?:\s+[|–-].*)?$|"
    r"^(.{2,50}?)\s+(?:[|–-]\s+)?(?:jobs|careers?|current openings|job openings|open positions|karriere|stellenangebote|job board)(?:\s*[|–-].*)?$",
    re.IGNORECASE,
)


def bare(name: str) -> str:
    """A name without the words around it: "Current Job Openings at Acme", "Acme - Career Page"."""
    return BEHIND.sub("", BEFORE.sub("", name)).strip(" |–—-:") or name


def _is_vendor(name: str) -> bool:
    """Whether it is the name of a system and not of who uses it."""
    plain = re.sub(r"[^a-z0-9]+", "", name.lower())
    return plain in BY_NAME or plain.removesuffix("hr") in BY_NAME or plain in {"jobscz", "jazz", "successfactors", "recruiting"}


def of(document: Document, found: Found, detection: Detection, known: str) -> str:
    """The name of the company, "" when nothing tells it. `known` counts where the document does not state it."""
    if found.company and len(found.company) < 80:
        name = bare(found.company)
        return name if len(name) > 1 and not _is_vendor(name) else _by_address(document, found, detection)
    stated = next((posting.company for posting in found.postings if posting.company), "")
    if stated or known:
        return clean(stated) or known
    if document.kind == "html":
        site = bare(document.meta("og:site_name", "application-name"))
        if 1 < len(site) < LONGEST and not _is_vendor(site):
            return site
        if name := _written(document, detection):
            return name
        if (match := TITLE.match(document.title)) and not _is_vendor(
            name := match[1] or re.split(r"\s+[|–·:-]\s+", match[2])[-1]
        ):
            return name
    return _by_address(document, found, detection)


def _written(document: Document, detection: Detection) -> str:
    """The part of a title that is the name of the board or of the domain in full: "Müller & Söhne" on mueller-soehne.de."""
    names = [name for name in (label(document.url) if of_url(document.url) is None else "", detection.token or "") if name]
    texts = (document.title, document.meta("og:title"), document.heading)
    for part in (bare(part.strip()) for text in texts for part in BETWEEN.split(text[:200])):
        if 1 < len(part) < LONGEST and len(part.split()) <= 5 and not _is_vendor(part):
            for name in names:
                if similar(name, part) and len(part) <= 2 * len(name) + 12:
                    return part
    return ""


def _by_address(document: Document, found: Found, detection: Detection) -> str:
    own_host = of_url(document.url) is None
    if detection.token and not re.fullmatch(r"[\d-]+|[0-9a-f]{4,}(?:-[0-9a-f]{4,})+", detection.token) and not own_host:
        return (
            re.sub(r"[-_]+", " ", re.sub(r"(?<=[a-z])\d+$", "", detection.token)).strip().title()
            if detection.token.islower() or "-" in detection.token
            else detection.token
        )
    theirs = domain(found.postings[0].url) if document.kind == "json" and found.postings else ""
    if own_host and theirs and theirs != domain(document.url) and of_url(found.postings[0].url) is None:
        return label(found.postings[0].url).replace("-", " ").title()  # a search that somebody else hosts
    return label(document.url).replace("-", " ").title() if own_host and "." in host(document.url) else ""
