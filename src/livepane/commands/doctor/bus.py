"""The Kafka that other machines are reached through, and whether the server that runs here is connected with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import httpx

from livepane.commands.doctor.finding import Finding, ok, problem, warning
from livepane.discovery import LocalServer, Located, read_server
from livepane.domain.errors import LivepaneError
from livepane.domain.kafka import Cluster
from livepane.settings import Settings

_NAME = "kafka"


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the brokers answer and have our topics; nothing when none is named."""
    cluster = settings.kafka
    if cluster is None:
        return
    yield await _broker(cluster)
    server = await asyncio.to_thread(read_server, settings.data_dir)
    if server is not None and (finding := await asyncio.to_thread(_server, server)) is not None:
        yield finding


async def _broker(cluster: Cluster) -> Finding:
    from livepane.bus import kafka

    try:
        kafka.check_installed()
    except LivepaneError as error:
        return problem(_NAME, error.message, f"{kafka.EXTRA}, or unset KAFKA_BOOTSTRAP_SERVERS.")
    from livepane.bus.kafka.connect import Away, Refused
    from livepane.bus.kafka.topics import administering

    began = time.perf_counter()
    try:
        async with administering(cluster) as admin:
            partitions = await admin.check(cluster)
    except (Away, Refused) as error:
        return problem(_NAME, str(error))
    took = (time.perf_counter() - began) * 1000
    topic = cluster.topics.frames
    return ok(_NAME, f"{cluster.shown}: answers in {took:.0f} ms; topics are there, {topic} has {partitions[topic]} partitions")


def _server(server: LocalServer) -> Finding | None:
    """What the server that runs here says of itself."""
    tls = Located(server.url, None, server.certificate).tls()
    try:
        checks = httpx.get(f"{server.url}/readyz", timeout=5, trust_env=False, verify=tls or True).json()["checks"]
        said = next((one for one in checks if one["name"] == "bus"), None)
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
    if said is None:
        return warning("cluster", f"the server at {server.url} was started without Kafka", "Start it again.")
    if not said["ok"]:
        return problem("cluster", f"the server at {server.url} is not seen by others: {said['reason']}", "Its log says more.")
    return ok("cluster", f"the server at {server.url} is connected with the others")
