"""`GET /metrics`: what the server has done and how it is, for Prometheus. All is read when it asks, nothing kept for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from livepane import __version__
from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.cpu import SCREENS
from livepane.domain.access import Role
from livepane.domain.bus import LinkState
from livepane.hub.ledger import Ages, Ledger
from livepane.services import Services

if TYPE_CHECKING:
    from livepane.bus.node import Node

router = APIRouter(tags=["server"])

_LARGEST = 17  # the last bucket with an end of its own is 2**17 ms = 131 s
_NS = 1e-9


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
@allow(Role.VIEWER)
async def metrics(services: ServicesOf, request: Request) -> Response:
    """Numbers for Prometheus. Needs the role viewer, with a token that is not bound to streams."""
    registry = CollectorRegistry()
    registry.register(_Server(services))
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(registry), headers={"Content-Type": content_type, "Cache-Control": "no-store"})


class _Server(Collector):
    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        """Everything, family by family."""
        yield _gauge("livepane_build_info", "1, with the version as a label", {(__version__,): 1.0}, ["version"])
        yield from _pictures(self._services.hub.ledger, self._services)
        yield from _streams(self._services)
        yield from _budget(self._services)
        if self._services.node is not None:
            yield from _bus(self._services.node)
        pulse, throttle = self._services.pulse, self._services.throttle
        yield _gauge("livepane_event_loop_lag_seconds", "The latest the event loop was in the last ten seconds", pulse.worst)
        sockets = {(route,): float(count) for route, count in self._services.sockets.items()}
        yield _gauge("livepane_sockets", "WebSockets that are open, by route", sockets, ["route"])
        refused = {("wrong_token",): throttle.refused, ("too_many_tries",): throttle.held_off}
        yield _counter("livepane_signin_refusals", "Sign-ins that were refused", refused, ["reason"])


def _pictures(ledger: Ledger, services: Services) -> Iterator[Metric]:
    # What viewers who are still there have got is with them.
    watching = [one for stream in services.hub.all() for one in stream.subscriptions]
    out = ledger.frames_out + sum(one.sent for one in watching)
    slow = ledger.too_slow + sum(one.dropped for one in watching)
    size = ledger.bytes_out + sum(one.bytes for one in watching)
    yield _counter("livepane_frames_in", "Pictures that sources gave and that showed something new", ledger.frames_in)
    yield _counter("livepane_frames_unchanged", "Pictures that sources gave and that were equal to the one before", ledger.same)
    yield _counter("livepane_frames_out", "Pictures handed to viewers", out)
    yield _counter("livepane_picture_bytes_out", "Bytes of pictures handed to viewers", size)
    dropped = {("slow_viewer",): slow, ("over_rate",): ledger.over_rate, ("undecodable",): ledger.bad}
    yield _counter("livepane_frames_dropped", "Pictures that nobody got, or not this viewer", dropped, ["reason"])
    yield _counter("livepane_encodes", "Pictures that had to be encoded", ledger.encodes)
    yield _counter("livepane_encode_seconds", "Time that encoding took, over all threads", ledger.encode_ns * _NS)
    yield _counter("livepane_encode_cpu_seconds", "CPU time of encoding, over all threads", ledger.encode_cpu_ns * _NS)
    ages = HistogramMetricFamily(
        "livepane_picture_age_seconds",
        "Age of new pictures: until the socket took them, until the viewer had them",
        labels=["until"],
    )
    for until, histogram in (("socket", ledger.held), ("acknowledged", ledger.acknowledged)):
        ages.add_metric([until], *_buckets(histogram))
    yield ages


def _streams(services: Services) -> Iterator[Metric]:
    streams = services.hub.all()
    counts = Counter((str(stream.id.kind), str(stream.state)) for stream in streams if stream.listed)
    yield _gauge("livepane_streams", "Streams, by kind and state", dict(counts), ["kind", "state"])
    viewers = Counter[tuple[str, ...]]()
    for stream in streams:
        viewers[(str(stream.id.kind),)] += stream.viewers
    yield _gauge("livepane_viewers", "Viewers of streams, by kind of the stream", dict(viewers), ["kind"])
    running = sum(stream.capture.running for stream in streams if stream.node is None)
    yield _gauge("livepane_captures", "Captures that run", running)


def _budget(services: Services) -> Iterator[Metric]:
    budget = services.budget
    yield _counter("livepane_browser_cpu_seconds", "CPU time of Chromium and all that it started", budget.browser_seconds)
    yield _counter("livepane_screen_cpu_seconds", "CPU time of the threads that look at displays", SCREENS.seconds)
    yield _gauge("livepane_cpu_used_ratio", "Share of the machine that server and browsers use", budget.used)
    yield _gauge("livepane_capture_cpu_limit_ratio", "Share from which captures are slowed", services.settings.capture_cpu)
    if services.settings.capture_fps is not None:
        yield _gauge("livepane_capture_fps_limit", "Pictures a second of all captures together", services.settings.capture_fps)
    if budget.allowed is not None:
        yield _gauge("livepane_capture_fps_allowed", "Pictures a second that captures may take now", budget.allowed)
    yield _gauge("livepane_streams_slowed", "Streams that are captured less often than viewers ask for", budget.state.slowed)


def _bus(node: Node) -> Iterator[Metric]:
    condition, traffic, remote = node.condition, node.bus.traffic, node.remote
    yield _gauge("livepane_bus_up", "1 while this server is connected to the other nodes", condition.link.state is LinkState.UP)
    yield _gauge("livepane_bus_name_taken", "1 while another server has the name of this one", condition.clash is not None)
    yield _gauge("livepane_bus_nodes", "Other nodes that are there", condition.peers)
    yield _gauge("livepane_bus_streams", "Streams of other nodes", condition.streams)
    leases = {("given",): float(condition.leases_given), ("held",): float(condition.leases_held)}
    yield _gauge("livepane_bus_leases", "Who wants pictures: others of us (given), we of others (held)", leases, ["side"])
    frames = {("out",): float(traffic.frames_out), ("in",): float(traffic.frames_in)}
    yield _counter("livepane_bus_frames", "Pictures to and from other nodes", frames, ["direction"])
    size = {("out",): float(traffic.bytes_out), ("in",): float(traffic.bytes_in)}
    yield _counter("livepane_bus_picture_bytes", "Bytes of pictures that were sent and read", size, ["direction"])
    records = {("out",): float(traffic.records_out), ("in",): float(traffic.records_in)}
    yield _counter("livepane_bus_records", "Words between nodes: presence and leases", records, ["direction"])
    passed = {
        ("replaced_out",): float(traffic.replaced_out),
        ("replaced_in",): float(traffic.replaced_in),
        ("skipped",): float(traffic.skipped),
        ("late",): float(remote.late),
        ("unknown_stream",): float(remote.unknown),
    }
    yield _counter("livepane_bus_frames_passed_over", "Pictures that a newer one replaced, or nobody knew", passed, ["reason"])
    yield _gauge("livepane_bus_lag_records", "Pictures that were written and are not read yet", traffic.behind)
    faults = {("unknown_version",): float(traffic.unknown), ("bad",): float(traffic.bad), ("lost",): float(traffic.lost)}
    yield _counter("livepane_bus_faults", "Records that could not be used or sent", faults, ["reason"])
    yield _counter("livepane_bus_connections", "How often the link to the other nodes came up", traffic.connections)
    ages = HistogramMetricFamily("livepane_bus_picture_age_seconds", "Age of pictures of other nodes when they arrived")
    ages.add_metric([], *_buckets(remote.ages))
    yield ages


Values = float | Mapping[Any, float]  # by the values of its labels


def _gauge(name: str, meaning: str, values: Values, labels: list[str] | None = None) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=labels or [])
    for key, value in (values if isinstance(values, Mapping) else {(): values}).items():
        family.add_metric(list(key), float(value))
    return family


def _counter(name: str, meaning: str, values: Values, labels: list[str] | None = None) -> CounterMetricFamily:
    family = CounterMetricFamily(name, meaning, labels=labels or [])
    for key, value in (values if isinstance(values, Mapping) else {(): values}).items():
        family.add_metric(list(key), float(value))
    return family


def _buckets(ages: Ages) -> tuple[Sequence[tuple[str, float]], float]:
    """(upper end in seconds, how many were younger) for each, and the sum of all."""
    rows: list[tuple[str, float]] = []
    below = 0
    for power, count in enumerate(ages.counts[: _LARGEST + 1]):
        below += count
        rows.append((str(2**power / 1000), below))
    rows.append(("+Inf", sum(ages.counts)))
    return rows, ages.total * _NS
