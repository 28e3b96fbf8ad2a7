"""docs/explanation/scale.md: what each part of a cluster carries, reckoned from what was measured.

The figures stand in FIGURES; whoever measures anew changes them there, and everything that follows from them is reckoned again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scripts.gen.schema import table


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured, each on the machine of docs/explanation/performance.md, on one core unless it says otherwise."""

    picture: float = 100e3  # bytes: a JPEG of a page, 1280x720; what every bench sends
    fps: float = 5.0
    out_us: float = 79.5  # us of a gateway for a picture handed to one viewer on /api/live: 300 viewers x 5 a second
    out_plain_us: float = 36.9  # the same on /ws/viewer
    in_us: float = 751.0  # us to take one picture from a producer, once for all viewers
    hop_ms: tuple[float, float] = (3.4, 11.9)  # p50, p99 of the age of a picture of another node
    kafka_core_per_mb: float = 17.0e-3  # cores of a node for each MB/s that it reads and hands to one viewer
    broker_core_per_mb: float = 37.9e-3  # cores of a broker for each MB/s written and read once, at 10 MB/s
    page_fps: float = 5.0  # pictures a second of a watched page
    page_ms: float = 29.8  # ms of CPU for one picture of a page: server, Chromium and its painting
    desktop_ms: float = 10.3  # ms of CPU for one picture of a desktop, 1920x1080
    worker_mb: float = 677.0  # MB of a process with a browser, after rounds of pages
    jobs_per_second: float = 458.0  # that do nothing: what the rows cost in Postgres
    h264: tuple[float, float] = (2.0, 6.0)  # KB a picture of the same page in H.264: typing, scrolling
    h264_ms: float = 5.0  # ms to encode one


FIGURES = Figures()


@dataclass(frozen=True, slots=True)
class Node:
    """A machine to reckon with, and what is taken of it: nobody plans for all."""

    cores: int = 8
    memory_gb: float = 32.0
    network: float = 10e9 / 8  # bytes a second
    used: float = 0.7
    price: float = 250.0  # a month, in your currency: put your own


NODE = Node()
DISK = 300e6  # bytes a second that a broker's own disks write; a reckoning, not a measurement of ours
EGRESS = 0.02  # for a GB that leaves the site
MONTH = 30 * 86_400
SIZES = (("a team", 20, 50), ("a company", 200, 1_000), ("a large one", 2_000, 10_000), ("the largest", 10_000, 100_000))


def distinct(sources: int, viewers: int) -> int:
    """How many streams are watched by somebody when viewers choose by Zipf's law: the first is watched most, the tenth a tenth of it."""
    weights = [1 / rank for rank in range(1, sources + 1)]
    total = sum(weights)
    return round(sum(1 - (1 - weight / total) ** viewers for weight in weights))


def viewers_of_gateway(figures: Figures = FIGURES, node: Node = NODE) -> tuple[int, int]:
    """By CPU (a gateway is one process on one core), and by the network of its machine when nothing else is on it."""
    by_cpu = node.used * 1e6 / (figures.out_us * figures.fps)
    by_network = node.used * node.network / (figures.picture * figures.fps)
    return int(by_cpu), int(by_network)


def bytes_of_broker(figures: Figures = FIGURES, node: Node = NODE) -> float:
    """Bytes a second that a broker on a machine of its own takes: what its disks or its cores can do, whichever is less."""
    return min(DISK, node.used * node.cores / figures.broker_core_per_mb * 1e6)


def cores_of_gateway(sources: int, viewers: int, figures: Figures = FIGURES) -> float:
    """What these viewers take of a gateway's core, with reading what they watch from Kafka."""
    read = distinct(sources, viewers) * figures.picture * figures.fps / 1e6 * figures.kafka_core_per_mb
    return read + viewers * figures.out_us * figures.fps / 1e6


def gateways(sources: int, viewers: int, node: Node = NODE) -> int:
    """Processes that so many viewers take, who come to any of them; two at the least."""
    few, many = 1, 2
    while cores_of_gateway(sources, math.ceil(viewers / many)) > node.used:
        few, many = many, many * 2
    while many - few > 1:
        middle = (few + many) // 2
        if cores_of_gateway(sources, math.ceil(viewers / middle)) > node.used:
            few = middle
        else:
            many = middle
    return many


def page() -> str:
    """The whole page."""
    return "\n".join([_intro(), _measured(), _nodes(), _sizes(), _limits(), _largest()])


def _intro() -> str:
    return """# Scale

What a cluster of Livepane carries, reckoned from [what was measured](performance.md). A reckoning is no measurement: it says where to look first, and which
part gives in before the others. Everything below is JPEG, 100 KB a picture, five pictures a second, one pane a viewer, unless it says otherwise.
"""


