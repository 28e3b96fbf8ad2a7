"""A process that fetches a list of files into a folder: `livepane PORT AT_ONCE`, or `httpx PORT AT_ONCE` as a plain script would.

For each line that it reads (JSON: folder, paths) it answers with what it took: seconds, CPU seconds, MB in memory before and at
most.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

from livepane.downloads.record import Candidate, Wanted
from livepane.jobs.alone import Alone
from livepane.jobs.shelf import Shelf
from livepane.scrapers.contract import Item, Limits, Scraper, Work
from livepane.settings import Settings

HOST = "gallery.example"
COLLECTION = "bench"

Fetch = Callable[[Path, Sequence[str]], Awaitable[None]]


def scraper(paths: Sequence[str]) -> Scraper:
    """One that knows already what there is to keep."""

    async def run(work: Work) -> AsyncIterator[Item]:
        async with work.keeper(COLLECTION) as keeper:
            for path in paths:
                await keeper.room()
                url = f"http://{HOST}{path}"
                keeper.want(Wanted(url, (Candidate(url, "list"),), f"http://{HOST}/"))
                for item in keeper.ready():
                    yield item
            async for item in keeper.results():
                yield item

    return Scraper("list", "A list of files.", run, {}, Limits(seconds=3600, bytes=2**40, requests=10**6))


async def by_livepane(port: int, at_once: int) -> None:
    """With all that a job has: guard, robots.txt, budget, checks, manifest."""
    settings = Settings(
        host_addresses=(f"{HOST}=127.0.0.1:{port}",),
        files_per_host=at_once,
        files_per_second=1000,
        requests_per_second=100,
        request_burst=1000,
    )

    async def fetch(folder: Path, paths: Sequence[str]) -> None:
        async with Alone(settings, shelf=Shelf(folder, lambda: {"at_once": at_once})) as alone:
            found = (await alone.run(scraper(paths), HOST, {}, lambda _: None)).items
        bad = [item for item in found if item["error"]]
        if bad or len(found) != len(paths):
            raise SystemExit(f"{len(found)} of {len(paths)} files, {len(bad)} with errors: {bad[:3]}")

    await measured(fetch)


async def by_httpx(port: int, at_once: int) -> None:
    """As somebody writes it in ten minutes: no check, no manifest, no second try."""
    import httpx

    async def fetch(folder: Path, paths: Sequence[str]) -> None:
        folder.mkdir(parents=True)  # noqa: ASYNC240  nothing else runs
        places = asyncio.Semaphore(at_once)
        async with httpx.AsyncClient(trust_env=False) as client, asyncio.TaskGroup() as group:

            async def one(path: str) -> None:
                async with places, client.stream("GET", f"http://127.0.0.1:{port}{path}") as answer:
                    answer.raise_for_status()
                    with (folder / path[1:]).open("wb") as file:
                        async for piece in answer.aiter_bytes():
                            file.write(piece)

            for path in paths:
                group.create_task(one(path))

    await measured(fetch)


async def measured(fetch: Fetch) -> None:
    """Do it as often as asked."""
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        wish = json.loads(line)
        gc.collect()
        idle = _resident("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # noqa: ASYNC240  the most that was in memory counts from now
        began, cpu = time.perf_counter(), time.process_time()
        await fetch(Path(wish["folder"]), wish["paths"])
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        print(json.dumps({"seconds": seconds, "cpu": cpu, "idle": idle, "most": _resident("VmHWM")}), flush=True)


def _resident(name: str) -> float:
    """MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1000


if __name__ == "__main__":
    by = {"livepane": by_livepane, "httpx": by_httpx}[sys.argv[1]]
    asyncio.run(by(int(sys.argv[2]), int(sys.argv[3])))
