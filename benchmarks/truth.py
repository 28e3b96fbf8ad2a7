"""What is found on the made boards beside what is true of them: fields right, wrong and missing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator

from benchmarks.parts.report import Report
from livepane.jobs.alone import Alone
from livepane.scrapers.contract import Item, ScrapeError
from livepane.scrapers.job_postings.extract import extract
from livepane.scrapers.ladder.scraper import SCRAPER
from livepane.settings import Settings
from tests.boards import Site, boards, offline
from tests.boards.judge import FIELDS, Judgement, judge


def run(quick: bool) -> Iterator[Report]:
    """Every document on its own, then every company from its domain; `quick` makes no difference."""
    world = offline()
    by_kind: dict[str, Judgement] = defaultdict(Judgement)
    documents: dict[str, int] = defaultdict(int)
    answers: dict[str, int] = defaultdict(int)
    for sheet in world.sheets:
        reply = world.web.fetch(sheet.url, sheet.post)
        found = extract(reply.content, sheet.url, now=world.web.now, content_type=reply.content_type)
        documents[sheet.kind] += 1
        said = ((found.error or "").partition(":")[0], found.needs_escalation, found.detect.ats)
        next_page = sheet.next_page or found.next_page
        answers[sheet.kind] += said == (sheet.error, sheet.needs_escalation, sheet.ats or found.detect.ats) and (
            found.next_page == next_page
        )
        by_kind[sheet.kind].add(judge([job.as_dict() for job in found.jobs], sheet.jobs, f"{sheet.kind}, {sheet.variant}"))
    yield by_board(by_kind, documents, answers)
    yield by_field(by_kind)
    yield asyncio.run(by_company())


async def by_company() -> Report:
    """Every company of the made world, from its domain, by the whole ladder and a browser where it takes one."""
    report = Report(
        "truth",
        "Made companies: what the whole ladder finds from a domain",
        ["kind", "companies", "answer right", "jobs", "lost", "invented", "fields right", "wrong", "missing"],
    )
    by_kind: dict[str, Judgement] = defaultdict(Judgement)
    companies: dict[str, int] = defaultdict(int)
    answers: dict[str, int] = defaultdict(int)
    with boards() as world:
        names = tuple(f"{name}={ip}:{port}" for name, (ip, port) in world.addresses.items())
        sites = [site for site in world.sites if site.kind != "slow"]  # that one takes as long as we wait
        async with Alone(Settings(host_addresses=names, ca_file=world.ca_file)) as alone:

            async def found(site: Site) -> tuple[list[Item], str]:
                try:
                    return (await alone.run(SCRAPER, site.domain, {}, lambda _: None)).items, ""
                except ScrapeError as failure:
                    return [], failure.code

            results = await asyncio.gather(*(found(site) for site in sites))
    for site, (jobs, error) in zip(sites, results, strict=True):
        companies[site.kind] += 1
        answers[site.kind] += error == site.error
        by_kind[site.kind].add(judge(jobs, site.jobs, site.domain))
        if error != site.error:
            report.notes.append(f"{site.domain}: the answer is {error or 'no error'}; it should be {site.error or 'none'}")
    return counted(report, by_kind, companies, answers)


def by_board(by_kind: dict[str, Judgement], documents: dict[str, int], answers: dict[str, int]) -> Report:
    """A row for every kind of board."""
    report = Report(
        "truth",
        "Made boards: what extraction finds on each document",
        ["board", "documents", "answer right", "jobs", "lost", "invented", "fields right", "wrong", "missing"],
    )
    report.notes.append(
        "A field counts where its source states it. Answer: error code, need of a browser, system, where to go on. "
        "These boards are of our own making: figures for the real ones are lower."
    )
    return counted(report, by_kind, documents, answers)


def counted(report: Report, by_kind: dict[str, Judgement], units: dict[str, int], answers: dict[str, int]) -> Report:
    """The rows and bars."""
    whole = Judgement()
    for kind, one in by_kind.items():
        report.row(
            kind,
            units[kind],
            answers[kind],
            one.jobs,
            one.lost,
            one.invented,
            one.right.total(),
            one.wrong.total(),
            one.missing.total(),
        )
        whole.add(one)
    report.row(
        "all",
        sum(units.values()),
        sum(answers.values()),
        whole.jobs,
        whole.lost,
        whole.invented,
        whole.right.total(),
        whole.wrong.total(),
        whole.missing.total(),
    )
    report.bar("jobs lost or invented", whole.lost + whole.invented, 0, "jobs")
    report.bar("fields wrong", whole.wrong.total(), 0, "fields")
    report.bar("with the right answer", sum(answers.values()), sum(units.values()), "", at_most=False)
    report.notes += whole.faults[:40]
    return report


def by_field(by_kind: dict[str, Judgement]) -> Report:
    """A row for every field."""
    whole = Judgement()
    for one in by_kind.values():
        whole.add(one)
    report = Report("truth", "The same by field", ["field", "right", "wrong", "missing"])
    for name in FIELDS:
        report.row(name, whole.right[name], whole.wrong[name], whole.missing[name])
    return report
