"""What real pages do that no specification foresees: each of these was read wrongly once."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest

from livepane.scrapers.job_postings import money
from livepane.scrapers.job_postings.classify.employment import is_contract, kind_of
from livepane.scrapers.job_postings.classify.level import seniority
from livepane.scrapers.job_postings.classify.workplace import workplace
from livepane.scrapers.job_postings.pay_in_body import in_body
from tests.unit.scrapers.reading import fields, page, read, titles

SITE = "https://acme.com/careers"
POSTING = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "Data Engineer",
    "datePosted": "2026-11-01",
    "hiringOrganization": {"@type": "Organization", "name": "Acme"},
}


def linked(text: str) -> str:
    return page("<h1>x</h1>", head=f'<script type="application/ld+json">{text}</script>')


def test_several_values_in_one_block_of_json_ld_are_all_read() -> None:
    second = POSTING | {"title": "Cook", "url": "https://acme.com/jobs/2"}
    result = read(linked(json.dumps(POSTING | {"url": "https://acme.com/jobs/1"}) + "\n" + json.dumps(second)), SITE)
    assert titles(result) == ["Data Engineer", "Cook"]


def test_a_block_of_json_ld_that_was_escaped_as_html_is_read() -> None:
    assert titles(read(linked(html.escape(json.dumps(POSTING))), "https://acme.com/jobs/1")) == ["Data Engineer"]


def test_a_greenhouse_posting_of_the_second_generation_is_read_from_its_state() -> None:
    post = {
        "id": 7,
        "title": "Staff Engineer",
        "job_post_location": "Berlin, Germany",
        "published_at": "2026-10-01T00:00:00Z",
        "content": "<p>hello</p>",
        "company_name": "Acme",
        "public_url": "https://job-boards.greenhouse.io/acme/jobs/7",
        "pay_ranges": [{"min": "$100,000", "max": "$120,000", "currency_type": "USD"}],
    }
    state = {"state": {"loaderData": {"root": {}, "routes/$url_token_.jobs_.$job_post_id": {"jobPost": post}}}}
    body = f"<h1>Staff Engineer</h1><script>window.__remixContext = {json.dumps(state)};</script>"
    result = read(page(body, title="Job Application for Staff Engineer at Acme"), "https://job-boards.greenhouse.io/acme/jobs/7")
    assert fields(result.jobs[0], "id", "title", "location", "company", "extraction_source") == (
        "7",
        "Staff Engineer",
        "Berlin, Germany",
        "Acme",
        "greenhouse_board",
    )
    assert result.jobs[0].salary is not None
    assert (result.jobs[0].salary["min"], result.jobs[0].salary["max"]) == (100_000, 120_000)


def test_a_greenhouse_posting_of_the_first_generation_is_read_from_its_markup() -> None:
    body = """<div id="app_body"><div id="header"><h1 class="app-title">Backend Engineer</h1><span class="company-name">at Acme</span>
    <a href="https://boards.greenhouse.io/acme">View all jobs</a><div class="location">Paris, France</div></div><div id="content"><p>We are</p></div></div>"""
    result = read(page(body, title="Job Application for Backend Engineer at Acme"), "https://boards.greenhouse.io/acme/jobs/401")
    assert fields(result.jobs[0], "id", "title", "location", "company") == ("401", "Backend Engineer", "Paris, France", "Acme")


def test_a_reader_who_was_sent_back_to_the_board_is_told_that_the_posting_is_gone() -> None:
    body = '<div class="job-posts"><div>The job you are looking for is no longer open.</div><table><tr class="job-post"><td><a href="/acme/jobs/8">Cook</a></td></tr></table></div>'
    assert (read(page(body), "https://job-boards.greenhouse.io/acme?error=true").error or "").startswith("expired")


def test_a_board_that_was_closed_is_no_closed_posting() -> None:
    body = "<h1>Inactive Career Page</h1><p>The job board you were viewing is no longer active.</p>"
    assert (read(page(body, title="Inactive"), "https://jobs.jobvite.com/acme/jobs").error or "").startswith("not_found")


def test_the_page_of_icims_leads_into_its_frame() -> None:
    body = '<noscript><iframe id="icims_content_iframe" src="https://careers-acme.icims.com/jobs/search?ss=1&amp;in_iframe=1"></iframe></noscript>'
    assert (
        read(page(body), "https://careers-acme.icims.com/jobs/search?ss=1").next_page
        == "https://careers-acme.icims.com/jobs/search?ss=1&in_iframe=1"
    )


@pytest.mark.parametrize(
    ("anchors", "urls"),
    [
        ('<a href="/careers/role/cook">Cook</a> <a href="/careers/role/baker">Baker</a>', ["role/cook", "role/baker"]),
        ("", ["#cook", "#baker"]),
    ],
)
def test_rows_in_the_state_of_a_page_without_an_address_get_that_of_their_link_else_a_fragment(
    anchors: str, urls: list[str]
) -> None:
    rows = [
        {"id": number, "title": name, "slug": name.lower(), "location": "Rome", "department": "Kitchen"}
        for number, name in enumerate(("Cook", "Baker"), 1)
    ]
    state = json.dumps({"props": {"pageProps": {"jobs": rows}}})
    result = read(page(f'<h1>Careers</h1>{anchors}<script id="__NEXT_DATA__" type="application/json">{state}</script>'), SITE)
    assert [job.url.removeprefix(SITE).removeprefix("/") for job in result.jobs] == urls


def test_links_that_carry_a_number_of_greenhouse_tell_the_system_but_not_the_board() -> None:
    links = "".join(
        f'<div><a href="/careers/job?gh_jid={n}">{t}</a><span>Paris</span></div>' for n, t in ((4001, "Cook"), (4002, "Baker"))
    )
    result = read(page(f"<h1>Careers</h1>{links}"), SITE)
    assert (result.detect.ats, result.detect.token, titles(result)) == ("greenhouse", None, ["Cook", "Baker"])


def test_the_way_to_a_board_does_not_lead_to_its_login() -> None:
    root = "https://acme.wd5.myworkdayjobs.com/en-US/Careers"
    result = read(page(f'<h1>Careers</h1><a href="{root}/login">Sign in</a><a href="{root}">Search jobs</a>'), SITE)
    assert result.next_page == root


def test_a_place_that_nobody_knows_is_told_by_its_column() -> None:
    cards = "".join(
        f'<article><a href="/vacatures/{t.lower()}"><h2>{t}</h2><ul><li>{p}</li><li>{k}</li></ul></a></article>'
        for t, p, k in (("Monteur", "Utrecht", "Fulltime"), ("Planner", "Zwolle", "Parttime"))
    )
    result = read(page(f"<h1>Vacatures</h1>{cards}"), "https://acme.nl/vacatures")
    assert [job.location for job in result.jobs] == ["Utrecht", "Zwolle"]


def test_the_nearest_heading_counts_even_when_it_names_a_kind_of_work() -> None:
    body = '<h1>Karriere</h1><h3>Vollzeit</h3><ul><li><a href="/stellen/lagerist">Lagerist (m/w/d)</a></li></ul><h3>Ausbildung</h3><ul><li><a href="/stellen/koch">Koch (m/w/d)</a></li></ul>'
    assert [job.employment_type for job in read(page(body), "https://acme.de/karriere").jobs] == ["full_time", "apprenticeship"]


def test_what_stands_between_a_heading_and_the_next_one_belongs_to_it() -> None:
    body = "".join(
        f'<h3>{t}</h3><p>Sede: {p}. Contratto a tempo indeterminato.</p><a href="mailto:hr@acme.it">Candidati</a>'
        for t, p in (("Sviluppatore Java", "Milano"), ("Contabile", "Torino"))
    )
    result = read(page(f"<h1>Lavora con noi</h1>{body}", title="Lavora con noi"), "https://acme.it/lavora-con-noi")
    assert [(job.title, job.location, job.employment_type) for job in result.jobs] == [
        ("Sviluppatore Java", "Milano", "full_time"),
        ("Contabile", "Torino", "full_time"),
    ]


@pytest.mark.parametrize(
    ("url", "answer", "following"),
    [
        ("https://acme.com/api/jobs?page=1", {"total": 45}, "https://acme.com/api/jobs?page=2"),
        ("https://acme.com/api/jobs?page=0", {"totalPages": 2}, "https://acme.com/api/jobs?page=1"),
        ("https://acme.com/api/jobs?page=1", {"totalPages": 2}, "https://acme.com/api/jobs?page=2"),
        ("https://acme.com/api/jobs?page=2", {"totalPages": 2}, None),
        ("https://acme.com/api/jobs?offset=2", {"count": 5}, "https://acme.com/api/jobs?offset=4"),
        ("https://acme.com/api/jobs", {"links": {"next": "/api/jobs?cursor=x"}}, "https://acme.com/api/jobs?cursor=x"),
        ("https://acme.com/api/jobs", {"total": 2}, None),
    ],
)
def test_the_next_page_of_a_list_in_json(url: str, answer: dict[str, Any], following: str | None) -> None:
    rows = [{"jobId": f"J{n}", "jobTitle": t, "city": "Rome", "url": f"/jobs/J{n}"} for n, t in ((1, "Cook"), (2, "Welder"))]
    assert read({"items": rows} | answer, url).next_page == following


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Chief of Staff to the CEO", ""),
        ("Executive Assistant to the CEO", ""),
        ("Stage Manager", ""),
        ("Internship Coordinator", ""),
        ("Summer Intern 2027", "intern"),
    ],
)
def test_words_of_rank_that_are_somebody_elses(title: str, level: str) -> None:
    assert seniority(title)[0] == level


def test_kinds_that_only_a_title_says() -> None:
    assert (kind_of("", "Per Diem RN")[0], kind_of("", "Casual Dining Server")[0]) == ("per_diem", "")
    assert is_contract("", "CDD - Assistant RH")
    assert is_contract("fulltime_fixed_term", "Sales Manager")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("You will be 3 days per week in our London office.", "hybrid"),
        ("Home office up to 2 days per week.", "hybrid"),
        ("We work 4 days a week.", "onsite"),
        ("You get 5 days a year for volunteering.", "onsite"),
        ("5 days in the office.", "onsite"),
    ],
)
def test_days_make_a_split_week_only_beside_a_place(body: str, kind: str) -> None:
    assert workplace(stated="", remote=None, title="Cook", locations=["London"], employment="", body=body)[0] == kind


def test_a_place_that_is_none_is_remote() -> None:
    assert workplace(stated="", remote=None, title="Cook", locations=["Home Office"], employment="", body="")[0] == "remote"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("₹10,00,000 - ₹15,00,000", (1_000_000, 1_500_000, "INR")),
        ("$1,000 sign-on bonus", None),
    ],
)
def test_sums_as_they_are_written(text: str, found: tuple[float, float, str] | None) -> None:
    pay = money.parse(text)
    assert (pay and (pay.min, pay.max, pay.currency)) == found


def test_a_bonus_on_top_does_not_hide_the_pay() -> None:
    pay = in_body("Salary: £45,000 - £55,000 per annum plus bonus")
    assert pay is not None
    assert (pay.min, pay.max, pay.period) == (45_000, 55_000, "year")
    assert in_body("Compensation includes a $5,000 - $10,000 sign-on bonus") is None


def test_a_frame_about_jobs_on_a_careers_page_is_the_way_on() -> None:
    body = '<h1>Careers</h1><iframe src="https://www.youtube.com/embed/jobs"></iframe><iframe src="https://jobs.acmehr.io/embed/acme"></iframe>'
    assert read(page(body), SITE).next_page == "https://jobs.acmehr.io/embed/acme"


def test_the_page_of_one_posting_without_any_data_for_machines() -> None:
    body = '<nav><a href="/">Home</a></nav><main><h1>Line Cook</h1><p>Location: Rome, Italy</p><p>Full-time</p><p>You cook for people who are hungry.</p><a href="/careers/cook/apply">Apply now</a></main>'
    result = read(page(body, title="Line Cook | Acme careers"), "https://acme.com/careers/cook")
    assert [fields(job, "title", "url", "location", "employment_type", "company") for job in result.jobs] == [
        ("Line Cook", "https://acme.com/careers/cook", "Rome, Italy", "full_time", "Acme")
    ]


def test_a_page_about_work_is_no_posting() -> None:
    story = "<main><h1>A day in the life of a Software Engineer</h1><p>I get up at six and apply myself.</p></main>"
    assert read(page(story), "https://acme.com/careers/stories/engineer").jobs == []


def test_abbreviations_do_not_make_a_title_a_sentence() -> None:
    rows = "".join(
        f'<article><h2><a href="/kariera/{n}">{t}</a></h2><p>Miejsce pracy: {p}</p></article>'
        for n, t, p in (("a", "Specjalista ds. sprzedaży", "Radom"), ("b", "Programista C++", "Gdynia"))
    )
    assert titles(read(page(f"<h1>Oferty pracy</h1>{rows}", title="Kariera"), "https://acme.pl/kariera")) == [
        "Specjalista ds. sprzedaży",
        "Programista C++",
    ]


def test_parts_of_a_line_are_told_apart_whatever_its_class_is_called() -> None:
    body = '<a class="JobListItem_link__1a" href="/job/101"><h3>Backend Engineer</h3><p class="JobListItem_meta__y">Full-time, Permanent · Berlin</p></a>'
    result = read(page(body, title="Jobs at Acme"), "https://acme.jobs.personio.com/")
    assert fields(result.jobs[0], "location", "employment_type", "id") == ("Berlin", "full_time", "101")


def test_the_next_page_of_a_board_whose_pager_has_only_buttons() -> None:
    rows = '<table><tr class="job-post"><td><a href="https://job-boards.greenhouse.io/acme/jobs/1"><p class="body--medium">Cook</p></a></td></tr></table>'
    more = '<button class="pagination__btn pagination__next" aria-label="Next page"></button>'
    last = '<button class="pagination__btn pagination__next pagination__next--inactive" aria-disabled="true"></button>'
    board = "https://job-boards.greenhouse.io/acme"
    assert read(page(f'<div class="job-posts">{rows}{more}</div>'), board).next_page == f"{board}?page=2"
    assert read(page(f'<div class="job-posts">{rows}{last}</div>'), f"{board}?page=2").next_page is None
