"""Says what jobs a saved document holds, by which rule, and what a ladder would do next. Pure: no network, no browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from livepane.scrapers.job_postings import careers_links, company, dates, errors_of_pages, escalate, job, paging, rules, zero
from livepane.scrapers.job_postings.detect import Detection, detect, of_url, similar
from livepane.scrapers.job_postings.document import Document, XmlRefused
from livepane.scrapers.job_postings.job import Context, Job
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.text import clean
from livepane.scrapers.job_postings.urls import domain, host, label, with_query
from livepane.scrapers.job_postings.vendors.registry import BY_NAME


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document before it is read: whose board it is, and whether it is one page of several."""

    company: str = ""  # used when the document does not name it
    verified: bool | None = None  # None: whether the board is the company's own is judged by the document alone
    part: bool = False  # fewer rows than its total are no mismatch


@dataclass(slots=True)
class Extraction:
    """The answer for one document. `feed` is where the whole board can be had, `zero` the sentence that says there is none."""

    jobs: list[Job] = field(default_factory=list)
    error: str | None = None
    needs_escalation: bool = False
    next_page: str | None = None
    detect: Detection = field(default_factory=Detection)
    rule: str = ""
    company: str = ""
    total: int | None = None
    rows: int = 0  # before rows of one job are put together
    tier: str = ""
    expired: int = 0
    zero: str = ""
    verified: bool | None = None
    steps: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The shape on the wire."""
        return {
            "jobs": [one.as_dict() for one in self.jobs],
            "error": self.error,
            "needs_escalation": self.needs_escalation,
            "next_page": self.next_page,
            "detect": {"ats": self.detect.ats, "token": self.detect.token},
        }


def extract(
    document: Document | bytes | str,
    url: str = "",
    *,
    now: datetime | None = None,
    content_type: str = "",
    status: int | None = None,
    known: Known | None = None,
) -> Extraction:
    """What the document holds. Never raises for what is in it; `now` is the time of reading."""
    if not isinstance(document, Document):
        document = Document(document, url, content_type=content_type, status=status)
    now = now or datetime.now(UTC)
    try:
        return _extract(document, now, known or Known())
    except (
        RecursionError,
        MemoryError,
        UnicodeError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        OverflowError,
    ) as error:
        # The last resort against pages that nobody has seen yet; the fuzz test holds that it is not needed.
        return Extraction(
            error=f"unknown: the document could not be read ({type(error).__name__})", steps=[f"failed: {type(error).__name__}"]
        )


def _extract(document: Document, now: datetime, known: Known) -> Extraction:
    out = Extraction()
    if document.kind == "empty":
        out.detect = detect(document)
        out.error = errors_of_pages.from_status(document.status) or "unknown: the document is empty"
        return out
    if document.kind == "xml":
        try:
            _ = document.xml
        except XmlRefused as refused:
            out.detect = detect(document)
            out.error = f"unknown: the XML is refused ({refused})"
            return out
    if document.kind == "html" and (blocked := errors_of_pages.challenge(document)):
        out.detect = detect(document)
        out.error = blocked
        out.steps.append("a challenge page")
        return out
    out.detect = detect(document)
    out.steps.append(
        f"system: {out.detect.ats or 'unknown'}"
        + (f", board {out.detect.token}" if out.detect.token else "")
        + (f" (by {out.detect.evidence})" if out.detect.evidence else "")
    )
    careers = document.kind != "html" or careers_links.is_careers_page(document)
    found = rules.first_found(document, out.detect, careers=careers, steps=out.steps)
    if found is not None and found.ats and not out.detect.ats:
        out.detect = Detection(found.ats, found.token or None, "shape", 3)
    if found is not None and not out.detect.ats:
        name = found.source.rpartition("_")[0]
        if name in BY_NAME and found.source != "json_ld":
            out.detect = Detection(name, None, "shape", 2)
    _closed(document, found, out)
    if out.error is None and found is not None and (found.postings or found.error or found.zero):
        _take(document, found, out, now, known)
    if out.jobs or out.error is not None or out.zero:
        if (
            not out.error
            and out.jobs
            and document.kind == "html"
            and out.next_page is None
            and (found is None or found.tier == "list" or len(out.jobs) > 1)
        ):
            out.next_page = paging.next_page(document)
        return out
    return _nothing(document, out, careers=careers)


def _closed(document: Document, found: Found | None, out: Extraction) -> None:
    """A page of one posting that says it is closed, though its data may still be there."""
    if document.kind != "html":
        return
    if gone := errors_of_pages.sent_back(document):
        out.error = gone
        return
    if found is not None and len(found.postings) > 1:
        return
    if (found is None or not found.postings or found.tier != "list") and (closed := errors_of_pages.expired(document)):
        out.error = closed
        out.steps.append("an expired posting")


def _verified(document: Document, detection: Detection, company: str, found: Found) -> bool | None:
    """Whether the board is the company's own; None when nothing can tell."""
    if detection.strength == 3 and detection.token and of_url(document.url) is None:
        return True
    if of_url(document.url) is not None:
        token = detection.token or ""
        stated = next((posting.company for posting in found.postings if posting.company), "") or found.company
        return True if token and stated and similar(token, stated) else None
    stated = next((posting.company for posting in found.postings if posting.company), "") or (
        found.company if found.tier == "feed" else ""
    )
    if stated and domain(document.url):
        return True if similar(label(document.url), stated) else None
    if detection.token and detection.evidence in {"link", "links"}:
        return similar(detection.token, label(document.url))
    return None


