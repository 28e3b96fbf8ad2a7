"""What system a page runs on, where it sends its reader, what it is instead of jobs."""

from __future__ import annotations

import pytest

from tests.unit.scrapers.reading import page, read, titles

SITE = "https://www.acme.com/careers"


@pytest.mark.parametrize(
    ("body", "ats", "token"),
    [
        (
            '<div id="grnhse_app"></div><script src="https://boards.greenhouse.io/embed/job_board/js?for=acme"></script>',
            "greenhouse",
            "acme",
        ),
        (
            '<div id="grnhse_app"></div><script src="https://boards.eu.greenhouse.io/embed/job_board/js?for=acmeeu"></script>',
            "greenhouse",
            "acmeeu",
        ),
        ('<iframe src="//job-boards.greenhouse.io/embed/job_board?for=acme&amp;b=x"></iframe>', "greenhouse", "acme"),
        (
            '<script>fetch("https:\\/\\/boards-api.greenhouse.io\\/v1\\/boards\\/acme\\/jobs?content=true")</script>',
            "greenhouse",
            "acme",
        ),
        (
            '<div id="lever-jobs-container"></div><script>window.leverJobsOptions = {accountName: \'acme\', includeCss: true};</script><script src="https://jobs.lever.co/embed/index.js"></script>',
            "lever",
            "acme",
        ),
        ('<div id="ashby_embed"></div><script src="https://jobs.ashbyhq.com/acme/embed?version=2"></script>', "ashby", "acme"),
        (
            '<script src="https://www.workable.com/assets/embed.js"></script><script>whr_embed(512345, {detail: "titles"});</script><div id="whr_embed_hook"></div>',
            "workable",
            "512345",
        ),
        (
            '<script src="https://static.smartrecruiters.com/job-widget/1.4/script/smart_widget.js"></script><script>widget({"company_code":"Acme1","auto_width":"auto"})</script>',
            "smartrecruiters",
            "Acme1",
        ),
        (
            '<script>var w = RTWidget({"companies":[55111],"detailsMode":"popup"});</script><script src="https://d10zminp1cyta8.cloudfront.net/widget.js"></script>',
            "recruitee",
            "55111",
        ),
        ('<iframe src="https://acme.jobs.personio.de/?language=de"></iframe>', "personio", "acme"),
        (
            '<div id="BambooHR" data-domain="acme.bamboohr.com" data-version="1.0.0"></div><script src="https://acme.bamboohr.com/js/embed.js"></script>',
            "bamboohr",
            "acme",
        ),
        (
            '<div class="teamtailor-jobs-widget" data-teamtailor-api-key="abc"></div><script src="https://scripts.teamtailor-cdn.com/widgets/eu/jobs.js"></script>',
            "teamtailor",
            None,
        ),
        ('<script src="https://acme.breezy.hr/embed/js?inject=x"></script>', "breezy", "acme"),
        ('<script src="//app.jazz.co/widgets/basic/create/acme"></script>', "jazzhr", "acme"),
        (
            '<iframe id="icims_content_iframe" src="https://careers-acme.icims.com/jobs/search?in_iframe=1"></iframe>',
            "icims",
            "acme",
        ),
        ('<a href="https://acme.wd3.myworkdayjobs.com/en-US/Careers">View open positions</a>', "workday", "acme"),
        ('<a href="https://ats.rippling.com/acme/jobs">Open roles</a>', "rippling", "acme"),
        ('<a href="https://acme.pinpointhq.com">See our jobs</a>', "pinpoint", "acme"),
        ('<a href="https://jobs.jobvite.com/acme/jobs">Jobs</a>', "jobvite", "acme"),
        ('<a href="https://apply.workable.com/acme/">Jobs</a>', "workable", "acme"),
        ('<!-- <a href="https://jobs.lever.co/old">Jobs</a> --><p>Nothing</p>', None, None),
        (
            '<img src="https://recruiting.cdn.greenhouse.io/external_greenhouse_job_boards/logos/1/acme.png"><p>Nothing</p>',
            None,
            None,
        ),
    ],
)
def test_the_system_of_a_careers_page(body: str, ats: str | None, token: str | None) -> None:
    result = read(page(body), SITE)
    assert (result.detect.ats, result.detect.token) == (ats, token)


