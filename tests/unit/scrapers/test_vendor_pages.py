"""The boards themselves, as HTML, in the templates of several years."""

from __future__ import annotations

import json

from tests.unit.scrapers.reading import fields, page, read, titles


def test_greenhouse_of_the_first_generation() -> None:
    body = """<div id="wrapper"><div id="main"><h1>Current Job Openings at Acme</h1>
    <section class="level-0"><h3 id="1">Engineering</h3>
     <div class="opening" data-department_id="1" data-office_id="2" department_id="1" office_id="2"><a data-mapped="true" href="/acme/jobs/401">Backend Engineer</a><br/><span class="location">Paris, France</span></div>
     <div class="opening"><a href="/acme/jobs/402">Engineering Manager &amp; Lead</a><br/><span class="location">Remote</span></div></section>
    <section class="level-0"><h2>Sales</h2><div class="opening"><a href="/acme/jobs/403">Account Manager</a><span class="location">3 Locations</span></div></section></div></div>"""
    result = read(page(body, title="Jobs at Acme"), "https://boards.greenhouse.io/acme")
    assert (result.detect.ats, result.detect.token) == ("greenhouse", "acme")
    assert titles(result) == ["Backend Engineer", "Engineering Manager & Lead", "Account Manager"]
    assert fields(result.jobs[0], "url", "location", "department", "extraction_source") == (
        "https://boards.greenhouse.io/acme/jobs/401",
        "Paris, France",
        "Engineering",
        "greenhouse_html",
    )
    assert fields(result.jobs[1], "location_type", "seniority") == ("remote", "manager")
    assert (result.jobs[2].location, result.jobs[2].department) == ("", "Sales")


def test_greenhouse_of_the_second_generation() -> None:
    body = """<div class="job-posts"><div class="job-posts--table--department"><h3 class="section-header font-primary">Design</h3><div class="job-posts--table"><table><tbody>
    <tr class="job-post"><td class="cell"><a href="https://job-boards.greenhouse.io/acme/jobs/77" target="_top"><p class="body body--medium">Brand Designer<span class="tag-container"><span class="tag-text">New</span></span></p><p class="body body__secondary body--metadata">Lisbon</p></a></td></tr>
    <tr class="job-post"><td class="cell"><a href="https://job-boards.greenhouse.io/acme/jobs/78"><p class="body body--medium">UX Writer</p><p class="body body__secondary body--metadata">Remote - EMEA</p></a></td></tr></tbody></table></div></div></div>"""
    result = read(page(body), "https://job-boards.greenhouse.io/acme")
    assert titles(result) == ["Brand Designer", "UX Writer"]
    assert fields(result.jobs[0], "location", "department", "url") == (
        "Lisbon",
        "Design",
        "https://job-boards.greenhouse.io/acme/jobs/77",
    )
    assert result.jobs[1].location_type == "remote"


def test_greenhouse_state_of_the_page_with_pages() -> None:
    state = {
        "state": {
            "loaderData": {
                "routes/$url_token": {
                    "board": {"name": "Acme"},
                    "jobPosts": {
                        "count": 1,
                        "page": 1,
                        "total": 3,
                        "total_pages": 3,
                        "data": [
                            {
                                "id": 9,
                                "title": "Chef",
                                "location": "Rome",
                                "absolute_url": "https://job-boards.greenhouse.io/acme/jobs/9",
                                "published_at": "2026-11-01T00:00:00Z",
                                "department": {"name": "Kitchen"},
                                "content": "x",
                            }
                        ],
                    },
                }
            }
        }
    }
    result = read(
        page(f"<div id=root></div><script>window.__remixContext = {json.dumps(state)};</script>"),
        "https://job-boards.greenhouse.io/acme",
    )
    assert fields(result.jobs[0], "title", "location", "department", "company") == ("Chef", "Rome", "Kitchen", "Acme")
    assert result.next_page == "https://job-boards.greenhouse.io/acme?page=2"


