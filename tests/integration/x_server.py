"""An Xvfb of the test's own, and a window manager on it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def xvfb(width: int, height: int, *options: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """An Xvfb on a free display number; yields the display's name (":42") and the process."""
    read_end, write_end = os.pipe()
    screen = f"{width}x{height}x24"
    command = [_program("Xvfb", "xvfb"), "-displayfd", str(write_end), "-screen", "0", screen]
    command += ["-nolisten", "tcp", "-noreset", *options]
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


@contextmanager
def openbox(display: str) -> Iterator[subprocess.Popen[bytes]]:
    """A real window manager; draws frames, minimises, lists its windows. It may not be ready yet: see Painter.await_manager."""
    command = [_program("openbox", "openbox"), "--sm-disable"]
    environment = os.environ | {"DISPLAY": display}
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _program(name: str, package: str) -> str:
    program = shutil.which(name)
    if program is None:
        pytest.fail(f"These tests need a real X server: install {name} (Debian: apt-get install {package}).")
    return program
