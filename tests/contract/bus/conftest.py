"""The media that the promises are tried on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.contract.bus.kafka_medium import kafka_medium
from tests.contract.bus.medium import Medium, Memory


@pytest.fixture(params=["memory", "kafka"])
async def medium(request: pytest.FixtureRequest) -> AsyncIterator[Medium]:
    """A bus that nobody else uses."""
    if request.param == "memory":
        yield Memory()
        return
    async with kafka_medium(request.getfixturevalue("kafka")) as one:
        yield one
