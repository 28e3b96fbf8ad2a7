"""An X display of our own, and a process that keeps it moving."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.parts.processes import Child, Failed

WIDTH, HEIGHT = 1920, 1080


@contextmanager
def display() -> Iterator[str]:
    """An Xvfb of 1920×1080; yields its name, such as `:5`."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-noreset"]
    try:
        server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    except OSError as error:
        raise Failed(f"this bench needs Xvfb (`apt install xvfb`): {error}") from error
    finally:
        os.close(writing)
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        if not number:
            raise Failed(f"Xvfb ended with exit code {server.wait()}")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def moving_desktop(name: str, hz: float) -> Iterator[None]:
    """Something on the display that changes everywhere, `hz` times a second, under a painted time code."""
    with Child("benchmarks.parts.moving_desktop", "--display", name, "--hz", str(hz)) as painter:
        painter.read()
        yield
