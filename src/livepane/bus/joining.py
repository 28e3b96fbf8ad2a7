"""How a process becomes a node: where the bus is, and what the node is called."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from livepane.bus import kafka
from livepane.bus.names import node_name
from livepane.bus.node import Node
from livepane.domain.kafka import Cluster
from livepane.hub.hub import Hub
from livepane.media.image import Limits
from livepane.settings import Settings

_LONGEST = 64  # characters of a name


@asynccontextmanager
async def joined(settings: Settings, cluster: Cluster, hub: Hub, *, worker: bool = False) -> AsyncIterator[Node]:
    """Our hub as a node inside of the block. `worker`: one of several processes that share a name and a data folder.

    Raises:
        Unavailable: the client of the bus is not installed, or the data folder cannot be written.
    """
    name = node_name(settings.node, settings.data_dir)
    if worker:
        number = f".{os.getpid()}"
        name = name[: _LONGEST - len(number)] + number
    bus = kafka.open_bus(cluster, Limits(settings.max_frame_bytes, settings.max_frame_pixels))
    async with Node(hub, bus, name, kept=settings.pushed_kept_seconds, foreign=settings.max_pushed) as node:
        yield node
