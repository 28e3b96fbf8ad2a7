"""Glass to glass: a time code painted by a watched page, read back from the canvas of a viewer in a second Chromium."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.parts.crowd import Crowd, Watching
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.machine import chromium
from benchmarks.parts.numbers import percentile
from benchmarks.parts.pages import served
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report

FPS = 10.0
_HOPS = (
    "page paints → Chromium stamps the picture",
    "→ at a raw socket beside (encode, CDP, hub, send)",
    "→ in the viewer's browser",
    "→ decoded and on its canvas",
    "→ the next animation frame",
)


@dataclass(frozen=True, slots=True)
class Sight:
    """One picture on the viewer's canvas. Times in ms since the epoch; `key` names it on the wire."""

    key: str
    painted: float
    captured: float
    received: float
    drawn: float
    framed: float


def run(quick: bool) -> Iterator[Report]:
    """One viewer with a canvas, one raw viewer beside it for the hop in between."""
    seconds = 5.0 if quick else 20.0
    with served() as pages, Livepane() as server:
        stream = server.open_page(f"{pages}/moving?hz=30")
        url = f"{pages}/viewer?server={server.url}&stream={stream}&fps={FPS:g}"
        seen, arrived = undisturbed(partial(_look, url, server.port, stream, seconds))
    yield _report(seen, arrived)


def _look(url: str, port: int, stream: str, seconds: float) -> tuple[list[Sight], dict[str, float]]:
    beside = Watching("raw", 1, port, "/api/live", "own", stream, FPS)
    with Crowd([beside]) as crowd, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(url)
        page.wait_for_function("seen.length > 30", timeout=60_000)  # in step with the source by then
        crowd.mark()
        page.evaluate("seen.length = 0")
        time.sleep(seconds)
        rows: list[dict[str, Any]] = page.evaluate("seen")
        crowd.stop()
        arrived = crowd.receipts("raw")
        browser.close()
    return [Sight(**row) for row in rows], arrived


def _report(seen: list[Sight], arrived: dict[str, float]) -> Report:
    report = Report(
        "glass",
        f"Glass to glass: a page's time code on a viewer's canvas in a second Chromium, {FPS:g} pictures a second",
        ["hop", "p50 ms", "p95 ms"],
    )
    both = [(sight, arrived[sight.key]) for sight in seen if sight.key in arrived]
    hops = [
        [sight.captured - sight.painted for sight in seen],
        [at - sight.captured for sight, at in both],
        [sight.received - at for sight, at in both],
        [sight.drawn - sight.received for sight in seen],
        [sight.framed - sight.drawn for sight in seen],
    ]
    for name, values in zip(_HOPS, hops, strict=True):
        report.row(name, percentile(values, 0.5), percentile(values, 0.95))
    ages = [sight.drawn - sight.painted for sight in seen]
    framed = [sight.framed - sight.painted for sight in seen]
    report.row("**age on the canvas**", percentile(ages, 0.5), percentile(ages, 0.95))
    report.row("age at the next animation frame", percentile(framed, 0.5), percentile(framed, 0.95))
    report.notes.append(f"{len(seen)} pictures, {len(both)} of them also seen by the raw socket.")
    report.bar("age when first painted, p50", percentile(ages, 0.5), 60, "ms")
    report.bar("age when first painted, p95", percentile(ages, 0.95), 150, "ms")
    return report