def test_boards_of_portfolio_companies_are_not_ours() -> None:
    links = "".join(f'<a href="https://jobs.lever.co/{name}">{name}</a>' for name in ("alpha", "beta", "gamma"))
    result = read(
        page(
            f'<h1>Careers</h1><section class="portfolio"><h2>Our portfolio companies are hiring</h2>{links}</section>',
            title="Careers | Acme Ventures",
        ),
        "https://acmeventures.com/careers",
    )
    assert (result.detect.ats, result.detect.token) == (None, None)


def test_of_several_boards_the_one_of_the_company_counts() -> None:
    body = '<footer class="sponsors"><a href="https://jobs.ashbyhq.com/bigsponsor">Sponsor</a></footer><a href="https://boards.greenhouse.io/acme">Jobs</a>'
    assert read(page(body), SITE).detect.token == "acme"


def test_a_canonical_address_names_the_board() -> None:
    result = read(
        page("<p>x</p>", head='<link rel="canonical" href="https://acme.recruitee.com/o/cook">'), "https://jobs.acme.com/o/cook"
    )
    assert (result.detect.ats, result.detect.token) == ("recruitee", "acme")


def test_a_frame_is_where_the_jobs_are() -> None:
    result = read(
        page('<h1>Careers</h1><iframe src="https://careers-acme.icims.com/jobs/search?ss=1&amp;in_iframe=1"></iframe>'), SITE
    )
    assert (result.next_page, result.needs_escalation, result.error) == (
        "https://careers-acme.icims.com/jobs/search?ss=1&in_iframe=1",
        False,
        None,
    )


def test_a_widget_must_be_rendered() -> None:
    result = read(
        page(
            '<h1>Join us</h1><div id="grnhse_app"></div><script src="https://boards.greenhouse.io/embed/job_board/js?for=acme"></script>'
        ),
        SITE,
    )
    assert (result.needs_escalation, result.error, result.jobs) == (True, None, [])
    assert result.next_page == "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true"


def test_a_link_to_the_board_is_the_way_on() -> None:
    result = read(
        page(
            '<nav><a href="/">Home</a></nav><h1>Work with us</h1><p>We are nice.</p><a class="btn" href="https://jobs.lever.co/acme">See open positions</a>'
        ),
        SITE,
    )
    assert (result.next_page, result.error, result.needs_escalation) == ("https://jobs.lever.co/acme", None, False)


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ("/careers", "Careers"),
        ("/karriere/", "Karriere"),
        ("/de/stellenangebote", "Stellenangebote"),
        ("/nous-rejoindre", "Nous rejoindre"),
        ("/trabaja-con-nosotros", "Trabaja con nosotros"),
        ("/lavora-con-noi", "Lavora con noi"),
        ("/werken-bij", "Werken bij Acme"),
        ("/vagas", "Trabalhe conosco"),
        ("/kariera", "Praca"),
        ("/kariera-u-nas", "Kariéra"),
        ("/lediga-jobb", "Lediga jobb"),
        ("/ledige-stillinger", "Ledige stillinger"),
        ("/job", "Ledige job"),
        ("https://careers.acme.com/", "Jobs"),
        ("/company/jobs", "We’re hiring"),
    ],
)
def test_a_home_page_leads_to_its_careers_page(link: str, text: str) -> None:
    body = f'<header><nav><a href="/products">Products</a><a href="/blog/career-advice">Career advice</a><a href="/about">About</a></nav></header><h1>We make anvils</h1><p>{"Good anvils. " * 40}</p><footer><a href="{link}">{text}</a><a href="https://www.linkedin.com/company/acme/jobs">Jobs on LinkedIn</a></footer>'
    result = read(page(body, title="Acme: anvils"), "https://www.acme.com/")
    expected = link if link.startswith("http") else f"https://www.acme.com{link}"
    assert (result.next_page, result.error, result.jobs) == (expected, None, [])


def test_a_home_page_without_a_way_says_so() -> None:
    result = read(page(f"<h1>We make anvils</h1><p>{'Good anvils. ' * 60}</p>", title="Acme: anvils"), "https://www.acme.com/")
    assert (result.error or "").startswith("no_careers_page")


