"""A wall of thirty panes in a real tab: what it costs over minutes, how old its pictures are, and how it loads."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

import httpx

from benchmarks.parts.feed import HEIGHT, WIDTH, name_of
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.numbers import median, percentile, ratio
from benchmarks.parts.pages import served
from benchmarks.parts.processes import Child
from benchmarks.parts.quiet import once
from benchmarks.parts.report import Report
from benchmarks.parts.tab import Memory, Tab
from benchmarks.parts.walls import EYES

PANES, FPS = 30, 5.0
SCREEN = (1920, 1080)
_SETTLE = 3.0  # seconds after a change before we count
_MARGIN = 1.15  # streams are not all equally heavy
_LONGEST = 150 * 2**10  # bytes of gzipped JavaScript
_FIRST_ROW = """(() => {
  const ours = [...document.querySelectorAll("live-pane")], panes = ours.length > 0 ? ours : [...document.images];
  const tops = panes.map((one) => Math.round(one.getBoundingClientRect().top + scrollY));
  const first = Math.min(...tops), next = Math.min(...tops.filter((top) => top > first + 8));
  return [tops.filter((top) => top <= first + 8).length, Number.isFinite(next) ? next : 0];
})()"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a tab has done in some seconds. Shares are of one core."""

    seconds: float
    pictures: int
    bytes: int  # of pictures
    main_thread: float
    browser: float
    server: float
    ages: list[float]  # ms

    @property
    def rate(self) -> float:
        """Bytes of pictures a second."""
        return self.bytes / self.seconds


@dataclass(frozen=True, slots=True)
class Lap:
    """One tab from its first picture to its hiding."""

    early: Memory | None
    late: Memory | None
    whole: Stretch
    row: int  # panes that stayed in sight when the rest was scrolled away
    scrolled: Stretch
    hidden: Stretch


def run(quick: bool) -> Iterator[Report]:
    """Our wall, then the naive ones, each in a fresh browser."""
    early, late = (10.0, 60.0) if quick else (60.0, 600.0)
    with served() as pages, Livepane() as server, _fed(server):
        yield _loading(server, 3 if quick else 7)
        ours = once(partial(_lap, server, f"{server.url}/", EYES, early, late))
        streams = ",".join(f"producer:{name_of(number)}" for number in range(PANES))
        wish = f"server={quote(server.url)}&fps={FPS:g}&streams={streams}"
        stills = once(partial(_lap, server, f"{pages}/stills?{wish}", "", None, 10.0 if quick else 60.0))
        shown = _motion(f"{pages}/motion?{wish}")
    real = once(partial(_real_pages, 8 if quick else PANES, 10.0 if quick else 60.0))
    yield _steady(ours, stills, shown, real, late)
    yield _unseen(ours, stills)


@contextmanager
def _fed(server: Livepane) -> Iterator[None]:
    options = ("--port", str(server.port), "--count", str(PANES), "--fps", str(FPS))
    with Child("benchmarks.parts.feed", *options) as feed:
        feed.read()
        yield


def _lap(server: Livepane, url: str, eyes: str, early: float | None, late: float) -> Lap:
    with Tab(*SCREEN, eyes) as tab:
        tab.go(url)
        tab.wait("window.seen && seen.count > 300")
        width, height = SCREEN
        tab.resize(width, max(height, int(tab.run("document.documentElement.scrollHeight"))))
        if early is not None:
            tab.wait(f"seen.panes.size === {PANES}")
        time.sleep(early or _SETTLE)
        before = tab.memory() if early is not None else None
        whole = _watch(tab, server, late - (early or 0.0))
        after = tab.memory() if early is not None else None
        row, next_row = tab.run(_FIRST_ROW)
        tab.resize(width, next_row - 2 if next_row else height)
        tab.run("scrollTo(0, 0)")
        time.sleep(_SETTLE)
        scrolled = _watch(tab, server, 10.0)
        tab.hide()
        time.sleep(_SETTLE)
        hidden = _watch(tab, server, 10.0)
        return Lap(before, after, whole, row, scrolled, hidden)


