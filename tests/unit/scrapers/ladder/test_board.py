"""Lists that are read in pieces."""

from __future__ import annotations

from typing import Any

from livepane.scrapers.job_postings.extract import Known
from livepane.scrapers.job_postings.job import Job
from livepane.scrapers.ladder.asks import Ask
from livepane.scrapers.ladder.board import Board
from livepane.scrapers.ladder.details import lacking, merged
from tests.unit.scrapers.reading import page, read

URL = "https://api.smartrecruiters.com/v1/companies/Acme/postings?limit=2"


def answer(total: int, *rows: tuple[str, str, str]) -> Any:
    """A page of a vendor's feed: ids, titles, cities."""
    company = {"identifier": "Acme", "name": "Acme"}
    listed = [{"id": one, "name": title, "company": company, "location": {"city": city}} for one, title, city in rows]
    return read({"totalFound": total, "offset": 0, "content": listed}, URL, known=Known("Acme", True, part=True))


def test_a_job_with_a_row_for_each_place_is_one_job_also_over_two_pages() -> None:
    board = Board("vendor_feed", Ask(URL))
    assert board.take(answer(4, ("1", "Smith", "Bern"), ("2", "Miner", "Bern"))) == 2
    assert board.take(answer(4, ("1", "Smith", "Basel"), ("3", "Smith", "Bern"))) == 1
    assert [(job.id, job.location) for job in board.jobs] == [("1", "Bern; Basel"), ("2", "Bern"), ("3", "Bern")]
    assert board.whole
    assert not any("count:mismatch" in job.signals for job in board.jobs)


def test_a_list_shorter_than_its_source_says_costs_belief_once() -> None:
    board = Board("vendor_feed", Ask(URL))
    board.take(answer(9, ("1", "Smith", "Bern")))
    before = board.jobs[0].score
    board.reconcile()
    board.reconcile()
    assert not board.whole
    assert (board.jobs[0].score, board.jobs[0].signals.count("count:mismatch")) == (before - 5, 1)


def test_a_page_that_comes_again_brings_nothing_new() -> None:
    board = Board("vendor_feed", Ask(URL))
    board.take(answer(9, ("1", "Smith", "Bern")))
    assert board.take(answer(9, ("1", "Smith", "Bern"))) == 0


def job(body: str, url: str) -> Job:
    """The first job of a page."""
    return read(page(body, title="Jobs at Acme"), url).jobs[0]


def test_a_detail_page_fills_in_and_the_list_keeps_what_it_knows() -> None:
    listed = job(
        '<h1>Open positions</h1><ul><li class="job"><a href="/jobs/1"><h3>Smith (m/w/d)</h3></a><span class="location">Bern</span></li>'
        '<li class="job"><a href="/jobs/2"><h3>Software Engineer</h3></a><span class="location">Basel</span></li></ul>',
        "https://acme.com/jobs",
    )
    assert lacking(listed)
    data = '{"@type":"JobPosting","title":"Smith (m/w/d)","datePosted":"2026-11-10","description":"<p>Hit iron.</p>","employmentType":"PART_TIME"}'
    detailed = job(f'<h1>Smith (m/w/d)</h1><script type="application/ld+json">{data}</script>', "https://acme.com/jobs/1")
    both = merged(listed, detailed)
    assert (both.url, both.location, both.summary, both.employment_type) == (listed.url, "Bern", "Hit iron.", "part_time")
    assert both.posted_at is not None
    assert both.posted_at.startswith("2026-11-10")
    assert not lacking(both)