def test_meta_refresh_is_followed() -> None:
    assert (
        read(
            '<html><head><meta http-equiv="refresh" content="0; url=/en/jobs/"></head><body></body></html>',
            "https://acme.com/jobs",
        ).next_page
        == "https://acme.com/en/jobs/"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "There are currently no open positions. Check back soon.",
        "We are not currently hiring.",
        "Derzeit haben wir leider keine offenen Stellen.",
        "Keine offenen Stellen vorhanden.",
        "Aucune offre disponible pour le moment.",
        "En este momento no hay vacantes.",
        "Nessuna posizione aperta al momento.",
        "Momenteel hebben wij geen vacatures.",
        "Não há vagas no momento.",
        "Obecnie nie ma ofert pracy.",
        "Nenašli jsme žádné nabídky",
        "Vi har inga lediga jobb just nu.",
        "Vi har ingen ledige stillinger for øyeblikket.",
        "No current openings",
        "0 jobs found",
        "Sorry, no job openings at this time.",
    ],
)
def test_a_page_that_says_it_has_none_is_a_zero(sentence: str) -> None:
    result = read(
        page(
            f'<nav><a href="/about">About</a></nav><h1>Careers</h1><p>{sentence}</p><a href="mailto:jobs@acme.com">Open application</a>'
        ),
        SITE,
    )
    assert (result.jobs, result.error, result.needs_escalation) == ([], None, False)
    assert result.zero


def test_hidden_words_are_no_zero() -> None:
    body = '<h1>Careers</h1><div style="display:none">No open positions match</div><p class="hidden">There are no open positions.</p><p>We like people who build.</p>'
    result = read(page(body), SITE)
    assert (result.zero, (result.error or "")[:7]) == ("", "unknown")


def test_an_invitation_is_no_zero() -> None:
    result = read(page("<h1>Careers</h1><p>If there are no open positions for you, write to us.</p>"), SITE)
    assert not result.zero


CHALLENGES = {
    "Cloudflare": '<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={cvId:"3"};</script><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>',
    "DataDome": "<html><head><title>acme.com</title></head><body><script>var dd={'rt':'c','cid':'x','host':'geo.captcha-delivery.com'}</script></body></html>",
    "PerimeterX": '<html><head><title>Access to this page has been denied</title></head><body><div id="px-captcha"></div></body></html>',
    "Imperva": '<html><body><iframe src="/_Incapsula_Resource?CWUDNSAI=9&incident_id=1"></iframe>Request unsuccessful. Incapsula incident ID: 1</body></html>',
    "Akamai": "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have permission.<P>Reference&#32;&#35;18.1 https://errors.edgesuite.net/18</BODY></HTML>",
    "AWS": "<html><head><title>Human Verification</title><script>window.gokuProps = {}</script></head><body></body></html>",
}


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_is_blocked(name: str) -> None:
    result = read(CHALLENGES[name], SITE)
    assert (result.error or "").startswith("blocked: ")
    assert name in (result.error or "")
    assert (result.jobs, result.needs_escalation) == ([], False)


@pytest.mark.parametrize(
    ("html", "code"),
    [
        (
            page(
                "<h1>404</h1><p>Sorry, the page you are looking for could not be found.</p><a href='/careers'>Careers</a>",
                title="Page not found | Acme",
            ),
            "not_found",
        ),
        (page("<h1>Seite nicht gefunden</h1>", title="Acme"), "not_found"),
        (page("<h1>Page introuvable</h1>", title="Acme"), "not_found"),
        (page('<h1>Sign in</h1><form><input name="u"><input type="password"></form>', title="Sign in"), "login"),
        (page("<h1>Cook</h1><p>This position has been filled.</p>", title="Cook"), "expired"),
        (page("<h1>Koch (m/w/d)</h1><p>Diese Stelle ist leider nicht mehr verfügbar.</p>", title="Koch"), "expired"),
        (page("<h1>Cuisinier</h1><p>Cette offre n'est plus disponible</p>", title="Cuisinier"), "expired"),
        (page("<p>The job you are looking for is no longer open.</p>", title="Acme"), "expired"),
        ("", "unknown"),
    ],
)
def test_pages_that_stand_in_place_of_jobs(html: str, code: str) -> None:
    result = read(html, "https://www.acme.com/careers/cook-12345")
    assert (result.error or "").partition(":")[0] == code
    assert result.jobs == []