def _measured() -> str:
    figures = FIGURES
    rows = [
        ("a picture to a viewer, `/api/live`", f"{figures.out_us:g} µs of one core", "fan-out, 300 viewers"),
        ("the same on `/ws/viewer`", f"{figures.out_plain_us:g} µs", "fan-out, 300 viewers"),
        ("a picture from a producer", f"{figures.in_us:g} µs, once for all viewers", "fan-out"),
        (
            "through Kafka to another machine",
            f"{figures.hop_ms[0]:g} ms, 1 % over {figures.hop_ms[1]:g} ms; {figures.kafka_core_per_mb * 100:.2f} % of a core for each MB/s",
            "Kafka hop",
        ),
        ("a picture of a page, with its browser", f"{figures.page_ms:g} ms of CPU", "the nearest rival"),
        ("a picture of a desktop, 1920×1080", f"{figures.desktop_ms:g} ms of CPU", "desktop"),
        ("a process with a browser", f"{figures.worker_mb:g} MB", "watching a scrape"),
        ("a broker", f"{figures.broker_core_per_mb * 100:.2g} % of a core for each MB/s written, and read once", "Kafka hop"),
        ("a job's rows and journal, in Postgres", f"{figures.jobs_per_second:g} jobs a second", "queue"),
    ]
    return "## What was measured\n\n" + table(rows, "what", "costs", "bench") + "\n"


def _nodes() -> str:
    figures, node = FIGURES, NODE
    by_cpu, by_network = viewers_of_gateway()
    pictures = node.used * 1e6 / figures.in_us
    pages = node.used * node.cores * 1e3 / (figures.page_ms * figures.page_fps)
    by_memory = node.used * node.memory_gb * 1e3 / figures.worker_mb
    kafka = node.used / figures.kafka_core_per_mb
    rows = [
        (
            "gateway (one process)",
            f"{by_cpu:,} viewers, {by_cpu * figures.picture * figures.fps / 1e6:,.0f} MB/s",
            "its core; start a second process before that",
        ),
        ("a machine of gateways", f"{by_network:,} viewers, {node.used * node.network / 1e6:,.0f} MB/s", "10 Gbit/s of network"),
        (
            "gateway, taking pictures in",
            f"{pictures:,.0f} pictures a second, {pictures / figures.fps:,.0f} sources",
            "its core, if nobody watched there",
        ),
        (
            "gateway, from and to Kafka",
            f"{kafka:,.0f} MB/s, {kafka * 1e6 / (figures.picture * figures.fps):,.0f} streams",
            "its core; shared with the viewers",
        ),
        (
            "broker",
            f"{_speed(bytes_of_broker())} written, {bytes_of_broker() / (figures.picture * figures.fps):,.0f} watched streams",
            "its cores, as measured at 10 MB/s; where batches are larger, its disks",
        ),
        (
            "worker",
            f"{pages:,.0f} watched pages; {by_memory:,.0f} jobs with a browser at a time",
            "CPU when watched, memory when not",
        ),
        ("the rows of jobs", f"{figures.jobs_per_second:g} jobs a second", "commits; far above what browsers can do"),
        ("Redis or Valkey", "ids of jobs: some hundred bytes each", "nothing here fills it"),
        (
            "agent",
            f"{1e3 / figures.desktop_ms:,.0f} pictures a second of a desktop",
            "one core of that machine; nothing unwatched",
        ),
    ]
    assumed = (
        f"Reckoned with {node.cores} cores, {node.memory_gb:g} GB and 10 Gbit/s a machine, of which {node.used:.0%} are used. "
        "The gateway's figures were measured on loopback: a real network card, and TLS in the proxy, cost more."
    )
    return f"## What one of each carries\n\n{assumed}\n\n" + table(rows, "part", "carries", "what gives in first") + "\n"


