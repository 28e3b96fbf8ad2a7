"""Greenhouse: a public feed without pages, two generations of boards, frames on customers' pages."""

from __future__ import annotations

import re
from typing import Any

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.money import from_range
from livepane.scrapers.job_postings.pay_periods import period_in
from livepane.scrapers.job_postings.posting import Found, Posting, Salary
from livepane.scrapers.job_postings.rows import Cells, text_of
from livepane.scrapers.job_postings.text import clean, joined
from livepane.scrapers.job_postings.urls import number_in, path, query, with_query
from livepane.scrapers.job_postings.values import dig, named, number, rows
from livepane.scrapers.job_postings.vendors.vendor import Vendor

CELLS = Cells(
    row="div.opening, tr.job-post, div.job-post, li.job-post, section.level-0 > .opening",
    link="a[href]",
    title="a p.body--medium, a .body--medium, p.body--medium, a",
    location="p.body--metadata, .body__secondary, span.location, .location",
    group="section, div.job-posts--table--department, div.department",
    group_title="h1, h2, h3, h4, .section-header",
    drop=".tag-container, .badge, .new-badge, .tag",
)


def _pay(row: dict[str, Any]) -> Salary | None:
    """The first range of a job's. Its period is only in its title: "Annual salary range"."""
    for pay in [*(rows(row, "pay_input_ranges") or []), *(rows(row, "pay_ranges") or [])]:
        low, high = number(pay.get("min_cents")), number(pay.get("max_cents"))
        said = period_in(f"{clean(pay.get('title'))[:100]} {clean(pay.get('blurb'))[:300]}")
        currency = pay.get("currency_type")
        if salary := from_range(low / 100 if low else pay.get("min"), high / 100 if high else pay.get("max"), currency, said):
            return salary
    return None


def _posting(row: dict[str, Any]) -> Posting:
    offices = [named(office) for office in rows(row, "offices") or []]
    metadata = {clean(item.get("name")).lower(): item.get("value") for item in rows(row, "metadata") or []}
    workplace = next(
        (named(value) for name, value in metadata.items() if "workplace" in name or "remote" in name or "location type" in name),
        "",
    )
    employment = next(
        (named(value) for name, value in metadata.items() if "employment" in name or "time type" in name or name == "job type"),
        "",
    )
    identity = clean(row.get("id"))
    return Posting(
        title=clean(row.get("title")),
        url=clean(row.get("absolute_url")),
        id=identity,
        company=clean(row.get("company_name")),
        locations=[named(row.get("location")) or joined(offices)],
        workplace=workplace
        if workplace.lower() not in {"true", "false", "yes", "no"}
        else ("remote" if workplace.lower() in {"true", "yes"} else ""),
        department=named((rows(row, "departments") or [{}])[0]) if rows(row, "departments") else named(row.get("department")),
        employment=employment,
        description=str(row.get("content") or ""),
        posted=row.get("first_published") or row.get("published_at") or row.get("updated_at"),
        salary=_pay(row),
    )


def read_json(value: Any, document: Document) -> Found | None:
    """`/v1/boards/{t}/jobs`, `/jobs/{id}`, `/departments`, `/offices`."""
    if dig(value, "jobs", 0, "absolute_url") or (rows(value, "jobs") == [] and "greenhouse.io" in document.url):
        listed = rows(value, "jobs") or []
    elif (
        isinstance(value, dict)
        and value.get("absolute_url")
        and "title" in value
        and ("content" in value or "internal_job_id" in value)
    ):
        listed = [value]
    elif isinstance(nested := rows(value, "departments") or rows(value, "offices"), list) and "greenhouse" in document.url:
        listed = []
        for group in nested:
            for inner in [group, *(rows(group, "departments") or [])]:
                listed += [job | {"departments": [{"name": inner.get("name")}]} for job in rows(inner, "jobs") or []]
    else:
        return None
    total = number(dig(value, "meta", "total"))
    zero = "the feed lists no job" if not listed and total in {0, None} else ""
    return Found("greenhouse_api", "feed", [_posting(row) for row in listed], total=total, zero=zero)


def _state(document: Document) -> Found | None:
    """The new boards carry their list in the state of the page."""
    for _, text in document.scripts:
        if '"jobPosts"' not in text and '\\"jobPosts\\"' not in text:
            continue
        from livepane.scrapers.job_postings.state import values_in

        for value in values_in(text):
            data = next(
                (
                    found
                    for key in ("routes/$url_token", "routes/$url_token_")
                    if (found := dig(value, "state", "loaderData", key))
                ),
                None,
            )
            listed = rows(data, "jobPosts", "data")
            if listed is None:
                continue
            total, page, pages = (number(dig(data, "jobPosts", key)) for key in ("total", "page", "total_pages"))
            following = with_query(document.url, page=page + 1) if page and pages and page < pages else None
            return Found(
                "greenhouse_board",
                "feed",
                [_posting(row | {"company_name": dig(data, "board", "name")}) for row in listed],
                total=total,
                next_page=following,
                zero="the board lists no job" if not listed and total == 0 else "",
            )
    return None


