"""What a scrape answers while its jobs go on: nothing is given up because it takes long."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest
from sqlalchemy import delete

from livepane.api import scrape
from livepane.domain.job import EventKind, JobError, NewJob
from livepane.jobs.leases import Leases
from livepane.jobs.queue import Queue
from livepane.store import tables
from tests.patience import PATIENCE


async def asked_for(queue: Queue, *targets: str) -> scrape.Asked:
    """Jobs of one scrape, in the queue."""
    jobs = await queue.add([NewJob("toy", target, group="g") for target in targets])
    return scrape.Asked(queue, "g", False, {job.id: [job.target] for job in jobs}, jobs=len(jobs))


async def test_after_a_long_silence_what_still_runs_is_waited_for_and_what_was_deleted_is_not(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrape, "LOOK_EVERY", 0.02)
    asked = await asked_for(queue, "slow.example", "quick.example", "gone.example")
    leases = Leases(queue)
    slow, quick, gone = await leases.claim(3)
    async with asyncio.timeout(PATIENCE), aclosing(scrape._results(asked)) as results:
        queue.journal.write(quick, EventKind.ITEM, {"number": 1, "item": {"title": "Smith"}}, items=1)
        await leases.finish(quick, {})
        assert await anext(results) == {"domain": "quick.example", "status": "success", "jobs": [{"title": "Smith"}]}
        await queue.database.write(lambda connection: connection.execute(delete(tables.jobs).where(tables.jobs.c.id == gone.id)))
        told = await anext(results)  # seen in a silence, while the oldest one still runs
        assert (told["domain"], told["error"]) == ("gone.example", "cancelled: it was deleted")
        await leases.fail(slow, JobError("dns", "no such name"), {}, retry=False)
        assert (await anext(results))["error"] == "dns: no such name"
        assert [one async for one in results] == []
