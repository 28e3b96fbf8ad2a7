"""The machine and the versions that a measurement belongs to; no names of hosts, no paths."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def describe() -> list[tuple[str, str]]:
    """What a reader needs in order to judge the figures."""
    packages = ("uvicorn", "websockets", "uvloop", "fastapi", "playwright", "simplejpeg", "mss", "pillow")
    return [
        ("CPU", f"{_cpu_model()}, {os.cpu_count()} cores"),
        ("Memory", f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"),
        ("Kernel", f"{platform.system()} {platform.release().split('-')[0]}"),
        ("Python", platform.python_version()),
        ("Chromium", _of_command(chromium(), "--version")),
        ("Node", _of_command("node", "--version")),
        ("Packages", ", ".join(f"{name} {_of_package(name)}" for name in packages)),
    ]


def chromium() -> str:
    """The Chromium that both sides of every comparison run."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    raise SystemExit("The benchmarks need a Chromium: `apt install chromium`.")


def _cpu_model() -> str:
    match = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match[1] if match else platform.machine()


def _of_package(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"


@cache
def _of_command(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except OSError:
        return "–"
    match = re.search(r"\d+(\.\d+)+", done.stdout)
    return match[0] if match else "–"
