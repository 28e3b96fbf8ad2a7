"""Careers pages that companies make themselves: lists, tables, accordions, and what only looks like them."""

from __future__ import annotations

import pytest

from tests.unit.scrapers.reading import fields, page, read, titles

URL = "https://www.acme.com/careers"
NAV = '<header><nav><a href="/product">Product Manager tools</a><a href="/careers">Careers</a><a href="/blog">Blog</a></nav></header>'
FOOTER = '<footer><a href="/privacy">Privacy</a><a href="/careers/teams/engineering">Engineering</a><a href="https://github.com/acme">GitHub</a></footer>'


def test_cards_with_place_and_kind() -> None:
    cards = "".join(
        f'<li class="opening-card"><a href="/careers/{slug}"><h3>{title}</h3><div class="meta"><span class="opening-location">{place}</span><span>Full-time</span></div></a></li>'
        for slug, title, place in (
            ("backend-engineer", "Backend Engineer", "Berlin, Germany"),
            ("sales-lead", "Sales Lead", "Remote (EU)"),
        )
    )
    result = read(page(f"{NAV}<h1>Open positions</h1><h2>Engineering</h2><ul>{cards}</ul>{FOOTER}"), URL)
    assert [fields(job, "title", "url", "location", "employment_type", "location_type") for job in result.jobs] == [
        ("Backend Engineer", "https://www.acme.com/careers/backend-engineer", "Berlin, Germany", "full_time", "onsite"),
        ("Sales Lead", "https://www.acme.com/careers/sales-lead", "Remote (EU)", "full_time", "remote"),
    ]
    assert result.jobs[0].department == "Engineering"
    assert result.jobs[0].extraction_source == "static_dom"


def test_a_title_beside_a_button() -> None:
    rows = "".join(
        f'<div class="row"><div><strong>{title}</strong><p>Hamburg | Vollzeit</p></div><div><a class="btn" href="/karriere/stelle/{n}">Jetzt bewerben</a></div></div>'
        for n, title in enumerate(("Elektroniker (m/w/d)", "Bauleiter Tiefbau (m/w/d)"))
    )
    result = read(page(f"{NAV}<h1>Stellenangebote</h1><div class='list'>{rows}</div>"), "https://www.acme.de/karriere")
    assert [fields(job, "title", "url", "location", "employment_type") for job in result.jobs] == [
        ("Elektroniker (m/w/d)", "https://www.acme.de/karriere/stelle/0", "Hamburg", "full_time"),
        ("Bauleiter Tiefbau (m/w/d)", "https://www.acme.de/karriere/stelle/1", "Hamburg", "full_time"),
    ]


def test_a_table_with_three_links_a_job() -> None:
    rows = "".join(
        f'<tr><td><a href="/jobs/{n}">{title}</a></td><td>{place}</td><td>Vollzeit</td><td><a href="/jobs/{n}.pdf">PDF</a> <a href="/jobs/{n}/apply">Bewerben</a></td></tr>'
        for n, (title, place) in enumerate((("Koch (m/w/d)", "Ulm"), ("Servicekraft", "Bonn")))
    )
    result = read(
        page(
            f"<h1>Jobs</h1><table><thead><tr><th>Stelle</th><th>Standort</th><th>Umfang</th><th></th></tr></thead><tbody>{rows}</tbody></table>"
        ),
        "https://hotel.de/jobs",
    )
    assert [fields(job, "title", "url", "location", "employment_type") for job in result.jobs] == [
        ("Koch (m/w/d)", "https://hotel.de/jobs/0", "Ulm", "full_time"),
        ("Servicekraft", "https://hotel.de/jobs/1", "Bonn", "full_time"),
    ]


def test_an_accordion_without_addresses() -> None:
    items = "".join(
        f'<details id="{slug}"><summary>{title}</summary><p>Location: Dublin</p><p>{"You will do good work. " * 12}</p><a href="mailto:jobs@acme.com?subject={slug}">Apply by mail</a></details>'
        for slug, title in (("office-manager", "Office Manager"), ("accountant", "Senior Accountant"))
    )
    faq = "<details><summary>How do I apply?</summary><p>By mail, as our recruiter likes it.</p></details>"
    result = read(page(f"{NAV}<h1>Careers</h1>{items}{faq}"), URL)
    assert [fields(job, "title", "url", "location") for job in result.jobs] == [
        ("Office Manager", f"{URL}#office-manager", "Dublin"),
        ("Senior Accountant", f"{URL}#accountant", "Dublin"),
    ]
    assert "apply:mailto" in result.jobs[0].signals


