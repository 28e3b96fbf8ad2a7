"""Messages to workers: sent when a job is committed, and once more when a broker has lost them; without one jobs wait."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import redis

from livepane.domain.job import EventKind, JobError, JobState, NewJob
from livepane.jobs import dispatch
from livepane.jobs.backoff import Backoff
from livepane.jobs.celery_carrier import CeleryCarrier
from livepane.jobs.dispatch import Dispatcher, Lane
from livepane.jobs.leases import Leases
from livepane.jobs.queue import Queue
from livepane.settings import Settings
from livepane.store import db
from scripts.services.redis import Redis
from tests.patience import PATIENCE
from tests.services.queues import queue_in


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes minutes otherwise."""
    for name in ("LOOK_EVERY", "CHECK_EVERY", "LOST_AFTER"):
        monkeypatch.setattr(dispatch, name, 0.05)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """One that the tests may stop and empty."""
    with Redis(tmp_path_factory.mktemp("redis")) as one:
        yield one


@pytest.fixture
async def queue(tmp_path: Path) -> AsyncIterator[Queue]:
    """An empty queue."""
    await asyncio.to_thread(db.prepare, tmp_path)
    async with queue_in(tmp_path) as queue:
        yield queue


@pytest.fixture
def carrier(broker: Redis) -> CeleryCarrier:
    """A sender."""
    client = redis.Redis.from_url(broker.url)
    client.flushall()
    client.close()
    return CeleryCarrier(Settings(jobs_engine="celery", celery_broker_url=broker.url))


async def until(there: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that is done by others, in the broker or the database."""
    async with asyncio.timeout(PATIENCE):
        while not await there():  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.02)


async def until_there(carrier: CeleryCarrier, count: int) -> None:
    """Wait until at least so many messages are with the broker."""

    async def there() -> bool:
        return await asyncio.to_thread(carrier.waiting) >= count

    await until(there)


def lanes(broker: Redis) -> list[int]:
    """How many messages there are in each lane."""
    with redis.Redis.from_url(broker.url) as client:
        return [int(client.llen(f"jobs.{lane}")) for lane in Lane]


def told(broker: Redis) -> dict[Lane, set[int]]:
    """The numbers in each lane; a number may be told twice."""
    with redis.Redis.from_url(broker.url) as client:
        messages = {lane: client.lrange(f"jobs.{lane}", 0, -1) for lane in Lane}
    bodies = {lane: [json.loads(base64.b64decode(json.loads(one)["body"])) for one in those] for lane, those in messages.items()}
    return {lane: {arguments[0] for arguments, *_ in those} for lane, those in bodies.items()}


async def test_a_job_is_told_by_its_priority_and_told_again_when_that_changes(
    queue: Queue, carrier: CeleryCarrier, broker: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "LOST_AFTER", 3600)
    async with Dispatcher(queue, carrier):
        jobs = await queue.add([NewJob("k", "t", priority=priority) for priority in (-3, 0, 0, 5)])
        low, one, other, high = (job.id for job in jobs)

        async def sorted_out(wanted: dict[Lane, set[int]]) -> None:
            async def so() -> bool:
                return await asyncio.to_thread(told, broker) == wanted

            await until(so)

        await sorted_out({Lane.HIGH: {high}, Lane.DEFAULT: {one, other}, Lane.LOW: {low}})
        await queue.reprioritise(low, 9)
        await sorted_out({Lane.HIGH: {high, low}, Lane.DEFAULT: {one, other}, Lane.LOW: {low}})


async def test_a_broker_that_forgets_everything_loses_no_job(queue: Queue, carrier: CeleryCarrier, broker: Redis) -> None:
    async with Dispatcher(queue, carrier):
        await queue.add([NewJob("k", str(number)) for number in range(5)])
        await until_there(carrier, 5)
        with redis.Redis.from_url(broker.url) as client:
            client.flushall()
        await until_there(carrier, 5)
        await asyncio.sleep(0.3)  # several checks: nothing is missing, so nothing more is sent
        assert sum(lanes(broker)) <= 10


async def test_while_there_is_no_broker_jobs_are_accepted_and_told_later(
    queue: Queue, carrier: CeleryCarrier, broker: Redis
) -> None:
    async with Dispatcher(queue, carrier) as dispatcher:
        broker.stop()
        [job] = await queue.add([NewJob("k", "t")])

        async def troubled() -> bool:
            return "cannot be used" in (dispatcher.trouble or "")

        async def well() -> bool:
            return dispatcher.trouble is None

        await until(troubled)
        assert (await queue.get(job.id)).state is JobState.QUEUED
        broker.start()
        await until_there(carrier, 1)
        await until(well)


async def test_a_job_whose_time_has_come_again_is_told_by_whoever_sees_it(queue: Queue, carrier: CeleryCarrier) -> None:
    [job] = await queue.add([NewJob("k", "t")])
    runner = Leases(queue, Backoff(first=0.01, most=0.02))
    held = await runner.take(job.id)
    assert held is not None
    assert await runner.take(job.id) is None
    await runner.fail(held, JobError("http", "no answer"), {}, retry=True)
    async with Dispatcher(queue, carrier), Dispatcher(queue, carrier):
        await until_there(carrier, 1)
    assert (await queue.get(job.id)).state is JobState.QUEUED
    assert [line.kind for line in await queue.journal.read(job.id)].count(EventKind.QUEUED) == 2
