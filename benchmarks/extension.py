"""A Chrome tab shared by the extension: one capture, a tab that is shared all day, and a stream beside the naive loop."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.parts.crowd import Crowd, Watching
from benchmarks.parts.extension import NAIVE, OURS, Extension, flags, granted
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.numbers import median, percentile, ratio
from benchmarks.parts.pages import served
from benchmarks.parts.processes import Failed, wait_for
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report
from benchmarks.parts.tab import Tab

WIDTH, HEIGHT = 1280, 810  # of the window, with its frame
INTERVAL = 3.0  # s
FPS = 5.0
CAPTURES = 10
STREAM = "tab:bench-1"  # of our extension, as it is named here
NAIVE_STREAM = "tab:naive"
UNSHARED, UNWATCHED, SHARED = "not shared", "shared, nobody watches", f"shared every {INTERVAL:g} s"
WAYS = (UNSHARED, UNWATCHED, SHARED)
REPAINTING, THEIRS, CONTINUOUS = "repainting, not shared", "captureVisibleTab + fetch, in a loop", "Livepane, continuous"


@dataclass(frozen=True, slots=True)
class Cost:
    """A tab for some seconds, and what its viewer got."""

    browser: float  # share of a core, with every process of it
    server: float
    fps: float
    bytes: float  # a picture
    p50: float  # ms that a picture is old when it reaches the viewer
    p95: float


@dataclass(frozen=True, slots=True)
class Captures:
    """Single captures, from the wish to the server's word that it has the picture."""

    ms: list[float]
    bytes: float  # each, as it goes over the line


class Browser:
    """A tab with one extension beside it."""

    def __init__(self, tab: Tab, extension: Extension, server: Livepane) -> None:
        self.tab, self.server = tab, server
        self._extension = extension
        self._control = ""

    def ours(self) -> None:
        """It is ours: a page of it, where the others hide nothing and keep nothing alive, tells it what to do."""
        self._control = self._extension.page("manifest.json")

    def run(self, expression: str) -> object:
        """In that page."""
        found: object = self._extension.run(expression, self._control)
        return found

    def set(self, *, automatic: bool) -> None:
        """What its user sets."""
        sites = [{"pattern": "http://127.0.0.1/*", "interval": None, "masks": []}]
        settings = {
            "server": self.server.url,
            "name": "bench",
            "automatic": automatic,
            "interval": INTERVAL,
            "fps": FPS,
            "sites": sites,
        }
        self.run(f"chrome.storage.local.set({{settings: {json.dumps(settings)}}})")

    def ask(self, question: str, **about: object) -> dict[str, object]:
        """As its popup asks.

        Raises:
            Failed: it says no.
        """
        find = "const tab = (await chrome.tabs.query({})).find((one) => one.url.startsWith('http')).id;"
        message = json.dumps({"to": "worker", "type": question, **about})
        answer = self.run(f"(async () => {{ {find} return chrome.runtime.sendMessage({{...{message}, tab}}); }})()")
        if not isinstance(answer, dict) or answer.get("ok") is False:
            raise Failed(f"the extension answers {answer!r} to {question!r}")
        return answer

    @property
    def worker(self) -> Callable[[str], object]:
        """Runs an expression in its service worker."""
        session = self._extension.worker()
        return lambda expression: self._extension.run(expression, session)


def run(quick: bool) -> Iterator[Report]:
    """Alternate, each in a Chromium of its own."""
    rounds, seconds = (1, 6.0) if quick else (3, 20.0)
    costs: dict[str, list[Cost]] = defaultdict(list)
    captures: dict[str, list[Captures]] = defaultdict(list)
    with served() as pages, Livepane() as server, TemporaryDirectory(prefix="livepane-bench-extension-") as folder:
        extension = granted(OURS, Path(folder) / "ours")
        for _ in range(rounds):
            with _browser(extension, server) as browser:
                browser.ours()
                browser.set(automatic=False)
                browser.tab.go(f"{pages}/moving?hz=30")
                captures[CONTINUOUS].append(undisturbed(partial(_captures, browser)))
                costs[REPAINTING].append(undisturbed(partial(_alone, browser, seconds)))
                costs[CONTINUOUS].append(undisturbed(partial(_continuous, browser, seconds)))
                for way in WAYS:
                    costs[way].append(undisturbed(partial(_shared, browser, f"{pages}/moving?hz=1", way, seconds)))
            with _browser(NAIVE, server) as browser:
                browser.tab.go(f"{pages}/moving?hz=30")
                cost, made = undisturbed(partial(_naive, browser, seconds))
                costs[THEIRS].append(cost)
                captures[THEIRS].append(made)
    yield _of_captures(captures)
    yield _of_sharing({way: _middle(costs[way]) for way in WAYS})
    yield _of_streams({way: _middle(costs[way]) for way in (REPAINTING, THEIRS, CONTINUOUS)})


@contextmanager
def _browser(extension: Path, server: Livepane) -> Iterator[Browser]:
    with Tab(WIDTH, HEIGHT, flags=flags(extension)) as tab:
        tab.ask("Emulation.clearDeviceMetricsOverride")  # the picture is of the window as it is
        yield Browser(tab, Extension(tab, extension), server)


