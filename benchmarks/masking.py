"""Masking: what watching a page costs with the veil before its pictures, beside the cast alone."""

from __future__ import annotations

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks.parts import cpu
from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.pages import served
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report
from livepane.browsers.page import OpenPage
from livepane.browsers.pool import BrowserPool
from livepane.domain.demand import Demand
from livepane.domain.frame import Picture
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.domain.stream import Action, Spot
from livepane.sources.cast import Cast
from livepane.sources.page import PageSource

FPS = 5.0
SETTLE = 3.0  # s for a page to load, and to come to rest
ALONE, NOTHING, MASKED = "the cast alone", "nothing to hide", "a masked element"


@dataclass(frozen=True, slots=True)
class Case:
    """One page, watched in one way."""

    page: str
    address: str
    way: str
    masked: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What one measurement found."""

    core: float  # share of one core: Chromium and this process
    pictures: float  # a second


class Sink:
    """Counts pictures."""

    def __init__(self) -> None:
        self.pictures = 0

    def put(self, picture: Picture) -> None:
        """FrameSink."""
        self.pictures += 1

    def visible(self) -> None:
        """FrameSink."""

    def hidden(self, reason: str) -> None:
        """FrameSink."""

    def describe(self, *, title: str | None = None, url: str | None = None, masked: bool | None = None) -> None:
        """FrameSink."""

    def action(self, action: Action) -> None:
        """FrameSink."""

    def point(self, spot: Spot | None) -> None:
        """FrameSink."""


class Steady:
    """A DemandSignal that stays as it is."""

    now = Demand(FPS)

    async def changed(self) -> Demand:
        """Never."""
        await asyncio.Event().wait()
        return self.now


def run(quick: bool) -> Iterator[Report]:
    """Each page in each way, in turn."""
    seconds, rounds = (5.0, 1) if quick else (10.0, 3)
    runs: dict[tuple[str, str], list[Run]] = defaultdict(list)
    with served() as pages:
        cases = [
            Case(page, pages + path, way, (selector,) if way == MASKED else ())
            for page, path, selector in (("still", "/static", "p:nth-child(3)"), ("10 repaints/s", "/moving?hz=10", "#code"))
            for way in (ALONE, NOTHING, MASKED)
        ]
        for _ in range(rounds):
            for case in cases:
                runs[case.page, case.way].append(undisturbed(partial(_run, case, seconds)))
    report = Report(
        "masking",
        f"A page watched at {FPS:g} fps, with and without something to paint over",
        ["page", "way", "% of a core, Chromium and server side", "pictures/s"],
    )
    cores: dict[tuple[str, str], float] = {}
    for key, found in runs.items():
        cores[key] = median([one.core for one in found])
        report.row(*key, cores[key] * 100, median([one.pictures for one in found]))
    still, moving = "still", "10 repaints/s"
    report.bar("still page, masked", cores[still, MASKED] * 100, 2, "% of a core")
    report.bar("still page, nothing to hide, over the cast alone", (cores[still, NOTHING] - cores[still, ALONE]) * 100, 0.5, "%")
    report.bar("moving page, nothing to hide, beside the cast alone", ratio(cores[moving, NOTHING], cores[moving, ALONE]), 1.1)
    report.notes.append(
        "The cast alone is what a page cost before anything could be masked. A moving masked page is noted in every frame, and "
        "each of its pictures is decoded, painted and encoded again."
    )
    yield report


def _run(case: Case, seconds: float) -> Run:
    return asyncio.run(_measured(case, seconds))


async def _veiled(page: OpenPage, masked: Sequence[str], sink: FrameSink, demand: DemandSignal) -> None:
    source = PageSource(page, masked)
    await source.guarded()
    await source.capture(sink, demand)


async def _measured(case: Case, seconds: float) -> Run:
    pool = BrowserPool(idle_after=60.0)
    try:
        page = await pool.open(case.address)
        sink = Sink()
        steady = Steady()
        watching = Cast(page.session, sink).run(steady) if case.way == ALONE else _veiled(page, case.masked, sink, steady)
        task = asyncio.get_running_loop().create_task(watching, name="watching")
        await asyncio.sleep(SETTLE)
        before, pictures, started = cpu.of_trees([os.getpid()]), sink.pictures, time.monotonic()
        await asyncio.sleep(seconds)
        spent, took = cpu.of_trees([os.getpid()]) - before, time.monotonic() - started
        task.cancel()
        await asyncio.wait([task])
        return Run(spent / took, (sink.pictures - pictures) / took)
    finally:
        await pool.close()
