"""Whose board it is."""

from __future__ import annotations

import pytest

from livepane.scrapers.job_postings.detect import detect
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.ladder.owner import Owner, Verdict, judge, links_back
from tests.unit.scrapers.reading import page


def judged(body: str, *, careers: bool = False, url: str = "https://www.acme.com/") -> tuple[str | None, Verdict]:
    """The board that a page of Acme leads to, and what is thought of it."""
    document = Document(page(body, '<meta property="og:site_name" content="Acme Anvils">', "Home | Acme"), url)
    owner = Owner.of("https://www.acme.com/")
    owner.learn(document)
    detection = detect(document)
    return detection.token, judge(owner, detection, document, careers=careers, asked_for=False)


@pytest.mark.parametrize(
    ("body", "careers", "keep", "verified"),
    [
        ('<a href="https://jobs.lever.co/acme">Careers</a>', False, True, True),
        ('<a href="https://jobs.lever.co/acmeanvils">Join us</a>', False, True, True),
        ('<iframe src="https://boards.greenhouse.io/embed/job_board?for=ironholding"></iframe>', True, True, True),
        ('<a href="https://jobs.lever.co/globex">Careers</a>', False, True, False),
        ('<a href="https://jobs.lever.co/globex">Jobs at Globex</a>', False, False, False),
        ('<a href="https://jobs.lever.co/globex">Careers at Acme</a>', False, True, False),
        (
            '<a href="https://jobs.lever.co/globex/1">Smith</a><a href="https://jobs.lever.co/globex/2">Miner</a>',
            True,
            True,
            False,
        ),
    ],
)
def test_a_board_is_judged_by_its_name_and_by_what_leads_to_it(
    body: str, careers: bool, keep: bool, verified: bool | None
) -> None:
    token, verdict = judged(body, careers=careers)
    assert token
    assert (verdict.keep, verdict.verified) == (keep, verified), verdict.why


def test_a_sponsors_board_is_not_even_a_board_of_the_page() -> None:
    token, _ = judged(
        '<section class="sponsors"><h2>Sponsors</h2><a href="https://jobs.lever.co/globex">We are hiring</a></section>'
    )
    assert token is None


def test_a_board_of_another_name_is_owned_when_it_links_back() -> None:
    owner = Owner.of("https://www.acme.com/")
    assert links_back(owner, Document(page('<a href="https://acme.com/about">About</a>'), "https://jobs.lever.co/globex"))
    assert not links_back(owner, Document(page('<a href="https://globex.com/">Globex</a>'), "https://jobs.lever.co/globex"))


def test_the_company_is_called_as_its_own_site_calls_it() -> None:
    owner = Owner.of("https://www.acme.com/")
    owner.learn(
        Document(page("", '<meta property="og:site_name" content="Acme Anvils">', "Home | Acme"), "https://www.acme.com/")
    )
    assert owner.shown == "Acme"
    assert Owner.of("https://jobs.lever.co/acme").names == []  # a vendor's name is nobody's
