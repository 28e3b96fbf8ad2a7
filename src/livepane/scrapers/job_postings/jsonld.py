"""schema.org JobPosting in JSON-LD, surviving what real pages do to it."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.money import from_range, parse
from livepane.scrapers.job_postings.posting import Found, Posting, Salary
from livepane.scrapers.job_postings.text import clean, first, joined
from livepane.scrapers.job_postings.values import flag, named

REPAIRED_MOST = 200_000  # characters of one block that are mended by the slow way
NODES_MOST = 200_000
OPENING = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)")
CLOSING = re.compile(r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$")
TAIL = 100  # characters in which the end of a wrapping stands
BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])|\\u(?![0-9a-fA-F]{4})")
# What an editor for people makes of line ends.
EDITED = re.compile(r"<(?:br\s?/?|/?p)>(?=[ \t]*(?:\r?\n|$))|^<p>|(?<=\n)<p>", re.IGNORECASE)
TRAILING = re.compile(r",\s*(?=[}\]])")
NOT_A_PLACE = re.compile(
    r"^\W*(?:anywhere|worldwide|todas as zonas|n/?a|none|null|undefined|various|multiple locations?|unspecified|not specified|-)\W*$",
    re.IGNORECASE,
)


def loads(text: str) -> tuple[Any, bool]:
    """The value of a block and whether it had to be mended; None for what cannot be."""
    for _ in range(2):  # a comment around a section
        text = text.strip()
        if match := OPENING.match(text):
            text = text[match.end() :]
        if match := CLOSING.search(text, max(0, len(text) - TAIL)):
            text = text[: match.start()]
    text = text.strip().rstrip(";").strip()
    try:
        return json.loads(text, strict=False), False
    except RecursionError:
        return None, False
    except ValueError:
        pass
    if "JobPosting" not in text:
        return None, False
    if EDITED.search(text):
        text = EDITED.sub("", text)
        try:
            return json.loads(text, strict=False), True
        except (ValueError, RecursionError):
            pass
    if re.match(r"\s*[\[{]\s*&(?:quot|#34|#x22);", text):
        text = html.unescape(text)
        try:
            return json.loads(text, strict=False), True
        except (ValueError, RecursionError):
            pass
    if several := _one_after_another(text):
        return several, True
    mended = TRAILING.sub("", BAD_ESCAPE.sub(r"\\\\", text))
    try:
        return json.loads(mended, strict=False), True
    except (ValueError, RecursionError):
        pass
    if len(text) > REPAIRED_MOST:
        return None, False
    from json_repair import repair_json

    try:
        value = repair_json(text, return_objects=True, skip_json_loads=True)
    except (ValueError, RecursionError, IndexError, TypeError):
        return None, False
    return (value, True) if isinstance(value, dict | list) else (None, False)


def _one_after_another(text: str) -> list[Any]:
    """Several values in one block, with nothing or a comma between them; none when anything else is there."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    position = 0
    while position < len(text) and len(found) < 2000:
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return []
        found.append(value)
        position += len(text[position : position + 200]) - len(text[position : position + 200].lstrip(" \t\r\n,;"))
    return found


