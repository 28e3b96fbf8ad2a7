"""A broker that is not there, comes, is killed and comes back: of its own, since others use the one of this run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from livepane.bus.kafka.bus import KafkaBus
from livepane.bus.memory import MemoryBus
from livepane.domain.kafka import Cluster
from livepane.domain.stream import State
from livepane.hub.stream import Stream
from scripts.services.kafka import Kafka
from scripts.services.program import free_port
from tests.contract.bus.kafka_medium import LIMITS
from tests.forking.child import run
from tests.patience import PATIENCE
from tests.pictures import picture
from tests.serving import environment, serving
from tests.unit.bus.cluster import AS_IT_IS, machine, take


async def holds(condition: Callable[[], object]) -> None:
    """Wait until something is so that nobody tells of."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 — a log of another process
            await asyncio.sleep(0.05)


async def test_a_broker_may_be_away_at_the_start_and_be_killed_and_nobody_has_to_do_anything(tmp_path: Path) -> None:
    kafka = Kafka(tmp_path / "kafka", ports=(free_port(), free_port(), free_port()))
    named = {"KAFKA_BOOTSTRAP_SERVERS": kafka.servers}
    with ExitStack() as stack:
        server = await asyncio.to_thread(stack.enter_context, serving(tmp_path, **named))
        await holds(lambda: f"Kafka at {kafka.servers} cannot be reached" in server.logged())
        await asyncio.to_thread(stack.enter_context, kafka)
        await holds(lambda: "run `livepane kafka init`" in server.logged())
        made = await asyncio.to_thread(run, "kafka", "init", "--partitions", "2", env=environment(tmp_path, **named))
        assert made.returncode == 0, made.stderr
        assert "webpage_frames: made, with 2 partitions" in made.stdout
        less = await asyncio.to_thread(run, "kafka", "init", "--partitions", "1", env=environment(tmp_path, **named))
        assert less.returncode == 1
        assert "webpage_frames: has 2 partitions, and 1 cannot be had" in less.stderr
        assert "webpage_frames: is as it has to be" not in less.stdout
        await holds(lambda: f"connected with Kafka at {kafka.servers}" in server.logged())
        await _killed(kafka)
        await holds(lambda: server.logged().count(f"connected with Kafka at {kafka.servers}") == 2)


async def _killed(kafka: Kafka) -> None:
    """Two nodes, a viewer at each, and the broker killed between two pictures."""
    bus, cluster = MemoryBus(), Cluster((kafka.servers,))
    at_a, at_b = KafkaBus(cluster, LIMITS), KafkaBus(cluster, LIMITS)
    async with machine(bus, "a", end=at_a) as a, machine(bus, "b", end=at_b) as b:  # type: ignore[arg-type]
        shown, source = a.show()
        there = await b.sees()
        with shown.subscribe(AS_IT_IS, 60) as near, there.subscribe(AS_IT_IS, 60) as far:
            await source.until(lambda one: one.sink)
            assert source.sink is not None
            show = source.sink.put
            show(picture(1))
            assert await take(near) == await take(far) == picture(1).data
            kafka.kill()
            for number in range(2, 22):
                show(picture(number))
                assert await take(near) == picture(number).data, "who watches where it is shown misses nothing"
            await b.sees(condition=lambda one: one.state is State.RECONNECTING)
            for number in range(22, 122):
                show(picture(number))
            assert at_a.waiting <= 3, "one picture and some records, however many were given"
            await asyncio.to_thread(kafka.start)
            await b.sees(condition=lambda one: one.state is not State.RECONNECTING)
            show(picture(500))
            while await take(far) != picture(500).data:
                pass
            _live(there)


def _live(stream: Stream) -> None:
    assert stream.state is State.LIVE
    assert stream.reason is None
