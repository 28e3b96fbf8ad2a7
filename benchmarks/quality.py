"""What the generic gallery brings of made pages of every shape: items at their true maximum, and what is no item."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.parts.report import Report
from tests.galleries import Shape, galleries
from tests.galleries.run import Brought, bring, downloader

LATENCY = 0.03  # seconds before every answer
SHARE = 95.0  # percent of all items
PAGES = 2  # shapes at a time


def run(quick: bool) -> Iterator[Report]:
    """Every shape, by a browser; `quick` makes no difference."""
    yield asyncio.run(_measure())


async def _measure() -> Report:
    report = Report(
        "quality",
        "Made galleries: items that come in their best quality",
        ["shape", "items", "at their maximum", "%", "smaller", "lost", "false", "twice", "opened", "proofs", "s"],
    )
    with galleries(latency=LATENCY) as made, tempfile.TemporaryDirectory(prefix="quality-") as folder:
        async with downloader(made, Path(folder), PAGES) as alone:
            turn = asyncio.Semaphore(PAGES)

            async def one(shape: Shape) -> tuple[Brought, float]:
                async with turn:
                    began = time.monotonic()
                    return await bring(alone, shape), time.monotonic() - began

            brought = await asyncio.gather(*(one(shape) for shape in made.shapes))
        whole = [0, 0, 0, 0]
        wrong = 0
        for shape, (came, seconds) in zip(made.shapes, brought, strict=True):
            if shape.error:
                wrong += came.error != shape.error
                if came.error != shape.error:
                    report.notes.append(f"{shape.name}: the answer is {came.error or 'no error'}; it should be {shape.error}")
                continue
            score = made.easel.judge(shape, came.items)
            share = 100 * score.best / score.items
            counts = (len(score.smaller), len(score.lost), len(score.false), score.twice)
            opened, proofs = came.facts.get("opened", 0), came.facts.get("proofs", 0)
            report.row(shape.name, score.items, score.best, share, *counts, opened, proofs, seconds)
            whole = [sum(pair) for pair in zip(whole, (score.items, score.best, len(score.false), score.twice), strict=True)]
            notes = [
                *(f"{one} is smaller than it could be" for one in score.smaller),
                *(f"{one} was not found" for one in score.lost),
            ]
            notes += [f"{one} is no item" for one in score.false]
            notes += [f"{came.error}: {came.message}"] if came.error else []
            if shape.warning and not any(shape.warning in one for one in came.warnings):
                wrong += 1
                notes.append(f"nothing is said about: {shape.warning}")
            report.notes += [f"{shape.name}: {note}" for note in notes]
    report.row("all", whole[0], whole[1], 100 * whole[1] / whole[0], None, None, whole[2], whole[3], None, None, None)
    report.bar("of all items, at their maximum", 100 * whole[1] / whole[0], SHARE, "%", at_most=False)
    report.bar("false items, of all", 100 * whole[2] / whole[0], 100 - SHARE, "%")
    report.bar("answers that are wrong: errors and warnings", wrong, 0, "")
    report.notes.append(
        f"Each page is opened in a real browser and its files are kept; every answer takes {LATENCY * 1000:g} ms, "
        f"{PAGES} pages at a time. These pages are of our own making, after the standards and after what content systems "
        "document: figures for real sites are lower."
    )
    return report
