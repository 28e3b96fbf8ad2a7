"""Nodes of a cluster as one process: streams that are shown, viewers that watch, and how old what they see is.

python -m benchmarks.parts.bus_node NAME --streams 20 --fps 5 [--servers HOST:PORT --prefix P] [--shows] [--watches]

Without `--servers` it is two nodes on a bus in memory, one that shows and one that watches. Answers each line it reads:
`mark` begins a measurement, `report` tells of it, `recovered NS` how long after a moment everything was live for good.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator

from benchmarks.parts.numbers import percentile
from benchmarks.parts.pictures import HEIGHT, WIDTH, Reel
from livepane.bus.kafka import open_bus
from livepane.bus.memory import MemoryBus
from livepane.bus.node import Node
from livepane.domain.bus import Bus
from livepane.domain.demand import RenditionSpec
from livepane.domain.frame import Encoding, Picture
from livepane.domain.kafka import Cluster, Topics
from livepane.domain.ports import DemandSignal, FrameSink
from livepane.domain.stream import StreamId
from livepane.hub.hub import Hub
from livepane.media.image import Limits

LIVE = 0.2  # seconds: what counts as live after a pause
_AS_IT_IS = RenditionSpec(encoding=None)
_LIMITS = Limits(10 << 20, 33_177_600)


class Reeled:
    """A source of fresh pictures, evenly spread between those of the others."""

    def __init__(self, reel: Reel, fps: float, lag: float) -> None:
        self._reel, self._fps, self._lag = reel, fps, lag

    async def capture(self, sink: FrameSink, demand: DemandSignal) -> None:
        """Source."""
        due = time.monotonic() + self._lag
        while True:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due = max(due + 1 / self._fps, time.monotonic() - 1)
            data = self._reel.next()
            sink.put(Picture(time.time_ns(), WIDTH, HEIGHT, Encoding.JPEG, data, 80))

    async def close(self) -> None:
        """Nothing to give up."""


class Seen:
    """What the viewers have seen since the mark: (when, how old) of each picture, by stream. All in ns."""

    def __init__(self) -> None:
        self.samples: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.size = 0
        self.cpu = time.process_time()

    def mark(self) -> None:
        """Begin anew."""
        self.samples.clear()
        self.size, self.cpu = 0, time.process_time()

    def take(self, stream: str, picture: Picture) -> None:
        """A picture was seen."""
        now = time.time_ns()
        self.samples[stream].append((now, now - picture.captured_at))
        self.size += len(picture.data)

    def report(self) -> dict[str, float]:
        """Ages in ms, the longest time between two pictures of a stream in s, MB, and CPU seconds of this process."""
        ages = [age / 1e6 for rows in self.samples.values() for _, age in rows]
        gaps = [(after - before) / 1e9 for rows in self.samples.values() for (before, _), (after, _) in itertools.pairwise(rows)]
        return {
            "pictures": len(ages),
            "streams": len(self.samples),
            "p50": percentile(ages, 0.5),
            "p99": percentile(ages, 0.99),
            "gap": max(gaps, default=0.0),
            "mb": self.size / 1e6,
            "cpu": time.process_time() - self.cpu,
        }

    def recovered(self, since: int, streams: int) -> float:
        """Seconds from a moment until every stream was live and stayed so; infinite when one was not."""
        latest = 0
        if len(self.samples) < streams:
            return float("inf")
        for rows in self.samples.values():
            good: int | None = None
            for when, age in rows:
                if when >= since:
                    good = None if age > LIVE * 1e9 else good or when
            if good is None:
                return float("inf")
            latest = max(latest, good)
        return (latest - since) / 1e9


@contextlib.asynccontextmanager
async def _node(name: str, bus: Bus) -> AsyncIterator[Hub]:
    async with Hub(grace=1.0) as hub, Node(hub, bus, name) as node:
        await node.settled()
        yield hub


def _show(hub: Hub, streams: int, fps: float) -> None:
    reel = Reel()
    for number in range(streams):
        hub.add(StreamId.parse(f"page:{number}"), Reeled(reel, fps, number / streams / fps), title=f"page {number}")


async def _watch(hub: Hub, name: str, seen: Seen) -> None:
    with hub.changes() as changes:
        while hub.find(name) is None:
            await changes.take()
    with hub.get(name).subscribe(_AS_IT_IS, 60.0) as viewer:
        while True:
            seen.take(name, (await viewer.next()).frame.picture)


async def _run(wish: argparse.Namespace) -> None:
    seen = Seen()
    async with contextlib.AsyncExitStack() as stack:
        if wish.servers:
            cluster = Cluster((wish.servers,), topics=Topics(wish.prefix))
            hub = await stack.enter_async_context(_node(wish.name, open_bus(cluster, _LIMITS)))
            shows, watches = hub if wish.shows else None, hub if wish.watches else None
        else:
            memory = MemoryBus()
            shows = await stack.enter_async_context(_node("shows", memory.end()))
            watches = await stack.enter_async_context(_node("watches", memory.end()))
        if shows is not None:
            _show(shows, wish.streams, wish.fps)
        async with asyncio.TaskGroup() as group:
            viewers = [
                group.create_task(_watch(watches, f"page:{number}", seen))
                for number in range(wish.streams)
                if watches is not None
            ]
            print("ready", flush=True)
            while line := await asyncio.to_thread(sys.stdin.readline):
                word, _, rest = line.strip().partition(" ")
                match word:
                    case "mark":
                        seen.mark()
                        print("{}", flush=True)
                    case "recovered":
                        print(json.dumps({"seconds": seen.recovered(int(rest), wish.streams)}), flush=True)
                    case _:
                        print(json.dumps(seen.report()), flush=True)
            for one in viewers:
                one.cancel()


def main() -> None:
    """Until its input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--servers", default="")
    parser.add_argument("--prefix", default="")
    parser.add_argument("--streams", type=int, default=20)
    parser.add_argument("--fps", type=float, default=5.0)
    parser.add_argument("--shows", action="store_true")
    parser.add_argument("--watches", action="store_true")
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