def _captures(browser: Browser) -> Captures:
    """As often as Chromium allows it."""
    took: list[float] = []
    for _ in range(CAPTURES):
        time.sleep(0.6)
        started = time.perf_counter()
        browser.ask("capture")
        took.append((time.perf_counter() - started) * 1000)
    with Crowd([_viewer(browser, STREAM, 1)], wait=True) as crowd:
        crowd.mark()
        browser.ask("capture")
        time.sleep(1)
        crowd.stop()
        return Captures(took, crowd.report()["all"].bytes_a_picture)


def _continuous(browser: Browser, seconds: float) -> Cost:
    browser.ask("continuous", on=True)
    try:
        return _measured(browser, STREAM, FPS, seconds)
    finally:
        browser.ask("continuous", on=False)


def _shared(browser: Browser, url: str, way: str, seconds: float) -> Cost:
    """A page that changes once a second, so that each picture is a new one."""
    browser.set(automatic=way != UNSHARED)
    browser.tab.go(url)
    if way == SHARED:
        _wait_for(browser.server, STREAM)
        return _measured(browser, STREAM, 1, seconds)
    time.sleep(2)
    return _alone(browser, seconds)


def _naive(browser: Browser, seconds: float) -> tuple[Cost, Captures]:
    worker = browser.worker
    wait_for("the script of its service worker", lambda: worker("typeof share") == "function")
    worker(f"void share({json.dumps(browser.server.url)})")
    _wait_for(browser.server, NAIVE_STREAM)
    worker("void (made = [])")
    cost = _measured(browser, NAIVE_STREAM, 30, seconds)
    made = worker("made")
    worker("void (sharing = false)")
    assert isinstance(made, list)
    good = [one for one in made if "ms" in one]
    if not good:
        raise Failed(f"the naive loop made no picture: {made[:3]}")
    return cost, Captures([one["ms"] for one in good], median([one["bytes"] for one in good]))


def _viewer(browser: Browser, stream: str, fps: float) -> Watching:
    return Watching("all", 1, browser.server.port, "/api/live", "own", stream, fps, decode=True)


def _measured(browser: Browser, stream: str, fps: float, seconds: float) -> Cost:
    with Crowd([_viewer(browser, stream, fps)]) as crowd:
        time.sleep(1.5)
        crowd.mark()
        alone = _alone(browser, seconds)
        crowd.stop()
        seen = crowd.report()["all"]
    return Cost(alone.browser, alone.server, seen.pictures / seconds, seen.bytes_a_picture, seen.age(0.5), seen.age(0.95))


def _alone(browser: Browser, seconds: float) -> Cost:
    tab, server = browser.tab.cpu(), browser.server.cpu()
    time.sleep(seconds)
    nan = float("nan")
    return Cost((browser.tab.cpu() - tab) / seconds, (browser.server.cpu() - server) / seconds, 0, nan, nan, nan)


def _wait_for(server: Livepane, stream: str) -> None:
    wait_for(stream, lambda: any(one["id"] == stream for one in server.streams()))


def _of_captures(captures: dict[str, list[Captures]]) -> Report:
    report = Report(
        "extension",
        "The extension: one capture of a tab, from the wish to the server's word",
        ["way", "ms p50", "ms p95", "kB sent"],
    )
    for way, name in ((THEIRS, "captureVisibleTab + fetch of base64"), (CONTINUOUS, "Livepane, Capture now")):
        all_of_it = [ms for one in captures[way] for ms in one.ms]
        kilobytes = median([one.bytes for one in captures[way]]) / 1000
        report.row(name, percentile(all_of_it, 0.5), percentile(all_of_it, 0.95), kilobytes)
    report.notes.append(
        f"The window is {WIDTH} px wide. Ours paints over what is secret before each picture, and waits until that is drawn."
    )
    return report


def _of_sharing(costs: dict[str, Cost]) -> Report:
    report = Report(
        "extension",
        f"The extension: a page that changes once a second, shared every {INTERVAL:g} s",
        ["way", "browser, % of a core", "over the unshared tab", "server, % of a core", "pictures/s"],
    )
    base = costs[UNSHARED].browser
    for way in WAYS:
        one = costs[way]
        report.row(way, one.browser * 100, (one.browser - base) * 100, one.server * 100, one.fps)
    report.bar("shared, over the unshared tab", (costs[SHARED].browser - base) * 100, 2.0, "% of a core")
    return report


def _of_streams(costs: dict[str, Cost]) -> Report:
    report = Report(
        "extension",
        f"The extension: a page that repaints at 30 Hz, {FPS:g} pictures a second beside the naive loop at Chrome's quota",
        ["way", "pictures/s", "age p50 ms", "age p95 ms", "kB/picture", "browser, % of a core", "over unshared, ms/picture"],
    )
    base = costs[REPAINTING].browser
    a_picture = {way: ratio(costs[way].browser - base, costs[way].fps) * 1000 for way in (THEIRS, CONTINUOUS)}
    for way, one in costs.items():
        report.row(way, one.fps, one.p50, one.p95, one.bytes / 1000, one.browser * 100, a_picture.get(way))
    theirs, ours = costs[THEIRS], costs[CONTINUOUS]
    report.bar("pictures a second beside the naive loop", ratio(ours.fps, theirs.fps), 2.0, at_most=False)
    report.bar(
        "browser CPU per picture beside the naive loop",
        ratio(a_picture[CONTINUOUS], a_picture[THEIRS]),
        1.0,
    )
    return report


def _middle(costs: list[Cost]) -> Cost:
    return Cost(*(median([getattr(one, name) for one in costs]) for name in Cost.__slots__))