def _single(document: Document) -> Found | None:
    """A posting's own page, of either generation: its state, else its markup."""
    if not re.search(r"greenhouse\.io/(?:[\w-]+/jobs/\d|jobs/[\w-]+/\d|embed/job_app)", document.url):
        return None
    identity = next((part for part in reversed(path(document.url).split("/")) if part.isdigit()), "")
    identity = identity or query(document.url).get("token", "")
    for _, text in document.scripts:
        if '"jobPost"' not in text:
            continue
        from livepane.scrapers.job_postings.state import values_in

        for value in values_in(text):
            for data in (dig(value, "state", "loaderData") or {}).values() if isinstance(value, dict) else ():
                row = dig(data, "jobPost")
                if isinstance(row, dict) and clean(row.get("title")):
                    return Found("greenhouse_board", "detail", [_of_post(row, document, identity)])
    title = document.first(".job__title h1, h1.app-title, #header h1, h1.section-header")
    if title is None or not (spoken := text_of(title)):
        return None
    company = text_of(document.first(".company-name")).removeprefix("at ")
    if not company and (match := re.match(r"Job Application for .+ at (.+)$", document.title)):
        company = match[1]
    body = document.first(".job__description, #content, .job-post")
    place = text_of(document.first(".job__location, #header .location, .location"))
    posting = Posting(
        title=spoken,
        url=document.url,
        id=identity,
        company=company,
        locations=[place],
        description=(body.html or "") if body is not None else "",
    )
    return Found("greenhouse_html", "detail", [posting])


def _of_post(row: dict[str, Any], document: Document, identity: str) -> Posting:
    return Posting(
        title=clean(row.get("title")),
        url=clean(row.get("public_url")) or document.url,
        id=clean(row.get("id")) or identity,
        company=clean(row.get("company_name")),
        locations=[named(row.get("job_post_location")) or named(row.get("location"))],
        department=named(row.get("department")) or named((rows(row, "departments") or [{}])[0]),
        description=f"{row.get('introduction') or ''}{row.get('content') or ''}{row.get('conclusion') or ''}",
        posted=row.get("published_at"),
        salary=_pay(row),
    )


def read_html(document: Document) -> Found | None:
    """`boards.greenhouse.io` (rows `.opening`) and `job-boards.greenhouse.io` (rows `.job-post`)."""
    if found := _state(document) or _single(document):
        return found
    if not document.all("div.opening, .job-post, #app_body, #grnhse_app, .job-posts"):
        return None
    if "greenhouse.io" not in document.url and not document.all(
        "[data-office_id], [data-department_id], .job-posts--table, tr.job-post"
    ):
        return None
    postings = CELLS.read(document)
    if not postings:
        return None
    following = None
    for button in document.all("button.pagination__next"):
        if button.attributes.get("aria-disabled") != "true" and "inactive" not in (button.attributes.get("class") or ""):
            following = with_query(document.url, page=(number_in(query(document.url), "page") or 1) + 1)
    heading = document.heading
    company = heading.removeprefix("Current openings at ").removeprefix("Careers at ") if "at " in heading.lower() else ""
    return Found(
        "greenhouse_html",
        "list",
        postings,
        company=company or text_of(document.first(".company-name")).removeprefix("at "),
        next_page=following,
    )


VENDOR = Vendor(
    name="greenhouse",
    boards=(
        r"^(?:boards|job-boards)(?:\.eu|\.cdn)?\.greenhouse\.io/embed/(?:job_board|job_app)(?:/js)?\?(?:[^#]*&)?for=(?P<token>[\w-]+)",
        r"^boards-api(?:\.eu)?\.greenhouse\.io/v1/boards/(?P<token>[\w-]+)",
        r"^api(?:\.eu)?\.greenhouse\.io/v1/boards/(?P<token>[\w-]+)",
        r"^my\.greenhouse\.io/jobs/(?P<token>[\w-]+)/\d+",
        r"^(?:boards|job-boards)(?:\.eu)?\.greenhouse\.io/(?P<token>[\w-]+)",
    ),
    embeds=(r"^(?:boards|job-boards)(?:\.eu)?\.greenhouse\.io/embed/job_board",),
    inline=(
        r"boards-api(?:\.eu)?\.greenhouse\.io/v1/boards/(?P<token>[\w-]+)",
        r"(?:boards|job-boards)(?:\.eu)?\.greenhouse\.io/embed/job_board(?:/js)?\?for=(?P<token>[\w-]+)",
        r"(?:ghSlug|greenhouse_?(?:board_?)?(?:token|slug)|boardToken)[\"']?\s*[:=]\s*[\"'](?P<token>[\w-]+)[\"']",
    ),
    marks="#grnhse_app, #grnhse_iframe",
    feed="https://boards-api.greenhouse.io/v1/boards/{token}/jobs?content=true",
    home="https://job-boards.greenhouse.io/{token}",
    not_tokens=frozenset({"embed", "v1", "assets", "users", "js", "css", "job_board", "job_app"}),
    json=read_json,
    html=read_html,
)
