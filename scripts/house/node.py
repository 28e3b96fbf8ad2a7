"""The Node packages of a folder: what its lock file says, installed once."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from scripts.house.stamp import Stamp
from scripts.house.step import Failed, Step

OLDEST = 20
NPM_ENV = {
    "npm_config_fetch_retries": "5",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "npm_config_progress": "false",
}


def check(what: str) -> None:
    """Say it before the long steps begin when there is no Node to build `what` with.

    Raises:
        Failed: there is none, or too old a one.
    """
    mend = f"Building {what} needs Node {OLDEST} or newer with npm; install it and run make again."
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Failed(f"node and npm are not both on the PATH. {mend}")
    version = _version()
    if not version.startswith("v") or int(version[1:].partition(".")[0]) < OLDEST:
        raise Failed(f"node --version says {version!r}. {mend}")


def install(one: Step, folder: Path, stamp_name: str) -> bool:
    """Install what `folder`'s lock file says; False when that was done before."""
    stamp = Stamp(stamp_name, [folder / "package.json", folder / "package-lock.json"], _version())
    if stamp.fresh and (folder / "node_modules" / ".package-lock.json").is_file():
        return False
    one.run("npm", "ci", cwd=folder, env=NPM_ENV)
    stamp.keep()
    return True


def _version() -> str:
    return subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