def test_lever_board() -> None:
    body = """<div class="postings-wrapper"><div class="postings-group"><div class="large-category-header">Product</div><div class="posting-category-title large-category-label">Design</div>
    <div class="posting" data-qa-posting-id="u-1"><div class="posting-apply" data-qa="btn-apply"><a href="https://jobs.lever.co/acme/u-1">Apply</a></div><a class="posting-title" href="https://jobs.lever.co/acme/u-1"><h5 data-qa="posting-name">Product Designer</h5>
    <div class="posting-categories"><span class="display-inline-block small-category-label workplaceTypes">Hybrid — </span><span class="sort-by-commitment posting-category small-category-label commitment">Full-time</span><span class="sort-by-location posting-category small-category-label location">Oslo / Bergen</span></div></a></div></div></div>"""
    result = read(page(body, title="Acme"), "https://jobs.lever.co/acme")
    assert len(result.jobs) == 1
    assert fields(result.jobs[0], "id", "title", "location", "location_type", "employment_type", "department", "company") == (
        "u-1",
        "Product Designer",
        "Oslo; Bergen",
        "hybrid",
        "full_time",
        "Design",
        "Acme",
    )


def test_ashby_board_and_posting() -> None:
    data = {
        "organization": {"name": "Acme Inc", "hostedJobsPageSlug": "acme"},
        "jobBoard": {
            "teams": [{"id": "t", "name": "Ops"}],
            "jobPostings": [
                {
                    "id": "u-9",
                    "title": "Office Manager",
                    "teamId": "t",
                    "locationName": "Oslo",
                    "workplaceType": "OnSite",
                    "employmentType": "FullTime",
                    "secondaryLocations": [],
                    "isListed": True,
                }
            ],
        },
    }
    html = page(f'<div id="root"></div><script>window.__appData = {json.dumps(data)}; fetch("x");</script>', title="Acme Jobs")
    result = read(html, "https://jobs.ashbyhq.com/acme")
    assert fields(result.jobs[0], "title", "url", "department", "company", "location_type") == (
        "Office Manager",
        "https://jobs.ashbyhq.com/acme/u-9",
        "Ops",
        "Acme Inc",
        "onsite",
    )
    nobody = read(
        page('<script>window.__appData = {"organization":null,"posting":null};</script>'), "https://jobs.ashbyhq.com/nobody"
    )
    assert (nobody.error or "").startswith("not_found")
    shell = read(page('<div id="root"></div><script src="/x.js"></script>', title="Jobs"), "https://jobs.ashbyhq.com/acme")
    assert (shell.error, shell.needs_escalation) == (None, True)


def test_smartrecruiters_list_is_grouped_by_place() -> None:
    body = """<section class="openings-section opening"><h3 class="opening-title title display--inline-block text--default">Berlin, Germany</h3><ul class="opening-jobs grid--gutter"><li class="opening-job job column"><a class="link--block details" href="https://jobs.smartrecruiters.com/Acme/743-data-analyst"><h4 class="details-title job-title link--block-target">Data Analyst</h4><p class="details-desc job-desc">Full-time</p></a></li></ul></section>"""
    result = read(page(body), "https://careers.smartrecruiters.com/Acme")
    assert fields(result.jobs[0], "title", "location", "employment_type", "role") == (
        "Data Analyst",
        "Berlin, Germany",
        "full_time",
        "data",
    )
    assert (result.detect.ats, result.detect.token) == ("smartrecruiters", "Acme")


def test_smartrecruiters_posting_is_microdata() -> None:
    body = """<main itemscope itemtype="http://schema.org/JobPosting"><h1 class="job-title" itemprop="title">Data Analyst</h1><meta itemprop="industry" content="Retail"/><span itemprop="hiringOrganization" itemscope><meta itemprop="name" content="Acme"></span>
    <meta itemprop="datePosted" content="2026-11-10T00:00:00.000Z"><spl-job-location formattedAddress="Berlin, Germany" workplaceType="hybrid"></spl-job-location><li itemprop="employmentType">Full-time</li><div itemprop="description"><p>Look at data.</p></div></main>"""
    job = read(page(body, title="Acme Data Analyst"), "https://jobs.smartrecruiters.com/Acme/743-data-analyst").jobs[0]
    assert fields(job, "title", "company", "location", "location_type", "posted_at", "extraction_source", "url") == (
        "Data Analyst",
        "Acme",
        "Berlin, Germany",
        "hybrid",
        "2026-11-10T00:00:00Z",
        "microdata",
        "https://jobs.smartrecruiters.com/Acme/743-data-analyst",
    )


