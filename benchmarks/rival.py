"""The nearest rival beside us: the same page at 30 Hz to 1, 10 and 50 viewers, and to one behind a thin link."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

from benchmarks.parts.crowd import Crowd, Seen, Watching
from benchmarks.parts.link import thin_link
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.pages import served
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report
from benchmarks.rivals.agent_browser import VERSION, AgentBrowser

QUALITY = 80  # agent-browser's default
_CROWDS = (1, 10, 50)
_THIN = "1 on 1 MB/s, acknowledged"
_FPS = 60.0  # twice the page's rate: neither side is to drop a repaint by its own clock


@dataclass(frozen=True, slots=True)
class Run:
    """One side, one situation, once."""

    p50: float  # ms
    p95: float
    cpu: float  # ms per delivered picture, server and browser
    core: float  # share of a core
    bytes: float  # per picture on the wire
    fps: float  # per viewer


Runs = dict[tuple[str, str], list[Run]]  # (situation, side)


def run(quick: bool) -> Iterator[Report]:
    """Alternate, so that a noisy minute hits both."""
    rounds, seconds = (1, 3.0) if quick else (3, 5.0)
    runs: Runs = defaultdict(list)
    with served() as pages:
        for _ in range(rounds):
            with AgentBrowser(f"{pages}/moving?hz=30", QUALITY) as rival:
                watching = [Watching("all", count, rival.port, "/", "agent-browser", decode=True) for count in _CROWDS]
                thin = Watching("all", 1, rival.port, "/?pacing=ack", "agent-browser-ack", decode=True)
                _side(runs, "agent-browser", rival.cpu, watching, thin, seconds)
            with Livepane() as server:
                stream = server.open_page(f"{pages}/moving?hz=30")
                watching = [_own(server, stream, count) for count in _CROWDS]
                _side(runs, "Livepane", server.cpu, watching, _own(server, stream, 1), seconds)
    yield _report(runs)


def _own(server: Livepane, stream: str, count: int) -> Watching:
    return Watching("all", count, server.port, "/api/live", "own", stream, _FPS, QUALITY, decode=True)


def _side(runs: Runs, side: str, clock: Callable[[], float], crowds: list[Watching], thin: Watching, seconds: float) -> None:
    for group in crowds:
        runs[_viewers(group.count), side].append(undisturbed(partial(_measure, clock, group, seconds)))
    with thin_link(thin.port) as via:
        far = replace(thin, via=via)
        runs[_THIN, side].append(undisturbed(partial(_measure, clock, far, seconds)))


def _measure(clock: Callable[[], float], group: Watching, seconds: float) -> Run:
    with ExitStack() as stack:
        crowd = stack.enter_context(Crowd([group]))
        time.sleep(1.5)
        before = clock()
        crowd.mark()
        time.sleep(seconds)
        crowd.stop()
        spent = clock() - before
        seen: Seen = crowd.report()["all"]
    return Run(
        seen.age(0.5),
        seen.age(0.95),
        spent / max(1, seen.pictures) * 1000,
        spent / seconds,
        seen.bytes_a_picture,
        seen.pictures / seen.viewers / seconds,
    )


def _viewers(count: int) -> str:
    return "1 viewer" if count == 1 else f"{count} viewers"


def _report(runs: Runs) -> Report:
    report = Report(
        "rival",
        f"The nearest rival: agent-browser {VERSION}, the same page repainting at 30 Hz, 1280×720, quality {QUALITY}",
        ["situation", "age p50 ms", "age p95 ms", "CPU ms/picture", "cores", "KB/picture", "pictures/s"],
    )
    for situation in (*map(_viewers, _CROWDS), _THIN):
        theirs, ours = (_middle(runs[situation, side]) for side in ("agent-browser", "Livepane"))
        for side, one in (("agent-browser", theirs), ("Livepane", ours)):
            report.row(f"{situation}: {side}", one.p50, one.p95, one.cpu, one.core, one.bytes / 1000, one.fps)
        report.row(
            f"{situation}: ratio",
            ratio(ours.p50, theirs.p50),
            ratio(ours.p95, theirs.p95),
            ratio(ours.cpu, theirs.cpu),
            ratio(ours.core, theirs.core),
            ratio(ours.bytes, theirs.bytes),
            ratio(ours.fps, theirs.fps),
        )
        if situation == _THIN:
            report.bar(f"{situation}: age p50 beside its", ratio(ours.p50, theirs.p50), 0.85)
            report.bar(f"{situation}: age p95 beside its", ratio(ours.p95, theirs.p95), 0.85)
            continue
        report.bar(f"{situation}: age p50 (1.2 × its + 2 ms)", ours.p50, 1.2 * theirs.p50 + 2, "ms")
        report.bar(f"{situation}: age p95 (1.2 × its + 2 ms)", ours.p95, 1.2 * theirs.p95 + 2, "ms")
        report.bar(f"{situation}: CPU of server and browser per delivered picture", ratio(ours.cpu, theirs.cpu), 1.2)
        report.bar(f"{situation}: bytes a picture", ratio(ours.bytes, theirs.bytes), 0.99)
    report.notes.append(
        "Age: from the moment that the page painted, read from the picture itself, to its last byte at the viewer."
    )
    return report


def _middle(runs: list[Run]) -> Run:
    return Run(*(median(getattr(one, name) for one in runs) for name in Run.__slots__))
