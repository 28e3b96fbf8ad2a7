"""Python, event loop, files and ports."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sqlite3
import stat
import sys
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from livepane.commands import listening
from livepane.commands.doctor.finding import Finding, ok, problem, warning
from livepane.discovery import check_data_dir, read_server
from livepane.domain.errors import LivepaneError

ROOM_NEEDED, ROOM_WISHED = 50 * 2**20, 2**30  # bytes
_OLDEST = (3, 11)


def python() -> Finding:
    """The interpreter."""
    version = platform.python_version()
    if sys.version_info < _OLDEST:
        return problem("python", f"{version} is too old", "Install Python 3.11 or newer.")
    return ok("python", f"{version} at {sys.executable}")


def event_loop() -> Finding:
    """uvloop and httptools are what the measured speed comes from."""
    missing = [name for name in ("uvloop", "httptools") if importlib.util.find_spec(name) is None]
    if missing and sys.platform != "win32":
        return warning("event loop", f"without {' and '.join(missing)}: slower", f"pip install {' '.join(missing)}")
    return ok("event loop", "asyncio" if missing else "uvloop, with httptools")


def dashboard() -> Finding:
    """Whether there is something to show in a browser."""
    from livepane.api.dashboard import FOLDER

    missing = [name for name in ("index.html", "view.html") if not (FOLDER / name).is_file()]
    if missing:
        return problem("dashboard", f"not built: {FOLDER} has no {' and no '.join(missing)}", "Run `make web` in the sources.")
    return ok("dashboard", f"built, at {FOLDER}")


def data_folder(folder: Path) -> list[Finding]:
    """Where tokens and the database are."""
    name = "data folder"
    if not folder.exists():
        parent = next(one for one in folder.absolute().parents if one.exists())
        if not os.access(parent, os.W_OK | os.X_OK):
            return [problem(name, f"{folder} does not exist, and {parent} cannot be written", _ELSEWHERE)]
        return [ok(name, f"{folder} will be made by the first start"), _room(parent)]
    try:
        check_data_dir(folder)
    except LivepaneError as error:
        return [problem(name, error.message, _ELSEWHERE)]
    return [_rights(folder), _room(folder), *_database(folder)]


_ELSEWHERE = "Choose another with LIVEPANE_DATA_DIR or --data-dir, or give this one to the user who runs the server."


def _rights(folder: Path) -> Finding:
    if os.name == "posix":
        if stat.S_IMODE(folder.stat().st_mode) & 0o077:
            return warning("data folder", f"others can look into {folder}", f"chmod 700 {folder}; the next start does it too.")
        loose = [one.name for one in folder.iterdir() if one.is_file() and stat.S_IMODE(one.stat().st_mode) & 0o077]
        if loose:
            mend = f"chmod 600 {' '.join(str(folder / one) for one in loose[:5])}"
            return warning("data folder", f"rights of {', '.join(loose[:5])} in {folder} are not 0600", mend)
    return ok("data folder", f"{folder}, can be written, closed to others")


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    says = f"{free / 2**30:.1f} GiB free in {folder}"
    if free < ROOM_NEEDED:
        return problem("disk", says, "Make room: the database cannot be written soon.")
    return warning("disk", says, "That is little.") if free < ROOM_WISHED else ok("disk", says)


def _database(folder: Path) -> list[Finding]:
    path = folder / "livepane.db"
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)) as database:
            said = str(database.execute("PRAGMA quick_check").fetchone()[0])
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        return [problem("database", f"{path}: {said}", "Stop the server, keep a copy of the file, and restore a backup.")]
    return [ok("database", f"{path} is sound")]


def port(host: str, number: int, folder: Path) -> Finding:
    """Whether a server can listen there, or ours does already."""
    name = f"port {number}"
    try:
        listening.listen(host, number).close()
    except LivepaneError as error:
        ours = read_server(folder)
        if ours is not None and number in {urlsplit(url).port for url in ours.urls}:
            return ok(name, f"a server of this data folder listens there (process {ours.pid})")
        who = _who(number)
        if _is_livepane(number):
            says = f"another Livepane has it{who}, with another data folder"
            return problem(name, says, "Give one of them another --port, or look at it with its own --data-dir.")
        return problem(name, f"{error.message.partition(';')[0]}{who}", "End that program, or choose another with --port.")
    return ok(name, f"free on {host}")


def _is_livepane(number: int) -> bool:
    try:
        answer = httpx.get(f"http://127.0.0.1:{number}/api/session", timeout=2, trust_env=False)
        return answer.is_success and "roles" in answer.json()
    except (httpx.HTTPError, ValueError):
        return False


def _who(number: int) -> str:
    """The program that listens on a port, as far as we may see it (Linux, programs of the same user)."""
    sockets = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == number:
                    sockets.add(f"socket:[{fields[9]}]")
    with suppress(OSError):
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and sockets:
                with suppress(OSError):
                    if any(str(one.readlink()) in sockets for one in (process / "fd").iterdir()):
                        return f" ({(process / 'comm').read_text().strip()}, process {process.name})"
    return ""
