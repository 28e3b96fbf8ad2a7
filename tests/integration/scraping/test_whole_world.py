"""Companies of every kind, all at once, by the real way out: each gets its own answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from livepane.jobs.alone import Alone
from tests.boards import Site, World, boards
from tests.integration.scraping.made import Got, scrape, settings


@dataclass(frozen=True, slots=True)
class Scraped:
    """The world, and what was found in it without a browser."""

    world: World
    got: dict[str, Got]
    asked: Counter[str]  # requests by host
    opened: int | None  # process of a browser

    def each(self, *kinds: str) -> list[tuple[Site, Got]]:
        """Companies of some kinds; all, without one."""
        return [
            (site, self.got[site.domain])
            for site in self.world.sites
            if site.domain in self.got and site.kind in (kinds or {site.kind})
        ]


@pytest.fixture(scope="module")
def scraped() -> Iterator[Scraped]:
    with boards() as world:
        assert world.server is not None
        sites = [site for site in world.sites if not site.needs_browser and site.kind != "slow"]

        async def run() -> tuple[list[Got], int | None]:
            async with Alone(settings(world.addresses, world.ca_file)) as alone:
                found = await asyncio.gather(*(scrape(alone, site.domain) for site in sites))
                return list(found), alone.browser.chromium_pid

        found, opened = asyncio.run(run())
        asked = Counter(request.host for request in world.server.requests)
        yield Scraped(world, {site.domain: got for site, got in zip(sites, found, strict=True)}, asked, opened)


def test_every_company_has_its_own_jobs_and_no_others(scraped: Scraped) -> None:
    for site, got in scraped.each():
        assert sorted(got.titles) == sorted(job.title for job in site.jobs), (
            f"{site.domain}: {got.error} {got.message} {got.facts}"
        )


def test_zero_blocked_no_careers_page_and_all_other_ends_are_told_apart(scraped: Scraped) -> None:
    assert {site.domain: got.error for site, got in scraped.each()} == {site.domain: site.error for site, _ in scraped.each()}
    for _, got in scraped.each("zero"):
        assert got.facts["diagnostics"]["zero"]
        assert got.facts["company_health"]["label"] == "none"


def test_a_site_that_refuses_is_asked_three_times_at_the_most(scraped: Scraped) -> None:
    refusing = [site.domain for site, _ in scraped.each("blocked")]
    assert refusing
    assert all(scraped.asked[domain] <= 3 for domain in refusing)


def test_no_page_is_opened_for_what_needs_none(scraped: Scraped) -> None:
    assert scraped.opened is None
    assert all(not got.facts.get("opened") for _, got in scraped.each())


def test_every_job_has_the_shape_of_the_wire(scraped: Scraped) -> None:
    jobs = [job for _, got in scraped.each() for job in got.jobs]
    assert len(jobs) > 100
    for job in jobs:
        assert urlsplit(job["url"]).scheme in {"http", "https"}
        assert urlsplit(job["source_page"]).scheme in {"http", "https"}
        assert job["title"]
        assert job["location_type"] in {"remote", "hybrid", "onsite"}
        assert 0 <= job["score"] <= 100
        assert job["signals"]
        assert job["extraction_source"]


def test_feeds_are_read_to_their_end_and_say_so(scraped: Scraped) -> None:
    feeds = [(site, got) for site, got in scraped.each() if got.facts.get("rung") == "vendor_feed"]
    assert len(feeds) > 15
    for site, got in feeds:
        health = got.jobs[0]["company_health"]
        assert got.facts["diagnostics"]["complete"], site.domain
        assert (health["ats"], health["parsed_total"]) == (site.ats or health["ats"], len(site.jobs))
        assert health["sources_agree"] in {True, None}, site.domain
        assert not any("count:mismatch" in job["signals"] for job in got.jobs), site.domain
