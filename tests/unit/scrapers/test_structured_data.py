"""JSON-LD, microdata and the state of pages, with what real pages do to them."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.scrapers.reading import fields, page, read, titles

URL = "https://www.acme.com/careers/cook-12"


def ld(value: Any) -> str:
    """A script element of JSON-LD."""
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


POSTING: dict[str, Any] = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "title": "Cook",
    "description": "&lt;p&gt;Cook &amp;amp; clean&lt;/p&gt;",
    "datePosted": "2026-11-15",
    "validThrough": "2026-12-31T00:00",
    "employmentType": ["FULL_TIME", "PART_TIME"],
    "identifier": {"@type": "PropertyValue", "name": "Acme", "value": "K-12"},
    "hiringOrganization": {"@type": "Organization", "name": "Acme", "sameAs": "https://www.acme.com"},
    "jobLocation": {
        "@type": "Place",
        "address": {
            "@type": "PostalAddress",
            "addressLocality": "Lyon",
            "addressRegion": "ARA",
            "addressCountry": {"@type": "Country", "name": "France"},
        },
    },
    "baseSalary": {
        "@type": "MonetaryAmount",
        "currency": "EUR",
        "value": {"@type": "QuantitativeValue", "minValue": 2000, "maxValue": 2400, "unitText": "MONTH"},
    },
}


def test_one_posting() -> None:
    job = read(page("<h1>Cook</h1>", ld(POSTING), title="Cook | Acme"), URL).jobs[0]
    assert fields(job, "title", "company", "location", "id", "posted_at", "url", "summary", "extraction_source") == (
        "Cook",
        "Acme",
        "Lyon, ARA, France",
        "K-12",
        "2026-11-15T00:00:00Z",
        URL,
        "Cook & clean",
        "json_ld",
    )
    assert job.salary == {
        "min": 2000.0,
        "max": 2400.0,
        "currency": "EUR",
        "period": "month",
        "text": "EUR 2,000 – 2,400 per month",
    }


def test_a_graph_with_references() -> None:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "@id": "#org", "name": "Acme SE", "url": "x"},
            {"@type": "Place", "@id": "#p", "address": {"addressLocality": "Kiel"}},
            {
                "@type": ["JobPosting"],
                "title": "Pilot",
                "hiringOrganization": {"@id": "#org"},
                "jobLocation": {"@id": "#p"},
                "datePosted": "2026-11-01",
            },
        ],
    }
    assert fields(read(page("", ld(graph)), URL).jobs[0], "title", "company", "location") == ("Pilot", "Acme SE", "Kiel")


def test_several_on_a_list_and_one_block_that_is_broken() -> None:
    other = {**POSTING, "title": "Waiter", "identifier": "W", "url": "/careers/waiter"}
    broken = '{"@type":"JobPosting","title":"Baker \\_ One","description":"line\nbreak and a "quote" inside","url":"https://www.acme.com/careers/baker",}'
    result = read(
        page(
            "<h1>Jobs</h1>",
            ld("{not json at all")
            + ld([POSTING, other])
            + ld(broken)
            + ld({"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem"}]}),
        ),
        "https://www.acme.com/careers",
    )
    assert titles(result)[:2] == ["Cook", "Waiter"]
    assert titles(result)[2].startswith("Baker")
    assert "jsonld:repaired" in result.jobs[2].signals
    assert result.jobs[1].url == "https://www.acme.com/careers/waiter"


def test_a_cdata_wrapper_and_an_item_list() -> None:
    body = (
        "<script type='application/ld+json; charset=utf-8'>//<![CDATA[\n"
        + json.dumps({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": POSTING}]})
        + "\n//]]></script>"
    )
    assert titles(read(page("", body), URL)) == ["Cook"]


def test_telecommute_keeps_the_address_and_says_who_may_apply() -> None:
    remote = {**POSTING, "jobLocationType": "TELECOMMUTE"}
    assert fields(read(page("", ld(remote)), URL).jobs[0], "location_type", "location") == ("remote", "Lyon, ARA, France")
    anywhere = {**remote, "jobLocation": None, "applicantLocationRequirements": [{"@type": "Country", "name": "US"}]}
    assert fields(read(page("", ld(anywhere)), URL).jobs[0], "location_type", "location") == ("remote", "Remote (US)")
    called = {**POSTING, "jobLocation": {"@type": "Place", "address": {"addressLocality": "Remote"}}}
    assert read(page("", ld(called)), URL).jobs[0].location_type == "remote"


def test_placeholders_for_places_are_dropped() -> None:
    job = read(
        page(
            "",
            ld(
                {
                    **POSTING,
                    "jobLocation": {
                        "@type": "Place",
                        "address": {"addressLocality": "( Todas as Zonas )", "addressCountry": "PT"},
                    },
                }
            ),
        ),
        URL,
    ).jobs[0]
    assert job.location == "PT"
    assert (
        read(page("", ld({**POSTING, "jobLocation": {"@type": "Place", "address": {"addressLocality": "Acme"}}})), URL)
        .jobs[0]
        .location
        == ""
    )


def test_what_is_past_its_last_day_is_dropped() -> None:
    result = read(page("<h1>Cook</h1>", ld({**POSTING, "validThrough": "2026-11-01"})), URL)
    assert result.jobs == []
    assert (result.error or "").startswith("expired")
    today = read(page("<h1>Cook</h1>", ld({**POSTING, "validThrough": "2026-11-20"})), URL)
    assert len(today.jobs) == 1


def test_the_address_of_the_company_is_not_the_address_of_the_job() -> None:
    assert read(page("", ld({**POSTING, "url": "https://www.acme.com/"})), URL).jobs[0].url == URL
    assert read(page("", ld({**POSTING, "url": "http://Stealth co"})), URL).jobs[0].url.startswith("http")


def test_an_intern_is_an_intern_whatever_the_type_says() -> None:
    job = read(page("", ld({**POSTING, "title": "Marketing Intern", "employmentType": "FULL_TIME"})), URL).jobs[0]
    assert fields(job, "employment_type", "seniority", "role") == ("internship", "intern", "marketing")


def test_salary_in_words_and_in_odd_units() -> None:
    words = read(
        page(
            "",
            ld(
                {
                    **POSTING,
                    "baseSalary": {
                        "@type": "MonetaryAmount",
                        "currency": "USD",
                        "value": {"value": "90,000 - 110,000", "unitText": "YEAR"},
                    },
                }
            ),
        ),
        URL,
    ).jobs[0]
    assert words.salary is not None
    assert (words.salary["min"], words.salary["max"], words.salary["period"]) == (90000.0, 110000.0, "year")
    odd = read(
        page("", ld({**POSTING, "baseSalary": {"currency": "USD", "value": {"value": 55000, "unitCode": "ANN"}}})), URL
    ).jobs[0]
    assert odd.salary is not None
    assert (odd.salary["min"], odd.salary["max"], odd.salary["period"]) == (55000.0, 55000.0, "year")


def test_microdata_of_a_list() -> None:
    item = '<div itemscope itemtype="https://schema.org/JobPosting"><h3 itemprop="title"><a itemprop="url" href="/jobs/{n}">{t}</a></h3><span itemprop="jobLocation" itemscope itemtype="https://schema.org/Place"><span itemprop="address" itemscope><span itemprop="addressLocality">Bern</span></span></span><time itemprop="datePosted" datetime="2026-11-11">x</time></div>'
    result = read(page(item.format(n=1, t="Nurse") + item.format(n=2, t="Doctor")), "https://clinic.ch/jobs")
    assert [fields(job, "title", "url", "location", "posted_at") for job in result.jobs] == [
        ("Nurse", "https://clinic.ch/jobs/1", "Bern", "2026-11-11T00:00:00Z"),
        ("Doctor", "https://clinic.ch/jobs/2", "Bern", "2026-11-11T00:00:00Z"),
    ]


NEXT: dict[str, Any] = {
    "props": {
        "pageProps": {
            "menu": [{"title": "About us", "url": "/about"}, {"title": "Blog", "url": "/blog"}],
            "posts": [{"title": "How our Engineering Manager works", "slug": "how", "date": "2026-01-01", "author": "x"}] * 9,
            "team": [{"name": "Jane Doe", "role": "Engineer", "id": 1}],
            "openings": [
                {
                    "id": 1,
                    "title": "Rust Engineer",
                    "slug": "rust-engineer",
                    "location": {"name": "Remote, EU"},
                    "team": "Core",
                    "type": "Full-time",
                },
                {
                    "id": 2,
                    "title": "Recruiter",
                    "slug": "recruiter",
                    "location": {"name": "Berlin"},
                    "team": "People",
                    "type": "Part-time",
                },
            ],
        }
    },
}


def test_the_state_of_next_js() -> None:
    result = read(
        page("<div id=__next></div>" + f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(NEXT)}</script>'),
        "https://www.acme.dev/careers",
    )
    assert [
        fields(job, "title", "location", "department", "employment_type", "location_type", "extraction_source")
        for job in result.jobs
    ] == [
        ("Rust Engineer", "Remote, EU", "Core", "full_time", "remote", "embedded_state"),
        ("Recruiter", "Berlin", "People", "part_time", "onsite", "embedded_state"),
    ]


def test_rows_streamed_by_next_js() -> None:
    row = (
        '5:["$","div",null,{"jobs":'
        + json.dumps(
            [
                {"id": n, "title": f"Site Engineer {n}", "location": "Graz", "department": "Build", "url": f"/careers/{n}"}
                for n in range(3)
            ]
        )
        + "}]\n"
    )
    html = page(
        f"<div></div><script>self.__next_f=self.__next_f||[]</script><script>self.__next_f.push([1,{json.dumps(row[:60])}])</script><script>self.__next_f.push([1,{json.dumps(row[60:])}])</script>"
    )
    assert titles(read(html, "https://www.acme.dev/careers")) == ["Site Engineer 0", "Site Engineer 1", "Site Engineer 2"]


def test_state_inside_json_parse() -> None:
    inner = json.dumps(
        {
            "vacancies": [
                {"id": 4, "name": "Fysiotherapeut d'Or", "city": "Gent", "link": "/vacatures/fysio"},
                {"id": 5, "name": "Verpleegkundige", "city": "Brugge", "link": "/vacatures/verpleeg"},
            ]
        }
    )
    escaped = inner.replace("\\", "\\\\").replace("'", "\\'")
    result = read(
        page(f"<div id=app></div><script>window.__STATE__ = JSON.parse('{escaped}');</script>"), "https://zorg.be/vacatures"
    )
    assert [fields(job, "title", "location", "url") for job in result.jobs] == [
        ("Fysiotherapeut d'Or", "Gent", "https://zorg.be/vacatures/fysio"),
        ("Verpleegkundige", "Brugge", "https://zorg.be/vacatures/verpleeg"),
    ]


def test_a_vendor_feed_inside_a_page() -> None:
    feed = {
        "jobs": [
            {
                "absolute_url": "https://acme.com/jobs?gh_jid=7",
                "id": 7,
                "title": "Buyer",
                "location": {"name": "Porto"},
                "internal_job_id": 3,
            }
        ]
    }
    job = read(page(f"<script>window.jobs = {json.dumps(feed)};</script>"), "https://acme.com/jobs").jobs[0]
    assert fields(job, "title", "location", "extraction_source") == ("Buyer", "Porto", "greenhouse_state")


def test_answers_of_unknown_interfaces() -> None:
    wrapped = {
        "data": {
            "hits": {
                "hits": [
                    {
                        "_source": {
                            "jobTitle": "Lawyer",
                            "jobId": "3",
                            "jobUrl": "/j/3",
                            "city": "Rome",
                            "country": "Italy",
                            "publishedDate": "2026-11-01",
                        }
                    },
                    {"_source": {"jobTitle": "Notary", "jobId": "4", "jobUrl": "/j/4", "city": "Turin", "country": "Italy"}},
                ]
            }
        },
        "facets": [{"name": "Rome", "count": 1, "id": 1}],
    }
    result = read(wrapped, "https://jobs.studio.it/api/search")
    assert [fields(job, "title", "url", "location", "id", "extraction_source") for job in result.jobs] == [
        ("Lawyer", "https://jobs.studio.it/j/3", "Rome, Italy", "3", "generic_json"),
        ("Notary", "https://jobs.studio.it/j/4", "Turin, Italy", "4", "generic_json"),
    ]
    edges = {
        "data": {
            "allJobs": {
                "edges": [
                    {"node": {"title": "Gardener", "slug": "gardener", "office": {"city": "Cork"}}},
                    {"node": {"title": "Mason", "slug": "mason", "office": {"city": "Cork"}}},
                ]
            }
        }
    }
    assert titles(read(edges, "https://x.ie/graphql")) == ["Gardener", "Mason"]
    people = {
        "people": [{"id": 1, "name": "Ann", "title": "Engineer", "bio": "x"}],
        "products": [{"id": 1, "title": "Designer chair", "price": 5, "url": "/p/1"}],
    }
    assert read(people, "https://x.ie/api").jobs == []


def test_feeds_in_xml() -> None:
    indeed = '<?xml version="1.0"?><source><publisher>x</publisher><job><title><![CDATA[Truck Driver]]></title><date>Mon, 02 Nov 2026 00:00:00 GMT</date><referencenumber>T1</referencenumber><url>https://acme.com/j/1</url><company>Acme</company><city>Reno</city><state>NV</state><country>US</country><jobtype>fulltime</jobtype><description>Drive</description></job></source>'
    assert fields(
        read(indeed, "https://acme.com/feed.xml").jobs[0], "title", "id", "location", "company", "employment_type", "posted_at"
    ) == ("Truck Driver", "T1", "Reno, NV, US", "Acme", "full_time", "2026-11-02T00:00:00Z")
    rss = '<rss version="2.0"><channel><title>Acme Jobs</title><item><title>Engineer (Berlin, DE, 10115)</title><link>https://jobs.acme.com/job/1/</link><guid>1</guid><pubDate>Mon, 02 Nov 2026 00:00:00 GMT</pubDate></item></channel></rss>'
    assert fields(read(rss, "https://jobs.acme.com/services/rss/job/").jobs[0], "title", "location") == (
        "Engineer",
        "Berlin, DE, 10115",
    )
    blog = '<rss version="2.0"><channel><title>Acme Blog</title><item><title>What an engineer learns</title><link>https://acme.com/blog/1</link></item><item><title>News</title><link>https://acme.com/blog/2</link></item></channel></rss>'
    assert read(blog, "https://acme.com/feed").jobs == []
    sitemap = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://acme.com/</loc></url><url><loc>https://acme.com/careers</loc></url></urlset>'
    assert (read(sitemap, "https://acme.com/sitemap.xml").next_page, read(sitemap, "https://acme.com/sitemap.xml").jobs) == (
        "https://acme.com/careers",
        [],
    )


def test_what_the_data_of_one_posting_leaves_open_is_filled_from_the_page() -> None:
    bare = {name: POSTING[name] for name in ("@context", "@type", "title", "description", "datePosted", "hiringOrganization")}
    shown = """<main><h1>Cook</h1><dl><dt>Location</dt><dd>Leeds</dd><dt>Job type</dt><dd>Part-time</dd><dt>Salary</dt>
    <dd>£24,000 - £26,000 per annum</dd><dt>Department</dt><dd>Kitchen</dd><dt>Workplace</dt><dd>Hybrid</dd></dl></main>
    <h2>Similar jobs</h2><p>Location: Hull</p>"""
    (job,) = read(page(shown, ld(bare), title="Cook"), URL).jobs
    assert fields(job, "location", "employment_type", "department", "location_type") == (
        "Leeds",
        "part_time",
        "Kitchen",
        "hybrid",
    )
    assert job.salary is not None
    assert (job.salary["min"], job.salary["max"]) == (24_000, 26_000)
    stated = {"employmentType": "FULL_TIME", "jobLocationType": "TELECOMMUTE", "jobLocation": POSTING["jobLocation"]}
    (job,) = read(page(shown, ld(bare | stated), title="Cook"), URL).jobs
    assert fields(job, "location", "employment_type", "location_type") == ("Lyon, ARA, France", "full_time", "remote")
    (job,) = read(
        page(shown.replace("Part-time", "Regular Full-Time"), ld(bare | {"employmentType": "OTHER"}), title="Cook"), URL
    ).jobs
    assert job.employment_type == "full_time"
    in_swedish = "<h1>Cook</h1><dl><dt>Avdelning</dt><dd><a>Kök</a></dd><dt>Distansarbete</dt><dd>Hybridarbete</dd><dt>Anställningsform</dt><dd>Vikariat</dd></dl>"
    (job,) = read(page(in_swedish, ld(bare | {"employmentType": "FULL_TIME"}), title="Cook"), URL).jobs
    assert fields(job, "department", "location_type", "employment_type") == ("Kök", "hybrid", "temporary")


def test_a_reader_of_the_vendor_fills_what_its_data_leaves_open() -> None:
    bare = {name: POSTING[name] for name in ("@context", "@type", "title", "description", "hiringOrganization")}
    body = """<div class="posting-headline"><h2>Cook</h2><div class="posting-categories"><div class="location">Lyon</div>
    <div class="department">Kitchen – Cold /</div><div class="commitment">Part-time /</div><div class="workplaceTypes">Hybrid</div></div></div>
    <div class="section page-centered"><div>€24,000 - €26,000 a year</div></div>"""
    url = "https://jobs.lever.co/acme/11111111-8e0c-4494-8e7a-3eb92ff77902"
    (job,) = read(page(body, ld(bare | {"employmentType": "Full-time"}), title="Acme - Cook"), url).jobs
    assert fields(job, "location", "department", "location_type", "employment_type", "extraction_source") == (
        "Lyon",
        "Kitchen – Cold",
        "hybrid",
        "full_time",
        "json_ld",
    )
    assert job.salary is not None
    assert (job.salary["min"], job.salary["max"], job.salary["period"]) == (24_000, 26_000, "year")


def test_feeds_that_only_speak_of_trades_are_none_of_jobs() -> None:
    rss = '<rss version="2.0"><channel><title>{title}</title><item><title>{item}</title><link>{link}</link>{more}</item></channel></rss>'
    for address, title, item, link, more in (
        ("https://acme.com/feed", "Acme Blog", "How to be a Nurse", "https://acme.com/blog/nurse/", ""),
        ("https://acme.com/podcast.rss", "The Manager Podcast", "Talking to a Manager", "https://acme.com/p/1", ""),
        ("https://acme.com/rss", "Acme", "Our new Head of Design", "https://acme.com/2026/head", "<pubDate>x</pubDate>"),
    ):
        assert read(rss.format(title=title, item=item, link=link, more=more), address).jobs == []
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Acme News</title><entry><title>Our new Head of Design</title><link href="https://acme.com/news/1"/><id>urn:1</id></entry></feed>'
    assert read(atom, "https://acme.com/atom.xml").jobs == []
    for address, title, link, more in (
        ("https://acme.com/jobs.rss", "Acme", "https://acme.com/x/1", ""),
        ("https://acme.com/feed", "Vacancies at Acme", "https://acme.com/x/1", ""),
        ("https://acme.com/feed", "Acme", "https://acme.com/x/1", "<location>Leeds</location>"),
        ("https://acme.com/feed", "Acme", "https://acme.com/jobs/1", ""),
    ):
        assert titles(read(rss.format(title=title, item="Nurse", link=link, more=more), address)) == ["Nurse"]


def test_people_with_a_title_are_no_jobs() -> None:
    people = [
        {"id": 1, "name": "Jane Doe", "title": "Head of Sales", "location": "Berlin"},
        {"id": 2, "name": "John Roe", "title": "Engineer", "location": "Oslo"},
    ]
    assert read(people, "https://acme.com/api/team").jobs == []
    assert read({"staff": people}, "https://acme.com/api/x").jobs == []
    assert read({"results": people}, "https://acme.com/api/x").jobs == []


def test_in_a_list_that_is_called_jobs_short_and_long_titles_are_titles() -> None:
    rows = [
        {"id": n, "title": title, "location": "Berlin", "slug": f"j{n}"}
        for n, title in enumerate(("QA", "RN", f"Nurse {'for many wards ' * 9}"))
    ]
    assert len(read({"jobs": rows}, "https://acme.com/api/x").jobs) == 3
    assert len(read({"results": rows}, "https://acme.com/api/jobs").jobs) == 3
    state = (
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": {"pageProps": {"jobs": rows[:1]}}})}</script>'
    )
    assert titles(read(page(f'<div id="__next"></div>{state}'), "https://acme.com/careers")) == ["QA"]


def test_the_postings_of_a_wordpress_interface_are_read_and_its_articles_are_not() -> None:
    row = {
        "id": 101,
        "date": "2026-11-12T10:00:00",
        "link": "https://acme.com/job/nurse/",
        "title": {"rendered": "Nurse &#8211; Night Shift"},
        "content": {"rendered": "<p>Hello</p>"},
        "meta": {"_job_location": "Austin, TX", "_company_name": "Acme Clinic", "_filled": 0},
    }
    filled = row | {"id": 102, "link": "https://acme.com/job/cook/", "meta": {"_job_location": "Austin, TX", "_filled": 1}}
    (job,) = read([row, filled], "https://acme.com/wp-json/wp/v2/job-listings").jobs
    assert fields(job, "title", "location", "company", "posted_at", "summary") == (
        "Nurse – Night Shift",
        "Austin, TX",
        "Acme Clinic",
        "2026-11-12T10:00:00Z",
        "Hello",
    )
    article = {name: row[name] for name in ("id", "date", "link", "title", "content")}
    assert read([article], "https://acme.com/wp-json/wp/v2/posts").jobs == []