@pytest.mark.parametrize(
    "html",
    [
        '<html><head><title>Careers</title></head><body><div id="root"></div><script src="/static/js/main.js"></script></body></html>',
        '<html><head><title>Acme</title></head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id="app"></div><script src="/a.js"></script></body></html>',
        page(
            '<h1>Open positions</h1><div class="jobs"><div class="skeleton-row"></div><div class="skeleton-row"></div></div><script src="/a.js"></script>'
        ),
        page('<h1>Open positions</h1><div id="job-list"></div><script src="/jobs.js"></script>'),
        page('<h1>Open positions</h1><ul><li v-for="job in jobs">{{ job.title }}</li></ul><script src="/a.js"></script>'),
    ],
)
def test_shells_and_skeletons_need_a_browser(html: str) -> None:
    result = read(html, SITE)
    assert (result.needs_escalation, result.error, result.jobs) == (True, None, [])


def test_a_careers_page_that_says_nothing_is_unknown() -> None:
    result = read(
        page(f"<h1>Life at Acme</h1><p>{'We care. ' * 80}</p><ul><li>Free lunch</li><li>Health insurance</li></ul>"), SITE
    )
    assert (result.error or "").startswith("unknown")


@pytest.mark.parametrize(
    "pager",
    [
        '<a rel="next" href="?page=2">2</a>',
        '<ul class="pagination"><li class="active"><span>1</span></li><li><a href="?page=2">2</a></li><li><a href="?page=3">3</a></li></ul>',
        '<nav class="pager"><a href="?page=2" aria-label="Next page">›</a></nav>',
        '<div class="pagination"><a class="disabled" href="?page=0">Previous</a><a href="?page=2">Weiter</a></div>',
    ],
)
def test_the_following_page_of_a_list(pager: str) -> None:
    jobs = "".join(
        f'<li><a href="/careers/jobs/{n}-engineer"><h3>Software Engineer {n}</h3><span class="location">Berlin</span></a></li>'
        for n in range(4)
    )
    result = read(page(f"<h1>Jobs</h1><ul>{jobs}</ul>{pager}"), "https://www.acme.com/careers/jobs")
    assert len(titles(result)) == 4
    assert result.next_page == "https://www.acme.com/careers/jobs?page=2"
    last = read(
        page(
            f'<h1>Jobs</h1><ul>{jobs}</ul><ul class="pagination"><li><a href="?page=1">1</a></li><li class="active">2</li><li class="next disabled"><a href="?page=3">Next</a></li></ul>'
        ),
        "https://www.acme.com/careers/jobs?page=2",
    )
    assert last.next_page is None


def test_answers_of_interfaces_that_failed() -> None:
    assert (
        read({"status": 404, "error": "Job board not found"}, "https://boards-api.greenhouse.io/v1/boards/x/jobs").error or ""
    ).startswith("not_found")
    assert (read({"ok": False, "error": "Document not found"}, "https://api.lever.co/v0/postings/x").error or "").startswith(
        "not_found"
    )
    assert (read({"message": "Too many requests"}, "https://apply.workable.com/api/v1/widget/accounts/x").error or "").startswith(
        "blocked"
    )
    assert (read({"hello": [1, 2]}, "https://acme.com/x.json").error or "").startswith("unknown")


def test_a_status_is_an_answer_when_the_page_says_nothing() -> None:
    assert (read("<html><body>x</body></html>", SITE, status=403).error or "").startswith("blocked")
    assert (read("", SITE, status=404).error or "").startswith("not_found")


def test_boards_in_europe_have_feeds_of_their_own() -> None:
    for script, feed in (
        (
            "https://boards.eu.greenhouse.io/embed/job_board/js?for=acme",
            "https://boards-api.eu.greenhouse.io/v1/boards/acme/jobs?content=true",
        ),
        (
            "https://boards.greenhouse.io/embed/job_board/js?for=acme",
            "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true",
        ),
        ("https://api.eu.lever.co/v0/postings/acme?mode=json", "https://api.eu.lever.co/v0/postings/acme?mode=json"),
    ):
        assert read(page(f'<h1>Careers</h1><script src="{script}"></script>'), "https://www.acme.com/careers").next_page == feed
    inline = '<h1>Careers</h1><script>fetch("https://api.eu.lever.co/v0/postings/acme?mode=json")</script>'
    assert read(page(inline), "https://www.acme.com/careers").detect.feed == "https://api.eu.lever.co/v0/postings/acme?mode=json"