def _watch(tab: Tab, server: Livepane, seconds: float) -> Stretch:
    tab.run("seen.clear()")
    started, before = time.monotonic(), (tab.task_seconds(), tab.cpu(), server.cpu())
    time.sleep(seconds)
    lasted, after = time.monotonic() - started, (tab.task_seconds(), tab.cpu(), server.cpu())
    main_thread, browser, work = [(end - begin) / lasted for begin, end in zip(before, after, strict=True)]
    count, size = tab.run("[seen.count, seen.binary]")
    ages = tab.run("Array.from(seen.ages.slice(0, Math.min(seen.count, seen.ages.length)))")
    return Stretch(lasted, count, size, main_thread, browser, work, ages)


def _motion(url: str) -> int:
    """How many of thirty Motion JPEGs show anything."""
    with Tab(*SCREEN) as tab:
        tab.go(url)
        tab.wait("shown() > 0")
        time.sleep(2 * _SETTLE)
        return int(tab.run("shown()"))


def _real_pages(count: int, seconds: float) -> tuple[int, Stretch]:
    with ExitStack() as stack:
        pages = stack.enter_context(served())
        server = stack.enter_context(Livepane(LIVEPANE_MAX_PAGES=str(count)))
        for _ in range(count):
            server.open_page(f"{pages}/moving?hz={FPS:g}", WIDTH, HEIGHT)
        tab = stack.enter_context(Tab(*SCREEN, EYES))
        tab.go(f"{server.url}/")
        tab.wait(f"window.seen && seen.panes.size >= {min(count, 4)}")
        tab.resize(SCREEN[0], max(SCREEN[1], int(tab.run("document.documentElement.scrollHeight"))))
        tab.wait(f"seen.panes.size === {count}", 120)
        time.sleep(_SETTLE)
        return count, _watch(tab, server, seconds)


def _loading(server: Livepane, rounds: int) -> Report:
    """From an empty cache, in a fresh profile each time."""
    report = Report(
        "wall-load",
        f"Loading the wall of {PANES} panes: fresh profile, empty cache, loopback",
        ["moment", "median ms", "worst ms"],
    )
    loaded, first, everything = [], [], []
    scripts: list[str] = []
    for _ in range(rounds):
        with Tab(*SCREEN, EYES) as tab:
            tab.go(f"{server.url}/")
            tab.wait("window.seen && seen.first !== null && document.readyState === 'complete'")
            loaded.append(float(tab.run("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")))
            first.append(float(tab.run("seen.first")))
            tab.resize(SCREEN[0], max(SCREEN[1], int(tab.run("document.documentElement.scrollHeight"))))
            tab.wait("seen.all !== null")
            everything.append(float(tab.run("seen.all")))
            resources = "performance.getEntriesByType('resource').map(({ name }) => name)"
            scripts = [name for name in tab.run(resources) if name.partition("?")[0].endswith(".js")]
    for name, values in (
        ("document ready", loaded),
        ("**first picture painted**", first),
        ("all panes have a picture", everything),
    ):
        report.row(name, median(values), max(values))
    bodies = [httpx.get(name, trust_env=False).content for name in scripts]
    size = sum(len(gzip.compress(body, 6)) for body in bodies)
    report.notes.append(
        f"{len(scripts)} scripts, {sum(map(len, bodies)) / 1024:.0f} KiB as they are, {size / 1024:.0f} KiB gzipped."
    )
    report.bar("navigation to the first painted picture", median(first), 1000, "ms")
    report.bar("gzipped JavaScript of the wall", size / 1024, _LONGEST / 1024, "KiB")
    return report


