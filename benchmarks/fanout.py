"""Server CPU per delivered 100 KB picture: ours by each way out, beside a raw epoll sender and JSON built per viewer."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from benchmarks.parts import cpu
from benchmarks.parts.crowd import Crowd, Watching
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.processes import Child
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report

FLOOR, FLOOR_ACK, NAIVE = "raw epoll sender", "raw epoll sender, acknowledged", "naive: JSON per viewer"
OWN, BINARY, JSON = "Livepane, /api/live", "Livepane, /ws/viewer", "Livepane, JSON frames"
_LOADS = ((50, 30.0), (300, 5.0))


@dataclass(frozen=True, slots=True)
class Contender:
    """Somebody who sends pictures to viewers."""

    pid: int
    port: int
    path: str
    dialect: str
    fed: bool  # needs a producer; the others make their own pictures


@dataclass(frozen=True, slots=True)
class Cost:
    """One measurement."""

    pictures: int
    cpu: float  # seconds
    share: float  # of the pictures that were due
    bytes_a_picture: float
    age: float  # ms, p95


def run(quick: bool) -> Iterator[Report]:
    """Two loads, each contender in turn, several rounds."""
    rounds, seconds = (1, 2.0) if quick else (3, 3.0)
    for viewers, fps in _LOADS:
        costs: dict[str, list[Cost]] = defaultdict(list)
        ingest: list[float] = []
        with _contenders(fps) as contenders, Livepane() as server:
            contenders |= {
                OWN: Contender(server.pid, server.port, "/api/live", "own", True),
                BINARY: Contender(server.pid, server.port, f"/ws/viewer?name=bench&fps={fps}", "binary", True),
                JSON: Contender(server.pid, server.port, server.json_path("producer:bench", fps), "json", True),
            }
            for _ in range(rounds):
                ingest.append(undisturbed(partial(_ingest, server, fps, seconds)))
                for name, contender in contenders.items():
                    costs[name].append(undisturbed(partial(_measure, contender, viewers, fps, seconds)))
        yield _report(viewers, fps, costs, median(ingest))


@contextmanager
def _contenders(fps: float) -> Iterator[dict[str, Contender]]:
    with ExitStack() as stack:

        def start(module: str, *arguments: str) -> tuple[int, int]:
            child = stack.enter_context(Child(module, *arguments))
            return child.pid, int(child.read())

        rate = ("--fps", str(fps))
        yield {
            FLOOR: Contender(*start("benchmarks.rivals.epoll_sender", *rate), "/", "binary", False),
            FLOOR_ACK: Contender(*start("benchmarks.rivals.epoll_sender", *rate, "--acknowledged"), "/", "binary-ack", False),
            NAIVE: Contender(*start("benchmarks.rivals.json_per_viewer"), f"/stream?fps={fps}", "json", True),
        }


def _measure(one: Contender, viewers: int, fps: float, seconds: float) -> Cost:
    with ExitStack() as stack:
        if one.fed:
            stack.enter_context(Child("benchmarks.parts.producer", "--port", str(one.port), "--fps", str(fps))).read()
        group = Watching("all", viewers, one.port, one.path, one.dialect, "producer:bench", fps)
        crowd = stack.enter_context(Crowd([group]))
        time.sleep(1.0)
        spent = _spent(lambda: cpu.of_process(one.pid), crowd, seconds)
        seen = crowd.report()["all"]
    return Cost(seen.pictures, spent, seen.pictures / (viewers * fps * seconds), seen.bytes_a_picture, seen.age(0.95))


def _spent(clock: Callable[[], float], crowd: Crowd, seconds: float) -> float:
    before = clock()
    crowd.mark()
    time.sleep(seconds)
    crowd.stop()
    return clock() - before


def _ingest(server: Livepane, fps: float, seconds: float) -> float:
    """CPU seconds per picture taken from the producer while nobody watches."""
    with Child("benchmarks.parts.producer", "--port", str(server.port), "--fps", str(fps)) as producer:
        producer.read()
        time.sleep(1.0)
        before = cpu.of_process(server.pid)
        time.sleep(seconds)
        return (cpu.of_process(server.pid) - before) / (fps * seconds)


def _report(viewers: int, fps: float, costs: dict[str, list[Cost]], ingest: float) -> Report:
    report = Report(
        f"fanout-{viewers}",
        f"Fan-out: {viewers} viewers × {fps:g} pictures a second × 100 KB",
        ["way out", "µs/picture", "× floor", "with ingest, µs", "delivered", "KB/picture", "age p95 ms"],
    )
    sending: dict[str, float] = {}
    for name, runs in costs.items():
        whole = median(one.cpu / one.pictures for one in runs) * 1e6
        pictures_in = ingest * 1e6 / viewers if name in (OWN, BINARY, JSON) else 0.0
        sending[name] = whole - pictures_in
        report.row(
            name,
            sending[name],
            ratio(sending[name], sending[FLOOR]),
            whole if pictures_in else None,
            f"{median(one.share for one in runs):.0%}",
            median(one.bytes_a_picture for one in runs) / 1000,
            median(one.age for one in runs),
        )
    report.notes.append(
        f"Taking a picture from the producer costs {ingest * 1e6:.0f} µs, once for all viewers; "
        "it is taken off our rows, because the floor makes its own pictures."
    )
    report.bar("/api/live beside the raw epoll sender", ratio(sending[OWN], sending[FLOOR]), 1.4)
    report.bar("/api/live beside one that is acknowledged as well", ratio(sending[OWN], sending[FLOOR_ACK]), 1.4)
    report.bar("/ws/viewer beside the raw epoll sender", ratio(sending[BINARY], sending[FLOOR]), 1.4)
    report.bar("JSON frames beside the raw epoll sender", ratio(sending[JSON], sending[FLOOR]), 2.0)
    report.bar("JSON built per viewer beside /api/live", ratio(sending[NAIVE], sending[OWN]), 5.0, at_most=False)
    report.bar("JSON built per viewer beside our JSON frames", ratio(sending[NAIVE], sending[JSON]), 5.0, at_most=False)
    return report