def test_headings_with_a_mail_address() -> None:
    body = "<h1>Karriere</h1><h2>Benefits</h2><p>Obst</p><h2>Vollzeit</h2><h3>Tischler (m/w/d)</h3><p>Wir suchen dich in Graz.</p><p><a href='mailto:job@holz.at'>Bewerbung per Mail</a></p><h3>Lagerist (m/w/d)</h3><p>Du packst an.</p><p><a href='mailto:job@holz.at'>Bewerbung per Mail</a></p>"
    result = read(page(body), "https://holz.at/karriere")
    assert titles(result) == ["Tischler (m/w/d)", "Lagerist (m/w/d)"]
    assert [job.employment_type for job in result.jobs] == ["full_time", "full_time"]
    assert result.jobs[0].url != result.jobs[1].url


def test_benefits_and_people_are_no_jobs() -> None:
    cards = "".join(
        f'<div class="card"><a href="/careers/benefits/{n}"><h3>{title}</h3><p>Great.</p></a></div>'
        for n, title in enumerate(("Health insurance", "Learning budget", "Unlimited PTO", "Free lunch for every engineer"))
    )
    people = "".join(
        f'<div class="person"><a href="/team/{n}"><h3>{n} Doe</h3><p>Senior Engineer</p></a></div>'
        for n in ("Jane", "John", "Joan")
    )
    posts = "".join(f'<a href="/blog/{n}"><h3>Why an engineer should {n}</h3></a>' for n in ("read", "rest"))
    result = read(page(f"{NAV}<h1>Careers</h1>{cards}{people}{posts}{FOOTER}"), URL)
    assert result.jobs == []


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/jobs/", ("Développeur Web (H/F)", "Chargé de clientèle")),
        ("/empleo/", ("Ingeniero de Software", "Camarera de pisos")),
        ("/lavora-con-noi/", ("Addetto alle vendite", "Ingegnere meccanico")),
        ("/vacatures/", ("Monteur elektrotechniek", "Verpleegkundige")),
        ("/vagas/", ("Engenheiro de Dados", "Auxiliar administrativo")),
        ("/praca/", ("Programista Java", "Księgowa")),
        ("/kariera/", ("Vývojář .NET", "Skladník")),
        ("/lediga-jobb/", ("Systemutvecklare", "Undersköterska")),
        ("/ledige-stillinger/", ("Prosjektleder bygg", "Sykepleier")),
        ("/ledige-job/", ("Udvikler til webteam", "Sygeplejerske")),
        ("/stellen/", ("Pflegefachkraft (m/w/d)", "Ausbildung Mechatroniker")),
    ],
)
def test_lists_in_many_languages(path: str, names: tuple[str, ...]) -> None:
    rows = "".join(f'<li><a href="{path}{n}-title">{name}</a></li>' for n, name in enumerate(names))
    assert titles(read(page(f"{NAV}<h1>Jobs</h1><ul>{rows}</ul>{FOOTER}", title="Acme"), f"https://www.acme.eu{path}")) == list(
        names
    )


def test_one_job_is_a_job_too() -> None:
    result = read(
        page(
            f'{NAV}<h1>Careers</h1><p>Join our team.</p><div class="job"><h3><a href="/careers/jobs/welder">Welder</a></h3><p>Linz, Austria</p><a href="/careers/jobs/welder#apply">Apply now</a></div>'
        ),
        URL,
    )
    assert [fields(job, "title", "location") for job in result.jobs] == [("Welder", "Linz, Austria")]


def test_links_to_postings_of_a_vendor_are_jobs() -> None:
    rows = "".join(
        f'<div class="w-dyn-item"><a href="https://jobs.lever.co/acme/{i * 8}-0000-4000-8000-000000000000"><div>{title}</div><div>Ghent, Belgium</div></a></div>'
        for i, title in (("1", "Chemist"), ("2", "Lab Technician"))
    )
    result = read(page(f"<h1>Careers</h1>{rows}"), URL)
    assert (result.detect.ats, result.detect.token) == ("lever", "acme")
    assert [fields(job, "title", "location") for job in result.jobs] == [
        ("Chemist", "Ghent, Belgium"),
        ("Lab Technician", "Ghent, Belgium"),
    ]


def test_an_open_application_beside_nothing_is_no_job() -> None:
    body = f'{NAV}<h1>Careers</h1><p>There are currently no open positions.</p><ul><li><a href="/careers/open-application">Open application</a></li></ul>'
    result = read(page(body), URL)
    assert (result.jobs, result.error) == ([], None)


def test_the_same_job_twice_is_one() -> None:
    row = '<li><a href="/careers/chef?utm_source=x"><h3>Chef</h3><span class="location">Nice</span></a></li><li><a href="/careers/chef"><h3>Chef</h3><span class="location">Nice</span></a></li><li><a href="/careers/waiter"><h3>Waiter</h3></a></li>'
    assert titles(read(page(f"<h1>Jobs</h1><ul>{row}</ul>"), URL)) == ["Chef", "Waiter"]