def test_a_smartrecruiters_posting_that_is_over() -> None:
    result = read(
        page(
            '<div class="expired"><h1>Sorry, this job has expired</h1><a href="https://careers.smartrecruiters.com/Acme">Other jobs</a></div>',
            title="Data Analyst",
        ),
        "https://jobs.smartrecruiters.com/Acme/743",
    )
    assert (result.error or "").startswith("expired")
    assert result.jobs == []


ICIMS_ROW = """<li class="iCIMS_JobCardItem"><div class="row"><div class="col-xs-6 header left"><span class="sr-only field-label">Job Locations</span><span>US-CA-San Diego | US-Remote</span></div><div class="col-xs-6 header right"><span class="sr-only field-label">Requisition ID</span><span>2026-15550</span></div>
<div class="col-xs-12 title"><a href="https://careers-acme.icims.com/jobs/15550/lab-technician/job?in_iframe=1" class="iCIMS_Anchor" title="15550 - Lab Technician"><span class="sr-only field-label">Posting Job Title</span><h3>Lab Technician</h3></a></div><div class="col-xs-12 description">Runs the lab.</div>
<div class="col-xs-12 additionalFields"><dl class="iCIMS_JobHeaderGroup"><div class="iCIMS_JobHeaderTag"><dt class="iCIMS_JobHeaderField">Category</dt><dd class="iCIMS_JobHeaderData"><span>Research</span></dd></div><div class="iCIMS_JobHeaderTag"><dt class="iCIMS_JobHeaderField">Position Type</dt><dd class="iCIMS_JobHeaderData"><span>Regular Part-Time</span></dd></div></dl></div></div></li>"""


def test_a_swedish_list_of_teamtailor_says_where_and_how() -> None:
    rows = "".join(
        f'<li><a href="/jobs/50123{number}-k"><span class="text-block-base-link">Kundtjänstmedarbetare {number}</span>'
        f'<div class="mt-1 text-md"><span>Kundservice</span><span>·</span><span>Göteborg</span><span>·</span><span>{how}</span></div></a></li>'
        for number, how in enumerate(("Distansarbete", "Hybridarbete"))
    )
    head = '<link href="https://assets-aws.teamtailor-cdn.com/x.css" rel="stylesheet">'
    result = read(page(f'<ul id="jobs_list_container">{rows}</ul>', head), "https://career.acme.com/jobs")
    assert [fields(job, "location", "location_type") for job in result.jobs] == [("Göteborg", "remote"), ("Göteborg", "hybrid")]


def test_icims_labels_for_screen_readers_are_no_title() -> None:
    result = read(
        page(f'<h2>Search Results Page 1 of 3</h2><ul class="container-fluid iCIMS_JobsTable">{ICIMS_ROW}</ul>'),
        "https://careers-acme.icims.com/jobs/search?ss=1&in_iframe=1",
    )
    assert (result.detect.ats, result.detect.token) == ("icims", "acme")
    assert titles(result) == ["Lab Technician"]
    assert fields(result.jobs[0], "id", "url", "location", "department", "employment_type", "summary") == (
        "15550",
        "https://careers-acme.icims.com/jobs/15550/lab-technician/job",
        "San Diego, CA, US; Remote, US",
        "Research",
        "part_time",
        "Runs the lab.",
    )
    assert result.next_page == "https://careers-acme.icims.com/jobs/search?ss=1&in_iframe=1&pr=1"


