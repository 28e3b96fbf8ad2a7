"""The server that a script's panes go to: the one that is named, one that runs here, or one that the script starts."""

from __future__ import annotations

import atexit
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from livepane.discovery import Located, data_dir, locate, prepare_data_dir
from livepane.domain.errors import LivepaneError, Unavailable
from livepane.sdk.background import in_background

log = logging.getLogger(__name__)

START_WITHIN = 30.0  # s
LOOK_EVERY = 0.1  # s


class ServerForScript:
    """Finds the server before every attempt to connect; starts one, once, when none was named and none runs."""

    def __init__(self, server: str | None, token: str | None, *, start: bool) -> None:
        self._server, self._token = server, token
        self._start = start and not (server or os.environ.get("LIVEPANE_SERVER"))

    async def locate(self) -> Located | None:
        """Where it is now; None: not there (yet)."""
        found = await in_background(lambda: locate(self._server, self._token))
        if found is None and self._start:
            found = await OwnServer.get().started()
        return found


class OwnServer:
    """A server of this process: `livepane serve` in a child that ends when we end, whatever ends us."""

    _only: OwnServer | None = None
    _guard = threading.Lock()

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._failed = self._announced = False

    @classmethod
    def get(cls) -> OwnServer:
        """The one of this process."""
        with cls._guard:
            if cls._only is None:
                cls._only = cls()
                atexit.register(cls._only.stop)
            return cls._only

    @classmethod
    def announce(cls, url: str | None) -> None:
        """Say once, on stderr, where to watch what goes to a server that nobody started by hand."""
        if cls._only is not None and cls._only.runs and not cls._only._announced:
            cls._only._announced = True
            print(f"livepane: watch this script at {url}", file=sys.stderr, flush=True)  # noqa: T201 - to the person at the script

    @property
    def runs(self) -> bool:
        """Whether our child is there."""
        return self._process is not None and self._process.poll() is None

    async def started(self) -> Located | None:
        """Start it if need be, and wait until it answers; None when it cannot be started."""
        if self._failed:
            return None
        try:
            return await in_background(self._start)
        except (OSError, LivepaneError) as error:
            self._failed = True
            log.warning("no server could be started, so nothing is shown: %s. Start one with `livepane serve`.", error)
            return None

    def stop(self) -> None:
        """Let it end: it ends when its standard input does."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _start(self) -> Located | None:
        folder = data_dir()
        prepare_data_dir(folder)
        with self._guard, _one_at_a_time(folder / "starting.lock"):
            if (found := locate()) is not None:  # another pane, or another script, was faster
                return found
            with tempfile.TemporaryFile() as errors:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "livepane.sdk.owned_server"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    start_new_session=True,  # Ctrl-C is for the script; the server sees the end of its input
                )
                until = time.monotonic() + START_WITHIN
                while time.monotonic() < until and self.runs:
                    if (found := locate()) is not None:
                        return found
                    time.sleep(LOOK_EVERY)
                errors.seek(0)
                said = errors.read().decode(errors="replace").strip().splitlines()
        raise Unavailable(said[-1] if said else f"it did not answer within {START_WITHIN:g} s")


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Scripts that start together do not start a server each. Where files cannot be locked so, the last one wins."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
