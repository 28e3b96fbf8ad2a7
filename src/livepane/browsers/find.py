"""Where Chromium is on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from livepane.domain.errors import NoBrowser

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")

_APPLICATIONS = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
        r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
        r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
        r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
    ),
}

# Where Playwright unpacks a Chromium, below its cache folder, for each system and each age of its layout.
_IN_PLAYWRIGHT = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-win*/chrome.exe",
)


def find_chromium(configured: str | None = None, *, env: Mapping[str, str] = os.environ) -> Path:
    """The Chromium to launch: the configured one, else one of PATH, the system's applications, Playwright's newest.

    `configured` is a path or a name on PATH (the setting LIVEPANE_BROWSER).

    Raises:
        NoBrowser: nothing was found, or `configured` is not a program.
    """
    if configured:
        found = shutil.which(Path(configured).expanduser(), path=env.get("PATH"))
        if found is None:
            raise NoBrowser(
                f"LIVEPANE_BROWSER is {configured!r}, and there is no such program. "
                "Set it to the path of a Chromium or Chrome, or unset it to have one searched."
            )
        return Path(found)
    for candidate in _candidates(env):
        return candidate
    raise NoBrowser(
        "No Chromium was found: not on PATH, not among the applications, not in Playwright's cache. Install one with "
        "'apt install chromium' or 'playwright install chromium', or set LIVEPANE_BROWSER to its path."
    )


def _candidates(env: Mapping[str, str]) -> Iterator[Path]:
    for name in NAMES:
        if found := shutil.which(name, path=env.get("PATH")):
            yield Path(found)
    for application in _APPLICATIONS.get(sys.platform, ()):
        path = Path(os.path.expandvars(application))
        if path.is_file():
            yield path
    cache = _playwright_cache(env)
    for pattern in _IN_PLAYWRIGHT:
        for path in sorted(cache.glob(pattern), key=_revision, reverse=True):
            if path.is_file() and os.access(path, os.X_OK):
                yield path


def _playwright_cache(env: Mapping[str, str]) -> Path:
    configured = env.get("PLAYWRIGHT_BROWSERS_PATH")
    if configured and configured != "0":  # "0" means: beside the package, which differs from one release to the next
        return Path(configured)
    home = Path(env.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "ms-playwright"
    if sys.platform == "win32":
        return Path(env.get("LOCALAPPDATA") or home / "AppData" / "Local") / "ms-playwright"
    return Path(env.get("XDG_CACHE_HOME") or home / ".cache") / "ms-playwright"


def _revision(path: Path) -> int:
    """The number in `chromium-1234`."""
    for part in path.parts:
        name, _, number = part.rpartition("-")
        if name == "chromium" and number.isdigit():
            return int(number)
    return 0