def test_icims_states_the_day_in_a_title_and_people_read_how_long_ago() -> None:
    row = ICIMS_ROW.replace(
        "</span></div><div clas",
        '</span></div><div class="col-xs-6 header right"><span class="sr-only field-label">Posted Date</span>'
        '<span title="11/12/2026 4:03 PM">1 week ago<span class="sr-only">(11/12/2026 4:03 PM)</span></span></div><div clas',
        1,
    )
    job = read(page(f'<ul class="iCIMS_JobsTable">{row}</ul>'), "https://careers-acme.icims.com/jobs/search?in_iframe=1").jobs[0]
    assert job.posted_at == "2026-11-12T00:00:00Z"


def test_icims_as_a_table() -> None:
    body = '<table class="iCIMS_JobsTable iCIMS_Table"><tbody><tr><td itemprop="title"><a class="iCIMS_Anchor" href="https://careers-acme.icims.com/jobs/77/welder/job?in_iframe=1">Welder</a></td></tr></tbody></table>'
    assert titles(read(page(body), "https://careers-acme.icims.com/jobs/search?in_iframe=1")) == ["Welder"]


def test_jazzhr_in_three_templates() -> None:
    row = '<table id="jobs_table"><tbody><tr id="row_job_20260101_AbC123"><td><a class="job_title_link" href="/apply/jobs/details/AbC123defg">Site Foreman</a><br/><span class="resumator_department">Building</span></td><td>Austin, TX</td></tr></tbody></table>'
    group = '<ul class="list-group"><li class="list-group-item"><h3 class="list-group-item-heading"><a href="https://acme.applytojob.com/apply/XyZ123abcd/Electrician">Electrician</a></h3><ul class="list-inline list-group-item-text"><li><i class="fa fa-map-marker"></i>Dallas, TX</li><li><i class="fa fa-sitemap"></i>Field</li></ul></li></ul>'
    classic = '<table class="resumator-job-listings"><tbody><tr class="resumator-table-row-even"><td class="resumator-job-title-column"><a href="https://acme.applytojob.com/apply/6yA1hAbMr4/Plumber" class="resumator-job-title-link">Plumber</a></td><td class="resumator-department-column">Pipes</td><td class="resumator-job-location-column">Waco, TX</td></tr></tbody></table>'
    for body, expected in (
        (row, ("Site Foreman", "Austin, TX", "Building")),
        (group, ("Electrician", "Dallas, TX", "Field")),
        (classic, ("Plumber", "Waco, TX", "Pipes")),
    ):
        result = read(
            page(body + '<a href="https://www.jazzhr.com">Powered by applytojob.com</a>'), "https://acme.applytojob.com/apply"
        )
        assert [fields(job, "title", "location", "department") for job in result.jobs] == [expected]
        assert result.detect.token == "acme"


def test_jobvite_in_two_templates() -> None:
    table = '<div class="jv-page-body"><h3 class="h2">Engineering</h3><table class="jv-job-list"><tbody><tr><td class="jv-job-list-name"><a href="/acme/job/oAbc12">Firmware Engineer</a></td><td class="jv-job-list-location">San Jose,\n California</td></tr><tr><td class="jv-job-list-name"><a href="/acme/job/oDef34">Test Technician</a></td><td class="jv-job-list-location">2 Locations</td></tr></tbody></table><div class="jv-pagination-text">1-2 of 5</div></div>'
    result = read(page(table), "https://jobs.jobvite.com/acme/search?p=0")
    assert [fields(job, "id", "title", "location", "department") for job in result.jobs] == [
        ("oAbc12", "Firmware Engineer", "San Jose, California", "Engineering"),
        ("oDef34", "Test Technician", "", "Engineering"),
    ]
    assert result.next_page == "https://jobs.jobvite.com/acme/search?p=1"
    rows = '<ul class="jv-job-list"><li class="row"><a href="/careers/acme/job/oZ9"><div class="jv-job-list-name">Accountant</div><div class="jv-job-list-location">Boise, Idaho</div></a></li></ul>'
    assert fields(read(page(rows), "https://jobs.jobvite.com/careers/acme/jobs").jobs[0], "title", "location") == (
        "Accountant",
        "Boise, Idaho",
    )


