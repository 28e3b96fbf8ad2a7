"""Jobs in JSON that no vendor vouches for: the arrays of objects that have a title, an address or id, and something of a job."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from livepane.scrapers.job_postings.classify.titles import LONGEST, may_be_title, names_a_role
from livepane.scrapers.job_postings.money import from_range
from livepane.scrapers.job_postings.posting import Posting
from livepane.scrapers.job_postings.text import clean, first
from livepane.scrapers.job_postings.urls import absolute
from livepane.scrapers.job_postings.values import dig, flag, named, places

NODES_MOST = 300_000
DEPTH_MOST = 40
_SPOKEN = {
    "title": "jobtitle job_title positiontitle position_title postingtitle posting_title vacancytitle vacancyname jobname job_name positionname requisitiontitle displayjobtitle external_title externaltitle jobpostingtitle title name position role text headline label bezeichnung stellentitel titel titulo titre intitule nazev tytul",
    "url": "absolute_url joburl job_url hostedurl detailurl detail_url canonicalpositionurl careers_url postingurl posting_url url link href permalink applyurl apply_url applicationurl application_url externalurl external_url externalpath share_url publicurl public_url positionurl vacancyurl joblink fullurl path uri slug_url ctaurl lien url_active_page url_comeet_hosted_page",
    "id": "id jobid job_id reqid req_id requisitionid requisition_id positionid uuid _id guid shortcode jobseqno vacancyid reference referencenumber ref refnumber externalid jobnumber requisitionnumber displayjobid ats_job_id postingid jobreqid contestno slug jobcode",
    "location": "locations joblocations location joblocation job_location locationname location_name primarylocation citystatecountry citystate city office offices ort standort place places lieu ubicacion worklocation work_location locationstext formattedlocation primary_location alllocations region country arbeitsort jobcity address municipality localisation",
    "department": "department departments departmentname department_name category categories team teamname jobcategory job_category categoryname division function jobfunction job_function jobfamily businessunit abteilung bereich area departement multi_category discipline field jobarea unit",
    "employment": "employmenttype employment_type jobtype job_type type worktype contracttype contract_type commitment timetype positiontype employmentstatus schedule jobschedule contract workhours vertragsart typeofemployment employment workingtime anstellungsart workerscheduletypes fulltimeparttime shift employmenttypes",
    "posted": "posteddate posted_date dateposted date_posted postedat posted_at publishedat published_at publisheddate published_date datepublished publicationdate first_published first_published_at createdat created_at createddate postingdate posting_date opendate startdate releaseddate published date datecreated updatedat updated_at postedon publishdate publish_date t_update t_create postedts originallyposted time_updated",
    "closes": "validthrough valid_through closingdate closing_date expirydate expirationdate expires_at deadline enddate unpostingdate applicationdeadline closedate expiresat applybefore jobexpires",
    "description": "description descriptionhtml description_html jobdescription job_description content body descriptionteaser summary shortdescription externaldescriptionstr shortdescriptionstr ml_job_description teaser intro excerpt jobsummary overview",
    "company": "companyname company_name company employer hiringorganization organization organisation brand companybrand subcompany arbeitgeber employername",
    "workplace": "workplacetype workplace_type workplace worklocationoption work_location_option remotetype remote_type locationtype location_type remotestatus workmodel work_model workingmodel remoteoption worktypename onsiteremote remote_option workarrangement attendance",
    "remote": "isremote is_remote remote telecommuting allowremote homeoffice remotework remotefriendly remoteposition",
    "salary": "salary salaryrange salary_range compensation pay payrange gehalt salarydisplay salarytext wage compensationrange salarydescription formattedsalary jobsalary",
    "seniority": "seniority experiencelevel experience_level level joblevel careerlevel experience jobgrade senioritylevel",
    "apply": "applyurl apply_url applicationurl applylink apply_link",
}
KEYS: dict[str, tuple[str, ...]] = {what: tuple(names.split()) for what, names in _SPOKEN.items()}
# Pay in keys of the row itself: the least, the most, the currency, the period.
PAY = (
    "salarymin minsalary salaryfrom minimumsalary salaryminimum paymin minpay compensationmin mincompensation salarylow salaryrangefrom salaryrangemin",
    "salarymax maxsalary salaryto maximumsalary salarymaximum paymax maxpay compensationmax maxcompensation salaryhigh salaryrangeto salaryrangemax",
    "salarycurrency salarycurrencycode currencycode paycurrency compensationcurrency currency",
    "salaryperiod salaryunit salaryinterval salaryfrequency payperiod payfrequency salarytype payunit compensationinterval compensationperiod",
)
LIST_NAME = re.compile(
    r"(?:^|[^a-z])(?:jobs?|job_?postings?|postings?|positions?|openings?|vacanc(?:y|ies)|opportunities|offers?|offres|offerte|requisition(?:s|list)?|careers?|roles?|stellen(?:angebote|anzeigen)?|listings?|vacatures|joblist|jobitems|jobposts?|vagas|jobsearchresults|search_?results|"
    r"emplois?|empleos?|annonces?|ledigestillinger|hits|results|items|data|edges|nodes|records|entries|rows|content|documents|docs|values)s?(?:$|[^a-z])",
    re.IGNORECASE,
)
JOB_NAME = re.compile(
    r"job|position|opening|vacan|posting|requisition|career|stelle|offre|emploi|empleo|vaga|opportunit|ledig", re.IGNORECASE
)
NOT_JOBS = re.compile(
    r"nav|menu|footer|header|breadcrumb|filter|facet|aggregat|author|blog|article|news|event|product|testimonial|review|member|people|person|employee|staff|team(?!tailor)|leadership|speaker|faq|benefit|perk|social|locale|translation|seo|image|media|asset|tracking|analytics|webinar|course|story|stories|office_?list|departmentlist|^(?:posts|pages)$",
    re.IGNORECASE,
)

WRAPPED = re.compile(
    r"data|items?|results?|rows?|hits|edges|nodes|list|records|entries|content|values?|docs|documents|", re.IGNORECASE
)
PERSONAL = ("firstname", "lastname", "givenname", "familyname", "photo", "headshot", "avatar", "bio", "linkedin", "twitter")
PERSON = re.compile(r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.? )?[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,3}")
LONGEST_STATED = 300  # characters of a title that its list vouches for


@dataclass(slots=True)
class Candidate:
    """One array of objects, and how much it looks like jobs."""

    path: str
    rows: list[dict[str, Any]]
    score: float = 0.0


def _keys(row: dict[str, Any]) -> dict[str, str]:
    """The keys of a row by their plain names."""
    plain: dict[str, str] = {}
    for key in row:
        if isinstance(key, str):
            name = key.lower().replace("-", "_")
            plain.setdefault(name, key)
            plain.setdefault(name.replace("_", ""), key)
    return plain


def _get(row: dict[str, Any], what: str, plain: dict[str, str] | None = None) -> Any:
    plain = plain if plain is not None else _keys(row)
    for name in KEYS[what]:
        if name in plain:
            value = row[plain[name]]
            if value not in (None, "", [], {}):
                return value
    return None


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row with what JSON:API, GraphQL and WordPress wrap around it taken off."""
    meta = row.get("meta")
    if isinstance(meta, dict) and any(isinstance(key, str) and key.startswith("_job") for key in meta):
        return {**{str(key).lstrip("_"): value for key, value in meta.items()}, **row}
    for key in ("node", "attributes", "_source", "fields", "job", "document", "position", "data", "jobPosting", "posting"):
        inner = row.get(key)
        if (
            isinstance(inner, dict)
            and len(inner) >= 3
            and (key not in {"data", "job", "position", "fields"} or len(row) <= 3 or "title" not in row)
        ):
            return {**{name: value for name, value in row.items() if name != key}, **inner}
    return row


