"""One job as it goes on the wire, made from what a rule found."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from livepane.scrapers.job_postings import dates, money, pay_in_body
from livepane.scrapers.job_postings.classify.employment import is_contract, kind_of
from livepane.scrapers.job_postings.classify.family import DEPARTMENTS, family_of
from livepane.scrapers.job_postings.classify.level import seniority
from livepane.scrapers.job_postings.classify.titles import is_evergreen
from livepane.scrapers.job_postings.classify.workplace import workplace
from livepane.scrapers.job_postings.posting import Found, Posting
from livepane.scrapers.job_postings.score import LONG_ENOUGH, score
from livepane.scrapers.job_postings.text import clean, shorten, without_people
from livepane.scrapers.job_postings.urls import absolute, canonical, path, tidy

SUMMARY = 400  # characters
TITLE = 300
PLACEHOLDER = re.compile(
    r"^\W*(?:\d+ (?:more )?(?:locations?|standorte?|lieux|ubicaciones|sedi|locaties)|multiple(?: locations?)?|various(?: locations?)?|several locations|n/?a|tbd|none|null|undefined|unspecified|not specified|location|locations|-+|mehrere standorte|verschiedene standorte|all locations|see opening)\W*$",
    re.IGNORECASE,
)
PLACE_LABEL = re.compile(
    r"^(?:job |work )?(?:locations?|standorte?|arbeitsort|einsatzort|ort|lieu|ubicación|sede|locatie|localização|lokalizacja|místo|plats|sted)\s*:\s*",
    re.IGNORECASE,
)
NEW_MARK = re.compile(
    r"^\s*(?:new!?|neu!?|nouveau|featured|hot|urgent|job title|title|position|stelle)\s*[:!|–-]\s*(?=\S)|\s+(?:new|neu)!$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Job:
    """A posting in normal form. Times are ISO-8601 in UTC; `timestamp` is when it was read, `posted_at` when it was posted."""

    company: str
    title: str
    url: str
    summary: str
    location: str
    role: str
    score: int
    signals: list[str]
    location_type: str
    is_contract: bool
    department: str
    seniority: str
    employment_type: str
    timestamp: str
    source_page: str
    extraction_source: str
    id: str
    posted_at: str | None
    salary: dict[str, Any] | None

    def as_dict(self) -> dict[str, Any]:
        """The shape on the wire."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the document that the rows came from."""

    url: str
    now: datetime
    company: str
    verified: bool | None  # the board is the company's own; None when that cannot be told
    mismatch: bool = False
    careers_company: str = ""
    order: dates.Order = ""  # of day and month in its dates


def places_of(posting: Posting) -> tuple[list[str], bool]:
    """Places once each, and whether one of them was only a placeholder."""
    kept: dict[str, str] = {}
    placeholder = "location:rollup" in posting.signals
    for raw in posting.locations:
        text = PLACE_LABEL.sub("", clean(raw)).strip(" ,;|–-")
        if not text:
            continue
        if PLACEHOLDER.match(text) or len(text) > 160:
            placeholder = True
            continue
        kept.setdefault(text.casefold(), text)
    return list(kept.values()), placeholder


def is_over(posting: Posting, now: datetime, order: dates.Order = "") -> bool:
    """Whether its last day has passed; a date without a time lasts until its end."""
    until = dates.parse(posting.valid_through, now, order)
    if until is None:
        return False
    if (until.hour, until.minute, until.second) == (0, 0, 0):
        until += timedelta(days=1)
    return until < now


def address(posting: Posting, page: str) -> str:
    """Its own address; the page with a fragment when it has none."""
    url = absolute(page, posting.url)
    if url and path(url).strip("/") == "" and "?" not in url and "#" not in url and canonical(url) != canonical(page):
        url = ""  # the company's front page
    if url:
        return tidy(url)
    return tidy(page)


