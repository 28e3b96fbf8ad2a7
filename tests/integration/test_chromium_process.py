"""The Chromium that Livepane launches: it answers, listens on no port, and leaves nothing behind, however it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from livepane.browsers.chromium import Chromium
from livepane.browsers.find import find_chromium
from livepane.browsers.profile import PREFIX, Profile
from livepane.browsers.session import CLOSED
from livepane.domain.errors import NoBrowser, SourceGone
from tests.integration.web import until

LAUNCH_AND_SLEEP = """
import asyncio
from livepane.browsers.chromium import Chromium
from livepane.browsers.find import find_chromium

async def main():
    async with Chromium(find_chromium()) as chromium:
        await chromium.connection.browser.send("Target.createTarget", {"url": "about:blank"})
        print(chromium.pid, chromium.profile, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def group(pid: int) -> list[psutil.Process]:
    """Whatever still runs in the process group of `pid`."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == pid and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


async def test_it_answers_and_is_gone_with_all_it_started_after_the_block() -> None:
    async with Chromium(find_chromium()) as chromium:
        version = await chromium.connection.browser.send("Browser.getVersion")
        assert "Chrome" in version["product"]
        pid, profile = chromium.pid, chromium.profile
        assert pid is not None
        assert profile is not None
        assert stat.S_IMODE(profile.stat().st_mode) == 0o700
        await chromium.connection.browser.send("Target.createTarget", {"url": "about:blank"})
        children = psutil.Process(pid).children(recursive=True)
        assert len(children) > 1
    assert not profile.exists()
    assert not group(pid)
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)
    assert not [child for child in psutil.Process().children() if child.status() == psutil.STATUS_ZOMBIE]


async def test_it_opens_no_port_and_no_scrollbars_are_hidden() -> None:
    async with Chromium(find_chromium()) as chromium:
        browser = psutil.Process(chromium.pid)
        listening = [
            connection
            for process in (browser, *browser.children(recursive=True))
            for connection in process.net_connections(kind="tcp")
            if connection.status == psutil.CONN_LISTEN
        ]
        assert not listening
        assert not any("--hide-scrollbars" in word for word in browser.cmdline())


async def test_our_settings_are_not_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVEPANE_SECRET", "s3cret")
    monkeypatch.setenv("KAFKA_PASSWORD", "s3cret")
    async with Chromium(find_chromium()) as chromium:
        assert "s3cret" not in psutil.Process(chromium.pid).environ().values()


async def test_killing_us_outright_ends_chromium() -> None:
    with tempfile.TemporaryDirectory() as short:  # a Unix socket has to fit in it: pytest's own folders can be too long
        await _kill_us_outright(short)


async def _kill_us_outright(folder: str) -> None:
    us = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LAUNCH_AND_SLEEP, stdout=asyncio.subprocess.PIPE, env={**os.environ, "TMPDIR": folder}
    )
    assert us.stdout is not None
    pid, profile = (await us.stdout.readline()).decode().split()
    assert group(int(pid))
    us.send_signal(signal.SIGKILL)
    await us.wait()
    await until(lambda: not group(int(pid)))
    assert Path(profile).exists()  # noqa: ASYNC240  nobody was left to remove it: the next start does


def test_the_profile_of_one_that_was_killed_is_swept_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    abandoned = tmp_path / f"{PREFIX}old"
    abandoned.mkdir()
    (abandoned / "in-use").touch()
    used = Profile()
    other = Profile()
    assert not abandoned.exists()
    assert used.path.exists()
    used.remove()
    other.remove()
    assert not list(tmp_path.iterdir())


async def test_a_killed_chromium_is_noticed_and_buried() -> None:
    async with Chromium(find_chromium()) as chromium:
        ended = asyncio.Event()
        chromium.connection.browser.on(CLOSED, lambda _: ended.set())
        pid, profile = chromium.pid, chromium.profile
        assert pid is not None
        assert profile is not None
        os.kill(pid, signal.SIGKILL)
        await ended.wait()
        with pytest.raises(SourceGone, match="has ended"):
            await chromium.connection.browser.send("Browser.getVersion")
    assert not group(pid)
    assert not profile.exists()


async def test_a_program_that_ends_at_once_is_no_browser_and_its_last_words_are_told(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho 'cannot open display of the moon' >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(NoBrowser, match=r"ended at once\. It said: cannot open display of the moon"):
        async with Chromium(program):
            pass


async def test_a_program_that_cannot_be_run_is_no_browser(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_bytes(b"\x00\x01")
    program.chmod(0o755)
    with pytest.raises(NoBrowser):
        async with Chromium(program):
            pass


async def test_it_is_gone_when_the_start_is_cancelled() -> None:
    chromium = Chromium(find_chromium())
    async with asyncio.TaskGroup() as tasks:
        start = tasks.create_task(chromium.__aenter__())
        await until(lambda: chromium.pid is not None)
        pid = chromium.pid
        assert pid is not None
        start.cancel()
    assert not group(pid)