def test_bamboohr_widget() -> None:
    body = '<div class="BambooHR-ATS-board"><h2>Current Openings</h2><ul class="BambooHR-ATS-Department-List"><li id="bhrDepartmentID_1" class="BambooHR-ATS-Department-Item"><div id="department_1" class="BambooHR-ATS-Department-Header">Care</div><ul class="BambooHR-ATS-Jobs-List"><li id="bhrPositionID_12" class="BambooHR-ATS-Jobs-Item"><a href="//acme.bamboohr.com/careers/12">Caregiver</a><span class="BambooHR-ATS-Location">Ogden, UT</span></li></ul></li></ul></div>'
    result = read(body, "https://acme.bamboohr.com/jobs/embed2.php")
    assert fields(result.jobs[0], "id", "url", "location", "department") == (
        "12",
        "https://acme.bamboohr.com/careers/12",
        "Ogden, UT",
        "Care",
    )
    none = read(
        '<div class="BambooHR-ATS-board"><div class="BambooHR-ATS-blankState">We currently have no open positions.</div></div>',
        "https://acme.bamboohr.com/jobs/embed2.php",
    )
    assert (none.jobs, none.error, none.needs_escalation) == ([], None, False)


def test_teamtailor_board() -> None:
    body = """<ul id="jobs_list_container"><li class="w-full"><div class="flex"><a class="flex flex-col" href="https://career.acme.com/jobs/4321-cook"><span class="text-block-base-link company-link-style" title="Cook">Cook</span></a><div class="mt-1 text-md"><span>Kitchen</span> <span>&middot;</span> <span>Oslo, Bergen</span> <span>&middot;</span> <span>Hybrid</span></div></div></li>
    <li><div><a href="https://career.acme.com/jobs/4322-waiter"><span title="Waiter">Waiter</span></a><div class="mt-1 text-md"><span>Service</span> <span>&middot;</span> <span>Oslo</span></div></div></li></ul><a href="/jobs/show_more?page=2">Show 10 more</a><script src="https://assets-aws.teamtailor-cdn.com/x.js"></script>"""
    result = read(page(body), "https://career.acme.com/jobs")
    assert result.detect.ats == "teamtailor"
    assert [fields(job, "id", "title", "location", "location_type", "department") for job in result.jobs] == [
        ("4321", "Cook", "Oslo, Bergen", "hybrid", "Kitchen"),
        ("4322", "Waiter", "Oslo", "onsite", "Service"),
    ]
    assert result.next_page == "https://career.acme.com/jobs/show_more?page=2"


def test_breezy_board() -> None:
    body = '<div class="positions-container"><ul class="positions location"><li class="position transition"><a href="/p/f0-driver"><h2>Driver</h2><ul class="meta"><li class="location"><i class="fa fa-map-marker"></i><span>Toronto, ON</span></li><li class="type"><span class="polygot">%LABEL_POSITION_TYPE_FULL_TIME%</span></li><li class="department"><span>Fleet</span></li></ul><button>Apply</button></a></li></ul></div><a href="https://breezy.hr">Powered by</a>'
    assert fields(
        read(page(body), "https://acme.breezy.hr/").jobs[0], "title", "url", "location", "employment_type", "department"
    ) == ("Driver", "https://acme.breezy.hr/p/f0-driver", "Toronto, ON", "full_time", "Fleet")


def test_personio_board() -> None:
    body = '<div class="jb-group"><h2>Technik</h2><a class="job-box-link" href="https://acme.jobs.personio.de/job/991?language=de"><div class="job-box"><h3 class="jb-title">Elektroniker (m/w/d)</h3><p class="jb-description"><span>Vollzeit</span> <span>Ulm</span></p></div></a></div>'
    assert fields(
        read(page(body), "https://acme.jobs.personio.de/").jobs[0], "id", "title", "location", "employment_type", "department"
    ) == ("991", "Elektroniker (m/w/d)", "Ulm", "full_time", "Technik")