def build(posting: Posting, found: Found, context: Context) -> Job | None:
    """The job, None for a row without a title or address."""
    title = shorten(NEW_MARK.sub("", clean(posting.title)), TITLE)
    if not title:
        return None
    url = address(posting, context.url)
    if not url:
        return None
    body = clean(posting.description)
    locations, placeholder = places_of(posting)
    employment, type_signals = kind_of(posting.employment, title)
    kind, place_signals = workplace(
        stated=posting.workplace,
        remote=posting.remote,
        title=title,
        locations=locations,
        employment=posting.employment,
        body=body,
    )
    level, level_from = seniority(title, posting.seniority, body)
    company = clean(posting.company) or context.company
    department = clean(posting.department)
    if department.casefold() in {company.casefold(), "department", "other", "all", "-", "n/a"} or len(department) > 120:
        department = ""
    role = family_of(title, department, posting.role_hint)
    salary = posting.salary or (money.parse(clean(posting.salary_text)) if posting.salary_text else None)
    from_text = False
    if salary is None and body:
        salary = pay_in_body.in_body(body)
        from_text = salary is not None
    posted = dates.parse(posting.posted, context.now, context.order)
    if posted is not None and posted > context.now + timedelta(days=2):
        posted = None
    evergreen = posting.evergreen or is_evergreen(title)
    contract = is_contract(posting.employment, title)
    facts = ["has:title"]
    facts += ["has:location"] if locations else []
    facts += ["has:description"] if len(body) >= LONG_ENOUGH else []
    facts += ["has:department"] if department else []
    facts += ["has:employment_type"] if employment else []
    facts += ["has:salary"] if salary else []
    apply = posting.apply or (
        "direct" if canonical(url) != canonical(context.url) or found.tier in {"feed", "json_ld", "microdata", "detail"} else ""
    )
    facts += ["apply:mailto"] if apply.startswith("mailto:") or "@" in apply else ["apply:direct"] if apply else []
    facts += [] if context.verified is None else ["board:verified" if context.verified else "board:unverified"]
    facts += ["evergreen"] if evergreen else []
    facts += ["jsonld:repaired"] if "jsonld:repaired" in posting.signals else []
    facts += ["conflict:remote"] if "conflict:remote" in place_signals else []
    facts += ["detail:missing"] if found.tier == "list" and not body else []
    facts += ["count:mismatch"] if context.mismatch else []
    facts += ["location:placeholder"] if placeholder else []
    points, signals = score(tier=found.tier, source=found.source, posted=posted, now=context.now, facts=facts)
    signals += [signal for signal in (*place_signals, *type_signals, *posting.signals) if signal not in signals]
    signals += [f"seniority:{level_from}"] if level_from in {"years", "stated"} else []
    signals += ["department:assumed"] if not department and role else []
    signals += ["salary:from_text"] if from_text else []
    if employment == "temporary" and not contract:
        signals.append("temporary:not_contract")
    return Job(
        company=company,
        title=title,
        url=url,
        summary=shorten(without_people(body[: SUMMARY * 6]), SUMMARY),
        location="; ".join(locations[:40]),
        role=role,
        score=points,
        signals=signals,
        location_type=kind,
        is_contract=contract,
        department=department or DEPARTMENTS.get(role, ""),
        seniority=level,
        employment_type=employment,
        timestamp=dates.iso(context.now.astimezone(UTC)) or "",
        source_page=context.url,
        extraction_source=found.source,
        id=clean(posting.id)[:200],
        posted_at=dates.iso(posted),
        salary=salary.as_dict() if salary else None,
    )


def merge(postings: list[Posting], page: str) -> list[Posting]:
    """One posting an id, else one an address; rows of one job that differ in place become one with all places."""
    kept: list[Posting] = []
    by_key: dict[tuple[str, str], Posting] = {}
    for posting in postings:
        title = clean(posting.title).casefold()
        url = absolute(page, posting.url)
        keys = [("id", f"{posting.id} {title}")] if posting.id else []
        if url and canonical(url) != canonical(page):
            keys.append(("url", f"{canonical(url)} {title}"))
        elif not posting.id:
            keys.append(("row", f"{title} {'|'.join(posting.locations)}".casefold()))
        other = next(
            (
                by_key[key]
                for key in keys
                if key in by_key and not (key[0] == "url" and posting.id and by_key[key].id and posting.id != by_key[key].id)
            ),
            None,
        )
        if other is None:
            kept.append(posting)
            other = posting
        else:
            other.locations += [place for place in posting.locations if place not in other.locations]
            for name in (
                "url",
                "department",
                "employment",
                "workplace",
                "description",
                "company",
                "salary_text",
                "posted",
                "apply",
            ):
                if not getattr(other, name):
                    setattr(other, name, getattr(posting, name))
            if posting.remote is False and other.remote:
                other.remote = None
        for key in keys:
            by_key.setdefault(key, other)
    return kept
