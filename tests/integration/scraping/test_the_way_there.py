"""How the jobs of a company are found, and what is taken for them by mistake."""

from __future__ import annotations

import json
from collections.abc import Iterable

from livepane.scrapers.ladder.climb import PAGES_MOST
from tests.boards import Reply, Request, Web
from tests.boards.company import company, html
from tests.integration.scraping.made import Serve, text

ROWS = (
    "<h2>Open positions</h2><ul>"
    '<li class="job"><a href="/jobs/1"><h3>Master Smith</h3></a><span class="location">Bern</span></li>'
    '<li class="job"><a href="/jobs/2"><h3>Software Engineer</h3></a><span class="location">Basel</span></li></ul>'
)
BOTH = ["Master Smith", "Software Engineer"]


def row(number: int, board: str = "acme", title: str = "") -> dict[str, object]:
    """A posting as Lever tells it."""
    return {
        "id": f"{board}-{number}",
        "text": title or f"Smith {number}",
        "hostedUrl": f"https://jobs.lever.co/{board}/{number}",
        "categories": {"location": "Bern"},
        "descriptionPlain": "Iron.",
    }


def lever(web: Web, board: str, *titles: str, host: str = "api.lever.co") -> None:
    """A board with these jobs."""
    web.json(f"https://{host}/v0/postings/{board}", [row(n, board, title) for n, title in enumerate(titles)])


def listed(numbers: Iterable[int]) -> str:
    """Jobs as a page lists them."""
    rows = (f'<li class="job"><a href="/jobs/{n}"><h3>Smith {n}</h3></a><span class="location">Bern</span></li>' for n in numbers)
    return f"<ul>{''.join(rows)}</ul>"


def posting(title: str, text: str) -> str:
    """The page of one posting, with its data."""
    data = {"@type": "JobPosting", "title": title, "datePosted": "2026-11-01", "description": text}
    return html(f"<h1>{title}</h1><script type='application/ld+json'>{json.dumps(data)}</script>", title=title)


def sitemap(kind: str, *urls: str) -> Reply:
    """A sitemap, or an index of some."""
    each = {"urlset": "url", "sitemapindex": "sitemap"}[kind]
    return text(f"<{kind}>{''.join(f'<{each}><loc>{url}</loc></{each}>' for url in urls)}</{kind}>", "application/xml")


def test_boards_of_sponsors_and_portfolio_companies_are_not_the_companys(served: Serve) -> None:
    web = Web()
    lever(web, "globex", "Globex Spy")
    lever(web, "initech", "Initech Clerk")
    company(
        web,
        "acme.example",
        "Acme",
        f"{ROWS}<section class='partners'><h2>Partners</h2><a href='https://jobs.lever.co/globex'>We are hiring</a></section>"
        "<p><a href='https://jobs.lever.co/initech'>Jobs at Initech</a></p>",
    )
    with served(web) as made:
        got = made.one("acme.example")
        assert (got.titles, made.asked["api.lever.co"]) == (BOTH, 0)


def test_a_board_in_europe_is_found_although_the_other_continent_does_not_know_it(served: Serve) -> None:
    web = Web()
    web.json("https://api.lever.co/v0/postings/acme", {"ok": False, "error": "Document not found"}, 404)
    lever(web, "acme", "Master Smith", host="api.eu.lever.co")
    company(web, "acme.example", "Acme", '<a href="https://jobs.lever.co/acme">Open positions</a>')
    with served(web) as made:
        got = made.one("acme.example")
        assert (got.titles, got.facts["rung"], got.facts["board"]) == (["Master Smith"], "vendor_feed", "acme")
        assert "board:verified" in got.jobs[0]["signals"]


def bare(web: Web, domain: str = "acme.example") -> None:
    """A company whose front page leads nowhere."""
    web.on(f"https://{domain}/", html("<h1>Acme</h1>" + "<p>Good anvils since 1884.</p>" * 20, title="Acme"))


def test_a_careers_page_that_only_the_sitemap_of_robots_txt_names_is_found(served: Serve) -> None:
    web = Web()
    bare(web)
    web.on("https://acme.example/robots.txt", text("User-agent: *\nAllow: /\nSitemap: https://acme.example/maps/all.xml\n"))
    web.on("https://acme.example/maps/all.xml", sitemap("sitemapindex", "https://acme.example/maps/pages.xml"))
    pages = ("https://acme.example/about", "https://acme.example/company/jobs")
    web.on("https://acme.example/maps/pages.xml", sitemap("urlset", *pages))
    web.on("https://acme.example/company/jobs", html(ROWS, title="Jobs at Acme"))
    with served(web) as made:
        assert made.one("acme.example").titles == BOTH


def test_a_careers_page_on_a_host_of_its_own_is_found(served: Serve) -> None:
    web = Web()
    bare(web)
    web.on("https://careers.acme.example/", html(ROWS, title="Careers at Acme"))
    with served(web) as made:
        assert made.one("acme.example").titles == BOTH


