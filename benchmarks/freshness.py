"""One viewer on a thin link beside fifty fast ones: how old are its pictures, and does it slow the others."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from benchmarks.parts.crowd import Crowd, Watching
from benchmarks.parts.link import RATE, thin_link
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.processes import Child
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report

FPS, FAST = 30.0, 50
_ALONE = "no slow viewer"
_WAYS = {"/api/live": "own", "/ws/viewer": "binary", "JSON frames": "json"}


@dataclass(frozen=True, slots=True)
class Run:
    """One situation, once. Ages in ms."""

    slow_p50: float
    slow_p95: float
    on_link: float  # ms that one picture takes on the link
    slow_fps: float
    fast_p50: float
    fast_p95: float


def run(quick: bool) -> Iterator[Report]:
    """Every round has a run without a slow viewer and one for each way out."""
    rounds, seconds = (1, 3.0) if quick else (5, 3.0)
    runs: dict[str, list[Run]] = defaultdict(list)
    with Livepane() as server, Child("benchmarks.parts.producer", "--port", str(server.port), "--fps", str(FPS)) as producer:
        producer.read()
        for _ in range(rounds):
            for way in (_ALONE, *_WAYS):
                runs[way].append(undisturbed(partial(_measure, server, way, seconds)))
    yield _report(runs)


def _measure(server: Livepane, way: str, seconds: float) -> Run:
    with ExitStack() as stack:
        groups = [Watching("fast", FAST, server.port, "/api/live", "own", "producer:bench", FPS)]
        if way != _ALONE:
            paths = {"/api/live": "/api/live", "/ws/viewer": f"/ws/viewer?name=bench&fps={FPS:g}"}
            path = paths.get(way) or server.json_path("producer:bench", FPS)
            via = stack.enter_context(thin_link(server.port))
            groups.append(Watching("slow", 1, server.port, path, _WAYS[way], "producer:bench", FPS, via=via))
        crowd = stack.enter_context(Crowd(groups))
        time.sleep(1.5)
        crowd.mark()
        time.sleep(seconds)
        crowd.stop()
        seen = crowd.report()
    slow, fast = seen.get("slow"), seen["fast"]
    if slow is None:
        return Run(math.nan, math.nan, math.nan, math.nan, fast.age(0.5), fast.age(0.95))
    on_link = slow.bytes_a_picture / RATE * 1000
    return Run(slow.age(0.5), slow.age(0.95), on_link, slow.pictures / seconds, fast.age(0.5), fast.age(0.95))


def _report(runs: dict[str, list[Run]]) -> Report:
    report = Report(
        "freshness",
        f"Freshness: one viewer on 1 MB/s beside {FAST} fast ones, {FPS:g} pictures a second × 100 KB",
        ["slow viewer on", "age p50 ms", "age p95 ms", "on its link ms", "p95 in pictures", "its fps", "fast p50", "fast p95"],
    )
    middle = {way: _middle(of) for way, of in runs.items()}
    alone = middle[_ALONE].fast_p95
    for way, one in middle.items():
        in_pictures = ratio(one.slow_p95, one.on_link)
        report.row(way, one.slow_p50, one.slow_p95, one.on_link, in_pictures, one.slow_fps, one.fast_p50, one.fast_p95)
        if way == _ALONE:
            continue
        limit = 1.5 if way == "/api/live" else 4.0
        report.bar(f"{way}: p95 age of the slow one, in times of one picture on its link", in_pictures, limit)
        report.bar(f"{way}: p95 age of the fast ones beside it", one.fast_p95, alone + max(0.2 * alone, 5.0), "ms")
    report.notes.append("The link: 1 MB/s, first in first out, in grains of 8 KB, small buffers on both sides.")
    return report


def _middle(runs: list[Run]) -> Run:
    return Run(*(median(getattr(one, name) for one in runs) for name in Run.__slots__))