def _sizes() -> str:
    figures, node = FIGURES, NODE
    rows = []
    for name, sources, viewers in SIZES:
        watched = distinct(sources, viewers)
        stream = figures.picture * figures.fps
        ingest, egress = watched * stream, viewers * stream
        _, by_network = viewers_of_gateway()
        processes = gateways(sources, viewers)
        machines = max(2, math.ceil(viewers / by_network), math.ceil(processes / node.cores))
        # A gateway reads the streams that its own viewers watch: each of them once, however many look.
        read = processes * distinct(sources, math.ceil(viewers / processes)) * stream
        brokers = (
            1 if name == SIZES[0][0] else max(3, math.ceil(max(3 * ingest, read) / bytes_of_broker()))
        )  # the first has no copies
        rows.append(
            (
                name,
                f"{sources:,} / {viewers:,}",
                f"{watched:,}",
                _speed(ingest),
                _speed(read),
                _speed(egress),
                f"{processes:,} on {machines:,}",
                f"{brokers:,}",
                f"{(machines + brokers) * node.price:,.0f}",
                f"{egress * MONTH / 1e9 * EGRESS:,.0f}",
            )
        )
    head = (
        "size",
        "sources / viewers",
        "watched",
        "into Kafka",
        "out of Kafka",
        "to viewers",
        "gateways",
        "brokers",
        "machines a month",
        "traffic a month",
    )
    says = f"""## Four sizes

*Watched* is how many streams somebody looks at when people choose by Zipf's law: **nothing else is captured, sent or stored**. Brokers keep three copies from the second size on; their number follows from what is written or what is read, whichever is more. *Out of Kafka*
is each watched stream once for every gateway with viewers of it; what is read along with it in its partition comes on top.
Money: {NODE.price:g} a machine and month, {EGRESS:g} a GB that leaves the site, everybody watching day and night; put your own prices into `scripts/gen/scale.py`.

"""
    return says + table(rows, *head) + "\n"


def _limits() -> str:
    figures = FIGURES
    smaller = figures.picture / 1e3 / figures.h264[1], figures.picture / 1e3 / figures.h264[0]
    rows = [
        (
            "bytes to viewers",
            "first of all: at every size they are the largest figure",
            f"H.264 instead of JPEG: {figures.h264[0]:g}-{figures.h264[1]:g} KB a picture of the same page, {smaller[0]:.0f}-{smaller[1]:.0f} × less, "
            f"for {figures.h264_ms:g} ms of encoding once for all viewers",
        ),
        (
            "a gateway's core",
            f"{viewers_of_gateway()[0]:,} viewers a process",
            "more processes; after that a fan-out that is not Python, behind the same protocol",
        ),
        (
            "Kafka out",
            "every gateway reads what its viewers watch, and for most of them that is more work than the viewers",
            "callers of one stream on one gateway (a proxy that hashes the stream's name); after that a direct relay from the owner's "
            "gateway to the others, with Kafka for registry, demand and reading back",
        ),
        (
            "Kafka in",
            "3 copies of every watched stream",
            "topics without copies for what is only live; more brokers; the relay above",
        ),
        ("one partition", "a stream lives in one of 12-48: its neighbours are read along", "`livepane kafka init --partitions`"),
        ("workers", "memory: a browser for each job at a time", "more workers; KEDA counts the jobs that wait"),
        (
            "Postgres",
            "thousands of lines of journals a second",
            "fewer progress lines; a larger machine, long before a second one",
        ),
        (
            "pictures for thousands who only look",
            "every viewer its own bytes",
            "a CDN: stills with a second of life, or segments of H.264",
        ),
    ]
    return "## Where each part ends, and what replaces it\n\n" + table(rows, "part", "ends at", "instead") + "\n"


def _largest() -> str:
    figures = FIGURES
    _, sources, viewers = SIZES[-1]
    watched = distinct(sources, viewers)
    jpeg = viewers * figures.picture * figures.fps
    low, high = (viewers * size * 1e3 * figures.fps for size in figures.h264)
    encoders = watched * figures.fps * figures.h264_ms / 1e3
    regions = watched * figures.h264[1] * 1e3 * figures.fps
    return f"""## {sources:,} sources, {viewers:,} viewers

As JPEG: {_speed(jpeg)} to viewers, {jpeg * 8 / 1e9:,.0f} Gbit/s. Nobody pays for that, and nothing in the cluster is the reason: it is the pictures. In this order:

1. **H.264.** The same pictures are {_speed(low)} to {_speed(high)}. Encoding {watched:,} watched streams once takes {encoders:,.0f} cores, next to the sources;
   cards and WebCodecs in the extension take it off them. JPEG stays for what has no decoder and for stills.
2. **Direct relay.** Pictures go from the gateway of the source to the gateways that have viewers, {_speed(regions)} from each region at most; Kafka keeps what it is good at: who is there, who wants
   what, and the last minutes of what somebody chose to keep.
3. **A CDN for those who only look.** Segments of a second for an audience, a still with a second of life for walls of small tiles: the origin then serves {watched:,} streams, not {viewers:,} viewers.
   Those who drive a page stay on a socket: for them a second is too late.
4. **Regions.** Sources, viewers and brokers of one region stay in it; between regions go presence, demand and what is watched from elsewhere. A region that is away takes nothing else with it.

What does not have to change on the way: the protocols of viewers and producers, stream ids, demand, tokens, and the seam between nodes (`domain/bus.py`), behind which each of these is one more
way to carry a picture.
"""


def _speed(per_second: float) -> str:
    return f"{per_second / 1e9:,.1f} GB/s" if per_second >= 1e9 else f"{per_second / 1e6:,.0f} MB/s"
