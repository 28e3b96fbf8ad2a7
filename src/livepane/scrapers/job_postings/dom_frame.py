"""What on a page is content and not its frame, and which addresses are those of a single job."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from livepane.scrapers.job_postings.detect import of_url
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.urls import canonical

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

JOB_PATH = re.compile(
    r"/(?:jobs?|careers?|positions?|openings?|open-?(?:positions|roles|jobs)|vacanc(?:y|ies)|vacatures?|vacantes?|vagas?|stellen?[\w-]*|stellenangebote?|stellenanzeigen?|karriere|jobangebote?|offene-stellen|emplois?|offres?(?:-d-?emploi)?|recrutement|poste|empleos?|ofertas?|trabajo|lavora-con-noi|"
    r"posizion[ei]|offerte|kari[eé]ra|praca|oferty?(?:-pracy)?|pozice|volna-mista|nabidka|job-?(?:offers?|postings?|openings?|details?|ads?|board|opportunit\w+|posting)|roles?|opportunit(?:y|ies)|postings?|requisitions?|apply|hiring|werken-bij|ledig[\w-]*|stillinger?|jobb|tjanster|annonse|annons|join-us|work-with-us|"
    r"carriere|vakansi[iy]\w*|rabota|recruit(?:ing|ment)?|saiyou?|kyujin|p|o|j|employment|bewerb\w*|ausschreibung\w*|ausbildung\w*|jobportal|jobdetail\w*|joboffer|job_posting|listing)s?(?:/[^/]+)*/[^/]+/?$",
    re.IGNORECASE,
)
JOB_QUERY = re.compile(
    r"(?:^|&)(?:gh_jid|ashby_jid|lever-?id|job_?id|jobid|job|jid|req_?id|reqid|vacancy_?id|vacancy|position_?id|posting_?id|stelle\w*|offre\w*|id|jobad|advert_?id|pid|jobref)=[\w%-]+",
    re.IGNORECASE,
)
NOT_A_JOB = re.compile(
    r"/(?:blog|news|press|events?|stories|story|insights?|case-stud(?:y|ies)|customers?|products?|solutions?|services?|teams?/[^/]+|people|authors?|category|categories|tags?|podcasts?|resources|docs|legal|privacy|about|article|articles|aktuelles|presse|magazin|produkte?|leistungen|leistung|testimonials?|"
    r"departments?|locations?|standorte?|search|login|register|faq|benefits|culture|life-at|interview\w*|students|graduates|early-careers|teams|wp-content|shop|webinars?|courses?|kurse)(?:/[^/]*)*/?$|\.(?:jpe?g|png|docx?|zip|css|js)$",
    re.IGNORECASE,
)

# Where small employers keep the papers that describe a position.
PAPER_HOST = re.compile(
    r"^(?:docs|drive|sites)\.google\.com$|^forms\.gle$|(?:^|\.)notion\.(?:site|so)$|(?:^|\.)(?:s3[\w.-]*|cloudfront)\.(?:amazonaws\.com|net)$|"
    r"^storage\.googleapis\.com$|\.blob\.core\.windows\.net$|\.sharepoint\.com$|(?:^|\.)dropbox(?:usercontent)?\.com$|(?:^|\.)box\.com$|"
    r"^(?:[\w-]+\.)?(?:airtable|typeform|jotform|coda|tally|canva|issuu|smartsheet)\.(?:com|io|so)$|\.(?:digitaloceanspaces|r2)\.(?:com|dev)$|^files\.|^cdn[\w-]*\.|^assets\.|^static\."
)
PAPER = re.compile(r"\.(?:pdf|docx?|odt|rtf)$", re.IGNORECASE)


def is_paper(url: str) -> bool:
    """Whether it is a document, or a page of a service where documents are kept: on a careers page that may be a posting."""
    parts = urlsplit(url)
    return bool(PAPER.search(parts.path) or (len(parts.path) > 1 and PAPER_HOST.search(parts.hostname or "")))


def excluded(node: LexborNode) -> bool:
    """Whether it is part of the frame of the site and not of its content."""
    current: LexborNode | None = node
    for _ in range(14):
        if current is None or current.tag in {"body", "main", "article"}:
            return False
        if current.tag in {"nav", "footer", "select", "form"} and not (current.tag == "form" and len(current.css("a[href]")) > 3):
            return True
        if (
            current.tag == "header"
            and current.parent is not None
            and current.parent.tag in {"body", "div"}
            and current.css_first("nav") is not None
        ):
            return True
        names = (
            f"{current.attributes.get('class') or ''} {current.attributes.get('id') or ''} {current.attributes.get('role') or ''}"
        )
        if re.search(
            r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|footer|breadcrumbs?|cookie\w*|site-header|sidebar-nav|social|language)(?:$|[\s_-])",
            names,
            re.IGNORECASE,
        ) and not re.search(r"job|career|vacanc|position", names, re.IGNORECASE):
            return True
        current = current.parent
    return False


def is_job_url(url: str, document: Document, *, itself: bool = False) -> bool:
    """Whether the address is one of a single job; `itself`: and may be that of the document."""
    parts = urlsplit(url)
    if hit := of_url(url):
        return (bool(hit[1]) and len([piece for piece in parts.path.split("/") if piece]) >= 2) or bool(parts.query)
    if NOT_A_JOB.search(unquote(parts.path)) and not re.search(r"\d{4,}", parts.path):
        return False
    if JOB_QUERY.search(parts.query):
        return True
    return bool(JOB_PATH.search(unquote(parts.path))) and (itself or canonical(url) != canonical(document.url))