def test_systems_are_told_by_their_smaller_marks() -> None:
    for body, system in (
        ('<a href="https://ats.rippling.com/embed/acme/jobs?s=1">View jobs</a>', ("rippling", "acme")),
        ('<a href="https://www.governmentjobs.com/careers/acme">View jobs</a>', ("neogov", "acme")),
        ('<link rel="stylesheet" href="https://rmkcdn.successfactors.com/ab/style.css"><p>Search</p>', ("successfactors", None)),
    ):
        found = read(page(f"<h1>Careers</h1>{body}"), "https://www.acme.com/careers").detect
        assert (found.ats, found.token) == system
    assert read(page("<div id='root'></div>"), "https://jobs.acme.com/careers-home/jobs").detect.ats == "icims"


@pytest.mark.parametrize(
    ("title", "url", "company"),
    [
        ("Karriere - Müller & Söhne", "https://www.mueller-soehne.de/karriere", "Müller & Söhne"),
        ("Current vacancies - Big Co", "https://www.bigco.co.uk/jobs", "Big Co"),
        ("H&M Careers", "https://www.hm.com/jobs", "H&M"),
        ("Careers | OpenAI", "https://openai.com/careers", "OpenAI"),
        ("Trabaja con nosotros - Logística Sur", "https://www.logisticasur.es/trabaja", "Logística Sur"),
        ("Open roles | Build the future", "https://acme.com/careers", "Acme"),
        ("Software jobs - Deutsche Bahn", "https://www.bahn.de/jobs", "Deutsche Bahn"),
    ],
)
def test_a_company_is_called_as_its_pages_write_it(title: str, url: str, company: str) -> None:
    rows = (
        '<ul><li><a href="/jobs/1-cook">Cook</a> <i>Berlin</i></li><li><a href="/jobs/2-nurse">Nurse</a> <i>Berlin</i></li></ul>'
    )
    assert {job.company for job in read(page(f"<h1>Jobs</h1>{rows}", title=title), url).jobs} == {company}


def test_a_company_is_never_called_as_its_system_or_its_heading() -> None:
    old = '<h1>Current Job Openings at Contoso Health</h1><section class="level-0"><div class="opening"><a href="/contosohealth/jobs/5">Nurse</a><span class="location">Austin</span></div></section>'
    assert (
        read(page(f'<div id="header">{old}</div>'), "https://boards.greenhouse.io/contosohealth").jobs[0].company
        == "Contoso Health"
    )
    head = '<meta property="og:site_name" content="Breezy HR">'
    row = '<ul class="positions"><li class="position"><a href="/p/abc-agent"><h2>Travel Agent</h2><ul class="meta"><li class="location">Miami</li></ul></a></li></ul>'
    (job,) = read(page(row, head, title="Margies Travel"), "https://margies-travel.breezy.hr/").jobs
    assert job.company == "Margies Travel"


@pytest.mark.parametrize(
    ("url", "word", "jobs"),
    [
        ("https://acme.ru/vakansii", "Вакансии", ["Инженер-программист", "Бухгалтер"]),
        ("https://acme.co.jp/recruit", "採用情報", ["ソフトウェアエンジニア", "営業"]),
    ],
)
def test_careers_pages_in_other_scripts_are_found_and_read(url: str, word: str, jobs: list[str]) -> None:
    home = url.rpartition("/")[0] + "/"
    assert read(page(f'<h1>Acme</h1><a href="/about">?</a><a href="{url}">{word}</a>', title="Acme"), home).next_page == url
    rows = "".join(f'<li><a href="{url}/{n}">{title}</a></li>' for n, title in enumerate(jobs))
    assert titles(read(page(f"<h1>{word}</h1><ul>{rows}</ul>", title=word), url)) == jobs
    assert (read(page(f"<h1>{word}</h1><p>…</p>", title=word), url).error or "").startswith("unknown")
