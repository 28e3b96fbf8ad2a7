"""What the machine itself must have: a Chromium, and for the tests an X server with something to show."""

from __future__ import annotations

import ctypes.util
import shutil
import subprocess
import sys

from scripts.house import debian
from scripts.house.environment import PYTHON
from scripts.house.step import Failed, step

CHROMIUM_PACKAGES = ["chromium", "chromium-sandbox", "fonts-dejavu-core"]
X11_LIBRARIES = {
    "xcb": "libxcb1",
    "xcb-randr": "libxcb-randr0",
    "xcb-render": "libxcb-render0",
    "xcb-shm": "libxcb-shm0",
    "xcb-xfixes": "libxcb-xfixes0",
}
TEST_PROGRAMS = {"Xvfb": "xvfb", "xterm": "xterm"}


def prepare_browser() -> None:
    """Find a Chromium that starts, or install one: Debian's package, elsewhere Playwright's."""
    with step("chromium") as one:
        found = _chromium()
        if found is None:
            if debian.is_debian():
                debian.install(one, CHROMIUM_PACKAGES, "a Chromium")
            else:
                one.run(PYTHON, "-m", "playwright", "install", "chromium")
            found = _chromium()
        if found is None:
            raise Failed("a Chromium was installed and does not start; install one by hand so that `chromium --version` works")
        one.note = one.note or found


def prepare_desktop() -> None:
    """The small libraries that desktop capture on X11 reads the screen with. Their absence stops nothing else."""
    if not sys.platform.startswith("linux"):
        return
    wanted = [package for library, package in X11_LIBRARIES.items() if ctypes.util.find_library(library) is None]
    if wanted and debian.has_apt():
        with step("x11 libraries") as one:
            debian.install(one, wanted, "desktop capture")


def prepare_tests() -> None:
    """An X server and a program with a window.

    The tests start their own displays; a display of the machine is never touched.
    """
    if not sys.platform.startswith("linux"):
        return
    with step("test programs") as one:
        wanted = [package for program, package in TEST_PROGRAMS.items() if shutil.which(program) is None]
        if not wanted:
            one.note = "all there"
        elif debian.has_apt():
            debian.install(one, wanted, "testing")
        else:
            raise Failed(f"the tests need {' and '.join(TEST_PROGRAMS)}; install them with this system's package manager")


def _chromium() -> str | None:
    """The version of the one that the server itself would launch; None when it finds none."""
    probe = "import os; from livepane.browsers.find import find_chromium as f; print(f(os.environ.get('LIVEPANE_BROWSER')))"
    asked = subprocess.run([str(PYTHON), "-c", probe], capture_output=True, text=True, check=False)
    return _version(asked.stdout.strip()) if asked.returncode == 0 else None


def _version(path: str) -> str | None:
    """What it calls itself, which also proves that it starts; None when it does not."""
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() if asked.returncode == 0 and asked.stdout.strip() else None