def is_type(node: dict[str, Any], name: str) -> bool:
    """Whether `@type` says so, as a word, an address or in a list."""
    kinds = node.get("@type", node.get("type"))
    return any(
        isinstance(kind, str) and kind.rpartition("/")[2].rpartition(":")[2].lower() == name.lower()
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def nodes(value: Any) -> list[dict[str, Any]]:
    """Every object inside, outermost first, in document order."""
    found: list[dict[str, Any]] = []
    stack = [value]
    while stack and len(found) < NODES_MOST:
        current = stack.pop()
        if isinstance(current, dict):
            found.append(current)
            stack += [item for item in reversed(current.values()) if isinstance(item, dict | list)]
        elif isinstance(current, list):
            stack += [item for item in reversed(current) if isinstance(item, dict | list)]
    return found


def _resolve(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, dict) and set(value) <= {"@id", "@type"} and isinstance(value.get("@id"), str):
        return known.get(value["@id"], value)
    return value


def _place(value: Any, known: dict[str, Any]) -> str:
    value = _resolve(value, known)
    if isinstance(value, str):
        return clean(value)
    if not isinstance(value, dict):
        return ""
    address = _resolve(
        value.get("address", value if is_type(value, "PostalAddress") or "addressLocality" in value else None), known
    )
    if isinstance(address, list):
        address = address[0] if address else None
    if isinstance(address, str):
        return clean(address)
    spoken = ""
    if isinstance(address, dict):
        parts = [named(_resolve(address.get(key), known)) for key in ("addressLocality", "addressRegion", "addressCountry")]
        spoken = joined(part for part in parts if not NOT_A_PLACE.match(part))
        spoken = spoken or clean(address.get("streetAddress")) or clean(address.get("name"))
    return spoken or clean(value.get("name"))


def _list(value: Any) -> list[Any]:
    return value[:80] if isinstance(value, list) else [] if value is None else [value]


def salary_of(value: Any, known: dict[str, Any], currency: Any = None) -> tuple[Salary | None, str]:
    """A MonetaryAmount, or what pages write in its place; `currency` is what the posting says beside it."""
    value = _resolve(value[0] if isinstance(value, list) and value else value, known)
    if isinstance(value, str | int | float):
        words = clean(value)
        alone = re.fullmatch(r"[\d.,\s]{1,20}", words)
        return (
            (None, "")
            if isinstance(value, bool)
            else (
                from_range(words, words, currency, "") if alone and currency else parse(f"{words} {clean(currency)}"),
                words,
            )
        )
    if not isinstance(value, dict):
        return None, ""
    currency = value.get("currency") or value.get("priceCurrency") or value.get("salaryCurrency") or currency
    inner = _resolve(value.get("value", value.get("price")), known)
    if inner is None and (value.get("minPrice") or value.get("maxPrice")):
        inner = {"minValue": value.get("minPrice"), "maxValue": value.get("maxPrice")}
    if isinstance(inner, list) and inner:
        inner = inner[0]
    if isinstance(inner, dict):
        unit = inner.get("unitText") or inner.get("unitCode") or value.get("unitText") or value.get("duration")
        single = inner.get("value")
        if isinstance(single, str) and not inner.get("minValue"):
            spoken = parse(f"{clean(single)} {clean(currency)}")
            if spoken and spoken.min != spoken.max:
                return from_range(spoken.min, spoken.max, currency, unit), clean(single)
        return from_range(
            inner.get("minValue") or single, inner.get("maxValue") or single, currency or inner.get("currency"), unit
        ), ""
    unit = value.get("unitText") or value.get("unitCode") or value.get("duration")
    low, high = value.get("minValue") or inner, value.get("maxValue") or inner
    if isinstance(inner, str) and re.search(r"\d\D+\d{3,}", inner) and (spoken := parse(f"{inner} {clean(currency)}")):
        low, high = spoken.min, spoken.max
    return from_range(low, high, currency, unit), clean(inner)


def posting_of(node: dict[str, Any], known: dict[str, Any], page: str) -> Posting:
    """The posting that one JobPosting object describes."""
    organisation = _resolve((_list(node.get("hiringOrganization")) or [None])[0], known)
    company = named(organisation)
    locations = [
        text
        for item in _list(_resolve(node.get("jobLocation"), known))
        if (text := _place(item, known)) and not NOT_A_PLACE.match(text) and text.casefold() != company.casefold()
    ]
    remote = any(
        "telecommut" in clean(kind).lower() or clean(kind).lower() in {"remote", "fully remote"}
        for kind in _list(node.get("jobLocationType"))
    )
    who = [named(_resolve(item, known)) for item in _list(node.get("applicantLocationRequirements"))]
    if not locations and (region := joined(who)):
        locations = [f"Remote ({region})" if remote else region]
    salary, spoken = salary_of(node.get("baseSalary") or node.get("estimatedSalary"), known, node.get("salaryCurrency"))
    identifier = _resolve((_list(node.get("identifier")) or [None])[0], known)
    identity = first(identifier.get("value"), identifier.get("@id")) if isinstance(identifier, dict) else clean(identifier)
    description = first_raw(node.get("description"), node.get("responsibilities"))
    for key in ("responsibilities", "qualifications", "skills", "jobBenefits"):
        extra = first_raw(node.get(key))
        if extra and extra not in description:
            description += "\n" + extra
    apply = _resolve((_list(node.get("applicationContact")) or [None])[0], known)
    return Posting(
        title=first(node.get("title"), node.get("name")),
        url=first(
            node.get("url"),
            node.get("mainEntityOfPage") if isinstance(node.get("mainEntityOfPage"), str) else None,
            node.get("sameAs"),
        ),
        id="" if identity.casefold() == company.casefold() else identity,
        company=company,
        locations=locations,
        workplace="remote"
        if remote
        else ("hybrid" if any("hybrid" in clean(kind).lower() for kind in _list(node.get("jobLocationType"))) else ""),
        department=joined(
            named(item) for item in _list(node.get("occupationalCategory")) if not re.match(r"^[\d.\-]+$", named(item))
        )
        if not isinstance(node.get("department"), str)
        else clean(node.get("department")),
        role_hint=named(node.get("industry")),
        employment=" / ".join(clean(item) for item in _list(node.get("employmentType")) if clean(item)),
        seniority=named(node.get("experienceLevel")) if node.get("experienceLevel") else "",
        description=description,
        posted=first(node.get("datePosted"), node.get("datePublished")),
        valid_through=clean(node.get("validThrough")) or None,
        salary=salary,
        salary_text=spoken,
        apply=named(apply.get("email")) if isinstance(apply, dict) else "",
        remote=None,
        signals=["apply:here"] if flag(node.get("directApply")) else [],
    )


def first_raw(*values: Any) -> str:
    """The first text, with its tags."""
    for value in values:
        if isinstance(value, list):
            value = "\n".join(item for item in value if isinstance(item, str))
        if isinstance(value, dict):
            value = value.get("@value") or value.get("text")
        if isinstance(value, str) and value.strip():
            return value
    return ""


def read(document: Document) -> Found | None:
    """Every JobPosting of the page; None when it has none."""
    postings: list[Posting] = []
    links: list[str] = []
    for kind, text in document.scripts:
        if "ld+json" not in kind and not ("json" in kind and "JobPosting" in text and "schema.org" in text):
            continue
        if "JobPosting" not in text and "ItemList" not in text:
            continue
        value, repaired = loads(text)
        inside = nodes(value)
        known = {str(node["@id"]): node for node in inside if isinstance(node.get("@id"), str) and len(node) > 2}
        for node in inside:
            if is_type(node, "JobPosting") and first(node.get("title"), node.get("name")):
                posting = posting_of(node, known, document.url)
                if repaired:
                    posting.signals.append("jsonld:repaired")
                postings.append(posting)
            elif is_type(node, "ListItem") and isinstance(node.get("url"), str):
                links.append(node["url"])
    if not postings:
        return None
    return Found("json_ld", "json_ld", postings, note=f"{len(links)} list items" if links else "")
