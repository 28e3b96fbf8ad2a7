"""Real X displays for the tests: Xvfb servers that live as long as a test."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

StartXvfb = Callable[..., str]


@contextmanager
def xvfb(width: int, height: int, *options: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """An Xvfb on a free display number; yields the display's name (":42") and the process."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.fail("These tests need a real X server: install Xvfb (Debian: apt-get install xvfb).")
    read_end, write_end = os.pipe()
    screen = f"{width}x{height}x24"
    command = [program, "-displayfd", str(write_end), "-screen", "0", screen, "-nolisten", "tcp", "-noreset", *options]
    process = subprocess.Popen(command, pass_fds=[write_end], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        os.close(write_end)
        with os.fdopen(read_end, "rb") as numbers:
            number = numbers.readline().strip().decode()  # Xvfb writes it when it is ready to be connected to
        if not number:
            pytest.fail(f"Xvfb did not start: {' '.join(command)}")
        yield f":{number}", process
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def start_xvfb() -> Iterator[StartXvfb]:
    """Start a display of a given size, with more Xvfb options if need be: start_xvfb(800, 600) -> ":42"."""
    with ExitStack() as stack:
        yield lambda width, height, *options: stack.enter_context(xvfb(width, height, *options))[0]


@pytest.fixture
def x_display(start_xvfb: StartXvfb) -> str:
    """An empty X display of 1280x720 without a window manager. Pass it on by name; os.environ stays as it is."""
    return start_xvfb(1280, 720)
