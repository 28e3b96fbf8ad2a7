"""schema.org JobPosting in microdata and RDFa: `itemtype`, `itemprop`, `typeof`, `property`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.money import from_range
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.rows import text_of
from livepane.scrapers.job_postings.text import clean, first, joined

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

ITEMS = "[itemtype*='schema.org/JobPosting'], [typeof='JobPosting'], [typeof='schema:JobPosting']"
MOST = 1000


def _value(node: LexborNode, document: Document, *, link: bool = False) -> str:
    attributes = node.attributes
    for name in ("content", "datetime"):
        if text := clean(attributes.get(name)):
            return text
    if link and node.tag in {"a", "link"}:
        return document.link(attributes.get("href"))
    return text_of(node, ".sr-only")


def _props(item: LexborNode, name: str) -> list[LexborNode]:
    return item.css(f"[itemprop~='{name}'], [property='{name}'], [property='schema:{name}']")


def _say(item: LexborNode, name: str, document: Document, *, link: bool = False) -> str:
    return next((text for node in _props(item, name)[:5] if (text := _value(node, document, link=link))), "")


def _locations(item: LexborNode, document: Document) -> list[str]:
    found = []
    for place in _props(item, "jobLocation")[:40]:
        spoken = joined(_say(place, part, document) for part in ("addressLocality", "addressRegion", "addressCountry"))
        custom = place.css_first("[formattedaddress], spl-job-location")
        formatted = clean(custom.attributes.get("formattedaddress")) if custom is not None else ""
        found.append(spoken or formatted or _value(place, document))
    if not found:
        spoken = joined(_say(item, part, document) for part in ("addressLocality", "addressRegion", "addressCountry"))
        found = [spoken] if spoken else []
    return [text for text in found if text]


def _one(item: LexborNode, document: Document) -> Posting | None:
    title = _say(item, "title", document) or _say(item, "name", document)
    if not title:
        return None
    organisation = next(iter(_props(item, "hiringOrganization")), None)
    company = ""
    if organisation is not None:
        company = _say(organisation, "name", document) or _value(organisation, document)
    custom = item.css_first("spl-job-location[workplacetype], [data-workplace-type]")
    workplace = (
        clean(custom.attributes.get("workplacetype") or custom.attributes.get("data-workplace-type"))
        if custom is not None
        else ""
    )
    if custom is not None and not (places := _locations(item, document)):
        places = [clean(custom.attributes.get("formattedaddress"))]
    else:
        places = _locations(item, document)
    link = next(
        (node for node in item.css("[itemprop~=url][href], a[itemprop][href], h1 a[href], h2 a[href], h3 a[href], a[href]")), None
    )
    descriptions = " ".join(node.html or "" for node in _props(item, "description")[:4]) or " ".join(
        text_of(node) for name in ("responsibilities", "qualifications", "skills") for node in _props(item, name)[:3]
    )
    return Posting(
        title=title,
        url=_say(item, "url", document, link=True)
        or (document.link(link.attributes.get("href")) if link is not None and len(document.all(ITEMS)) > 1 else ""),
        id=_say(item, "identifier", document),
        company=company,
        locations=places,
        workplace=workplace or ("remote" if "telecommut" in _say(item, "jobLocationType", document).lower() else ""),
        department=_say(item, "occupationalCategory", document),
        role_hint=_say(item, "industry", document),
        employment=joined((_value(node, document) for node in _props(item, "employmentType")[:5]), " / "),
        description=first(descriptions) and descriptions,
        posted=_say(item, "datePosted", document),
        valid_through=_say(item, "validThrough", document) or None,
        salary=from_range(
            _say(item, "minValue", document),
            _say(item, "maxValue", document),
            _say(item, "currency", document) or _say(item, "salaryCurrency", document),
            _say(item, "unitText", document),
        ),
        salary_text=_say(item, "baseSalary", document),
    )


def read(document: Document) -> Found | None:
    """Every item of the page; None when it has none."""
    postings = [posting for item in document.all(ITEMS)[:MOST] if (posting := _one(item, document))]
    return Found("microdata", "microdata", postings) if postings else None
