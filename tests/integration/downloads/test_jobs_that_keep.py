"""Jobs whose scrapers keep files, in a server's queue and in a command's process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from livepane.domain.job import EventKind, Job, JobState, NewJob
from livepane.egress.egress import Egress
from livepane.egress.options import Outside
from livepane.hub.hub import Hub
from livepane.jobs.alone import Alone
from livepane.jobs.services import JobServices, jobs_running
from livepane.jobs.shelf import Shelf
from livepane.scrapers.contract import SCRAPERS, ScrapeError
from livepane.settings import Settings
from livepane.store import db
from tests.galleries.hostile import Hostile, hostile

PLUGIN = Path(__file__).with_name("scrapers.py")
PATHS = "/good/1.jpg /gone.jpg /good/2.jpg"


def settings(one: Hostile, folder: Path) -> Settings:
    return Settings(
        data_dir=folder,
        plugins=(str(PLUGIN),),
        host_addresses=(f"pictures.example=127.0.0.1:{one.port}",),
        job_bytes=2**10,
        files_per_second=1000,
    )


@asynccontextmanager
async def server(chosen: Settings) -> AsyncIterator[JobServices]:
    await asyncio.to_thread(db.prepare, chosen.data_dir)
    async with AsyncExitStack() as stack:
        database = db.Database(chosen.data_dir)
        stack.push_async_callback(database.close)
        hub = await stack.enter_async_context(Hub())
        egress = await stack.enter_async_context(Egress(Outside.of(chosen)))
        services = await stack.enter_async_context(jobs_running(chosen, database, hub, egress))
        await services.user_settings.change({"downloads": {"free_bytes": 0}})
        yield services


async def over(services: JobServices, *jobs: Job) -> list[Job]:
    """Wait until they are."""
    with services.queue.changes.listening() as listener:
        while True:
            found = [await services.queue.get(job.id) for job in jobs]
            if all(job.state.over for job in found):
                return found
            await listener.next()


async def test_what_a_job_keeps_is_its_results_and_its_summary(tmp_path: Path) -> None:
    async with hostile() as one, server(settings(one, tmp_path)) as services:
        wishes = [NewJob("keeps", PATHS), NewJob("keeps little", "/good/3.jpg", max_attempts=1)]
        first, little = await over(services, *await services.queue.add(wishes))
        told = await services.queue.journal.read(first.id)
    assert (first.state, first.items, first.progress) == (JobState.SUCCEEDED, 3, first.progress)
    assert first.summary is not None
    assert first.summary["collection"] == "made-gallery"
    assert first.summary["files"] == {"new": 2, "failed": 1}
    items = {event.data["item"]["key"]: event.data["item"] for event in told if event.kind is EventKind.ITEM}
    assert items["/gone.jpg"]["error"]["code"] == "not_found"
    good = items["/good/1.jpg"]
    assert good == good | {
        "name": "1.jpg",
        "outcome": "new",
        "kind": "image",
        "media_type": "image/jpeg",
        "width": 320,
        "height": 240,
        "url": "http://pictures.example/good/1.jpg",
        "source_page": "http://pictures.example",
        "rule": "listed",
        "collection": "made-gallery",
        "similarity": None,
        "error": None,
    }
    assert (tmp_path / "downloads" / "made-gallery" / "1.jpg").stat().st_size == good["bytes"]
    actions = {event.data["label"] for event in told if event.kind is EventKind.ACTION}
    assert "Downloading item 3/3" in actions
    assert little.error is not None
    assert (little.state, little.error.code) == (JobState.FAILED, "budget")  # 1 kB for any job: its scraper asks for no more
    assert services.transfers.of(first.id) == []


async def test_a_job_that_is_cancelled_leaves_its_file_for_the_next(tmp_path: Path) -> None:
    async with hostile((1600, 1200)) as one, server(settings(one, tmp_path)) as services:
        [job] = await services.queue.add([NewJob("keeps", "/held/1.jpg")])
        watched = asyncio.Event()
        services.transfers.listeners.add(lambda number: watched.set() if number == job.id else None)
        await watched.wait()
        await one.half.wait()
        await services.queue.cancel(job.id)
        [ended] = await over(services, job)
        assert ended.state is JobState.CANCELLED
        assert services.transfers.of(job.id) == []
        [again] = await over(services, *await services.queue.add([NewJob("keeps", "/held/1.jpg")]))
        assert (again.state, again.items) == (JobState.SUCCEEDED, 1)
        assert one.times("/held/1.jpg") == 2
        assert one.sent["/held/1.jpg"] <= 1.5 * len(one.content("/held/1.jpg"))


async def test_a_command_keeps_files_in_the_folder_that_it_is_told(tmp_path: Path) -> None:
    async with hostile() as one:
        chosen = settings(one, tmp_path)
        async with server(chosen):
            pass  # loads the plug-in
        async with Alone(chosen, shelf=Shelf(tmp_path / "here", lambda: {"free_bytes": 0}, single=True)) as alone:
            said: list[str] = []
            outcome = await alone.run(SCRAPERS["keeps"], PATHS, {}, said.append)
            assert [item["outcome"] for item in outcome.items].count("new") == 2
            assert said == [f"Downloading item {number}/3" for number in (1, 2, 3)]
            assert outcome.facts["collection"] == "here"
            assert (tmp_path / "here" / "2.jpg").exists()
        (tmp_path / "file").write_text("")
        async with Alone(chosen, shelf=Shelf(tmp_path / "file" / "folder", single=True)) as alone:
            with pytest.raises(ScrapeError, match="cannot be written to"):
                await alone.run(SCRAPERS["keeps"], PATHS, {}, said.append)
