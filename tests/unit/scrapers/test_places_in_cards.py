"""Where a job is, in the cards and lists of pages that nobody vouches for."""

from __future__ import annotations

import pytest

from livepane.scrapers.job_postings.cities import is_city
from tests.unit.scrapers.reading import fields, page, read

URL = "https://acme.com/careers"


@pytest.mark.parametrize(
    "text",
    [
        "Fulda",
        "Nîmes",
        "Kaiserslautern",
        "Boise",
        "36037 Fulda",
        "Fulda (Hessen)",
        "Boise, ID",
        "Köln / Bonn",
        "Łódź",
        "Bad Hersfeld",
    ],
)
def test_a_city_of_fifteen_thousand_is_known(text: str) -> None:
    assert is_city(text)


@pytest.mark.parametrize(
    "text", ["", "nice", "Marketing", "Essen & Trinken", "Nice people wanted", "Remote", "(", "Fulda and more"]
)
def test_what_is_no_city(text: str) -> None:
    assert not is_city(text)


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ("<p>Kaiserslautern</p>", ("Kaiserslautern", "onsite", "")),
        (", Vollzeit, Köln", ("Köln", "onsite", "full_time")),
        (", Teilzeit, Köln, Deutschland", ("Köln, Deutschland", "onsite", "part_time")),
        (" – Standort Eiterfeld – ab sofort", ("Eiterfeld", "onsite", "")),
        (" – Fulda – 2.400 € brutto/Monat", ("Fulda", "onsite", "")),
        (" (Chicago)", ("Chicago", "onsite", "")),
        ("<div class='job-location'><span>Lisbon</span><span>Porto</span></div>", ("Lisbon, Porto", "onsite", "")),
        ("<p>Location: Bristol. 4 days per week</p>", ("Bristol", "onsite", "")),
        ("<p>📍 Munich</p><p>💼 Full-time</p>", ("Munich", "onsite", "full_time")),
        ("<p>📍 Remote (EU) 💼 Contract</p>", ("Remote (EU)", "remote", "contract")),
    ],
)
def test_the_place_and_the_kind_beside_a_title(beside: str, expected: tuple[str, str, str]) -> None:
    rows = "".join(
        f'<li><a href="/careers/{number}">{title}</a>{beside}</li>' for number, title in enumerate(("Software Engineer", "Nurse"))
    )
    result = read(page(f"<h1>Open positions</h1><ul>{rows}</ul>"), URL)
    assert [fields(job, "location", "location_type", "employment_type") for job in result.jobs] == [expected, expected]


def test_a_day_in_a_spanish_table_is_read_as_the_language_has_it() -> None:
    rows = "".join(
        f'<tr><td><a href="/empleo/{number}">{title}</a></td><td>Sevilla</td><td>{day}</td></tr>'
        for number, (title, day) in enumerate([("Enfermera", "10/11/2026"), ("Cocinero", "28/10/2026")])
    )
    table = f"<table><tr><th>Puesto</th><th>Ubicación</th><th>Fecha</th></tr>{rows}</table>"
    result = read(page(table).replace('lang="en"', 'lang="es"'), "https://acme.es/empleo")
    assert [job.posted_at for job in result.jobs] == ["2026-11-10T00:00:00Z", "2026-10-28T00:00:00Z"]


def test_the_day_behind_a_word_for_posting_is_read_and_a_last_day_is_not_taken_for_it() -> None:
    rows = "".join(
        f'<li><a href="/careers/{number}">{title}</a><p>{said}</p></li>'
        for number, (title, said) in enumerate([("Nurse", "Posted on 11/13/2026"), ("Cook", "Apply by 12/24/2026")])
    )
    assert [job.posted_at for job in read(page(f"<ul>{rows}</ul>"), URL).jobs] == ["2026-11-13T00:00:00Z", None]
