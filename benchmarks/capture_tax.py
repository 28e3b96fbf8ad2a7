"""What watching costs the script that is watched: CPU and time of one round, beside unwatched and beside a screenshot loop."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from benchmarks.parts import cpu
from benchmarks.parts.crowd import Crowd, Watching
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.pages import served
from benchmarks.parts.processes import Child
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report

FPS = 5.0
NAME = "script"
ALONE, WATCHED, UNSEEN, SHOTS = (
    "unwatched",
    "livepane.watch, 1 viewer at 5 fps",
    "livepane.watch, no viewer",
    "page.screenshot every 200 ms",
)
_MODES = {ALONE: "alone", UNSEEN: "watched", WATCHED: "watched", SHOTS: "screenshots"}


@dataclass(frozen=True, slots=True)
class Run:
    """One way, once."""

    cpu: float  # ms of the script, its browser and the server, per round
    time: float  # ms per round
    fps: float  # pictures that the viewer saw


def run(quick: bool) -> Iterator[Report]:
    """Each way in turn, several times, a fresh browser each time."""
    rounds, seconds = (1, 3.0) if quick else (3, 5.0)
    runs: dict[str, list[Run]] = defaultdict(list)
    with served() as pages, Livepane() as server:
        for _ in range(rounds):
            for way in _MODES:
                runs[way].append(undisturbed(partial(_measure, way, f"{pages}/work", server, seconds)))
    yield _report(runs)


def _measure(way: str, url: str, server: Livepane, seconds: float) -> Run:
    with ExitStack() as stack:
        arguments = ["--mode", _MODES[way], "--url", url, "--server", server.url, "--name", NAME]
        script = stack.enter_context(Child("benchmarks.parts.script", *arguments))
        script.read()
        script.ask("1")  # warm
        crowd = None
        if way == WATCHED:
            crowd = stack.enter_context(Crowd([Watching("one", 1, server.port, "/api/live", "own", f"page:{NAME}", FPS)]))
            script.ask("1")
            crowd.mark()
        roots = {script.pid, server.pid}
        before, started = cpu.of_trees(roots), time.monotonic()
        done = int(script.ask(str(seconds)))
        spent, passed = cpu.of_trees(roots) - before, time.monotonic() - started
        pictures = 0
        if crowd is not None:
            crowd.stop()
            pictures = crowd.report()["one"].pictures
    return Run(spent / done * 1000, passed / done * 1000, pictures / passed)


def _report(runs: dict[str, list[Run]]) -> Report:
    report = Report(
        "capture_tax",
        "Capture tax: one round of a Playwright script (11 keys, a click, 20 new elements, two questions)",
        ["way", "CPU ms/round", "× unwatched", "ms/round", "× unwatched", "pictures/s"],
    )
    middle = {way: Run(*(median(getattr(one, name) for one in of) for name in Run.__slots__)) for way, of in runs.items()}
    alone = middle[ALONE]
    for way, one in middle.items():
        report.row(
            way, one.cpu, ratio(one.cpu, alone.cpu), one.time, ratio(one.time, alone.time), one.fps if way == WATCHED else None
        )
    watched, shots = middle[WATCHED], middle[SHOTS]
    report.bar("watched: CPU per round beside unwatched", ratio(watched.cpu, alone.cpu), 1.2)
    report.bar("watched: time per round beside unwatched", ratio(watched.time, alone.time), 1.2)
    report.bar("watched: CPU per round beside the screenshot loop", ratio(watched.cpu, shots.cpu), 1.0)
    report.bar("watched: time per round beside the screenshot loop", ratio(watched.time, shots.time), 1.0)
    report.notes.append("CPU: the script with its driver and browser, and the server.")
    return report
