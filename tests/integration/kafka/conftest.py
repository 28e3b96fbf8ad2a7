"""Topics of a test's own on the Kafka of this run, and somebody who writes to them without being a node."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiokafka import AIOKafkaProducer

from livepane.bus.kafka.connect import options
from livepane.domain.kafka import Cluster
from tests.contract.bus.kafka_medium import made
from tests.services.kafka import Broker

Write = Callable[..., Awaitable[int]]


@pytest.fixture
async def cluster(kafka: Broker) -> AsyncIterator[Cluster]:
    """Where the bus of one test is."""
    async with made(kafka.cluster) as own:
        yield own


@pytest.fixture
async def write(cluster: Cluster) -> AsyncIterator[Write]:
    """Write a record of pictures as somebody else would: write(value, key=…, headers=…, partition=…) returns its offset."""
    async with AsyncExitStack() as stack:
        producer = AIOKafkaProducer(**options(cluster), max_request_size=12_000_000)
        stack.push_async_callback(producer.stop)
        await producer.start()

        async def record(value: bytes, **what: object) -> int:
            sent = await producer.send_and_wait(cluster.topics.frames, value, **what)
            return int(sent.offset)

        yield record
