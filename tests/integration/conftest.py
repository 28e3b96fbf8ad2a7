"""What tests find on somebody's machine: real X displays, and a Chrome that runs on its own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from subprocess import DEVNULL

import pytest

from livepane.browsers.find import find_chromium
from livepane.browsers.flags import IN_A_SCRIPT
from tests.integration.web import until
from tests.integration.x_server import xvfb

StartXvfb = Callable[..., str]


@pytest.fixture
def start_xvfb() -> Iterator[StartXvfb]:
    """Start a display of a given size, with more Xvfb options if need be: start_xvfb(800, 600) -> ":42"."""
    with ExitStack() as stack:
        yield lambda width, height, *options: stack.enter_context(xvfb(width, height, *options))[0]


@pytest.fixture
def x_display(start_xvfb: StartXvfb) -> str:
    """An empty X display of 1280x720 without a window manager. Pass it on by name; os.environ stays as it is."""
    return start_xvfb(1280, 720)


@pytest.fixture(scope="module")
def somebodys_chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The debugging port of a Chrome that runs on its own: one for all tests of a file, each of which opens a tab in it."""
    profile = tmp_path_factory.mktemp("chrome")
    words = [str(find_chromium()), "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", "--no-first-run"]
    if os.geteuid() == 0:
        words.append("--no-sandbox")
    process = subprocess.Popen(
        [*words, *IN_A_SCRIPT, "--window-size=900,700", "about:blank"], stdout=DEVNULL, stderr=DEVNULL, start_new_session=True
    )
    port_file = profile / "DevToolsActivePort"
    try:
        asyncio.run(until(lambda: port_file.exists() and "\n" in port_file.read_text()))
        yield f"http://127.0.0.1:{port_file.read_text().splitlines()[0]}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
