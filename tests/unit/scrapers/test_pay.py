"""Pay in the words of many countries, and money that is no pay."""

from __future__ import annotations

import json
from typing import Any

import pytest

from livepane.scrapers.job_postings import money
from livepane.scrapers.job_postings.pay_in_body import in_body
from tests.unit.scrapers.reading import page, read

MONEY = [
    ("$120K – $150K", (120000, 150000, "USD", "")),
    ("€50.000 - €60.000", (50000, 60000, "EUR", "")),
    ("45.000 € brutto/Jahr", (45000, 45000, "EUR", "year")),
    ("£30,000 per annum", (30000, 30000, "GBP", "year")),
    ("$25/hr", (25, 25, "USD", "hour")),
    ("$17.50 - $20.25 per hour", (17.5, 20.25, "USD", "hour")),
    ("CHF 100'000 - 120'000", (100000, 120000, "CHF", "")),
    ("120 000 – 140 000 zł", (120000, 140000, "PLN", "")),
    ("80 - 100k €", (80000, 100000, "EUR", "")),
    ("US$ 90,000.00 to 100,000.00 yearly", (90000, 100000, "USD", "year")),
    ("2 800 € par mois", (2800, 2800, "EUR", "month")),
    ("from €3,000 per month", (3000, None, "EUR", "month")),
    ("up to $90,000", (None, 90000, "USD", "")),
    ("15,50 € pro Stunde", (15.5, 15.5, "EUR", "hour")),
    ("CAD $80,000-$95,000", (80000, 95000, "CAD", "")),
    ("40 000 Kč měsíčně", (40000, 40000, "CZK", "month")),
    ("Band 6 £38,682 to £46,580 a year", (38682, 46580, "GBP", "year")),
    ("£30,000 per annum, 37.5 hours per week", (30000, 30000, "GBP", "year")),
    ("€ 2.800 en € 3.400 bruto per maand", (2800, 3400, "EUR", "month")),
    ("€ 2.000 en 14 pagas", (2000, 2000, "EUR", "")),
    ("2500 – 3200 € p/m", (2500, 3200, "EUR", "month")),
    ("24.000€ - 28.000€ brutos anuales", (24000, 28000, "EUR", "year")),
    ("RAL 30-35.000 euro", (30000, 35000, "EUR", "year")),
    ("$17.00/hr - $19.00/hr", (17, 19, "USD", "hour")),
    ("USD $21.00 - USD $24.00 /Hr.", (21, 24, "USD", "hour")),
    ("₹12-18 LPA", (1200000, 1800000, "INR", "year")),
    ("¥600万〜¥900万", (6000000, 9000000, "JPY", "")),
    ("年収600万円〜900万円", (6000000, 9000000, "JPY", "year")),
    ("35 000 kr/mån", (35000, 35000, "SEK", "month")),
    ("kr 550 000 - 650 000", (550000, 650000, "", "")),
    ("R 25 000 - R 30 000 per month", (25000, 30000, "ZAR", "month")),
    ("Mindestgehalt 3.100,- € brutto", (3100, None, "EUR", "")),
    ("AUD $110,000 + super", (110000, 110000, "AUD", "")),
]


@pytest.mark.parametrize(("text", "expected"), MONEY)
def test_pay_that_is_labelled(text: str, expected: tuple[Any, ...]) -> None:
    salary = money.parse(text)
    assert salary is not None
    assert (salary.min, salary.max, salary.currency, salary.period) == expected


@pytest.mark.parametrize("text", ["Competitive", "DOE", "", "5 weeks of holidays", "401k"])
def test_what_is_no_pay(text: str) -> None:
    assert money.parse(text) is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("The base salary range for this role is $150,000 - $180,000 plus equity.", (150000, 180000)),
        ("Compensation: €28.50 per hour.", (28.5, 28.5)),
        ("A $500 stipend for your home office. Salary is good.", None),
        ("We raised $50 million. Salary is competitive.", None),
        ("Salary: competitive, plus a $5,000 sign-on bonus", None),
        ("Sie erhalten ein Gehalt von 48.000 € bis 55.000 € im Jahr", (48000, 55000)),
        ("You manage a portfolio of $100,000 - $200,000.", None),
        ("Customers pay $50 per month for our product.", None),
        ("We offer a $1,000 per year learning budget.", None),
        ("A wide range of products from $10 to $50 per month", None),
        ("Competitive salary. Every employee gets $2,000 per year for training.", None),
        ("Salary: $25 million raised", None),
    ],
)
def test_pay_in_a_body(body: str, expected: tuple[float, float] | None) -> None:
    salary = in_body(body)
    assert (None if salary is None else (salary.min, salary.max)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Gehalt: 2.800 - 3.400 € brutto/Monat", (2800, 3400, "EUR", "month")),
        ("Gehalt: 60.000 bis 75.000 Euro pro Jahr", (60000, 75000, "EUR", "year")),
        ("Rémunération : 38-45 K€ par an", (38000, 45000, "EUR", "year")),
        ("Wynagrodzenie: 8 000 – 10 000 PLN brutto miesięcznie", (8000, 10000, "PLN", "month")),
        ("Salary: 90000 - 110000 USD per year", (90000, 110000, "USD", "year")),
        ("Pay: $38.00 - $52.00 per hour", (38, 52, "USD", "hour")),
        ("Pay: $45 - $55/hr", (45, 55, "USD", "hour")),
        ("Rate: $45/hr", (45, 45, "USD", "hour")),
        ("Starting pay $18/hr", (18, 18, "USD", "hour")),
        ("Expected salary: $65,000", (65000, 65000, "USD", "")),
        ("Einstieg ab EUR 3.200,- brutto monatlich", (3200, None, "EUR", "month")),
        ("Mindestentgelt von EUR 2.950 brutto", (2950, 2950, "EUR", "")),
        ("US Annual Salary $190,000 — $230,000 USD", (190000, 230000, "USD", "year")),
        ("Annual Salary Range: $90,000.00 - $110,000.00 USD", (90000, 110000, "USD", "year")),
        ("Lön: 35 000 - 42 000 kr/mån", (35000, 42000, "SEK", "month")),
        ("Salaris tussen € 2.800 en € 3.400 bruto per maand", (2800, 3400, "EUR", "month")),
    ],
)
def test_both_ends_the_currency_and_the_period_of_pay_in_a_body(body: str, expected: tuple[Any, ...]) -> None:
    salary = in_body(f"We build things. {body} We look forward to you.")
    assert salary is not None
    assert (salary.min, salary.max, salary.currency, salary.period) == expected


