"""What a job browser needs around it: a hub, the way out, and a way to see which processes it has."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from livepane.egress.account import Budget
from livepane.egress.egress import Egress
from livepane.egress.options import Outside
from livepane.hub.hub import Hub
from livepane.jobs.browsing import JobBrowser
from livepane.jobs.pane import JobPane
from tests.integration.jobs_browsing.corner import Corner, corner


@dataclass(slots=True)
class Desk:
    """A browser for jobs, and where they go."""

    hub: Hub
    egress: Egress
    browser: JobBrowser
    corner: Corner
    numbers: count[int]

    def job(self, budget: Budget | None = None) -> JobPane:
        """A job that starts now."""
        number = next(self.numbers)
        return self.browser.open(number, f"job {number}", self.egress.credentials(number, budget))


@asynccontextmanager
async def desk(**options: Any) -> AsyncIterator[Desk]:
    """All of it, with the corner as the only private target."""
    with corner() as where:
        outside = Outside(allow_private=(f"127.0.0.1:{where.port}",))
        async with (
            Egress(outside) as egress,
            Hub(grace=0.1) as hub,
            JobBrowser(hub, None, egress.proxy_url, agent=egress.user_agent, extra=egress.chromium_flags, **options) as browser,
        ):
            yield Desk(hub, egress, browser, where, count(1))


def tree(pid: int) -> list[psutil.Process]:
    """Whatever still runs in the process group of `pid`."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == pid and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


def browsers() -> list[psutil.Process]:
    """Every Chromium below this process that is not a child of another one. Those of servers of other tests are not ours."""
    own = [child for child in psutil.Process().children() if "python" not in child.name()]
    return [
        process
        for child in own
        for process in (child, *child.children(recursive=True))
        if (line := words(process))
        and any("--user-data-dir=" in word for word in line)
        and not any("--type=" in word for word in line)
    ]


def words(process: psutil.Process) -> list[str]:
    """Its command line; empty when it has gone."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def profile_of(browser: JobBrowser) -> Path:
    """The folder of the running Chromium."""
    assert browser._chromium is not None
    assert browser._chromium.profile is not None
    return browser._chromium.profile
