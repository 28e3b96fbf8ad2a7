"""One run of the tests, and the services that its processes share.

The process that was started first holds a pipe open as long as it lives. A keeper (tests/services/keeper.py) starts one service
and ends it when that pipe ends, however that has come about: nothing is left running behind a run.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "LIVEPANE_TEST_SERVICES"  # the variable with the folder of this run
_ROOT = Path(__file__).resolve().parents[2]
_held: int | None = None


def begin() -> None:
    """Make the folder of a run. Workers of xdist are processes of a run that has begun: they find it in their environment."""
    global _held
    folder = Path(tempfile.mkdtemp(prefix="livepane-services-"))
    folder.chmod(0o711)  # Postgres runs as somebody else when we are root
    os.mkfifo(folder / "run")
    _held = os.open(folder / "run", os.O_RDWR | os.O_CLOEXEC)
    os.environ[FOLDER] = str(folder)


def end() -> None:
    """End the services of the run that this process has begun, and wait until they are gone."""
    global _held
    if _held is None:
        return
    os.close(_held)
    _held = None
    folder = Path(os.environ.pop(FOLDER))
    for lock in folder.glob("*.kept"):
        with _alone(lock):
            pass
    shutil.rmtree(folder)


def service(name: str) -> str:
    """Where a service of this run is; started now if nobody has asked for it before. `name`: see the keeper.

    Raises:
        RuntimeError: it does not start; says why.
    """
    folder = Path(os.environ[FOLDER])
    where = folder / f"{name}.url"
    with _alone(folder / f"{name}.asked"):
        if not where.exists():
            words = [sys.executable, "-m", "tests.services.keeper", name, str(folder)]
            keeper = subprocess.Popen(words, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)
            assert keeper.stdout is not None
            with keeper.stdout as said:
                url = said.readline().decode().strip()
            if not url:
                raise RuntimeError(f"{name} did not start: the keeper has ended with exit code {keeper.wait()}")
            where.write_text(url)
            keeper.returncode = 0  # it outlives us: no warning that it still runs
        return where.read_text()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