def paid(document: Any, url: str) -> list[tuple[Any, ...]]:
    """The pay of every job of a document."""
    said = [job.salary or {} for job in read(document, url).jobs]
    return [(pay.get("min"), pay.get("max"), pay.get("currency"), pay.get("period")) for pay in said]


def test_a_dash_between_two_amounts_parts_no_card() -> None:
    cards = "".join(
        f'<div class="job"><h3><a href="/careers/{number}">{title}</a></h3><p>Leeds - {pay}</p></div>'
        for number, (title, pay) in enumerate(
            [
                ("Nurse", "£38,000 - £42,000 per annum"),
                ("Cook", "$30 - $42 an hour"),
                ("Driver", "2.800 – 3.400 € brutto/Monat"),
                ("Welder", "full-time"),
            ]
        )
    )
    assert paid(page(cards), "https://acme.com/careers") == [
        (38000, 42000, "GBP", "year"),
        (30, 42, "USD", "hour"),
        (2800, 3400, "EUR", "month"),
        (None, None, None, None),
    ]


def test_pay_in_the_fields_of_vendors() -> None:
    greenhouse = {
        "id": 1,
        "title": "Recruiter",
        "absolute_url": "https://job-boards.greenhouse.io/acme/jobs/1",
        "content": "",
        "pay_input_ranges": [
            {"min_cents": 6000000, "max_cents": 7550000, "currency_type": "USD", "title": "NYC annual range", "blurb": ""}
        ],
    }
    job = read(greenhouse, "https://boards-api.greenhouse.io/v1/boards/acme/jobs/1").jobs[0]
    assert job.salary == {"min": 60000, "max": 75500, "currency": "USD", "period": "year", "text": "USD 60,000 – 75,500 per year"}
    rippling = {
        "uuid": "9",
        "name": "Cook",
        "url": "https://ats.rippling.com/acme/jobs/9",
        "employmentType": {"label": "SALARIED_FT", "id": "Salaried, full-time"},
        "payRangeDetails": [
            {"currency": "USD", "frequency": "YEARLY", "rangeStart": 60000, "rangeEnd": 80000},
            {"currency": "USD", "frequency": "YEARLY", "rangeStart": 55000, "rangeEnd": 70000},
        ],
    }
    url = "https://api.rippling.com/platform/api/ats/v1/board/acme/jobs"
    assert read([rippling], url).jobs[0].employment_type == "full_time"
    assert paid([rippling], url) == [(55000, 80000, "USD", "year")]
    rows = [
        {"id": number, "jobTitle": title, "city": "Leeds", "minSalary": 30000, "maxSalary": 35000, "salaryCurrency": "GBP"}
        for number, title in enumerate(["Plumber", "Welder"])
    ]
    assert paid({"jobs": rows}, "https://api.acme.com/v1/jobs") == [(30000, 35000, "GBP", "")] * 2


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {"baseSalary": {"@type": "PriceSpecification", "price": "18.50", "priceCurrency": "USD", "unitText": "hour"}},
            (18.5, 18.5, "USD", "hour"),
        ),
        ({"baseSalary": "45000", "salaryCurrency": "EUR"}, (45000, 45000, "EUR", "")),
        ({"baseSalary": "30.000 - 36.000 per year", "salaryCurrency": "EUR"}, (30000, 36000, "EUR", "year")),
    ],
)
def test_pay_in_data_for_search_engines(said: dict[str, Any], expected: tuple[Any, ...]) -> None:
    posting = {"@context": "https://schema.org", "@type": "JobPosting", "title": "Cook", **said}
    head = f'<script type="application/ld+json">{json.dumps(posting)}</script>'
    assert paid(page("<h1>Cook</h1>", head), "https://acme.com/jobs/1") == [expected]


def test_a_board_of_ashby_states_the_period_for_search_engines_only() -> None:
    posting = {
        "id": "3e",
        "title": "Engineer",
        "compensationTierSummary": "$180K – $220K • Offers Equity",
        "linkedData": {"baseSalary": {"currency": "USD", "value": {"unitText": "YEAR", "minValue": 180000, "maxValue": 220000}}},
    }
    state = {"organization": {"name": "Acme", "hostedJobsPageSlug": "acme"}, "posting": posting}
    script = f"<script>window.__appData = {json.dumps(state)};</script>"
    assert paid(page(script), "https://jobs.ashbyhq.com/acme/3e") == [(180000, 220000, "USD", "year")]
