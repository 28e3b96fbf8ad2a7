"""What the machine itself must have: Node, a Chromium, a few libraries, and for the tests an X server."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.house import dashboard, debian, environment, kafka
from scripts.house.step import ROOT, Failed, step
from scripts.services import postgres

CHROMIUM_PACKAGES = ["chromium", "chromium-sandbox", "fonts-dejavu-core"]
LIBRARIES = {
    "atomic": "libatomic1",  # the Node inside Playwright's wheel is linked against it
    "xcb": "libxcb1",  # and the rest is what desktop capture reads the screen with
    "xcb-randr": "libxcb-randr0",
    "xcb-render": "libxcb-render0",
    "xcb-shm": "libxcb-shm0",
    "xcb-xfixes": "libxcb-xfixes0",
}
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xterm": "xterm",
    "curl": "curl",
    "openbox": "openbox",
    "openssl": "openssl",
    "nginx": "nginx-light",
    "caddy": "caddy",
}
REDISES = ("redis-server", "valkey-server")  # either will do
FIREFOXES = ("firefox-esr", "firefox")  # either will do; Debian has the first
ON_LINUX = sys.platform.startswith("linux")


def prepare(*, tests: bool) -> None:
    """Install what only root can, all at once, before the long steps begin."""
    with step("machine") as one:
        dashboard.check_node()
        packages = [
            *environment.venv_packages(),
            *_chromium_packages(),
            *_library_packages(),
            *([*_test_packages(), *kafka.packages()] if tests else []),
        ]
        debian.install(one, packages)
        one.note = one.note or "all there"


def prepare_browser() -> None:
    """See to it that the Chromium which the server will launch does start."""
    with step("chromium") as one:
        path = _chromium()
        if path is None and not debian.is_debian():
            one.run(environment.PYTHON, "-m", "playwright", "install", "chromium")
            path = _chromium()
        if path is None:
            raise Failed(
                "no Chromium was found; install one so that `chromium --version` works, or set LIVEPANE_BROWSER to its path"
            )
        one.note = _version(path)


def _chromium_packages() -> list[str]:
    return CHROMIUM_PACKAGES if debian.is_debian() and _chromium() is None else []


def _library_packages() -> list[str]:
    """System libraries that our wheels load; other systems than Debian and its children have them, or say what they miss."""
    if not (ON_LINUX and debian.has_apt()):
        return []
    return [package for library, package in LIBRARIES.items() if ctypes.util.find_library(library) is None]


def _test_packages() -> list[str]:
    """An X server, a window manager, a Firefox, databases. The tests start their own displays and servers and touch no other."""
    wanted = {program: package for program, package in TEST_PROGRAMS.items() if ON_LINUX and shutil.which(program) is None}
    if os.environ.get("LIVEPANE_FIREFOX") is None and not any(map(shutil.which, FIREFOXES)):
        wanted[FIREFOXES[0]] = FIREFOXES[0]
    if ON_LINUX and not any(map(shutil.which, REDISES)):
        wanted[REDISES[0]] = REDISES[0]
    if ON_LINUX and postgres.binaries() is None:
        wanted["postgres"] = "postgresql"
    if wanted and not debian.has_apt():
        raise Failed(f"the tests need {' and '.join(wanted)}; install them with this system's package manager")
    return list(wanted.values())


def _chromium() -> str | None:
    """Where the server itself would find one. Its search needs no installed package, so any Python can ask."""
    probe = "import os; from livepane.browsers.find import find_chromium as f; print(f(os.environ.get('LIVEPANE_BROWSER')))"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    asked = subprocess.run([sys.executable, "-c", probe], env=env, capture_output=True, text=True, check=False)
    if asked.returncode and "NoBrowser" not in asked.stderr:
        raise Failed(f"the search for a Chromium failed:\n{asked.stderr}")
    return asked.stdout.strip() or None


def _version(path: str) -> str:
    """What it calls itself, which also proves that it starts."""
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"{path} does not start: {error}") from None
    if asked.returncode:
        raise Failed(f"{path} --version ended with exit code {asked.returncode}: {asked.stderr.strip()}")
    return f"{asked.stdout.strip()} ({Path(path).name})"
