"""The rules in their order: vendor feeds, JSON-LD, microdata, embedded state, the markup; the first that finds something counts."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings import dom, feeds, generic_json, jsonld, microdata, shown, state, zero
from livepane.scrapers.job_postings.classify.titles import is_evergreen
from livepane.scrapers.job_postings.detect import Detection, of_url
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.paging import next_of_json
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.text import clean
from livepane.scrapers.job_postings.urls import canonical, path
from livepane.scrapers.job_postings.vendors import longtail, longtail_more
from livepane.scrapers.job_postings.vendors.registry import BY_NAME, MAIN
from livepane.scrapers.job_postings.vendors.vendor import Vendor


def _first_vendors(detection: Detection) -> list[Vendor]:
    known = BY_NAME.get(detection.ats or "")
    return [*([known] if known else []), *(vendor for vendor in MAIN if vendor is not known)]


def of_json(value: Any, document: Document, detection: Detection) -> Found | None:
    """What the vendors' readers, and then the general one, make of a value."""
    for vendor in _first_vendors(detection):
        if vendor.json and (found := vendor.json(value, document)):
            return found
    for read in (*longtail.READERS, *longtail_more.READERS):
        if found := read(value, document):
            return found
    return None


def _general(value: Any, document: Document, source: str, *, tier: str = "detail") -> Found | None:
    linked = (
        [node for node in jsonld.nodes(value) if jsonld.is_type(node, "JobPosting")] if isinstance(value, dict | list) else []
    )
    if linked:
        known = {str(node["@id"]): node for node in jsonld.nodes(value) if isinstance(node.get("@id"), str) and len(node) > 2}
        postings = [posting for node in linked if (posting := jsonld.posting_of(node, known, document.url)).title]
        if postings:
            return Found("json_ld", "json_ld", postings)
    called = path(document.url).rstrip("/").rpartition("/")[2] if document.kind == "json" else ""
    postings, where = generic_json.postings_in(value, document.url, called)
    if not postings:
        return None
    following = next_of_json(value, document.url, len(postings)) if document.kind == "json" else None
    return Found(source, "detail" if tier == "detail" else "list", postings, note=where, next_page=following)


def first_found(document: Document, detection: Detection, *, careers: bool, steps: list[str]) -> Found | None:
    """The answer of the first rule that has one."""
    if document.kind == "json":
        value = document.json
        return of_json(value, document, detection) or _general(value, document, "generic_json")
    if document.kind == "xml":
        for vendor in _first_vendors(detection):
            if vendor.xml and (found := vendor.xml(document)):
                return found
        return feeds.read(document)
    return _of_page(document, detection, careers=careers, steps=steps)


def _is_this_page(found: Found, document: Document) -> bool:
    """Whether a single posting is what the page is about, and not one of a list."""
    if len(found.postings) != 1:
        return False
    posting = found.postings[0]
    title = posting.title.casefold()
    heads = f"{document.title} {document.heading}".casefold()
    return title[:60] in heads or (
        bool(posting.url) and canonical(document.link(posting.url) or posting.url) == canonical(document.url)
    )


def _of_page(document: Document, detection: Detection, *, careers: bool, steps: list[str]) -> Found | None:
    found = _first_of_page(document, detection, careers=careers, steps=steps)
    if found is not None and found.tier != "list" and _is_this_page(found, document):
        _completed(found, document, detection, steps)
    return found


def _completed(found: Found, document: Document, detection: Detection, steps: list[str]) -> None:
    """The page of one posting: what its data leaves open is filled from what the page shows."""
    posting = found.postings[0]
    title = clean(posting.title)
    filled: list[str] = []
    for vendor in _first_vendors(detection) if found.source in {"json_ld", "microdata"} else ():
        other = vendor.html(document) if vendor.html else None
        if other and len(other.postings) == 1 and clean(other.postings[0].title).casefold() == title.casefold():
            filled += shown.complete(posting, other.postings[0])
            break
    filled += shown.fill(posting, shown.read(document, title))
    if filled:
        steps.append(f"from the page itself: {', '.join(dict.fromkeys(filled))}")


def _first_of_page(document: Document, detection: Detection, *, careers: bool, steps: list[str]) -> Found | None:
    linked = jsonld.read(document)
    if linked is not None and _is_this_page(linked, document):
        return linked
    for vendor in _first_vendors(detection):
        if vendor.html and (found := vendor.html(document)):
            if linked is not None and len(linked.postings) > len(found.postings):
                steps.append(f"{found.source}: {len(found.postings)}, and more in JSON-LD")
                return linked
            return found
    if linked is not None:
        return _or_more_links(linked, document, careers=careers, steps=steps)
    if (found := microdata.read(document)) is not None:
        return found
    if (found := _of_state(document, detection, careers=careers)) is not None:
        return found
    if of_url(document.url) is None or detection.ats not in {"ashby", "workday", "rippling"}:
        found = dom.read(document, careers=careers or bool(detection.ats))
        if found is not None:
            says_none = zero.evidence(document.visible)
            if says_none:
                # Beside "no open positions" only real rows count, and an open application is none.
                found.postings = [posting for posting in found.postings if not is_evergreen(posting.title)]
                if len(found.postings) < 2:
                    steps.append("the page says that it has none; a single row beside it is not believed")
                    return None
            return found
    return None


def _or_more_links(linked: Found, document: Document, *, careers: bool, steps: list[str]) -> Found:
    """JSON-LD of a list page, unless the page shows many more jobs than its data has."""
    if len(linked.postings) == 1 and careers:
        shown = dom.read(document, careers=careers)
        if shown is not None and len(shown.postings) >= 3 and not _is_this_page(linked, document):
            steps.append("json_ld: 1, and more in the markup")
            return shown
    return linked


def _of_state(document: Document, detection: Detection, *, careers: bool) -> Found | None:
    best: Found | None = None
    for value in state.states(document):
        if found := of_json(value, document, detection):
            if found.postings:
                found.source = f"{found.source.rpartition('_')[0]}_state" if found.source.endswith("_api") else found.source
                return found
            continue
        found = _general(value, document, "embedded_state")
        if found is not None and (best is None or len(found.postings) > len(best.postings)):
            best = found
    if best is not None and not careers and len(best.postings) < 2:
        return None
    if best is not None:
        _addressed(best.postings, document)
    return best


def _addressed(postings: list[Posting], document: Document) -> None:
    """Gives rows without an address that of the link on the page that ends with their slug or id, or that says their title."""
    bare = [posting for posting in postings if not posting.url]
    if not bare:
        return
    by_end: dict[str, str] = {}
    by_words: dict[str, str] = {}
    for node in document.links[:4000]:
        url = document.link(node.attributes.get("href"))
        if not url or canonical(url) == canonical(document.url):
            continue
        by_end.setdefault(path(url).rstrip("/").rpartition("/")[2].casefold(), url)
        by_words.setdefault(clean(node.text()).casefold()[:120], url)
    for posting in bare:
        for name in (posting.slug.strip("/").rpartition("/")[2], posting.id):
            if name and len(name) > 1:
                posting.url = posting.url or by_end.get(name.casefold(), "")
        posting.url = posting.url or by_words.get(clean(posting.title).casefold()[:120], "")
