"""What watching costs a scrape in time, and whether the browser of the jobs keeps what it has had in memory."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from benchmarks.parts import memory
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.processes import Failed
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report
from tests.boards import Site, World, boards

LATENCY = 0.05  # s, of every answer
FPS = 10.0
PATIENCE = 60.0  # s for one job
UNWATCHED, WATCHED = "unwatched", f"watched at {FPS:g} fps and by live screenshots"
ROUNDS = 5  # that memory has to stay flat over
JOBS = 6  # of each, two at a time


@dataclass(frozen=True, slots=True)
class Run:
    """One job."""

    seconds: float  # from its start to its end
    pictures: int  # that its viewer saw


def run(quick: bool) -> Iterator[Report]:
    """A server of its own, and the companies that need a browser."""
    times, rounds = (2, 2) if quick else (6, ROUNDS)
    with boards(latency=LATENCY) as world, _server(world) as server:
        sites = [site for site in world.sites if site.needs_browser]
        for site in sites:
            _scrape(server, site, watched=False)  # Chromium has started, and knows nothing yet
        runs: dict[tuple[str, str], list[Run]] = defaultdict(list)
        for _ in range(times):
            for site in sites:
                for way in (UNWATCHED, WATCHED):
                    runs[site.domain, way].append(undisturbed(partial(_scrape, server, site, watched=way == WATCHED)))
        yield _times(sites, runs)
        yield _memory(server, sites, rounds)


@contextmanager
def _server(world: World) -> Iterator[Livepane]:
    """One that reaches the made world, and that is as polite as it need be to ask the same hosts again and again."""
    with Livepane(
        LIVEPANE_HOST_ADDRESSES=world.host_addresses,
        LIVEPANE_CA_FILE=str(world.ca_file),
        LIVEPANE_REQUESTS_PER_SECOND="100",
        LIVEPANE_REQUEST_BURST="1000",
    ) as server:
        yield server


def _scrape(server: Livepane, site: Site, *, watched: bool) -> Run:
    """One job, from the queue to its end.

    Raises:
        Failed: it found no jobs, or opened no page.
    """
    job = _start(server, site)
    with _viewers(server, job, watched=watched) as pictures:
        done = _until_done(server, site, job)
    return Run((done["finished_at"] - done["started_at"]) / 1000, sum(pictures))


def _start(server: Livepane, site: Site) -> int:
    wish = {"kind": "job_postings", "target": site.url, "max_attempts": 1}
    return int(server.ask("POST", "/api/jobs", wish)["jobs"][0]["id"])


def _until_done(server: Livepane, site: Site, job: int) -> dict[str, float]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = server.ask("GET", f"/api/jobs/{job}")
        if found["finished_at"] is not None:
            if found["state"] != "succeeded" or not found["items"] or not found["summary"].get("pages_opened"):
                raise Failed(f"{site.domain}: {found['state']}, {found['items']} jobs: {found['error']} {found['summary']}")
            return found
        time.sleep(0.1)
    raise Failed(f"{site.domain} took longer than {PATIENCE:g} s")


@contextmanager
def _viewers(server: Livepane, job: int, *, watched: bool) -> Iterator[list[int]]:
    """Two viewers of a job, and how many pictures each has seen."""
    paths = [f"/ws/viewer?name=job:{job}&fps={FPS:g}", f"/ws/screenshots/{job}"] if watched else []
    counts = [0] * len(paths)
    ending = threading.Event()

    def watch(number: int) -> None:
        try:
            with connect(f"ws://127.0.0.1:{server.port}{paths[number]}", max_size=None, proxy=None) as socket:
                while not ending.is_set():
                    try:
                        socket.recv(timeout=0.2)
                        counts[number] += 1
                    except TimeoutError:
                        continue
        except ConnectionClosed:  # the stream is over
            return

    threads = [threading.Thread(target=watch, args=(number,)) for number in range(len(paths))]
    for thread in threads:
        thread.start()
    try:
        yield counts
    finally:
        ending.set()
        for thread in threads:
            thread.join()


def _times(sites: list[Site], runs: dict[tuple[str, str], list[Run]]) -> Report:
    report = Report(
        "watching", "Watching a scrape that needs a browser", ["company", "unwatched s", "watched s", "×", "pictures seen"]
    )
    totals: dict[str, float] = defaultdict(float)
    fewest = float("inf")
    for site in sites:
        middle = {way: median([one.seconds for one in runs[site.domain, way]]) for way in (UNWATCHED, WATCHED)}
        seen = median([one.pictures for one in runs[site.domain, WATCHED]])
        fewest = min(fewest, seen)
        for way, seconds in middle.items():
            totals[way] += seconds
        report.row(site.domain, middle[UNWATCHED], middle[WATCHED], ratio(middle[WATCHED], middle[UNWATCHED]), seen)
    report.bar("time of a watched scrape beside an unwatched one", ratio(totals[WATCHED], totals[UNWATCHED]), 1.1)
    report.bar("pictures seen of each, at least", fewest, 1, "", at_most=False)
    report.notes.append(f"Watched: {FPS:g} fps, and live screenshots. Every answer comes {LATENCY * 1000:g} ms late. Medians.")
    return report


def _memory(server: Livepane, sites: list[Site], rounds: int) -> Report:
    """Jobs in rounds, two at a time: what is left in memory after each."""
    report = Report(
        "watching", "Memory of the server with its browser, after rounds of pages", ["round", "jobs", "MB", "browsers at most"]
    )
    left: list[float] = []
    most = 0
    for number in range(1, rounds + 1):
        waiting = [(site, _start(server, site)) for site in sites for _ in range(JOBS)]
        for site, job in waiting:
            _until_done(server, site, job)
            most = max(most, memory.browsers(server.pid))
        time.sleep(2)  # pages have closed, and Chromium has tidied up
        left.append(memory.of_trees({server.pid}))
        report.row(number, len(waiting), left[-1], most)
    report.bar("memory after the last round beside the first", ratio(left[-1], left[0]), 1.1)
    report.bar("process trees of a browser at once", most, 1, "")
    return report
