"""Jobs in XML that no vendor vouches for: RSS and Atom of boards, job feeds for aggregators, sitemaps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from livepane.scrapers.job_postings.classify.titles import names_a_role
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.text import clean, first, joined
from livepane.scrapers.job_postings.urls import host, path

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST = 20_000
ROWS = {
    "job",
    "item",
    "entry",
    "position",
    "vacancy",
    "offer",
    "posting",
    "joboffer",
    "jobposting",
    "stelle",
    "offre",
    "vacature",
    "opening",
    "ad",
}
_SPOKEN = {
    "title": "title jobtitle job_title name position positiontitle headline titel bezeichnung",
    "url": "link url joburl applyurl apply_url detailurl job_url guid loc",
    "id": "jobid referencenumber reference requisitionid id guid partnerjobid reqid job_reference jobreqid job_id",
    "department": "department category job_function jobfunction function categories division",
    "employment": "employment_type jobtype job_type employmenttype type worktype contracttype schedule positiontype jobtype",
    "posted": "pubdate date posteddate dateposted published publishdate startdate advertisefromdate updated createdat post_date publish_date advertise_from_date",
    "closes": "expiration_date expirationdate closingdate validthrough enddate advertisetodate expires deadline expirydate advertisetodatetime",
    "description": "description encoded content summary body jobdescription longdescription",
    "company": "company employer companyname company_name company-name organization employername",
    "salary": "salary compensation salaryrange",
    "location": "location joblocation job_location address place workplace ort locations",
    "remote": "remotetype remote remotestatus workplacetype",
}
NAMES: dict[str, tuple[str, ...]] = {what: tuple(names.split()) for what, names in _SPOKEN.items()}


def local(element: Element) -> str:
    """The name without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()


def _words(row: Element) -> dict[str, str]:
    said: dict[str, str] = {}
    for child in row.iter():
        if child is row:
            continue
        text = clean(child.text) if child.text and len(child.text) < 400 else (child.text or "")
        if local(child) == "link" and not text:
            text = child.get("href") or ""
        if text and local(child) not in said:
            said[local(child)] = text
    return said


def read(document: Document) -> Found | None:
    """The rows of a feed; None when it is none of jobs."""
    root = document.xml
    kind = local(root)
    if kind in {"urlset", "sitemapindex"}:
        return None
    postings: list[Posting] = []
    title, company = "", ""
    for element in root.iter():
        if local(element) == "channel" or (kind == "feed" and element is root):
            title = clean(next((child.text for child in element if local(child) == "title"), ""))
            company = re.sub(
                r"\b(?:jobs?|careers?|job openings|vacancies|feed|rss|at|open positions|stellenangebote)\b|[|:–-]",
                " ",
                title,
                flags=re.IGNORECASE,
            ).strip()
        if local(element) not in ROWS or len(postings) >= MOST or len(element) == 0:
            continue
        said = _words(element)
        get = {name: next((said[key] for key in keys if said.get(key)), "") for name, keys in NAMES.items()}
        if not get["title"] or not (get["url"] or get["id"]):
            continue
        place = joined([said.get("city"), said.get("state") or said.get("region"), said.get("country")]) or get["location"]
        head, _, tail = get["title"].rpartition(" (")
        # SuccessFactors puts the place behind the title: "Engineer (Berlin, DE, 10115)".
        if head and re.match(r"^[^()]+,\s*[A-Z]{2}(?:,\s*[\w -]+)?\)$", tail) and not said.get("city"):
            get["title"], place = head, place or tail.rstrip(")")
        postings.append(
            Posting(
                title=get["title"],
                url=get["url"] if get["url"].startswith(("http", "/")) else document.link(said.get("link")),
                id="" if get["id"].startswith("http") else get["id"],
                company=first(get["company"]),
                locations=[place] if place else [],
                department=get["department"],
                employment=get["employment"],
                description=get["description"],
                posted=get["posted"] or None,
                valid_through=get["closes"] or None,
                salary_text=get["salary"],
                workplace=get["remote"]
                if get["remote"].lower() not in {"true", "false"}
                else ("remote" if get["remote"].lower() == "true" else ""),
            )
        )
    if not postings:
        looks = kind in {"jobs", "source", "positions"} or re.search(
            r"job|career|vacanc|stelle|recruit|emploi", document.url, re.IGNORECASE
        )
        return (
            Found("xml_feed", "feed", zero="the feed lists no job")
            if looks and kind in {"rss", "feed", "jobs", "source", "positions"}
            else None
        )
    if kind in {"rss", "feed", "rdf"} and not _is_of_jobs(postings, document.url, title):
        return None
    return Found("xml_feed", "feed", postings, company=company)


OF_WORK = re.compile(
    r"job|career|vacanc|vacatur|vacante|vagas|stelle|karriere|recruit|recrut|emploi|empleo|position|opening|lediga|stilling|praca|hiring",
    re.IGNORECASE,
)
NOT_OF_WORK = re.compile(r"\b(?:blog|news|podcasts?|magazine?|stories|insights|press|episodes?|aktuelles)\b", re.IGNORECASE)


def _is_of_jobs(postings: list[Posting], url: str, title: str) -> bool:
    """Whether a feed is one of jobs: blogs, news and podcasts speak of trades, too, but not of places, kinds and pay."""
    roles = sum(names_a_role(posting.title) for posting in postings)
    fields = sum(
        bool(one.locations or one.employment or one.salary_text or one.workplace or one.valid_through) for one in postings
    )
    about = OF_WORK.search(f"{url} {title}")
    paths = sum(bool(OF_WORK.search(path(posting.url).rpartition("/")[0])) for posting in postings)
    if NOT_OF_WORK.search(f"{url.partition(host(url))[2]} {title}") and fields * 2 < len(postings):
        return False
    if about or fields * 2 >= len(postings):
        return roles >= len(postings) * 0.3
    return roles >= len(postings) * 0.7 and paths == len(postings)


def sitemap_lead(document: Document) -> str:
    """The careers page, or the sitemap of jobs, that a sitemap names."""
    root = document.xml
    if local(root) not in {"urlset", "sitemapindex"}:
        return ""
    locations = [clean(element.text) for element in root.iter() if local(element) == "loc" and element.text]
    if local(root) == "sitemapindex":
        return next(
            (url for url in locations if re.search(r"job|career|vacanc|stelle|karriere|position", url, re.IGNORECASE)), ""
        )
    from livepane.scrapers.job_postings.careers_links import PATH

    pages = [url for url in locations if PATH.search(url.rstrip("/"))]
    return min(pages, key=len) if pages else ""