def posting_of(row: dict[str, Any], base: str) -> Posting | None:
    """The posting that an object describes in whatever words; None when it has no title."""
    row = flat(row)
    plain = _keys(row)
    title = named(_get(row, "title", plain))
    if not title:
        return None
    url = _get(row, "url", plain)
    url = first(url, dig(url, "href"), dig(url, "url"), dig(url, "full")) if not isinstance(url, list) else named(url)
    where = _get(row, "location", plain)
    spoken = places(where)
    if (
        spoken
        and "city" in plain
        and plain["city"] in row
        and isinstance(row[plain["city"]], str)
        and len(spoken) == 1
        and spoken[0] == clean(row[plain["city"]])
    ):
        spoken = places(
            {
                "city": row[plain["city"]],
                "region": row.get(plain.get("state", ""), row.get(plain.get("region", ""))),
                "country": row.get(plain.get("country", "")),
            }
        )
    pay = _get(row, "salary", plain)
    salary = None
    if isinstance(pay, dict):
        salary = from_range(
            next((pay[key] for key in ("min", "from", "minValue", "minimum", "low", "salaryMin") if pay.get(key)), None),
            next((pay[key] for key in ("max", "to", "maxValue", "maximum", "high", "salaryMax") if pay.get(key)), None),
            next((pay[key] for key in ("currency", "currencyCode", "currency_code") if pay.get(key)), ""),
            next(
                (
                    pay[key]
                    for key in ("period", "interval", "unit", "unitText", "frequency", "type")
                    if isinstance(pay.get(key), str)
                ),
                "",
            ),
        )
    else:
        salary = from_range(
            *(next((row[plain[key]] for key in keys.split() if key in plain and row[plain[key]]), "") for keys in PAY)
        )
    workplace = _get(row, "workplace", plain)
    remote = _get(row, "remote", plain)
    return Posting(
        title=title,
        url=absolute(base, url),
        slug=first(
            *(
                row[plain[key]]
                for key in ("slug", "handle", "urlslug", "seoslug")
                if key in plain and isinstance(row.get(plain[key]), str)
            )
        ),
        id=first(_get(row, "id", plain)),
        company=named(_get(row, "company", plain)),
        locations=spoken,
        workplace=named(workplace) or (clean(remote) if isinstance(remote, str) and flag(remote) is None else ""),
        remote=flag(remote),
        department=named(_get(row, "department", plain)),
        employment=named(_get(row, "employment", plain)),
        seniority=named(_get(row, "seniority", plain)),
        description=named(_get(row, "description", plain))
        if not isinstance(_get(row, "description", plain), str)
        else str(_get(row, "description", plain)),
        posted=_get(row, "posted", plain),
        valid_through=_get(row, "closes", plain),
        salary=salary,
        salary_text=clean(pay) if isinstance(pay, str) else "",
        apply=absolute(base, _get(row, "apply", plain)),
    )


