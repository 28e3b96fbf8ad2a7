"""A 1080p desktop that moves, at 15 fps: CPU and age beside the same loop written naively with mss and Pillow."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from benchmarks.parts import cpu
from benchmarks.parts.crowd import Crowd, Watching
from benchmarks.parts.display import HEIGHT, WIDTH, display, moving_desktop
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.processes import Child
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report

FPS, QUALITY = 15.0, 80
NAIVE, OURS = "mss + Pillow + JSON", "Livepane"
_VIEWERS = (1, 3)


@dataclass(frozen=True, slots=True)
class Run:
    """One side, once."""

    p50: float  # ms
    p95: float
    core: float  # share of a core, the server alone: the display and what moves on it cost the same for both
    cpu: float  # ms per delivered picture
    bytes: float
    fps: float  # per viewer


def run(quick: bool) -> Iterator[Report]:
    """Alternate on one display."""
    rounds, seconds = (1, 3.0) if quick else (3, 5.0)
    runs: dict[tuple[int, str], list[Run]] = defaultdict(list)
    with ExitStack() as stack:
        name = stack.enter_context(display())
        stack.enter_context(moving_desktop(name, 30))
        naive = stack.enter_context(Child("benchmarks.rivals.mss_pillow", env={"DISPLAY": name}))
        naive_port, naive_cpu = int(naive.read()), partial(cpu.of_process, naive.pid)
        server = stack.enter_context(Livepane(DISPLAY=name, LIVEPANE_DISPLAY=name))
        for _ in range(rounds):
            for viewers in _VIEWERS:
                theirs = Watching("all", viewers, naive_port, f"/stream?fps={FPS}&quality={QUALITY}", "json", decode=True)
                runs[viewers, NAIVE].append(undisturbed(partial(_measure, naive_cpu, theirs, seconds)))
                ours = Watching("all", viewers, server.port, "/api/live", "own", "desktop:0", FPS, QUALITY, decode=True)
                runs[viewers, OURS].append(undisturbed(partial(_measure, server.cpu, ours, seconds)))
    yield _report(runs)


def _measure(clock: Callable[[], float], group: Watching, seconds: float) -> Run:
    with Crowd([group]) as crowd:
        time.sleep(1.5)
        before = clock()
        crowd.mark()
        time.sleep(seconds)
        crowd.stop()
        spent = clock() - before
        seen = crowd.report()["all"]
    fps = seen.pictures / seen.viewers / seconds
    return Run(seen.age(0.5), seen.age(0.95), spent / seconds, spent / max(1, seen.pictures) * 1000, seen.bytes_a_picture, fps)


def _report(runs: dict[tuple[int, str], list[Run]]) -> Report:
    report = Report(
        "desktop",
        f"Desktop: {WIDTH}×{HEIGHT}, all of it moving, {FPS:g} pictures a second, quality {QUALITY}",
        ["viewers", "age p50 ms", "age p95 ms", "% of a core", "CPU ms/picture", "KB/picture", "pictures/s"],
    )
    for viewers in _VIEWERS:
        plural = "" if viewers == 1 else "s"
        naive, ours = (_middle(runs[viewers, side]) for side in (NAIVE, OURS))
        for side, one in ((NAIVE, naive), (OURS, ours)):
            report.row(f"{viewers}: {side}", one.p50, one.p95, one.core * 100, one.cpu, one.bytes / 1000, one.fps)
        ratios = (ratio(getattr(ours, field), getattr(naive, field)) for field in Run.__slots__)
        report.row(f"{viewers}: ratio", *ratios)
        report.bar(f"{viewers} viewer{plural}: CPU per delivered picture beside the naive loop", ratio(ours.cpu, naive.cpu), 1.0)
        report.bar(f"{viewers} viewer{plural}: age p50 beside the naive loop", ratio(ours.p50, naive.p50), 1.0)
    return report


def _middle(runs: list[Run]) -> Run:
    return Run(*(median(getattr(one, name) for one in runs) for name in Run.__slots__))