def test_rippling_board() -> None:
    data = {
        "props": {
            "pageProps": {
                "dehydratedState": {
                    "queries": [
                        {
                            "state": {
                                "data": {
                                    "items": [
                                        {
                                            "id": "7a",
                                            "name": "Paralegal",
                                            "url": "https://ats.rippling.com/acme/jobs/7a",
                                            "department": {"name": "Legal"},
                                            "locations": [{"name": "Remote (US)", "workplaceType": "REMOTE"}],
                                        }
                                    ],
                                    "totalItems": 1,
                                    "totalPages": 1,
                                    "page": 0,
                                }
                            }
                        }
                    ]
                }
            }
        }
    }
    job = read(
        page(f'<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'),
        "https://ats.rippling.com/acme/jobs",
    ).jobs[0]
    assert fields(job, "title", "location", "location_type", "department") == ("Paralegal", "Remote (US)", "remote", "Legal")


def test_workday_page_needs_a_browser_and_then_is_read() -> None:
    shell = read(
        page(
            '<div id="root"></div><script>window.workday = {tenant: "acme"};</script><script src="/wday/cx.js"></script>',
            title="",
        ),
        "https://acme.wd1.myworkdayjobs.com/en-US/External",
    )
    assert (shell.needs_escalation, shell.error, shell.detect.token) == (True, None, "acme")
    body = '<section data-automation-id="jobResults"><ul role="list"><li class="css-1q2"><h3><a data-automation-id="jobTitle" href="/en-US/External/job/Leeds/Buyer_R9">Buyer</a></h3><div data-automation-id="locations"><dl><dt>locations</dt><dd>Leeds</dd></dl></div><div data-automation-id="postedOn"><dl><dt>posted on</dt><dd>Posted Yesterday</dd></dl></div><ul data-automation-id="subtitle"><li>R9001</li></ul></li></ul></section>'
    job = read(page(body), "https://acme.wd1.myworkdayjobs.com/en-US/External").jobs[0]
    assert fields(job, "id", "title", "url", "location", "posted_at") == (
        "R9001",
        "Buyer",
        "https://acme.wd1.myworkdayjobs.com/en-US/External/job/Leeds/Buyer_R9",
        "Leeds",
        "2026-11-19T12:00:00Z",
    )


def test_phenom_state() -> None:
    ddo = {
        "siteConfig": {"x": 1},
        "eagerLoadRefineSearch": {
            "status": 200,
            "hits": 1,
            "totalHits": 12,
            "data": {
                "jobs": [
                    {
                        "title": "Risk Analyst",
                        "jobId": "10604",
                        "jobSeqNo": "ACMEGB10604EXTERNALENGLOBAL",
                        "cityStateCountry": "Warsaw, Mazowieckie, Poland",
                        "category": "Risk",
                        "type": "Full time",
                        "postedDate": "2026-11-11T06:58:16.000+0000",
                        "descriptionTeaser": "Look at risk.",
                    }
                ]
            },
        },
    }
    html = page(
        f'<script>var phApp = phApp || {{"widgetApiEndpoint":"https://x/widgets","refNum":"ACMEGB"}}; phApp.ddo = {json.dumps(ddo)}; phApp.experimentData = {{}};</script>'
    )
    result = read(html, "https://careers.acme.com/global/en/search-results")
    assert (result.detect.ats, result.detect.token) == ("phenom", "ACMEGB")
    assert fields(result.jobs[0], "id", "url", "location", "posted_at") == (
        "10604",
        "https://careers.acme.com/global/en/job/ACMEGB10604EXTERNALENGLOBAL",
        "Warsaw, Mazowieckie, Poland",
        "2026-11-11T06:58:16Z",
    )
    assert result.next_page == "https://careers.acme.com/global/en/search-results?from=1&s=1"


def test_workable_of_old() -> None:
    body = '<ul class="jobs"><li class="job"><h2><a href="/jobs/123">Translator</a></h2><p class="meta">Berlin, Germany</p></li></ul>'
    assert fields(read(page(body), "https://acme.workable.com/").jobs[0], "title", "url", "location") == (
        "Translator",
        "https://acme.workable.com/jobs/123",
        "Berlin, Germany",
    )
