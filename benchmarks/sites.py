"""Company sites of every kind, scraped one after another and all at once: when the first answer is there, when the last."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.parts import cpu
from benchmarks.parts.processes import ROOT
from benchmarks.parts.report import Report
from livepane.jobs.alone import Alone
from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.ladder.scraper import SCRAPER
from livepane.settings import Settings

LATENCY = 0.08  # seconds before every answer, after TCP and TLS
ROUNDS = 5
HEAD_START = 0.3  # seconds that the first result of all at once may take beyond 1.3 times the fastest alone
AT_ONCE = 32  # as many as a server runs


@dataclass(slots=True)
class Run:
    """One company."""

    domain: str
    kind: str
    seconds: float
    jobs: int
    error: str
    rung: str
    pages_opened: int
    requests: int


@dataclass(slots=True)
class World:
    """The served sites."""

    settings: Settings
    plain: list[tuple[str, str]] = field(default_factory=list)  # domain and kind of those that need no browser
    scripted: list[tuple[str, str]] = field(default_factory=list)
    silent: list[tuple[str, str]] = field(default_factory=list)  # never answer: they take as long as we wait


@contextmanager
def served() -> Iterator[World]:
    """The sites, in a process of their own."""
    command = [sys.executable, "-m", "tests.boards", "--latency", str(LATENCY)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        names = tuple(f"{name}={ip}:{port}" for name, (ip, port) in said["addresses"].items())
        world = World(Settings(host_addresses=names, ca_file=Path(said["ca_file"])))
        for site in said["sites"]:
            group = world.scripted if site["needs_browser"] else world.silent if site["kind"] == "slow" else world.plain
            group.append((site["domain"], site["kind"]))
        yield world


async def scrape(alone: Alone, domain: str, kind: str) -> Run:
    """One company, with the options of somebody who gives none."""
    began, jobs, error, facts = time.monotonic(), 0, "", dict[str, Any]()
    try:
        async with alone.work(domain, {}, lambda _: None) as work:
            facts = work.facts
            async for _ in SCRAPER.run(work):
                jobs += 1
    except ScrapeError as failure:
        error = failure.code
    opened, requests = facts.get("opened", 0), facts.get("requests", 0)
    return Run(domain, kind, time.monotonic() - began, jobs, error, facts.get("rung", ""), opened, requests)


async def together(alone: Alone, sites: Sequence[tuple[str, str]]) -> list[Run]:
    """All at once; in the order in which they were done."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(domain: str, kind: str) -> Run:
        async with places:
            return await scrape(alone, domain, kind)

    return [await done for done in asyncio.as_completed([one(*site) for site in sites])]


def run(quick: bool) -> Iterator[Report]:
    """Sites without scripts first; those that need a browser apart."""
    with served() as world:
        yield asyncio.run(without_browser(world, 3 if quick else ROUNDS))
        yield asyncio.run(with_browser(world))


async def without_browser(world: World, rounds: int) -> Report:
    """One after another, then all at once, then again and again."""
    report = Report(
        "sites",
        f"{len(world.plain)} company sites that need no browser, {LATENCY * 1000:.0f} ms to every answer",
        ["", "seconds", "jobs", "requests"],
    )
    async with Alone(world.settings) as alone:
        await scrape(alone, *world.plain[0])  # what is imported and compiled once
    async with Alone(world.settings) as alone:
        single = [await scrape(alone, *site) for site in world.plain]
    # A name whose certificate is wrong "answers" before any page could: first results are compared among those that have one.
    fastest, whole = min(answered(single), key=lambda one: one.seconds), sum(one.seconds for one in single)
    slowest = max(single, key=lambda one: one.seconds)
    report.row("one after another", whole, sum(one.jobs for one in single), sum(one.requests for one in single))
    report.row(f"the fastest alone ({fastest.kind})", fastest.seconds, fastest.jobs, fastest.requests)
    report.row(f"the slowest alone ({slowest.kind})", slowest.seconds, slowest.jobs, slowest.requests)
    memory = []
    first, last, runs = 0.0, 0.0, list[Run]()
    async with Alone(world.settings) as alone:
        for number in range(rounds):
            began = time.monotonic()
            found = await together(alone, world.plain)
            if not number:
                first = min(one.seconds for one in answered(found))
                last, runs = time.monotonic() - began, found
            memory.append(resident())
        browser = alone.browser.chromium_pid
    report.row("all at once, the first result", first, None, None)
    report.row("all at once, the last result", last, sum(one.jobs for one in runs), sum(one.requests for one in runs))
    report.bar("first result of all at once", first, 1.3 * fastest.seconds + HEAD_START, "s")
    report.bar("all at once / one after another", last / whole, 0.2)
    report.bar("jobs lost when all run at once", sum(one.jobs for one in single) - sum(one.jobs for one in runs), 0, "jobs")
    report.bar(
        "share of them without any page opened", sum(not one.pages_opened for one in runs) / len(runs), 1, "", at_most=False
    )
    report.bar("browsers started for them", int(browser is not None), 0, "")
    report.bar(f"memory after {rounds} rounds / after the second", memory[-1] / memory[1], 1.1)  # the first fill caches
    report.notes.append(f"Resident after each round: {', '.join(f'{one / 2**20:.0f}' for one in memory)} MiB.")
    if world.silent:
        report.notes.append(f"Left out: {len(world.silent)} that never answers, and takes as long as we wait (20 s).")
    report.notes.append("Politeness as by default: a burst of 6 requests to one host, then one a second; two at a time.")
    return report


def answered(runs: Sequence[Run]) -> list[Run]:
    """Those that ended with jobs, or with the word that there are none."""
    return [one for one in runs if not one.error]


async def with_browser(world: World) -> Report:
    """Those that scripts fill."""
    report = Report(
        "sites", "Company sites that need a browser, all at once", ["site", "seconds", "jobs", "pages opened", "rung"]
    )
    async with Alone(world.settings) as alone, counted() as trees:
        runs = await together(alone, world.scripted)
    for one in runs:
        report.row(f"{one.domain} ({one.kind})", one.seconds, one.jobs, one.pages_opened, one.rung or one.error)
    report.bar("browser process trees at one time", max(trees, default=0), 1, "")
    report.bar("of them with jobs", sum(one.jobs > 0 for one in runs) / len(runs), 1, "", at_most=False)
    report.bar("browser processes left behind", len(browsers()), 0, "")
    return report


@asynccontextmanager
async def counted() -> AsyncIterator[list[int]]:
    """How many browsers there are, ten times a second."""
    seen: list[int] = []

    async def look() -> None:
        while True:
            seen.append(len(await asyncio.to_thread(browsers)))
            await asyncio.sleep(0.1)

    looking = asyncio.get_running_loop().create_task(look(), name="counting browsers")
    try:
        yield seen
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


def browsers() -> set[int]:
    """The first process of every browser below this one; what a browser starts belongs to its tree."""
    parents = {}
    for pid in cpu.family([os.getpid()]):
        with suppress(OSError):
            if b"chrom" in Path(f"/proc/{pid}/cmdline").read_bytes().partition(b"\0")[0]:
                parents[pid] = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return {pid for pid, parent in parents.items() if parent not in parents}


def resident() -> int:
    """Bytes of this process in memory, when what nobody uses is given back."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
