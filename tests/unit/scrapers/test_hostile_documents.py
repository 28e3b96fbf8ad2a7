"""Whatever the bytes are, there is an answer, and it comes in time that grows with the document and not faster."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livepane.scrapers.contract import PAGE_CODES
from livepane.scrapers.job_postings.classify.workplace import workplace
from livepane.scrapers.job_postings.extract import Extraction
from tests.unit.scrapers.reading import page, read
from tests.unit.scrapers.test_structured_data import POSTING, ld

URLS = (
    "https://www.acme.com/careers",
    "https://boards-api.greenhouse.io/v1/boards/acme/jobs",
    "https://api.lever.co/v0/postings/acme",
    "https://acme.wd1.myworkdayjobs.com/wday/cxs/acme/x/jobs",
    "https://acme.jobs.personio.de/xml",
    "https://jobs.ashbyhq.com/acme",
    "https://careers-acme.icims.com/jobs/search",
    "https://acme.recruitee.com/api/offers/",
    "https://api.smartrecruiters.com/v1/companies/acme/postings",
    "https://acme.bamboohr.com/careers/list",
    "https://acme.teamtailor.com/jobs.json",
    "https://acme.breezy.hr/json",
    "https://ats.rippling.com/api/v2/board/acme/jobs",
    "https://acme.pinpointhq.com/postings.json",
    "https://apply.workable.com/api/v1/widget/accounts/acme",
    "https://acme.fa.us2.oraclecloud.com/hcmRestApi/x",
    "https://x.eightfold.ai/api/apply/v2/jobs",
    "not a url",
    "",
)
# fmt: off
KEYS = (
    "jobs", "results", "items", "data", "content", "offers", "positions", "jobPostings", "result", "totalFound", "total",
    "title", "name", "text", "id", "url", "absolute_url", "hostedUrl", "jobUrl", "location", "locations", "categories",
    "departments", "department", "createdAt", "shortcode", "friendly_id", "type", "workplaceType", "salary", "compensation",
    "isListed", "organization", "meta", "jobPostingInfo", "externalPath", "bulletFields", "locationsText", "allLocations",
    "lists", "secondaryLocations", "company", "_jobposting", "requisitionList", "opportunities", "Locations",
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(["Cook", "2026-11-01", "<b>x</b>", "&amp;amp;", "https://a.b/c", "//", "http://[", "Remote", "$5 - $", "\ud800"])
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=7), max_leaves=40)
PIECES = st.sampled_from([
    "<div class='opening'>", "<a href='/jobs/1'>", "Cook", "</a>", "<li>", "<table><tr><th>Job</th><th>City</th></tr>", "<tr><td>", "<script type='application/ld+json'>", '{"@type":"JobPosting","title":"Cook",', '"jobLocation":', "[{", "}", "]", "</script>", "<script>", "window.__appData = {", '"jobBoard":{"jobPostings":[',
    "<iframe src='//boards.greenhouse.io/embed/job_board?for=a'>", "<h2>", "<details><summary>", "<base href='http://[::1'>", "<meta charset='x'>", "<link rel=canonical href='://'>", "<meta http-equiv=refresh content='0;url=http://'>", "\x00", "\ufeff", "&#0;", "<!--", "-->", "<![CDATA[", "<?xml version='1.0'?>", "<rss>",
    "<item><title>Cook</title>", "<svg><template>", "JSON.parse('", "\\u", "\\", "'", '"', "<div itemscope itemtype='https://schema.org/JobPosting'>", "<span itemprop=title>", "<a rel=next href='?p=2'>", "<ul class=pagination><li class=active>1",
])


def is_sound(result: Extraction) -> bool:
    """What holds for every answer."""
    shown = result.as_dict()
    json.dumps(shown, ensure_ascii=False).encode("utf-8")
    assert set(shown) == {"jobs", "error", "needs_escalation", "next_page", "detect"}
    assert result.error is None or result.error.partition(":")[0] in PAGE_CODES
    assert not any(step.startswith("failed") for step in result.steps), result.steps
    for job in result.jobs:
        assert job.title
        assert job.url.startswith(("http://", "https://"))
        assert job.location_type in {"remote", "hybrid", "onsite"}
        assert 0 <= job.score <= 100
        assert job.signals
        assert "<" not in job.summary or ">" not in job.summary
    return True


@settings(max_examples=75, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(URLS))
def test_any_bytes(body: bytes, url: str) -> None:
    assert is_sound(read(body, url))


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=6), max_size=40).map("".join), st.sampled_from(URLS))
def test_any_markup(body: str, url: str) -> None:
    assert is_sound(read(body, url))


@settings(max_examples=200, deadline=None)
@given(VALUES, st.sampled_from(URLS), st.booleans())
def test_any_json_alone_and_in_a_page(value: object, url: str, inside: bool) -> None:
    text = json.dumps(value)
    assert is_sound(read(page(f"<script>window.__appData = {text};</script><script type='application/json'>{text}</script>") if inside else text, url))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(list(POSTING)), VALUES, max_size=9))
def test_any_value_in_json_ld(changes: dict[str, object]) -> None:
    assert is_sound(read(page("<h1>Cook</h1>", ld({**POSTING, **changes, "@type": "JobPosting"})), URLS[0]))


def test_entity_bombs_are_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><workzag-jobs><position><name>&c;</name></position></workzag-jobs>'
    result = read(bomb, "https://acme.jobs.personio.de/xml")
    assert (result.jobs, (result.error or "").partition(":")[0]) == ([], "unknown")
    outside = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>'
    assert "root:" not in str(read(outside, "https://acme.com/jobs.rss").as_dict())


SIZE = 30_000
GROWING: dict[str, Callable[[int], str]] = {
    "nested elements": lambda n: "<div>" * n + "Cook" + "</div>" * n,
    "nested links": lambda n: "<h1>Jobs</h1>" + "<b><a href='/jobs/1'>" * n,
    "nested arrays": lambda n: "[" * n + "]" * n,
    "unclosed scripts": lambda n: "<script>" * n,
    "open braces in a script": lambda n: "<h1>Jobs</h1><script>x = " + '={"a":' * n + "</script>",
    "quotes in JSON.parse": lambda n: "<h1>Jobs</h1><script>JSON.parse('" + "\\\\" * n + "</script>",
    "angle brackets": lambda n: "<h1>Jobs</h1><p>" + "&lt;" * n,
    "digits": lambda n: "<h1>Jobs</h1><p>Salary: " + "1 " * n,
    "digits in one": lambda n: "<h1>Jobs</h1><p>Salary: $" + "1" * n,
    "letters": lambda n: "<h1>Jobs</h1><p>" + "a" * n,
    "spaces": lambda n: "<h1>Jobs</h1><p>there are" + " " * n + "x",
    "words": lambda n: "<h1>Jobs</h1><p>" + "derzeit leider " * (n // 4),
    "at signs": lambda n: "<h1>Jobs</h1><p>" + "a.b@" * (n // 2),
    "a broken block": lambda n: "<script type='application/ld+json'>{\"@type\":\"JobPosting\",\"title\":\"" + '{"' * n + "</script>",
    "slashes in an address": lambda n: f"<h1>Jobs</h1><a href='/jobs{'/a' * min(n, 900)}'>Cook</a>" * 40,
    "many headings": lambda n: "<h1>Jobs</h1>" + "<h3>Cook</h3>" * (n // 20),
    "many links": lambda n: "<h1>Jobs</h1><ul>" + "".join(f"<li><a href='/jobs/{i}'>Cook {i}</a> Berlin</li>" for i in range(n // 20)) + "</ul>",
    "many links in one": lambda n: "<h1>Jobs</h1><p>" + "".join(f"<a href='/jobs/{i}'>Cook {i}</a> " for i in range(n // 20)) + "</p>",
}


@pytest.mark.parametrize("name", GROWING)
def test_what_grows_without_end_still_gets_an_answer(name: str) -> None:
    """The time limit of every test is the guard: quadratic work at this size takes minutes."""
    assert is_sound(read(GROWING[name](SIZE), URLS[0]))


def test_a_long_description_is_read_to_its_limit() -> None:
    body = "we have 2 days a week in the office " * 20_000
    kind, _ = workplace(stated="", remote=None, title="Cook", locations=[], employment="", body=body)
    assert kind == "hybrid"
