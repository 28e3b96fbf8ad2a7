"""What nobody looks at, and what does not move: captures, bytes and CPU, beside the nearest rival."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from benchmarks.parts.crowd import Crowd, Watching
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.pages import served
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report
from benchmarks.rivals.agent_browser import AgentBrowser

_GRACE = 5.0  # seconds that capture goes on after the last viewer
_SETTLE = 3.0  # seconds for a page to finish loading


@dataclass(frozen=True, slots=True)
class Run:
    """One situation, once."""

    core: float  # share of a core: server and browser
    captures: int | None
    bytes: float | None  # of pictures, a second
    other_bytes: float | None


def run(quick: bool) -> Iterator[Report]:
    """A page that moves and nobody watches; a page that stands still and is watched."""
    seconds = 5.0 if quick else 20.0
    report = Report(
        "idle",
        f"Unwatched and static, over {seconds:.0f} s",
        ["situation", "% of a core", "captures", "picture B/s", "other B/s"],
    )
    with served() as pages:
        with AgentBrowser(f"{pages}/moving?hz=30", 80) as rival:
            _row(
                report, "page repainting at 30 Hz, unwatched: agent-browser", undisturbed(partial(_unwatched, rival.cpu, seconds))
            )
        with Livepane() as server:
            stream = server.open_page(f"{pages}/moving?hz=30")
            with Crowd([Watching("one", 1, server.port, "/api/live", "own", stream)]):
                time.sleep(1.0)
            unwatched = undisturbed(partial(_unwatched, server.cpu, seconds, partial(server.picture_at, stream)))
            _row(report, "page repainting at 30 Hz, unwatched: Livepane", unwatched)
        with AgentBrowser(f"{pages}/static", 80) as rival:
            one = Watching("one", 1, rival.port, "/", "agent-browser")
            _row(report, "static page, 1 viewer: agent-browser", undisturbed(partial(_watched, rival.cpu, [one], seconds)))
        with Livepane() as server:
            stream = server.open_page(f"{pages}/static")
            viewers = [
                Watching("own", 1, server.port, "/api/live", "own", stream),
                Watching("binary", 1, server.port, f"/ws/viewer?name={stream}&fps=30", "binary"),
                Watching("json", 1, server.port, server.json_path(stream, 30), "json"),
            ]
            static = undisturbed(partial(_watched, server.cpu, viewers, seconds))
            _row(report, "static page, 3 viewers (/api/live, /ws/viewer, JSON): Livepane", static)
    report.bar("unwatched: captures", unwatched.captures or 0, 0, "")
    report.bar("static page, watched: picture bytes", static.bytes or 0.0, 0, "B/s")
    report.bar("static page, watched: server and browser", static.core * 100, 3, "% of a core")
    yield report


def _unwatched(clock: Callable[[], float], seconds: float, picture_at: Callable[[], float | None] | None = None) -> Run:
    time.sleep(_GRACE + _SETTLE)
    before, first = clock(), picture_at() if picture_at else None
    captures = 0
    for _ in range(int(seconds)):
        time.sleep(1.0)
        if picture_at and (newest := picture_at()) != first:
            captures, first = captures + 1, newest
    return Run((clock() - before) / int(seconds), captures if picture_at else None, None, None)


def _watched(clock: Callable[[], float], viewers: list[Watching], seconds: float) -> Run:
    with Crowd(viewers) as crowd:
        time.sleep(_SETTLE)
        before = clock()
        crowd.mark()
        time.sleep(seconds)
        crowd.stop()
        spent = clock() - before
        seen = crowd.report().values()
    pictures, others = sum(one.bytes for one in seen), sum(one.other_bytes for one in seen)
    return Run(spent / seconds, sum(one.pictures for one in seen), pictures / seconds, others / seconds)


def _row(report: Report, name: str, one: Run) -> None:
    report.row(name, one.core * 100, one.captures, one.bytes, one.other_bytes)
