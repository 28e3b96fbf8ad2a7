"""The browser extension: extension/ built into extension/.output/chrome-mv3, for the tests and for `make extension`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scripts.house import node
from scripts.house.stamp import Stamp
from scripts.house.step import ROOT, step

EXTENSION = ROOT / "extension"
BUILT = EXTENSION / ".output" / "chrome-mv3"
SHARED = (ROOT / "web" / "src", ROOT / "src" / "livepane" / "__init__.py")  # with the dashboard; and the version
NOT_SOURCES = {"node_modules", "e2e", "test-results", "playwright-report"}


def prepare() -> Path:
    """Build it unless that was done from the same sources; returns the folder that a browser loads."""
    with step("extension") as one:
        stamp = Stamp("extension", _sources())
        installed = node.install(one, EXTENSION, "node-modules-extension")
        if not (stamp.fresh and (BUILT / "manifest.json").is_file()):
            one.run("npm", "run", "build", cwd=EXTENSION, env=node.NPM_ENV)
            stamp.keep()
        elif not installed:
            one.note = "up to date"
    return BUILT


def _sources() -> Iterator[Path]:
    for top in (*EXTENSION.iterdir(), *SHARED):
        if top.is_file():
            yield top
        elif top.name not in NOT_SOURCES and not top.name.startswith("."):
            yield from (path for path in top.rglob("*") if path.is_file())
