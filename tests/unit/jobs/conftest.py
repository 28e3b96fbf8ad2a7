"""An empty queue, in each kind of database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from livepane.jobs.queue import Queue
from tests.services.places import Place, empty_file, place, prepared_postgres
from tests.services.queues import queue_in

__all__ = ["empty_file", "place", "prepared_postgres"]


@pytest.fixture
async def queue(place: Place) -> AsyncIterator[Queue]:
    """An empty queue, whose journal is being written."""
    async with queue_in(place.backend) as queue:
        yield queue


@pytest.fixture
async def other(place: Place, queue: Queue) -> AsyncIterator[Queue]:
    """The same queue, as another process has it open."""
    async with queue_in(place.backend) as theirs:
        yield theirs
