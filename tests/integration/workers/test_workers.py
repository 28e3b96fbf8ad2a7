"""Jobs that workers run: told by a broker, followed and cancelled on any server, finished elsewhere when a process is killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import psutil
import pytest

from livepane.jobs.celery_carrier import celery_of
from livepane.settings import Settings
from livepane.wire import sse
from tests.integration.jobs_api import asking
from tests.integration.workers.conftest import Town, Worker
from tests.patience import PATIENCE

Clients = tuple[httpx.AsyncClient, httpx.AsyncClient]


@pytest.fixture(scope="module")
def worker(town: Town) -> Iterator[Worker]:
    """A worker with two processes, at work for those tests that do not end it."""
    one = town.worker()
    yield one
    assert one.stop() == 0, one.logged()


@pytest.fixture
async def servers(town: Town) -> AsyncIterator[Clients]:
    """Clients of both servers."""
    async with town.first.http() as first, town.second.http() as second:
        yield first, second


def told(event: sse.Event) -> Any:
    """The line of the journal in an event."""
    return json.loads(event.data)


async def process_of(client: httpx.AsyncClient, number: int) -> int:
    """Which process runs a job, as the job itself says."""
    path = f"/api/jobs/{number}/events"
    found = await asking.events(client, path, lambda line: line["kind"] == "action" and "process" in line["data"]["label"])
    return int(told(found[-1])["data"]["label"].partition(" ")[2])


async def test_jobs_run_in_processes_of_a_worker_and_every_server_tells_of_them(
    town: Town, worker: Worker, servers: Clients
) -> None:
    first, second = servers
    targets = [str(number) for number in range(30)]
    ids = await asking.add(first, "noop", *targets, group="thirty")
    lines = [told(event) for event in await asking.events(second, "/api/jobs/events?group=thirty")]
    finished = [line for line in lines if line["kind"] == "finished"]
    assert sorted(line["job"] for line in finished) == ids
    assert {line["data"]["state"] for line in finished} == {"succeeded"}
    items = [line["data"]["item"] for line in lines if line["kind"] == "item"]
    assert sorted(item["target"] for item in items) == sorted(targets)
    assert {item["pid"] for item in items} <= {one.pid for one in worker.family()}
    assert [line["id"] for line in lines] == sorted({line["id"] for line in lines})


async def test_who_follows_a_job_goes_on_at_another_server_where_he_was(town: Town, worker: Worker, servers: Clients) -> None:
    first, second = servers
    place = town.place()
    [job] = await asking.add(first, "stepping", str(place))
    path = f"/api/jobs/{job}/events"
    (place / "step 1").touch()
    before = await asking.events(first, path, lambda line: line["data"].get("item") == {"step": 1})
    (place / "step 2").touch()
    (place / "end").touch()
    after = await asking.events(second, path, seen=before[-1].id or "")
    whole = await asking.events(second, path)
    assert [event.data for event in before + after] == [event.data for event in whole]
    assert [told(event)["kind"] for event in whole][-1] == "finished"
    assert [told(event)["data"]["item"] for event in whole if event.kind == "item"][1:] == [
        {"step": 1},
        {"step": 2},
        {"end": True},
    ]


async def test_a_job_is_cancelled_from_a_server_that_does_not_run_it(town: Town, worker: Worker, servers: Clients) -> None:
    first, second = servers
    [job] = await asking.add(first, "stepping", str(town.place()))
    await process_of(first, job)
    (await second.post(f"/api/jobs/{job}/cancel")).raise_for_status()
    ended = await asking.until_state(first, job, "cancelled")
    assert ended["items"] == 1
    assert (await second.delete(f"/api/jobs/{job}", headers=town.second.admin)).status_code == 204
    assert (await first.get(f"/api/jobs/{job}")).status_code == 404


@pytest.mark.parametrize(("how", "between"), [(signal.SIGKILL, "retrying"), (signal.SIGTERM, "queued")])
async def test_a_process_that_is_ended_at_work_takes_no_job_with_it(
    town: Town, worker: Worker, servers: Clients, how: signal.Signals, between: str
) -> None:
    first, second = servers
    place = town.place()
    [job] = await asking.add(first, "stepping", str(place))
    ended = await process_of(second, job)
    os.kill(ended, how)
    started = 0

    def is_free(line: dict[str, Any]) -> bool:
        nonlocal started
        started += line["kind"] == "started"
        return started == 1 and bool(line["kind"] == between)

    await asking.events(second, f"/api/jobs/{job}/events", is_free)
    (place / "end").touch()
    await asking.until_state(second, job, "succeeded")
    lines = [told(event) for event in await asking.events(first, f"/api/jobs/{job}/events")]
    course = [line["kind"] for line in lines if line["kind"] in ("started", "retrying", "finished")]
    assert course == ["started", *(["retrying"] if between == "retrying" else []), "started", "finished"]
    pids = [line["data"]["item"]["pid"] for line in lines if "pid" in line["data"].get("item", {})]
    assert pids[0] == ended != pids[1]


async def test_the_tools_of_celery_see_the_worker_and_what_it_does(town: Town, worker: Worker, servers: Clients) -> None:
    app = celery_of(Settings(jobs_engine="celery", celery_broker_url=town.broker))
    heard: dict[str, Any] = {}
    listening, done = threading.Event(), threading.Event()

    def on_event(event: dict[str, Any]) -> None:
        heard.setdefault(event["type"], event)
        if event["type"] == "task-succeeded":
            done.set()

    def listen() -> None:
        with app.connection_for_read() as connection:
            receiver = app.events.Receiver(connection, handlers={"*": on_event})
            for _ in receiver.itercapture(limit=None, timeout=None, wakeup=True):
                listening.set()
                if done.is_set():
                    return

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    stats = await asyncio.to_thread(lambda: app.control.inspect(timeout=20, limit=1).stats())
    [(name, found)] = stats.items()
    assert name.startswith("livepane@")
    assert found["pool"]["max-concurrency"] == 2
    while not done.is_set():
        app.control.enable_events()  # as Flower does, again and again
        await asking.add(servers[0], "noop", "seen")
        await asyncio.to_thread(done.wait, 1)
    assert heard["task-succeeded"]["hostname"] == name
    await asyncio.to_thread(listener.join, 10)


async def test_a_worker_with_another_database_says_so_and_keeps_no_job_from_those_that_have_ours(
    town: Town, worker: Worker, servers: Clients
) -> None:
    stray = town.worker(1, DATABASE_URL=None)
    ids: list[int] = []
    async with asyncio.timeout(PATIENCE):
        while "stands in another database than" not in stray.logged():
            ids += await asking.add(servers[0], "noop", *map(str, range(8)))
            await asyncio.sleep(0.1)
    for number in ids:
        await asking.until_state(servers[1], number, "succeeded")
    assert stray.logged().count("stands in another database") == 1
    assert "without DATABASE_URL" in stray.logged()
    stray.kill()


async def test_a_worker_that_is_stopped_gives_back_its_jobs_and_leaves_no_browser(
    town: Town, worker: Worker, servers: Clients
) -> None:
    first, second = servers
    place = town.place()
    [job] = await asking.add(first, "stepping", str(place), options={"page": True})
    await process_of(second, job)
    family = worker.family()
    assert any("chrom" in one.name() for one in family)
    assert await asyncio.to_thread(worker.stop) == 0, worker.logged()
    assert [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
    assert (await asking.job(first, job))["state"] == "queued"
    (place / "end").touch()
    town.worker(1, JOBS_ENGINE="embedded")  # looks for jobs itself: a good neighbour to workers that are told
    ended = await asking.until_state(second, job, "succeeded")
    assert ended["attempt"] == 1