def test_words_are_read_in_the_encoding_of_the_page() -> None:
    html = '<html><head><meta charset="iso-8859-1"><title>Karriere</title></head><body><h1>Stellenangebote</h1><ul><li><a href="/stellen/1">Bürokaufmann (m/w/d)</a></li><li><a href="/stellen/2">Verkäufer Köln (m/w/d)</a></li></ul></body></html>'
    assert titles(read(html.encode("latin-1"), "https://laden.de/stellen")) == ["Bürokaufmann (m/w/d)", "Verkäufer Köln (m/w/d)"]
    assert (
        titles(
            read(
                html.replace('<meta charset="iso-8859-1">', "").encode("latin-1"),
                "https://laden.de/stellen",
                content_type="text/html; charset=ISO-8859-1",
            )
        )[0]
        == "Bürokaufmann (m/w/d)"
    )
    assert (
        titles(read("\ufeff".encode() + html.replace("iso-8859-1", "utf-8").encode(), "https://laden.de/stellen"))[0]
        == "Bürokaufmann (m/w/d)"
    )


def test_utf8_is_read_as_such_whatever_a_saved_page_declares() -> None:
    html = '<html><head><meta charset="iso-8859-1"><title>Emplois</title></head><body><h1>Offres</h1><ul><li><a href="/emplois/1">Ingénieur qualité (H/F)</a></li><li><a href="/emplois/2">Opérateur (H/F)</a></li></ul></body></html>'
    for declared in ("", "text/html; charset=ISO-8859-1"):
        found = read(html.encode(), "https://usine.fr/emplois", content_type=declared)
        assert titles(found) == ["Ingénieur qualité (H/F)", "Opérateur (H/F)"]


@pytest.mark.parametrize(
    ("card", "title"),
    [
        ('<a href="/careers/{n}"><div><p>{title}</p><p>Engineering</p></div><div><p>Berlin</p></div></a>', "Software Engineer"),
        ('<a href="/careers/{n}"><div><p>Engineering</p><p>{title}</p></div><p>Berlin</p></a>', "Software Engineer"),
        (
            '<div><div><div>{title}</div><div>Berlin</div></div><div><a href="/careers/{n}">View job</a></div></div>',
            "Software Engineer",
        ),
        (
            '<a href="/careers/{n}"><div><span>Senior</span> <span>{title}</span></div><div>Berlin</div></a>',
            "Senior Software Engineer",
        ),
        ('<a href="/careers/{n}"><span>{title}</span><span>Engineering</span><span>Berlin</span></a>', "Software Engineer"),
        ('<p><a href="/careers/{n}"><b>{title}</b> (m/w/d)</a> Berlin</p>', "Software Engineer (m/w/d)"),
        ('<p><a href="/careers/{n}">{title}<br>Berlin</a></p>', "Software Engineer"),
        ('<li><a href="/careers/{n}">{title} | Berlin, Germany | Full-time</a></li>', "Software Engineer"),
        ('<li><a href="/careers/{n}">{title} | Payments</a> <i>Berlin</i></li>', "Software Engineer | Payments"),
    ],
)
def test_a_title_is_one_line_of_a_card_and_not_all_of_it(card: str, title: str) -> None:
    cards = "".join(card.format(n=n, title=name) for n, name in enumerate(("Software Engineer", "Account Manager")))
    result = read(page(f"<h1>Careers</h1><h2>Open positions</h2><div>{cards}</div>"), URL)
    assert titles(result) == [title, title.replace("Software Engineer", "Account Manager")]


DETAIL = """<nav><a href="/jobs">Jobs</a> <a href="/about">About</a></nav><main><h1>HGV Driver (Class 1)</h1>
<dl><dt>Location</dt><dd>Doncaster, South Yorkshire</dd><dt>Contract type</dt><dd>Permanent</dd><dt>Salary</dt><dd>£38,000 - £42,000 per annum</dd>
<dt>Department</dt><dd>Transport</dd><dt>Date posted</dt><dd>12 November 2026</dd></dl><p>You drive lorries across the country.</p>
<a href="/apply?job=1">Apply now</a>{other}</main>"""
OTHERS = '<ul><li><a href="/jobs/van-driver">Van Driver</a></li><li><a href="/jobs/fitter">Fitter</a></li></ul>'