def _language(document: Document) -> str:
    """The language that a page states; English of which country its address may tell."""
    root = document.first("html") if document.kind == "html" else None
    stated = clean(root.attributes.get("lang")) if root is not None else ""
    day_first = host(document.url).rpartition(".")[2] in {"uk", "ie", "au", "nz", "za", "in"}
    return "en-gb" if day_first and stated.lower() in {"", "en"} else stated


def _take(document: Document, found: Found, out: Extraction, now: datetime, known: Known) -> None:
    """Makes jobs of what a rule found."""
    out.rule, out.total, out.rows, out.tier = found.source, found.total, len(found.postings), found.tier
    out.error = found.error or None
    if out.error:
        return
    order = dates.order_of((posting.posted for posting in found.postings), _language(document), now)
    open_ones = [posting for posting in found.postings if not job.is_over(posting, now, order)]
    out.expired = len(found.postings) - len(open_ones)
    merged = job.merge(open_ones, document.url)
    if len(merged) > 1:
        _told_apart(merged, document)
    out.company = company.of(document, found, out.detect, known.company)
    out.verified = known.verified if known.verified is not None else _verified(document, out.detect, out.company, found)
    short = (
        not known.part
        and found.total is not None
        and found.next_page is None
        and len(found.postings) < found.total
        and found.tier == "feed"
    )
    context = Context(document.url, now, out.company, out.verified, mismatch=short, order=order)
    out.jobs = [made for posting in merged if (made := job.build(posting, found, context)) is not None]
    out.next_page = found.next_page
    out.steps.append(
        f"{found.source}: {len(found.postings)} rows, {len(out.jobs)} jobs"
        + (f", {out.expired} past their last day" if out.expired else "")
        + (f", of {found.total}" if found.total is not None else "")
    )
    if not out.jobs:
        if out.expired:
            if len(found.postings) == 1:
                out.error = "expired: the posting is past its last day"
            else:
                out.zero = "every posting is past its last day"
        elif found.zero:
            out.zero = found.zero


def _told_apart(postings: list[Posting], document: Document) -> None:
    """Several postings without an address of their own: the page's, with a fragment for each."""
    for posting in postings:
        if not posting.url and (name := posting.slug.strip("/").rpartition("/")[2] or posting.id):
            posting.url = f"{document.url.partition('#')[0]}#{quote(name, safe='-._~')}"


