"""How long one document takes, by the rule that finds its jobs, and what a very large page costs."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator

from benchmarks.parts.documents import page
from benchmarks.parts.numbers import median, percentile
from benchmarks.parts.report import Report
from livepane.scrapers.job_postings.extract import extract
from tests.boards import offline

LARGE = 2 * 2**20  # bytes
BAR = 50.0  # ms
# In the order in which they are tried.
RUNGS = {
    "feed": "a vendor's feed",
    "json_ld": "JSON-LD",
    "microdata": "microdata",
    "board": "a vendor's board in HTML",
    "static": "static DOM",
    "state": "state in the page",
    "none": "no jobs: where to go on, zero, error",
}


def _rung(rule: str) -> str:
    if rule in {"json_ld", "microdata"}:
        return rule
    if rule == "static_dom":
        return "static"
    if rule.endswith(("_api", "_xml", "_rss")) or rule in {"generic_json", "xml_feed"}:
        return "feed"
    if rule.endswith(("_html", "_board")):
        return "board"
    return "state" if rule else "none"


def _times(body: bytes, url: str, rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        extract(body, url)
        taken.append((time.process_time() - started) * 1000)
    return taken


def run(quick: bool) -> Iterator[Report]:
    """Every document of the made boards, then pages of 2 MB."""
    rounds = 5 if quick else 25
    world = offline()
    by_rung: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for sheet in world.sheets:
        body = world.web.fetch(sheet.url, sheet.post).content
        rule = extract(body, sheet.url, now=world.web.now).rule  # also: everything is imported and compiled
        by_rung[_rung(rule)].append((median(_times(body, sheet.url, rounds)), len(body)))
    report = Report(
        "extraction",
        "One document, by the rule that finds its jobs",
        ["found by", "documents", "KB, median", "ms p50", "ms worst"],
    )
    for rung, name in RUNGS.items():
        if rows := by_rung.get(rung):
            taken = [ms for ms, _ in rows]
            report.row(name, len(rows), median(size / 1024 for _, size in rows), median(taken), max(taken))
    url = "https://anvil.example/jobs"
    for postings, filling in ((1, "markup"), (1, "script"), (25, "markup"), (25, "script")):
        body = page(LARGE, postings=postings, filling=filling).encode()
        taken = _times(body, url if postings > 1 else f"{url}/0", rounds)
        what = f"JSON-LD, {postings} posting{'s' if postings > 1 else ''}, the rest {filling}"
        report.row(what, 1, len(body) / 1024, median(taken), percentile(taken, 0.95))
        report.bar(f"{what}: a page of 2 MB, p50", median(taken), BAR, "ms")
    report.notes.append(
        "Times are of `extract` on bytes: decoding, parsing, detection, jobs with score. "
        "Time of one core, which other processes do not add to; nothing fetched."
    )
    yield report
