"""The feeds of the systems that most boards run on, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.scrapers.reading import fields, read, titles

GREENHOUSE = {
    "jobs": [
        {
            "absolute_url": "https://boards.greenhouse.io/acme/jobs/4011",
            "internal_job_id": 99,
            "location": {"name": "Berlin, Germany"},
            "metadata": [{"id": 1, "name": "Workplace Type", "value": "Hybrid", "value_type": "single_select"}],
            "id": 4011,
            "updated_at": "2026-11-18T09:00:00-05:00",
            "first_published": "2026-11-10T09:00:00-05:00",
            "requisition_id": "See Opening ID",
            "title": "Senior Data Engineer ",
            "company_name": "Acme",
            "content": "&lt;p&gt;We build &amp;amp; run pipelines.&lt;/p&gt;",
            "departments": [{"id": 7, "name": "Data Platform"}],
            "offices": [{"id": 3, "name": "Berlin"}],
        },
        {
            "absolute_url": "https://acme.com/careers?gh_jid=4012",
            "location": {"name": "Remote - US"},
            "id": 4012,
            "updated_at": "2026-11-18T09:00:00-05:00",
            "title": "Contract Manager",
            "content": "",
            "departments": [],
            "offices": [],
        },
        {
            "absolute_url": "https://boards.greenhouse.io/acme/jobs/4013",
            "location": {"name": "London"},
            "id": 4013,
            "title": "Join our Talent Community",
            "content": "",
        },
    ],
    "meta": {"total": 3},
}


def test_greenhouse() -> None:
    result = read(GREENHOUSE, "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true")
    first, second, third = result.jobs
    assert (result.detect.ats, result.detect.token, result.error, result.next_page) == ("greenhouse", "acme", None, None)
    assert fields(first, "id", "title", "url", "location", "department", "location_type", "seniority", "role", "company") == (
        "4011",
        "Senior Data Engineer",
        "https://boards.greenhouse.io/acme/jobs/4011",
        "Berlin, Germany",
        "Data Platform",
        "hybrid",
        "senior",
        "data",
        "Acme",
    )
    assert (first.summary, first.posted_at, first.extraction_source) == (
        "We build & run pipelines.",
        "2026-11-10T14:00:00Z",
        "greenhouse_api",
    )
    assert fields(second, "location_type", "is_contract", "role", "url") == (
        "remote",
        False,
        "legal",
        "https://acme.com/careers?gh_jid=4012",
    )
    assert "evergreen" in third.signals
    assert third.score < second.score < first.score


def test_a_feed_that_holds_less_than_it_says_is_marked() -> None:
    result = read({**GREENHOUSE, "meta": {"total": 9}}, "https://boards-api.greenhouse.io/v1/boards/acme/jobs")
    assert result.total == 9
    assert all("count:mismatch" in job.signals for job in result.jobs)


def test_one_greenhouse_job_with_pay() -> None:
    job = {
        "id": 5,
        "title": "Nurse",
        "absolute_url": "https://boards.greenhouse.io/acme/jobs/5",
        "internal_job_id": 1,
        "location": {"name": "Oslo"},
        "content": "x",
        "updated_at": "2026-11-19T00:00:00Z",
        "pay_input_ranges": [{"min_cents": 5000000, "max_cents": 7500000, "currency_type": "USD", "title": "Pay"}],
    }
    result = read(job, "https://boards-api.greenhouse.io/v1/boards/acme/jobs/5?pay_transparency=true")
    assert result.jobs[0].salary == {
        "min": 50000.0,
        "max": 75000.0,
        "currency": "USD",
        "period": "",
        "text": "USD 50,000 – 75,000",
    }
    assert result.jobs[0].role == "healthcare"


LEVER = [
    {
        "id": "a1b2",
        "text": "Account Executive, DACH",
        "hostedUrl": "https://jobs.lever.co/acme/a1b2",
        "applyUrl": "https://jobs.lever.co/acme/a1b2/apply",
        "createdAt": 1794787200000,
        "workplaceType": "remote",
        "country": "DE",
        "categories": {
            "commitment": "Full-time",
            "department": "Sales",
            "team": "Field",
            "location": "Munich",
            "allLocations": ["Munich", "Zurich"],
        },
        "description": "<div>Sell.</div>",
        "descriptionPlain": "Sell.",
        "lists": [{"text": "You will", "content": "<li>Call</li>"}],
        "additional": "",
        "salaryRange": {"min": 70000, "max": 90000, "currency": "EUR", "interval": "per-year-salary"},
    },
    {
        "id": "c3",
        "text": "Intern, Finance",
        "hostedUrl": "https://jobs.lever.co/acme/c3",
        "createdAt": 1770000000000,
        "workplaceType": "unspecified",
        "categories": {"location": "Paris", "commitment": "Full-time", "team": "Finance"},
    },
]


def test_lever() -> None:
    result = read(LEVER, "https://api.lever.co/v0/postings/acme?mode=json")
    first, second = result.jobs
    assert (result.detect.ats, result.detect.token) == ("lever", "acme")
    assert fields(first, "title", "url", "location", "location_type", "department", "seniority", "employment_type", "role") == (
        "Account Executive, DACH",
        "https://jobs.lever.co/acme/a1b2",
        "Munich; Zurich",
        "remote",
        "Sales",
        "",
        "full_time",
        "sales",
    )
    assert first.salary is not None
    assert (first.salary["min"], first.salary["max"], first.salary["currency"], first.salary["period"]) == (
        70000.0,
        90000.0,
        "EUR",
        "year",
    )
    assert "Call" in first.summary
    assert fields(second, "seniority", "employment_type", "location_type", "posted_at") == (
        "intern",
        "internship",
        "onsite",
        "2026-02-02T02:40:00Z",
    )
    assert {"location_type:assumed", "stale:291d"} & set(second.signals)


def test_lever_pages_by_skip() -> None:
    assert (
        read(LEVER, "https://api.eu.lever.co/v0/postings/acme?mode=json&skip=4&limit=2").next_page
        == "https://api.eu.lever.co/v0/postings/acme?mode=json&skip=6&limit=2"
    )
    assert read(LEVER, "https://api.lever.co/v0/postings/acme?mode=json&limit=3").next_page is None
    empty = read("[]", "https://api.lever.co/v0/postings/acme?mode=json")
    assert (empty.jobs, empty.error, empty.needs_escalation) == ([], None, False)


def test_ashby_hybrid_beats_remote_and_unlisted_is_left_out() -> None:
    feed = {
        "apiVersion": "1",
        "jobs": [
            {
                "id": "u-1",
                "title": "Staff Engineer",
                "department": "Engineering",
                "team": "Core",
                "employmentType": "FullTime",
                "location": "New York",
                "secondaryLocations": [{"location": "Remote (Canada)"}],
                "isRemote": True,
                "workplaceType": "Hybrid",
                "isListed": True,
                "publishedAt": "2026-11-01T00:00:00.000+00:00",
                "jobUrl": "https://jobs.ashbyhq.com/acme/u-1",
                "applyUrl": "https://jobs.ashbyhq.com/acme/u-1/application",
                "descriptionHtml": "<p>Build</p>",
                "compensation": {
                    "compensationTierSummary": "$180K – $220K • Offers Equity",
                    "scrapeableCompensationSalarySummary": "$180K - $220K",
                },
            },
            {"id": "u-2", "title": "Secret", "isListed": False, "jobUrl": "https://jobs.ashbyhq.com/acme/u-2"},
        ],
    }
    result = read(feed, "https://api.ashbyhq.com/posting-api/job-board/acme?includeCompensation=true")
    assert titles(result) == ["Staff Engineer"]
    assert fields(result.jobs[0], "location", "location_type", "seniority", "employment_type", "department") == (
        "New York; Remote (Canada)",
        "hybrid",
        "staff",
        "full_time",
        "Engineering",
    )
    assert result.jobs[0].salary is not None
    assert (result.jobs[0].salary["min"], result.jobs[0].salary["max"], result.jobs[0].salary["currency"]) == (
        180000.0,
        220000.0,
        "USD",
    )


def test_ashby_says_not_found_with_status_200() -> None:
    result = read({"organization": None, "jobs": []}, "https://api.ashbyhq.com/posting-api/job-board/nobody")
    assert (result.error or "").startswith("not_found")


def test_workable_rows_of_one_shortcode_become_one_job() -> None:
    row = {
        "title": "Support Agent",
        "shortcode": "ABC123",
        "code": "",
        "employment_type": "Part-time",
        "telecommuting": False,
        "department": "Support",
        "url": "https://apply.workable.com/j/ABC123",
        "shortlink": "https://apply.workable.com/j/ABC123",
        "application_url": "https://apply.workable.com/j/ABC123/apply",
        "published_on": "2026-10-01",
        "created_at": "2026-09-01",
        "city": "Athens",
        "state": "Attica",
        "country": "Greece",
        "description": "<p>Hi</p>",
    }
    result = read(
        {"name": "Acme", "description": None, "jobs": [row, {**row, "city": "Lisbon", "state": "Lisboa", "country": "Portugal"}]},
        "https://apply.workable.com/api/v1/widget/accounts/acme?details=true",
    )
    assert len(result.jobs) == 1
    assert fields(result.jobs[0], "company", "location", "employment_type", "id", "posted_at") == (
        "Acme",
        "Athens, Attica, Greece; Lisbon, Lisboa, Portugal",
        "part_time",
        "ABC123",
        "2026-10-01T00:00:00Z",
    )
    assert (result.detect.ats, result.detect.token) == ("workable", "acme")


def test_workable_search_goes_on_by_token() -> None:
    feed = {
        "total": 11,
        "results": [
            {
                "id": 1,
                "shortcode": "F00",
                "title": "QA Tester",
                "remote": True,
                "location": {"country": "Spain", "city": "Madrid", "region": "Madrid"},
                "type": "full",
                "workplace": "remote",
                "published": "2026-11-01T00:00:00.000Z",
                "department": ["IT"],
            }
        ],
        "nextPage": "WzE2",
    }
    result = read(feed, "https://apply.workable.com/api/v3/accounts/acme/jobs")
    assert result.next_page == "https://apply.workable.com/api/v3/accounts/acme/jobs?token=WzE2"
    assert fields(result.jobs[0], "url", "location_type", "employment_type", "department") == (
        "https://apply.workable.com/acme/j/F00/",
        "remote",
        "full_time",
        "IT",
    )


SMARTRECRUITERS = {
    "offset": 0,
    "limit": 1,
    "totalFound": 3,
    "content": [
        {
            "id": "743999",
            "name": "Pflegefachkraft (m/w/d)",
            "uuid": "x",
            "refNumber": "R1",
            "company": {"identifier": "Acme2", "name": "Acme"},
            "releasedDate": "2026-11-12T10:00:00.000Z",
            "location": {"city": "Köln", "region": "NW", "country": "de", "remote": False, "fullLocation": "Köln, NW, Germany"},
            "department": {"id": "1", "label": "Acme"},
            "function": {"id": "health", "label": "Health Care"},
            "typeOfEmployment": {"id": "permanent", "label": "Full-time"},
            "experienceLevel": {"id": "entry_level", "label": "Entry Level"},
            "ref": "https://api.smartrecruiters.com/v1/companies/Acme2/postings/743999",
        }
    ],
}


def test_smartrecruiters_uses_the_function_where_the_department_is_the_company() -> None:
    result = read(SMARTRECRUITERS, "https://api.smartrecruiters.com/v1/companies/Acme2/postings?limit=1")
    assert result.next_page == "https://api.smartrecruiters.com/v1/companies/Acme2/postings?limit=1&offset=1"
    assert fields(result.jobs[0], "url", "department", "seniority", "location", "role") == (
        "https://jobs.smartrecruiters.com/Acme2/743999",
        "Health Care",
        "entry",
        "Köln, NW, Germany",
        "healthcare",
    )


def test_smartrecruiters_zero_is_no_answer() -> None:
    result = read(
        {"offset": 0, "limit": 100, "totalFound": 0, "content": []},
        "https://api.smartrecruiters.com/v1/companies/whoever/postings",
    )
    assert (result.error or "").startswith("unknown")


def test_workday() -> None:
    feed = {
        "total": 41,
        "jobPostings": [
            {
                "title": "Registered Nurse",
                "externalPath": "/job/Chicago-IL/Registered-Nurse_R-100",
                "locationsText": "Chicago, IL",
                "postedOn": "Posted 3 Days Ago",
                "timeType": "Full time",
                "bulletFields": ["R-100"],
            },
            {
                "title": "Analyst II",
                "externalPath": "/job/Remote---USA/Analyst_JR2",
                "locationsText": "3 Locations",
                "postedOn": "Posted 30+ Days Ago",
                "bulletFields": ["JR2000"],
                "remoteType": "Fully Remote",
            },
        ],
        "facets": [],
    }
    result = read(feed, "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/External/jobs")
    first, second = result.jobs
    assert fields(first, "url", "id", "location", "posted_at", "employment_type") == (
        "https://acme.wd5.myworkdayjobs.com/External/job/Chicago-IL/Registered-Nurse_R-100",
        "R-100",
        "Chicago, IL",
        "2026-11-17T12:00:00Z",
        "full_time",
    )
    assert (second.location_type, "3 Locations" in second.location, second.seniority) == ("remote", False, "mid")
    assert result.next_page == "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/External/jobs?offset=2"
    assert (result.detect.ats, result.detect.token) == ("workday", "acme")


def test_workday_detail() -> None:
    detail = {
        "jobPostingInfo": {
            "id": "x",
            "title": "Welder",
            "jobDescription": "<p>Weld</p>",
            "location": "Lyon",
            "additionalLocations": ["Paris"],
            "startDate": "2026-11-01",
            "jobReqId": "R7",
            "timeType": "Part time",
            "externalUrl": "https://acme.wd3.myworkdayjobs.com/en-US/Jobs/job/Lyon/Welder_R7",
            "canApply": True,
        },
        "hiringOrganization": {"name": "Acme SA"},
    }
    job = read(detail, "https://acme.wd3.myworkdayjobs.com/wday/cxs/acme/Jobs/job/Lyon/Welder_R7").jobs[0]
    assert fields(job, "company", "location", "id", "employment_type", "role") == (
        "Acme SA",
        "Lyon; Paris",
        "R7",
        "part_time",
        "skilled_trades",
    )


def test_recruitee() -> None:
    feed = {
        "offers": [
            {
                "id": 11,
                "slug": "x",
                "title": "Frontend Ontwikkelaar",
                "status": "published",
                "careers_url": "https://acme.recruitee.com/o/x",
                "department": "Tech",
                "city": "Utrecht",
                "country": "Netherlands",
                "location": "Utrecht, Netherlands",
                "remote": True,
                "hybrid": True,
                "on_site": False,
                "employment_type_code": "fulltime_permanent",
                "published_at": "2026-11-02 08:00:00 UTC",
                "description": "<p>a</p>",
                "requirements": "<p>b</p>",
                "company_name": "Acme",
                "salary": {"min": "4000", "max": "5000", "period": "month", "currency": "EUR"},
            }
        ]
    }
    result = read(feed, "https://jobs.acme.nl/api/offers/")
    assert result.detect.ats == "recruitee"
    assert fields(result.jobs[0], "location", "location_type", "employment_type", "posted_at", "role") == (
        "Utrecht, Netherlands",
        "hybrid",
        "full_time",
        "2026-11-02T08:00:00Z",
        "engineering",
    )
    assert result.jobs[0].salary == {
        "min": 4000.0,
        "max": 5000.0,
        "currency": "EUR",
        "period": "month",
        "text": "EUR 4,000 – 5,000 per month",
    }


PERSONIO = """<?xml version="1.0" encoding="UTF-8"?>
<workzag-jobs>
 <position><id>77</id><subcompany>Acme GmbH</subcompany><office>Wien</office><additionalOffices><office>Graz</office></additionalOffices><department>IT</department><recruitingCategory>Staff</recruitingCategory><name>Werkstudent Softwareentwicklung (m/w/d)</name>
 <jobDescriptions><jobDescription><name>Aufgaben</name><value><![CDATA[<ul><li>Code</li></ul>]]></value></jobDescription></jobDescriptions><employmentType>trainee</employmentType><seniority>student</seniority><schedule>part-time</schedule><yearsOfExperience>lt-1</yearsOfExperience><occupation>software</occupation><occupationCategory>it_software</occupationCategory><createdAt>2026-11-01T10:00:00+00:00</createdAt></position>
 <position><id>77</id><office>Linz</office><name>Werkstudent Softwareentwicklung (m/w/d)</name></position>
 <position><id>78</id><office>Wien</office><name>Initiativbewerbung</name></position>