def _nothing(document: Document, out: Extraction, *, careers: bool) -> Extraction:
    """No job was found: zero, an error, a page to render, or where to go on."""
    refused = errors_of_pages.from_status(document.status)
    if document.kind == "json":
        out.error = (
            refused
            or errors_of_pages.of_json(document.json)
            or (None if _plainly_empty(document.json, document.url) else "unknown: no jobs are recognised in this JSON")
        )
        out.zero = "the list is empty" if out.error is None else ""
        return out
    if document.kind == "xml":
        from livepane.scrapers.job_postings.feeds import sitemap_lead

        out.next_page = sitemap_lead(document) or None
        out.error = None if out.next_page else refused or "unknown: no jobs are recognised in this XML"
        return out
    if target := careers_links.meta_refresh(document):
        out.next_page = target
        out.steps.append("the page only sends its reader on")
        return out
    for check in (errors_of_pages.missing, errors_of_pages.login, errors_of_pages.elsewhere):
        if said := check(document):
            out.error = said
            return out
    if refused:
        out.error = refused
        return out
    none = zero.evidence(document.visible)
    framed = out.detect.url if out.detect.evidence == "frame" else _own_frame(document, careers=careers)
    if none and (careers or out.detect.ats or len(document.visible) < 4000) and not framed:
        out.zero = none
        out.steps.append(f"the page says: {none}")
        return out
    on = careers_links.ways(document, on_careers_page=careers)
    if framed:
        out.next_page = framed
        out.steps.append("the jobs are in a frame")
        return out
    why = escalate.reason(document, out.detect, careers=careers)
    if why:
        out.needs_escalation = True
        out.steps.append(why)
        out.next_page = out.detect.feed or None if out.detect.strength == 3 else None
        if out.next_page is None and not careers and on:
            out.next_page = on[0].url
        return out
    if out.detect.strength in {1, 2} and out.detect.url and (not on or careers):
        board = out.detect.url
        one_posting = re.search(r"/(?:jobs?/)?(?:\d{5,}|[0-9a-f-]{36})(?:[/?#]|$)|/j/\w+", board)
        out.next_page = (out.detect.home or board) if one_posting else board
        out.steps.append("the page links to its board")
        return out
    best = next((way for way in on if way.points >= (60 if careers else 40)), None)
    if best is not None:
        out.next_page = best.url
        out.steps.append(f"the way to the jobs: {best.text or best.url}")
        return out
    if careers or out.detect.ats:
        out.error = "unknown: a careers page without recognisable jobs, and nothing that says there are none"
    else:
        out.error = "no_careers_page: nothing here is about work, and no link leads there"
    return out


FRAME_OF_JOBS = re.compile(
    r"job|career|vacanc|recruit|karriere|stelle|position|bewerb|talent|hiring|emploi|empleo|vacature|praca", re.IGNORECASE
)
NOT_OF_JOBS = re.compile(
    r"youtube|vimeo|google|facebook|linkedin|twitter|instagram|hubspot|calendly|typeform|doubleclick|hotjar|spotify"
)


def _own_frame(document: Document, *, careers: bool) -> str:
    """The frame in which iCIMS keeps its list, on a page of its own; on a careers page any frame that is about jobs."""
    for node in document.all("iframe#icims_content_iframe, iframe[src*='in_iframe=1']"):
        url = document.link(node.attributes.get("src"))
        if url and url != document.url:
            return url
    if careers:
        for node in document.all("iframe[src], iframe[data-src]")[:20]:
            url = document.link(node.attributes.get("src")) or document.link(node.attributes.get("data-src"))
            if FRAME_OF_JOBS.search(url) and not NOT_OF_JOBS.search(host(url)):
                return url
    if "icims.com" in host(document.url) and "in_iframe" not in document.url:
        return with_query(document.url, in_iframe=1)
    return ""


def _plainly_empty(value: Any, url: str) -> bool:
    """A list of jobs that is there and empty."""
    if value == [] and re.search(r"job|career|posting|vacanc|position|offer|opening", url, re.IGNORECASE):
        return True
    return isinstance(value, dict) and any(
        isinstance(item, list)
        and not item
        and re.search(r"job|posting|vacanc|position|offer|opening|requisition|opportunit|stellen", str(key), re.IGNORECASE)
        for key, item in value.items()
    )