def test_a_front_page_that_answers_everywhere_is_no_careers_page(served: Serve) -> None:
    web = Web()
    home = html("<h1>Acme</h1>" + "<p>Good anvils since 1884.</p>" * 20, title="Acme")
    web.on("https://acme.example/*", home)
    web.on("https://careers.acme.example/*", home)
    with served(web) as made:
        got = made.one("acme.example")
        assert got.error == "no_careers_page"
        assert made.asked.total() <= PAGES_MOST + 8  # with robots.txt and sitemaps


def test_a_page_that_sends_its_reader_on_is_followed(served: Serve) -> None:
    web = Web()
    company(web, "acme.example", "Acme", "")
    web.on("https://acme.example/careers", '<meta http-equiv="refresh" content="0; url=/working/open">')
    web.on("https://acme.example/working/open", html(ROWS, title="Work at Acme"))
    with served(web) as made:
        assert made.one("acme.example").titles == BOTH


def test_a_few_jobs_beside_a_link_to_all_of_them_are_not_all(served: Serve) -> None:
    web = Web()
    company(web, "acme.example", "Acme", f'{ROWS}<a href="/careers/open-positions">See all open positions</a>')
    web.on(
        "https://acme.example/careers/open-positions", html(f"<h1>Open positions</h1>{listed(range(9))}", title="Open positions")
    )
    with served(web) as made:
        assert len(made.one("acme.example").jobs) == 9


def test_a_careers_page_that_refuses_makes_the_company_blocked_after_three_requests(served: Serve) -> None:
    web = Web()
    company(web, "acme.example", "Acme", "")
    web.on("https://acme.example/careers", Reply("no", 403))
    with served(web) as made:
        assert (made.one("acme.example").error, made.asked["acme.example"]) == ("blocked", 3)


def test_a_careers_page_that_robots_txt_closes_is_not_read(served: Serve) -> None:
    web = Web()
    company(web, "acme.example", "Acme", ROWS)
    web.on("https://acme.example/robots.txt", text("User-agent: *\nDisallow: /careers\n"))
    with served(web) as made:
        assert made.one("acme.example").error == "robots_disallowed"
        assert "/careers" not in made.paths("acme.example")


def test_a_list_that_shows_its_last_page_for_ever_comes_to_an_end(served: Serve) -> None:
    web = Web()

    def page(request: Request) -> Reply:
        number = min(3, int(request.query.get("page", "1")))
        following = f"<a rel='next' href='/careers?page={number + 1}'>Next</a>"
        return Reply(html(f"<h1>Open positions</h1>{listed(range(number * 5, number * 5 + 5))}{following}", title="Jobs"))

    company(web, "acme.example", "Acme", "")
    web.on("https://acme.example/careers", page)
    with served(web) as made:
        got = made.one("acme.example", details="never")
        assert (len(got.jobs), got.facts["diagnostics"]["rows"]) == (15, 20)


def test_postings_whose_own_page_says_that_they_are_closed_are_left_out(served: Serve) -> None:
    web = Web()
    company(web, "acme.example", "Acme", ROWS)
    web.on(
        "https://acme.example/jobs/1", html("<h1>Master Smith</h1><p>This position has been filled.</p>", title="Master Smith")
    )
    web.on("https://acme.example/jobs/2", posting("Software Engineer", "<p>Rust.</p>"))
    with served(web) as made:
        got = made.one("acme.example")
        assert [(job["title"], job["summary"], job["location"]) for job in got.jobs] == [("Software Engineer", "Rust.", "Basel")]
        assert got.facts["diagnostics"]["closed"] == 1


def test_jobs_that_cannot_all_be_read_are_given_with_a_warning(served: Serve) -> None:
    web = Web()

    def feed(request: Request) -> Reply:
        if request.query.get("skip") != "0":
            return Reply("broken", 500)
        return Reply(json.dumps([row(number) for number in range(100)]), content_type="application/json")

    company(web, "acme.example", "Acme", '<a href="https://jobs.lever.co/acme">Open positions</a>')
    web.on("https://api.lever.co/v0/postings/acme", feed)
    with served(web) as made:
        got = made.one("acme.example")
        assert (len(got.jobs), got.facts["diagnostics"]["complete"]) == (100, False)
        assert any(said.startswith("warning: not all jobs were read: page 2") for said in got.said)


def test_the_limit_of_jobs_is_kept_and_wrong_options_are_named(served: Serve) -> None:
    web = Web()
    lever(web, "acme", "Master Smith", "Software Engineer")
    company(web, "acme.example", "Acme", '<a href="https://jobs.lever.co/acme">Open positions</a>')
    with served(web) as made:
        got = made.one("acme.example", limit=1)
        assert (got.titles, got.jobs[0]["company_health"]["parsed_total"]) == (["Master Smith"], 2)
        assert "warning: not all jobs were read: the limit of 1 jobs is reached" in got.said
        wrong = made.one("acme.example", details="some")
        assert wrong.error == "bad_target"
        assert "details = 'some'" in wrong.message