</workzag-jobs>"""


def test_personio() -> None:
    result = read(PERSONIO, "https://acme.jobs.personio.de/xml?language=en")
    assert (result.detect.ats, result.detect.token) == ("personio", "acme")
    assert [job.id for job in result.jobs] == ["77", "78"]
    assert fields(result.jobs[0], "url", "location", "seniority", "employment_type", "company") == (
        "https://acme.jobs.personio.de/job/77",
        "Wien; Graz; Linz",
        "intern",
        "internship",
        "Acme GmbH",
    )
    assert result.jobs[0].summary == "Aufgaben Code"
    assert "evergreen" in result.jobs[1].signals


def test_bamboohr() -> None:
    feed = {
        "meta": {"totalCount": 1},
        "result": [
            {
                "id": "31",
                "jobOpeningName": "Warehouse Clerk",
                "departmentId": "1",
                "departmentLabel": "Logistics",
                "employmentStatusLabel": "Full-Time",
                "location": {"city": "Provo", "state": "Utah"},
                "atsLocation": {"country": None, "state": None, "city": None},
                "isRemote": None,
                "locationType": "0",
            }
        ],
    }
    result = read(feed, "https://acme.bamboohr.com/careers/list")
    assert fields(result.jobs[0], "url", "location", "department", "employment_type", "location_type") == (
        "https://acme.bamboohr.com/careers/31",
        "Provo, Utah",
        "Logistics",
        "full_time",
        "onsite",
    )
    assert read({"meta": {"totalCount": 0}, "result": []}, "https://acme.bamboohr.com/careers/list").error is None


def test_teamtailor_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Acme",
        "home_page_url": "https://career.acme.se/jobs",
        "feed_url": "https://career.acme.se/jobs.json",
        "next_url": "https://career.acme.se/jobs.json?page=2",
        "items": [
            {
                "id": "u",
                "title": "Säljare",
                "url": "https://career.acme.se/jobs/1234-saljare",
                "content_html": "<p>Sälj</p>",
                "date_published": "2026-11-03T10:00:00+01:00",
                "_jobposting": {
                    "@type": "JobPosting",
                    "title": "Säljare",
                    "hiringOrganization": {"name": "Acme AB"},
                    "employmentType": "FULL_TIME",
                    "jobLocation": [{"@type": "Place", "address": {"addressLocality": "Malmö", "addressCountry": "SE"}}],
                },
            }
        ],
    }
    result = read(feed, "https://career.acme.se/jobs.json")
    assert result.next_page == "https://career.acme.se/jobs.json?page=2"
    assert fields(result.jobs[0], "id", "company", "location", "role", "posted_at") == (
        "1234",
        "Acme AB",
        "Malmö, SE",
        "sales",
        "2026-11-03T09:00:00Z",
    )
    assert result.detect.ats == "teamtailor"


def test_teamtailor_rss() -> None:
    feed = """<?xml version="1.0"?><rss version="2.0" xmlns:tt="https://teamtailor.com/locations"><channel><title>Acme</title><item><title>Kock</title><description>&lt;p&gt;Laga&lt;/p&gt;</description><pubDate>Tue, 03 Nov 2026 10:00:00 +0100</pubDate><link>https://acme.teamtailor.com/jobs/55-kock</link><guid>abc</guid><remoteStatus>hybrid</remoteStatus>
    <tt:locations><tt:location><tt:name>HQ</tt:name><tt:city>Lund</tt:city><tt:country>Sweden</tt:country></tt:location></tt:locations><tt:department>Kitchen</tt:department></item></channel></rss>"""
    job = read(feed, "https://acme.teamtailor.com/jobs.rss").jobs[0]
    assert fields(job, "id", "location", "location_type", "department", "posted_at") == (
        "55",
        "Lund, Sweden",
        "hybrid",
        "Kitchen",
        "2026-11-03T09:00:00Z",
    )


def test_breezy() -> None:
    feed = [
        {
            "id": "f0",
            "friendly_id": "f0-driver",
            "name": "Driver",
            "url": "https://acme.breezy.hr/p/f0-driver",
            "published_date": "2026-11-05T00:00:00.000Z",
            "type": {"id": "contract", "name": "Contract"},
            "location": {
                "country": {"name": "Canada", "id": "CA"},
                "state": {"id": "ON", "name": "Ontario"},
                "city": "Toronto",
                "is_remote": False,
                "name": "Toronto, ON",
            },
            "locations": [],
            "department": "Fleet",
            "salary": "$25 - $30 / hr",
            "company": {"name": "Acme", "friendly_id": "acme"},
        }
    ]
    job = read(feed, "https://acme.breezy.hr/json").jobs[0]
    assert fields(job, "company", "location", "is_contract", "employment_type", "department") == (
        "Acme",
        "Toronto, Ontario, Canada",
        True,
        "contract",
        "Fleet",
    )
    assert job.salary is not None
    assert (job.salary["min"], job.salary["max"], job.salary["period"]) == (25.0, 30.0, "hour")


def test_rippling_rows_a_place_become_one_job() -> None:
    row = {
        "id": "7a",
        "name": "HR Generalist",
        "url": "https://ats.rippling.com/acme/jobs/7a",
        "department": {"name": "People"},
        "locations": [{"name": "Austin, TX", "workplaceType": "ON_SITE"}],
    }
    feed = {
        "items": [row, {**row, "locations": [{"name": "Denver, CO", "workplaceType": "ON_SITE"}]}],
        "page": 0,
        "pageSize": 2,
        "totalItems": 4,
        "totalPages": 2,
    }
    result = read(feed, "https://ats.rippling.com/api/v2/board/acme/jobs?page=0&pageSize=2")
    assert len(result.jobs) == 1
    assert fields(result.jobs[0], "location", "location_type", "department", "role") == (
        "Austin, TX; Denver, CO",
        "onsite",
        "People",
        "people",
    )
    assert result.next_page == "https://ats.rippling.com/api/v2/board/acme/jobs?page=1&pageSize=2"


def test_rippling_of_the_first_generation() -> None:
    feed = [
        {
            "uuid": "9",
            "name": "Cook",
            "department": {"id": "k", "label": "Kitchen"},
            "url": "https://ats.rippling.com/acme/jobs/9",
            "workLocation": {"id": "x", "label": "Miami, FL"},
        }
    ]
    job = read(feed, "https://api.rippling.com/platform/api/ats/v1/board/acme/jobs").jobs[0]
    assert fields(job, "id", "location", "department", "seniority") == ("9", "Miami, FL", "Kitchen", "")


def test_pinpoint_honours_hidden_pay() -> None:
    row = {
        "id": "1",
        "title": "Legal Counsel",
        "path": "/postings/1",
        "workplace_type": "hybrid",
        "employment_type": "full_time",
        "compensation_visible": False,
        "compensation_minimum": 1,
        "compensation_maximum": 99999,
        "compensation_currency": "GBP",
        "location": {"id": "2", "name": "Jersey", "city": "St Helier"},
        "job": {"department": {"name": "Legal"}},
        "deadline_at": None,
    }
    shown = {
        **row,
        "id": "2",
        "path": "/postings/2",
        "compensation_visible": True,
        "compensation_minimum": 50000,
        "compensation_maximum": 60000,
        "compensation_frequency": "year",
    }
    over = {**row, "id": "3", "deadline_at": "2026-11-01T00:00:00Z"}
    result = read({"data": [row, shown, over]}, "https://acme.pinpointhq.com/postings.json")
    assert [job.salary is None for job in result.jobs] == [True, False]
    assert fields(result.jobs[0], "url", "location_type", "department") == (
        "https://acme.pinpointhq.com/postings/1",
        "hybrid",
        "Legal",
    )
    assert result.expired == 1


ORACLE = {
    "items": [
        {
            "TotalJobsCount": 50,
            "Limit": 1,
            "Offset": 0,
            "requisitionList": [
                {
                    "Id": "210",
                    "Title": "Planner",
                    "PostedDate": "2026-11-09",
                    "PrimaryLocation": "Reading, United Kingdom",
                    "WorkplaceType": "Hybrid",
                    "ShortDescriptionStr": "Plan",
                    "secondaryLocations": [{"Name": "Leeds"}],
                }
            ],
        }
    ],
    "count": 1,
    "hasMore": True,
}
EIGHTFOLD = {
    "positions": [
        {
            "id": 9,
            "name": "ML Engineer",
            "location": "Paris",
            "locations": ["Paris"],
            "department": "R&D",
            "t_create": 1794787200,
            "ats_job_id": "R9",
            "canonicalPositionUrl": "https://acme.eightfold.ai/careers/job/9",
            "work_location_option": "onsite",
        }
    ],
    "count": 30,
}
UKG = {
    "opportunities": [
        {
            "Id": "g-1",
            "Title": "Teller",
            "FullTime": False,
            "JobCategoryName": "Branch",
            "PostedDate": "2026-11-01T00:00:00Z",
            "Locations": [
                {"LocalizedDescription": "Main", "Address": {"City": "Ames", "State": {"Code": "IA"}, "Country": {"Code": "USA"}}}
            ],
        }
    ],
    "totalCount": 1,
}
JIBE = {
    "jobs": [
        {
            "data": {
                "slug": "88",
                "req_id": "88",
                "title": "Baker",
                "city": "Reno",
                "state": "NV",
                "country": "US",
                "full_location": "Reno, NV",
                "employment_type": "PART_TIME",
                "posted_date": "2026-11-01T00:00:00+0000",
                "category": ["Food"],
                "hiring_organization": "Acme",
            }
        }
    ],
    "totalCount": 1,
}


@pytest.mark.parametrize(
    ("feed", "url", "ats", "expected"),
    [
        (
            ORACLE,
            "https://acme.fa.us2.oraclecloud.com/hcmRestApi/resources/latest/recruitingCEJobRequisitions?finder=findReqs;siteNumber=CX_1,limit=1,offset=0",
            "oracle",
            (
                "210",
                "Reading, United Kingdom; Leeds",
                "hybrid",
                "https://acme.fa.us2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1/job/210",
            ),
        ),
        (
            EIGHTFOLD,
            "https://acme.eightfold.ai/api/apply/v2/jobs?domain=acme.com&start=0&num=1",
            "eightfold",
            ("9", "Paris", "onsite", "https://acme.eightfold.ai/careers/job/9"),
        ),
        (
            UKG,
            "https://recruiting.ultipro.com/ACM1/JobBoard/11-22/JobBoardView/LoadSearchResults",
            "ukg",
            (
                "g-1",
                "Ames, IA, USA",
                "onsite",
                "https://recruiting.ultipro.com/ACM1/JobBoard/11-22/OpportunityDetail?opportunityId=g-1",
            ),
        ),
        (
            JIBE,
            "https://jobs.acme.com/api/jobs?page=1",
            "icims",
            ("88", "Reno, NV", "onsite", "https://jobs.acme.com/careers-home/jobs/88"),
        ),
    ],
)
def test_the_long_tail(feed: Any, url: str, ats: str, expected: tuple[str, ...]) -> None:
    result = read(feed, url)
    assert result.detect.ats == ats
    assert fields(result.jobs[0], "id", "location", "location_type", "url") == expected


def test_offsets_of_the_long_tail() -> None:
    url = "https://acme.fa.us2.oraclecloud.com/hcmRestApi/resources/latest/recruitingCEJobRequisitions?finder=findReqs;siteNumber=CX_1,limit=1,offset=0"
    assert (read(ORACLE, url).next_page or "").endswith("limit=1,offset=1")
    assert (
        read(EIGHTFOLD, "https://acme.eightfold.ai/api/apply/v2/jobs?domain=acme.com&start=10").next_page
        == "https://acme.eightfold.ai/api/apply/v2/jobs?domain=acme.com&start=11"
    )
    assert read(JIBE, "https://jobs.acme.com/api/jobs?page=1").next_page is None
