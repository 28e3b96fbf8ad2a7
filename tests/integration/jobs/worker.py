"""A process that does jobs until nothing is left: `python -m tests.integration.jobs.worker FOLDER`, to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from livepane.egress.egress import Egress
from livepane.hub.hub import Hub
from livepane.jobs.services import jobs_running
from livepane.settings import Settings
from livepane.store.db import Database

SCRAPERS_FILE = Path(__file__).with_name("scrapers.py")


async def work(folder: Path) -> None:
    """Run jobs; says when the first line of a job of its own is written, and ends when nothing waits or runs any more."""
    database = Database(folder)
    settings = Settings(data_dir=folder, plugins=(str(SCRAPERS_FILE),), job_concurrency=8)
    async with Hub() as hub, Egress() as egress, jobs_running(settings, database, hub, egress) as services:
        queue = services.queue
        print("ready", flush=True)
        with queue.changes.listening() as changes:
            while not all(state.over for state in await queue.counts()):
                await changes.next()
    await database.close()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
