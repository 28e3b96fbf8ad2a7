"""The dashboard: web/ built into src/livepane/web, where the server and the wheel find it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scripts.house import node
from scripts.house.stamp import Stamp
from scripts.house.step import ROOT, step

WEB = ROOT / "web"
BUILT = ROOT / "src" / "livepane" / "web"
NOT_SOURCES = {"node_modules", "dist", "e2e", "test-results", "playwright-report", "coverage"}


def prepare(*, tests: bool) -> None:
    """Build it unless that was done from the same sources; `tests` wants the node modules in any case."""
    with step("dashboard") as one:
        stamp = _stamp()
        built = _built(stamp)
        installed = (tests or not built) and node.install(one, WEB, "node-modules")
        if not built:
            one.run("npm", "run", "build", cwd=WEB, env=node.NPM_ENV)
            stamp.keep()
        elif not installed:
            one.note = "up to date"


def check_node() -> None:
    """Say it before the long steps begin when the dashboard cannot be built.

    Raises:
        Failed: it has to be built, and there is no Node or too old a one.
    """
    if not _built(_stamp()):
        node.check("the dashboard")


def _stamp() -> Stamp:
    return Stamp("dashboard", _sources())


def _built(stamp: Stamp) -> bool:
    return stamp.fresh and (BUILT / "index.html").is_file()


def _sources() -> Iterator[Path]:
    for top in WEB.iterdir():
        if top.is_file():
            yield top
        elif top.name not in NOT_SOURCES:
            yield from (path for path in top.rglob("*") if path.is_file())
