"""Pictures from one machine to another through Apache Kafka: how much older, what it costs, and what becomes of trouble."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.parts import cpu, memory
from benchmarks.parts.numbers import median
from benchmarks.parts.pictures import made_at
from benchmarks.parts.processes import Child, wait_for
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report
from livepane.bus.kafka.connect import options
from livepane.bus.kafka.topics import Wish, administering, wanted
from livepane.domain.kafka import Cluster, Topics
from scripts.services.kafka import Kafka

STREAMS, FPS = 20, 5.0
NODE = "benchmarks.parts.bus_node"
PAUSE = 5.0  # seconds that a consumer stands still
POLL = 2.0  # seconds between two looks at the file of the naive one

Told = dict[str, float]


def run(quick: bool) -> Iterator[Report]:
    """A broker of our own for all of it."""
    rounds, seconds, away = (1, 5.0, 6.0) if quick else (5, 10.0, 30.0)
    with tempfile.TemporaryDirectory(prefix="livepane-bench-") as folder, Kafka(Path(folder), quick=False) as kafka:
        yield _hop(kafka, rounds, seconds)
        yield _pause(kafka)
        yield _unwatched(kafka, seconds)
        yield _restart(kafka, away)


# --- a hop ----------------------------------------------------------------------------------------------


def _hop(kafka: Kafka, rounds: int, seconds: float) -> Report:
    hops: list[tuple[Told, Told, Told, float]] = []
    with ExitStack() as stack:
        shows, watches, _ = stack.enter_context(_cluster(kafka))
        inside = stack.enter_context(Child(NODE, "memory", "--streams", str(STREAMS), "--fps", str(FPS)))
        inside.read()
        _seen_by(inside)
        _seen_by(watches)
        time.sleep(5.0)  # the first seconds of a broker are slow ones
        measure = partial(_measure, kafka, shows, watches, inside, seconds)
        hops += [undisturbed(measure) for _ in range(rounds)]
    report = Report(
        "kafka-hop",
        f"A hop: {STREAMS} streams × {FPS:g} pictures a second × 100 KB, shown by one node and watched at another",
        ["bus", "age p50 ms", "age p99 ms", "delivered", "CPU ms/MB, shows", "CPU ms/MB, watches", "CPU ms/MB, broker"],
    )
    expected = STREAMS * FPS * seconds

    ours = median(one[0]["p50"] for one in hops), median(one[0]["p99"] for one in hops)
    base = median(one[2]["p50"] for one in hops), median(one[2]["p99"] for one in hops)
    report.row(
        "Apache Kafka",
        *ours,
        f"{median(one[0]['pictures'] for one in hops) / expected:.0%}",
        median(one[1]["cpu"] / one[0]["mb"] for one in hops) * 1000,
        median(one[0]["cpu"] / one[0]["mb"] for one in hops) * 1000,
        median(one[3] / one[0]["mb"] for one in hops) * 1000,
    )
    both = median(one[2]["cpu"] / one[2]["mb"] for one in hops) * 1000
    report.row(
        "memory, both nodes in one process",
        *base,
        f"{median(one[2]['pictures'] for one in hops) / expected:.0%}",
        None,
        both,
        None,
    )
    report.notes.append("CPU includes making the pictures, on either bus.")
    report.bar("added age, p50", ours[0] - base[0], 10.0, "ms")
    report.bar("added age, p99", ours[1] - base[1], 40.0, "ms")
    return report


def _measure(kafka: Kafka, shows: Child, watches: Child, inside: Child, seconds: float) -> tuple[Told, Told, Told, float]:
    for child in (shows, watches, inside):
        child.ask("mark")
    broker = cpu.of_process(kafka.pid)
    time.sleep(seconds)
    there, here, memory_bus = (_ask(child, "report") for child in (watches, shows, inside))
    return there, here, memory_bus, cpu.of_process(kafka.pid) - broker


# --- a consumer that stands still -----------------------------------------------------------------------


def _pause(kafka: Kafka) -> Report:
    report = Report(
        "kafka-pause",
        f"A consumer that stood still for {PAUSE:g} s, {STREAMS} streams × {FPS:g} pictures a second × 100 KB",
        ["consumer", "age under 200 ms again after, s", "age at the first look, s", "and at those after it, s"],
    )
    with ExitStack() as stack:
        _, watches, cluster = stack.enter_context(_cluster(kafka))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="livepane-naive-")))
        naive = stack.enter_context(Child("benchmarks.rivals.kafka_in_order", kafka.servers, cluster.topics.frames, str(folder)))
        naive.read()
        _seen_by(watches)
        wait_for("a file of every stream", lambda: len(list(folder.glob("*.jpg"))) == STREAMS)
        time.sleep(2.0)
        for child in (watches, naive):
            os.kill(child.pid, signal.SIGSTOP)
        time.sleep(PAUSE)
        watches.say("mark")
        resumed = time.time_ns()
        for child in (watches, naive):
            os.kill(child.pid, signal.SIGCONT)
        watches.read()
        looks = []
        for _ in range(4):
            looks.append(_age_in(folder))
            time.sleep(POLL)
        ours = _ask(watches, f"recovered {resumed}")["seconds"]
        report.row("ours: live again", ours, None, None)
        report.row(
            "naive: every picture in its turn, a file, polled every 2 s",
            None,
            looks[0],
            ", ".join(f"{one:.1f}" for one in looks[1:]),
        )
    report.bar("ours: age under 200 ms after resuming", ours, 1.0, "s")
    return report


def _age_in(folder: Path) -> float:
    """The age of the oldest picture that somebody sees who looks at the files now, in s; a torn file is looked at again."""
    now, ages = time.time_ns(), []
    for path in folder.glob("*.jpg"):
        with path.open("rb") as file:
            at = made_at(file.read(64))
        if at is not None:
            ages.append((now - at) / 1e9)
    return max(ages, default=float("nan"))


# --- nobody watches -------------------------------------------------------------------------------------


def _unwatched(kafka: Kafka, seconds: float) -> Report:
    report = Report(
        "kafka-unwatched", f"{STREAMS} streams that nobody watches", ["", "records", "bytes a second on the broker's disk"]
    )
    with _cluster(kafka, watched=False) as (_, _, cluster):
        time.sleep(2.0)
        before, size = asyncio.run(_records(cluster)), _size(kafka, cluster)
        time.sleep(seconds)
        records, grown = asyncio.run(_records(cluster)) - before, (_size(kafka, cluster) - size) / seconds
        report.row("pictures", records, grown)
    report.bar("pictures to Kafka", records, 0.0, "records")
    report.bar("bytes a second to Kafka", grown, 0.0, "B/s")
    return report


async def _records(cluster: Cluster) -> int:
    consumer: Any = AIOKafkaConsumer(**options(cluster))
    await consumer.start()
    try:
        async with administering(cluster) as admin:
            count = (await admin.check(cluster))[cluster.topics.frames]
        ends = await consumer.end_offsets([TopicPartition(cluster.topics.frames, number) for number in range(count)])
        return sum(ends.values())
    finally:
        await consumer.stop()


def _size(kafka: Kafka, cluster: Cluster) -> int:
    """Bytes of the segments of pictures, as far as something was written to them."""
    return sum(path.stat().st_size for path in (kafka.folder / "data").glob(f"{cluster.topics.frames}-*/*.log"))


# --- a broker that is killed ----------------------------------------------------------------------------


def _restart(kafka: Kafka, away: float) -> Report:
    report = Report(
        "kafka-restart",
        f"The broker is killed and started again after {away:g} s",
        ["who", "longest time without a picture, s", "live again after, s", "memory before, MB", "after, MB"],
    )
    with ExitStack() as stack:
        shows, watches, _ = stack.enter_context(_cluster(kafka, local=True))
        for child in (shows, watches):
            _seen_by(child)
        time.sleep(3.0)
        before = [memory.of_trees([child.pid]) for child in (shows, watches)]
        shows.ask("mark")
        kafka.kill()
        time.sleep(away)
        during = [memory.of_trees([child.pid]) for child in (shows, watches)]
        local = _ask(shows, "report")
        watches.ask("mark")
        kafka.start()
        back = time.time_ns()
        time.sleep(8.0)
        live = _ask(watches, f"recovered {back}")["seconds"]
        local_after = _ask(shows, "report")
        after = [memory.of_trees([child.pid]) for child in (shows, watches)]
    gap = max(local["gap"], local_after["gap"])
    report.row("viewers where it is shown", gap, None, before[0], max(during[0], after[0]))
    report.row("viewers at the other node", None, live, before[1], max(during[1], after[1]))
    report.notes.append(f"A picture is due every {1 / FPS:g} s. Live: younger than 200 ms, every stream, for good.")
    report.bar("viewers where it is shown: longest time without a picture", gap, 2 / FPS, "s")
    report.bar("viewers at the other node: live again", live, 5.0, "s")
    report.bar(
        "memory that either node took more", max(after[0] - before[0], after[1] - before[1], during[0] - before[0]), 50.0, "MB"
    )
    return report


# --- parts ----------------------------------------------------------------------------------------------


@contextmanager
def _cluster(kafka: Kafka, *, watched: bool = True, local: bool = False) -> Iterator[tuple[Child, Child, Cluster]]:
    """One node that shows and one that watches, with topics of their own."""
    cluster = replace(Cluster((kafka.servers,)), topics=Topics(f"b{token_hex(4)}."))
    asyncio.run(_make(cluster))
    where = ("--servers", kafka.servers, "--prefix", cluster.topics.prefix, "--streams", str(STREAMS), "--fps", str(FPS))
    with ExitStack() as stack:
        shows = stack.enter_context(Child(NODE, "shows", "--shows", *(["--watches"] if local else []), *where))
        shows.read()
        watches = stack.enter_context(Child(NODE, "watches", *(["--watches"] if watched else []), *where))
        watches.read()
        yield shows, watches, cluster


async def _make(cluster: Cluster) -> None:
    async with administering(cluster) as admin:
        for topic in wanted(cluster, Wish()):
            async for _ in admin.mend(topic):
                pass


def _seen_by(child: Child) -> None:
    wait_for("a picture of every stream", lambda: _ask(child, "report")["streams"] == STREAMS)


def _ask(child: Child, line: str) -> Told:
    told: Told = json.loads(child.ask(line))
    return told
