"""Pictures by single requests: what one takes, beside a bare route that only reads the body, and a naive bridge."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks.parts import cpu
from benchmarks.parts.http_line import HttpLine
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.pictures import Reel
from benchmarks.parts.processes import Child, Failed, listens, wait_for
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report

LINES = 4  # connections at once
PICTURES = 16  # that differ
OURS, BARE, NAIVE = "Livepane", "FastAPI, a bare route", "FastAPI, a naive bridge"


@dataclass(frozen=True, slots=True)
class Side:
    """One server, and what it is asked."""

    name: str
    port: int
    pid: int
    requests: Sequence[bytes]
    status: int


@dataclass(frozen=True, slots=True)
class Run:
    """What one measurement found."""

    each: float  # µs from asking to the whole answer, one after the other
    cpu: float  # µs of the server for each
    rate: float  # requests a second on LINES connections


def run(quick: bool) -> Iterator[Report]:
    """Both servers at once, asked in turn."""
    rounds, pictures, polls = (1, 100, 300) if quick else (7, 500, 3000)
    settings = {"LIVEPANE_PUBLISH_PER_SECOND": "10000", "LIVEPANE_PUBLISH_PER_SECOND_OF_ADDRESS": "100000"}
    with Livepane(**settings) as server, Child("benchmarks.rivals.bare_route") as rival:
        port = int(rival.read())
        wait_for("the bare route", partial(listens, port))
        reel = Reel()
        bodies = [
            json.dumps({"frame": base64.b64encode(reel.next()).decode(), "source": "bench"}).encode() for _ in range(PICTURES)
        ]
        posts = [HttpLine.request(server.port, "POST", "/publish", body) for body in bodies]
        naive = [HttpLine.request(port, "POST", "/naive/publish", body) for body in bodies]
        pushing = [
            Side(OURS, server.port, server.pid, posts, 200),
            Side(BARE, port, rival.pid, posts, 200),
            Side(NAIVE, port, rival.pid, naive, 200),
        ]
        yield _report("POST /publish, pictures of 100 KB", _measured(pushing, rounds, pictures), None)
        polling = [
            Side(OURS, server.port, server.pid, [_poll(server.port)], 304),
            Side(BARE, port, rival.pid, [_poll(port)], 304),
        ]
        yield _report("GET /latest with If-None-Match, nothing new", _measured(polling, rounds, polls), 1.2)


def _poll(port: int) -> bytes:
    """What a client asks that has the newest picture."""
    with HttpLine(port) as line:
        status, headers = line.ask(HttpLine.request(port, "GET", "/latest"))
        if status != 200:
            raise Failed(f"GET /latest: {status}")
        return HttpLine.request(port, "GET", "/latest", headers={"If-None-Match": headers["etag"]})


def _measured(sides: Sequence[Side], rounds: int, count: int) -> dict[str, Run]:
    """The middle of some rounds for each side."""
    runs: dict[str, list[Run]] = defaultdict(list)
    for side in sides:
        _one_by_one(side, max(20, count // 10))  # warm
    for _ in range(rounds):
        for side in sides:
            runs[side.name].append(undisturbed(partial(_run, side, count)))
    return {
        name: Run(*(median([getattr(one, part) for one in found]) for part in ("each", "cpu", "rate")))
        for name, found in runs.items()
    }


def _run(side: Side, count: int) -> Run:
    before = cpu.of_process(side.pid)
    each = _one_by_one(side, count)
    used = (cpu.of_process(side.pid) - before) / count * 1e6
    started = time.monotonic()
    threads = [threading.Thread(target=_one_by_one, args=(side, count // LINES)) for _ in range(LINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Run(each, used, count // LINES * LINES / (time.monotonic() - started))


def _one_by_one(side: Side, count: int) -> float:
    """µs each.

    Raises:
        Failed: an answer was another one.
    """
    with HttpLine(side.port) as line:
        started = time.perf_counter()
        for number in range(count):
            status, _ = line.ask(side.requests[number % len(side.requests)])
            if status != side.status:
                raise Failed(f"{side.name} answered {status}, not {side.status}")
        return (time.perf_counter() - started) / count * 1e6


def _report(title: str, runs: dict[str, Run], limit: float | None) -> Report:
    columns = ["server", f"requests/s, {LINES} connections", "µs each, one after the other", "× bare", "CPU µs of the server"]
    report = Report("publish", title, columns)
    for name, one in runs.items():
        report.row(name, one.rate, one.each, ratio(one.each, runs[BARE].each), one.cpu)
    if limit is not None:
        report.bar("time of one beside a bare route", ratio(runs[OURS].each, runs[BARE].each), limit)
        report.notes.append(
            "All behind the same HTTP parser. Ours has the door before it: Host, Origin, roles and the headers of every answer."
        )
    else:
        report.notes.append(
            "The bare route reads the body and drops it. Ours reads the JSON, the base64 and the head of the JPEG, and shows the "
            "picture; the naive bridge declares the body to pydantic, decodes it with `base64` and looks at it with Pillow."
        )
    return report
