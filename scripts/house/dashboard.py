"""The dashboard: web/ built into src/livepane/web, where the server and the wheel find it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from scripts.house.stamp import Stamp
from scripts.house.step import ROOT, Failed, Step, step

WEB = ROOT / "web"
BUILT = ROOT / "src" / "livepane" / "web"
NODE_MAJOR = 20
NOT_SOURCES = {"node_modules", "dist", "e2e", "test-results", "playwright-report", "coverage"}
NPM_ENV = {
    "npm_config_fetch_retries": "5",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "npm_config_progress": "false",
}


def prepare(*, tests: bool) -> None:
    """Build it unless that was done from the same sources; `tests` wants the node modules in any case."""
    with step("dashboard") as one:
        stamp = _stamp()
        built = _built(stamp)
        installed = (tests or not built) and _install_modules(one)
        if not built:
            one.run("npm", "run", "build", cwd=WEB, env=NPM_ENV)
            stamp.keep()
        elif not installed:
            one.note = "up to date"


def check_node() -> None:
    """Say it before the long steps begin when the dashboard cannot be built.

    Raises:
        Failed: it has to be built, and there is no Node or too old a one.
    """
    if _built(_stamp()):
        return
    mend = f"Building the dashboard needs Node {NODE_MAJOR} or newer with npm; install it and run make again."
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Failed(f"node and npm are not both on the PATH. {mend}")
    version = _node()
    if not version.startswith("v") or int(version[1:].partition(".")[0]) < NODE_MAJOR:
        raise Failed(f"node --version says {version!r}. {mend}")


def _node() -> str:
    return subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()


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


def _install_modules(one: Step) -> bool:
    stamp = Stamp("node-modules", [WEB / "package.json", WEB / "package-lock.json"], _node())
    if stamp.fresh and (WEB / "node_modules" / ".package-lock.json").is_file():
        return False
    one.run("npm", "ci", cwd=WEB, env=NPM_ENV)
    stamp.keep()
    return True