@pytest.mark.parametrize(
    "other",
    [
        f"<h2>{heading}</h2>{OTHERS}"
        for heading in ("Similar jobs", "Weitere Stellenangebote", "Autres offres", "Te puede interesar")
    ]
    + [f'<div class="related-jobs">{OTHERS}</div>', f"<h3>Driven by people</h3>{OTHERS}"],
)
def test_a_posting_is_read_and_not_the_similar_jobs_beside_it(other: str) -> None:
    result = read(page(DETAIL.format(other=other), title="HGV Driver - Big Co"), "https://www.bigco.co.uk/jobs/hgv-driver")
    (job,) = result.jobs
    assert fields(job, "title", "location", "department", "posted_at", "url") == (
        "HGV Driver (Class 1)",
        "Doncaster, South Yorkshire",
        "Transport",
        "2026-11-12T00:00:00Z",
        "https://www.bigco.co.uk/jobs/hgv-driver",
    )
    assert job.salary is not None
    assert (job.salary["min"], job.salary["max"], job.salary["currency"]) == (38_000, 42_000, "GBP")
    assert "You drive lorries across the country. Apply now" in job.summary
    assert "About" not in job.summary


def test_a_list_whose_heading_names_a_trade_stays_a_list() -> None:
    rows = "".join(
        f'<li><a href="/jobs/{n}">{title}</a><p>Location: Leeds</p><p>Contract type: Permanent</p></li>'
        for n, title in enumerate(("Night Nurse", "Ward Nurse"))
    )
    result = read(page(f'<h1>Nurse</h1><ul>{rows}</ul><a href="/apply">Apply</a>'), "https://www.clinic.org/jobs/nurse")
    assert titles(result) == ["Night Nurse", "Ward Nurse"]


def test_wares_with_the_name_of_a_trade_are_no_jobs() -> None:
    for card in (
        '<li class="product"><a href="/p/{n}"><h2>{title}</h2><span class="price">$39.00</span></a></li>',
        '<li><a href="/p/{n}"><h2>{title}</h2></a><span>$39.00</span></li>',
        '<li><a href="/p/{n}"><h2>{title}</h2></a><button>Add to cart</button></li>',
    ):
        cards = "".join(card.format(n=1000 + n, title=title) for n, title in enumerate(("Chef Jacket", "Nurse Scrubs")))
        result = read(page(f"<h1>Workwear</h1><ul>{cards}</ul>", title="Chef and Nurse | Shop"), "https://www.shop.com/workwear")
        assert titles(result) == []


def test_postings_that_are_papers_elsewhere_are_found_and_past_ones_are_not() -> None:
    body = """<h1>Jobs</h1><ul><li><a href="https://docs.google.com/document/d/abc/pub">Community Organizer</a> (Oakland, CA)</li>
    <li><a href="https://acme.notion.site/Designer-12ac">Product Designer</a></li>
    <li><a href="https://bucket.s3.amazonaws.com/JD-Nurse.pdf">Registered Nurse</a></li></ul>
    <h2>Past positions</h2><ul><li><a href="/jobs/old">Office Manager</a></li></ul>
    <h2>What we write</h2><ul><li><a href="https://medium.com/@acme/a-day">A day of our Engineering Manager</a></li></ul>"""
    result = read(page(body, title="Jobs at Tiny Org"), "https://www.tinyorg.org/jobs")
    assert titles(result) == ["Community Organizer", "Product Designer", "Registered Nurse"]


def test_positions_that_are_filled_are_not_open() -> None:
    rows = [
        '<li><a href="/job/1">Cook</a> <span>Oslo</span> <span class="badge">Filled</span></li>',
        '<li class="job_listing job_position_filled"><a href="/job/2">Driver</a> <span>Oslo</span></li>',
        '<li><a href="/job/3">Office Manager - filled</a> <span>Oslo</span></li>',
        '<li><a href="/job/4">Koch (m/w/d) (besetzt)</a> <span>Oslo</span></li>',
        '<li><a href="/job/5">Nurse</a> <span>Oslo</span></li>',
        '<li><a href="/job/6">Fitter</a> <span>Oslo</span></li>',
    ]
    assert titles(read(page(f"<h1>Open positions</h1><ul>{''.join(rows)}</ul>"), URL)) == ["Nurse", "Fitter"]


@pytest.mark.parametrize(
    "item",
    [
        '<div class="item"><div><a class="accordion-title" tabindex="0">{title}</a></div><div><p>{text}</p></div></div>',
        '<button aria-expanded="false">{title}</button><div class="panel"><p>{text}</p></div>',
        '<div class="item"><h2 class="accordion-header"><button aria-expanded="false">{title}</button></h2><div><p>{text}</p></div></div>',
    ],
)
def test_each_job_of_an_accordion_has_its_own_text(item: str) -> None:
    jobs = (("Zahnarzthelfer (m/w/d)", "Ab sofort in Mainz."), ("Koch (m/w/d)", "Start im August, auch in Teilzeit."))
    items = "".join(item.format(title=title, text=text) for title, text in jobs)
    result = read(page(f'<h1>Offene Stellen</h1><div class="all">{items}</div>'), "https://www.praxis.de/karriere")
    assert [(job.title, job.summary.removeprefix(job.title).strip()) for job in result.jobs] == list(jobs)
    assert [job.employment_type for job in result.jobs] == ["", "part_time"]