def _name(path: str) -> str:
    """What a list is called: its own key, or that of what it is wrapped in."""
    return next((part for part in reversed(path.split("/")) if not WRAPPED.fullmatch(part)), "")


def may_name(title: str, *, trusted: bool) -> bool:
    """Whether it may be a title; in a list that calls itself one of jobs "QA" is one, and so is a very long one."""
    if trusted and ((len(title) == 2 and title.isalpha() and title.isupper()) or LONGEST < len(title) <= LONGEST_STATED):
        return True
    return may_be_title(title)


def _score(path: str, rows: list[dict[str, Any]]) -> float:
    tail = _name(path)
    trusted = bool(JOB_NAME.search(tail))
    if NOT_JOBS.search(tail) and not trusted:
        return 0.0
    sample = [flat(row) for row in rows[:40]]
    passed, addressed, jobbish, roles = 0, 0, 0, 0
    for row in sample:
        plain = _keys(row)
        title = named(_get(row, "title", plain))
        if not may_name(title, trusted=trusted) or (not trusted and _is_person(row, plain)):
            continue
        passed += 1
        addressed += _get(row, "url", plain) is not None or _get(row, "id", plain) is not None
        explicit = any(name in plain for name in KEYS["title"][:16])
        kinds = sum(
            _get(row, what, plain) is not None
            for what in ("location", "department", "employment", "posted", "workplace", "salary", "closes")
        )
        jobbish += min(3, kinds + explicit)
        roles += names_a_role(title)
    if not passed or passed < len(sample) * 0.6 or not addressed:
        return 0.0
    named_so = 1.0 if JOB_NAME.search(tail) else 0.5 if JOB_NAME.search(path) else 0.0
    evidence = jobbish / passed
    trade = roles / passed
    if evidence < 1 and not (named_so == 1.0 and trade >= 0.5):
        return 0.0
    score = trade + named_so + min(evidence, 3) / 3
    return score if trade >= 0.34 or (named_so and evidence >= 2) else 0.0


def _is_person(row: dict[str, Any], plain: dict[str, str]) -> bool:
    """A row of somebody who has a title: a name of two words beside a title that is another."""
    if any(key in plain for key in PERSONAL):
        return True
    name, title = (clean(row.get(plain.get(key, ""))) for key in ("name", "title"))
    return bool(
        name and title and name != title and names_a_role(title) and not names_a_role(name) and PERSON.fullmatch(name)
    ) and not any(_get(row, what, plain) for what in ("employment", "closes", "salary", "posted"))


def candidates(value: Any, root: str = "") -> list[Candidate]:
    """Every array of objects that looks like jobs, with the rows of one path put together, the best first.

    `root` is what the whole is called.
    """
    grouped: dict[str, list[dict[str, Any]]] = {}
    stack: list[tuple[Any, str, int]] = [(value, root, 0)]
    budget = NODES_MOST
    while stack and budget:
        budget -= 1
        current, path, depth = stack.pop()
        if depth > DEPTH_MOST:
            continue
        if isinstance(current, dict):
            entries = [(key, item) for key, item in current.items() if isinstance(item, dict | list)]
            objects = [item for _, item in entries if isinstance(item, dict)]
            # An object whose keys are ids: {"123": {…}, "124": {…}}.
            if (
                len(objects) >= 2
                and len(objects) == len(current)
                and all(re.fullmatch(r"[\w-]*\d[\w-]*", str(key)) for key in current)
            ):
                grouped.setdefault(path, []).extend(objects)
            stack += [(item, f"{path}/{key}", depth + 1) for key, item in reversed(entries)]
        elif isinstance(current, list):
            objects = [item for item in current if isinstance(item, dict)]
            if objects and len(objects) >= len(current) * 0.8:
                grouped.setdefault(path, []).extend(objects)
            stack += [(item, path, depth + 1) for item in reversed(current) if isinstance(item, dict | list)]
    found = [Candidate(path, rows, _score(path, rows)) for path, rows in grouped.items()]
    return sorted((item for item in found if item.score > 0), key=lambda item: (-round(item.score, 1), -len(item.rows)))


def postings_in(value: Any, base: str, root: str = "") -> tuple[list[Posting], str]:
    """The postings of the best array and its path."""
    for candidate in candidates(value, root):
        trusted = bool(JOB_NAME.search(_name(candidate.path)))
        postings = [
            posting
            for row in candidate.rows
            if not flag(flat(row).get("filled"))
            and (posting := posting_of(row, base))
            and may_name(posting.title, trusted=trusted)
        ]
        if postings:
            return postings, candidate.path
    return [], ""