def _steady(ours: Lap, stills: Lap, shown: int, real: tuple[int, Stretch], late: float) -> Report:
    assert ours.early
    assert ours.late
    report = Report(
        "wall",
        f"A wall of {PANES} panes × {FPS:g} pictures a second, {late / 60:.0f} min in one tab",
        ["wall", "pictures/s", "KB/s", "main thread, %", "browser, %", "server, %", "age p50 ms", "age p95 ms"],
    )
    count, pages = real
    _line(report, f"Livepane, {PANES} producers", ours.whole)
    _line(report, f"naive: {PANES} stills, fetched {FPS:g} times a second", stills.whole)
    _line(report, f"Livepane, {count} real pages painting {FPS:g} times a second (browsers included)", pages)
    report.notes += [
        f"Naive with Motion JPEG: {shown} of {PANES} images show anything, for a browser opens six connections to a host.",
        _remembered(ours.early, ours.late),
        "Shares are of one core; the browser's is that of all its processes, which draw without a graphics card here.",
        "Age: from the stamp of the capture to the picture drawn on its canvas, over all panes.",
    ]
    report.bar("JS heap at the end beside the start", ratio(ours.late.heap, ours.early.heap), 1.1)
    report.bar("JS heap at the end beside the start", ratio(ours.late.heap, ours.early.heap), 0.9, at_most=False)
    report.bar("memory of the tab (PSS) at the end beside the start", ratio(ours.late.proportional, ours.early.proportional), 1.1)
    report.bar(
        "memory of the tab (PSS) at the end beside the start",
        ratio(ours.late.proportional, ours.early.proportional),
        0.9,
        at_most=False,
    )
    report.bar(
        "pictures painted of those that were made", ours.whole.pictures / (PANES * FPS * ours.whole.seconds), 0.95, at_most=False
    )
    report.bar("main thread of the tab", ours.whole.main_thread * 100, 40, "% of a core")
    report.bar("age of all pictures, p95", percentile(ours.whole.ages, 0.95), 300, "ms")
    return report


def _remembered(early: Memory, late: Memory) -> str:
    rows = (
        ("JS heap", early.heap, late.heap),
        ("resident", early.resident, late.resident),
        ("PSS", early.proportional, late.proportional),
    )
    said = ", ".join(f"{name} {before / 2**20:.1f} → {after / 2**20:.1f} MiB" for name, before, after in rows)
    return f"Memory of the tab after a forced garbage collection, early and at the end: {said}."


def _unseen(ours: Lap, stills: Lap) -> Report:
    report = Report(
        "wall-unseen",
        f"The same wall, with {PANES - ours.row} of {PANES} panes scrolled away, then with its tab hidden",
        ["wall", "all in sight, KB/s", f"{ours.row} in sight, KB/s", "tab hidden, KB/s"],
    )
    for name, lap in (("Livepane", ours), ("naive: stills", stills)):
        report.row(name, lap.whole.rate / 1000, lap.scrolled.rate / 1000, lap.hidden.rate / 1000)
    fair = ours.row / PANES * _MARGIN
    report.notes.append(
        f"The bar is the share of panes that stay in sight, and {_MARGIN - 1:.0%} because streams differ in weight."
    )
    report.bar("bytes with the rest scrolled away, beside all in sight", ratio(ours.scrolled.rate, ours.whole.rate), fair)
    report.bar(
        "pictures go on where they are seen",
        ours.scrolled.pictures,
        ours.row * FPS * ours.scrolled.seconds * 0.9,
        "",
        at_most=False,
    )
    report.bar("bytes of pictures with the tab hidden", ours.hidden.bytes, 0, "B")
    return report


def _line(report: Report, name: str, one: Stretch) -> None:
    report.row(
        name,
        one.pictures / one.seconds,
        one.rate / 1000,
        one.main_thread * 100,
        one.browser * 100,
        one.server * 100,
        percentile(one.ages, 0.5),
        percentile(one.ages, 0.95),
    )
