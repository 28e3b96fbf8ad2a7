"""One Chromium for many jobs: launched when needed, shared, replaced, and gone with everything it started."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from livepane.browsers.profile import Profile
from livepane.domain.stream import State
from livepane.hub.hub import Hub
from livepane.jobs import pane as panes
from livepane.jobs.browsing import JobBrowser
from livepane.jobs.pane import JobPane
from livepane.scrapers.contract import ScrapeError
from tests.integration.jobs_browsing.desk import Desk, browsers, desk, profile_of, tree, words
from tests.integration.web import until


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Every test ends without a process of its own that was not there before."""
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    yield
    left = [process for process in psutil.Process().children(recursive=True) if process.pid not in before]
    assert not [process for process in left if process.status() != psutil.STATUS_ZOMBIE]


async def test_jobs_share_one_process_tree_and_nothing_else() -> None:
    async with desk() as here:
        assert not browsers()  # not before one is needed
        trees, titles = set(), []

        async def visit() -> None:
            async with here.job().page() as page:
                await page.goto(f"{here.corner.base}/cookie")
                titles.append(await page.title())
                trees.add((here.browser.chromium_pid, len(browsers())))

        async with asyncio.TaskGroup() as tasks:
            for _ in range(4):
                tasks.create_task(visit())
        assert titles == ["none"] * 4  # each brought a cookie home, and none was ever shown one of another's
        assert [alive for _, alive in trees] == [1]
        (agent,) = here.corner.agents
        assert "Chrome/" in agent
        assert agent.endswith(here.egress.user_agent)
        line = words(psutil.Process(here.browser.chromium_pid))
        assert ("--no-sandbox" in line) == (os.geteuid() == 0)
        pid, profile = here.browser.chromium_pid, profile_of(here.browser)
        assert pid is not None
    assert not tree(pid)
    assert not profile.exists()


async def test_one_that_is_killed_under_a_job_fails_it_with_a_retry_and_is_replaced() -> None:
    async with desk() as here:
        first, second = here.job(), here.job()

        async def read() -> None:
            async with first.page() as page:
                await page.goto(f"{here.corner.base}/red")
                reading.set_result((here.browser.chromium_pid or 0, profile_of(here.browser)))
                await page.wait_for_selector("#never", timeout=20_000)

        reading: asyncio.Future[tuple[int, Path]] = asyncio.get_running_loop().create_future()
        task = asyncio.get_running_loop().create_task(read())
        pid, profile = await reading
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(ScrapeError, match="Chromium ended") as raised:
            await task
        assert (raised.value.code, raised.value.retry) == ("browser", True)
        await until(lambda: not tree(pid) and not profile.exists())
        async with second.page() as page:
            await page.goto(f"{here.corner.base}/blue")
            assert here.browser.chromium_pid != pid
        assert second.stream.state is State.IDLE


async def test_it_is_recycled_after_so_many_contexts_and_ended_when_idle() -> None:
    async with desk(recycle_after=2, idle_after=0.2) as here:
        pids = [await pid_during(here, here.job()) for _ in range(3)]
        assert pids[0] == pids[1] != pids[2]
        assert not tree(pids[0])
        await until(lambda: here.browser.chromium_pid is None and not tree(pids[2]))


async def test_one_that_was_being_started_for_a_job_that_is_cancelled_is_ended_when_idle_too() -> None:
    async with desk(idle_after=0.2) as here:
        opening = asyncio.get_running_loop().create_task(pid_during(here, here.job()))
        await until(lambda: bool(browsers()))  # on its way, and nobody has a page of it yet
        opening.cancel()
        await asyncio.wait([opening])
        assert opening.cancelled()
        await until(lambda: here.browser.chromium_pid is None and not browsers())


async def pid_during(here: Desk, pane: JobPane) -> int:
    """The process that shows a page of a job."""
    async with pane.page():
        assert here.browser.chromium_pid is not None
        return here.browser.chromium_pid


async def test_pages_wait_for_places_which_come_back_when_a_job_is_cancelled_or_closed() -> None:
    async with desk(pages=1) as here:
        holder, waiter, third = here.job(), here.job(), here.job()
        holds = asyncio.Event()

        async def hold(pane: JobPane) -> None:
            async with pane.page() as page:
                await page.goto(f"{here.corner.base}/red")
                holds.set()
                await asyncio.get_running_loop().create_future()

        loop = asyncio.get_running_loop()
        holding = loop.create_task(hold(holder))
        await holds.wait()
        waiting = loop.create_task(hold(waiter))
        await until(lambda: waiter.stream.reason == panes.WAITS)
        holds.clear()
        holding.cancel()
        await holds.wait()  # the waiter has its page
        assert here.browser._chromium is not None
        assert here.browser._chromium.open == 1
        with pytest.raises(asyncio.CancelledError):
            await holding
        await waiter.close()  # the runner gives up on a scraper that does not end
        async with third.page() as page:
            await page.goto(f"{here.corner.base}/blue")
            assert await page.title() == "Blue"
            assert here.browser._chromium.open == 1
        waiting.cancel()
        await asyncio.wait([waiting])


async def test_closing_ends_it_in_the_middle_of_everything() -> None:
    async with desk() as here:
        pane = here.job()
        started = asyncio.Event()

        async def read() -> None:
            async with pane.page() as page:
                await page.goto(f"{here.corner.base}/red")
                started.set()
                await page.wait_for_selector("#never")

        reading = asyncio.get_running_loop().create_task(read())
        await started.wait()
        pid, profile = here.browser.chromium_pid, profile_of(here.browser)
        assert pid is not None
        await here.browser.close()
        assert not tree(pid)
        assert not profile.exists()
        with pytest.raises(ScrapeError, match="Chromium ended"):
            await reading
        with pytest.raises(ScrapeError, match="ending"):
            async with here.job().page():
                pass


@pytest.mark.parametrize(("program", "said"), [("/nowhere/chromium", "no such program"), ("/bin/false", "does not start")])
async def test_a_program_that_is_no_chromium_is_a_typed_error(program: str, said: str) -> None:
    async with Hub() as hub, JobBrowser(hub, program, None) as browser:
        with pytest.raises(ScrapeError, match=said) as raised:
            async with browser.open(1, "job").page():
                pass
        assert raised.value.code == "browser"


OPEN_AND_SLEEP = """
import asyncio
from livepane.hub.hub import Hub
from livepane.jobs.browsing import JobBrowser

async def main():
    async with Hub() as hub, JobBrowser(hub, None, None) as browser, browser.open(1, "job").page():
        print(browser.chromium_pid, browser._chromium.profile, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_killing_us_outright_ends_it_with_its_driver() -> None:
    us = await asyncio.create_subprocess_exec(sys.executable, "-c", OPEN_AND_SLEEP, stdout=asyncio.subprocess.PIPE)
    assert us.stdout is not None
    pid, profile = (await us.stdout.readline()).decode().split()
    ours = psutil.Process(us.pid).children(recursive=True)
    assert tree(int(pid))
    us.send_signal(signal.SIGKILL)
    await us.wait()
    await until(lambda: not tree(int(pid)) and not any(one.is_running() and one.status() != "zombie" for one in ours))
    assert Path(profile).exists()  # noqa: ASYNC240  nobody was left to remove it
    Profile().remove()  # the next start does
    assert not Path(profile).exists()  # noqa: ASYNC240
