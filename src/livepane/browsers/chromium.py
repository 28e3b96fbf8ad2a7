"""A Chromium process of our own: started, spoken to over a pipe, and ended with everything it started."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from livepane.browsers import tether
from livepane.browsers.cdp import CdpConnection
from livepane.browsers.flags import command_line
from livepane.browsers.group import clean_environment, kill_group, reap_group
from livepane.deadline import within
from livepane.domain.errors import LivepaneError, NoBrowser

if TYPE_CHECKING:
    from livepane.browsers.profile import Profile

log = logging.getLogger(__name__)

START_TIMEOUT = 20.0  # s
QUIT_TIMEOUT = 2.0  # s; it takes 0.2


class Chromium:
    """`async with Chromium(path) as chromium:` it runs inside the block. No port is opened: only we can drive it."""

    def __init__(self, path: Path, *, extra: Sequence[str] = ()) -> None:
        self._path = path
        self._extra = extra
        self._complaints: deque[str] = deque(maxlen=20)  # the last lines of its error output
        self._process: asyncio.subprocess.Process | None = None
        self._listener: asyncio.Task[None] | None = None
        self._connection: CdpConnection | None = None
        self._profile: Profile | None = None

    @property
    def connection(self) -> CdpConnection:
        """What drives it, once it has started."""
        if self._connection is None:
            raise NoBrowser("Chromium has not been started.")
        return self._connection

    @property
    def pid(self) -> int | None:
        """The browser process, which leads a process group of its own; None before the start."""
        return self._process.pid if self._process else None

    @property
    def profile(self) -> Path | None:
        """The folder that it writes to, which goes with it; None before the start and after the end."""
        return self._profile.path if self._profile else None

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def start(self) -> None:
        """Start it and wait until it answers. On any failure call `close`.

        Raises:
            NoBrowser: it cannot be run, or ends at once; the message has its last words.
        """
        if sys.platform == "win32":
            raise NoBrowser(
                "Livepane does not launch Chromium on Windows: start Chrome with --remote-debugging-port=9222 and a "
                "--user-data-dir of its own and attach to it, or show pages of your own script with livepane.watch."
            )
        from livepane.browsers.pipe import PipeTransport  # its locks and pipes are those of a Unix
        from livepane.browsers.profile import Profile

        sandbox = os.geteuid() != 0
        if not sandbox:
            log.warning("Running as root, so Chromium runs without its sandbox. Use an ordinary user for pages you do not trust.")
        self._profile = Profile()
        theirs_in, our_out = os.pipe()
        our_in, theirs_out = os.pipe()
        arguments = command_line(str(self._profile.path), sandbox=sandbox, extra=self._extra)
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), str(theirs_in), str(theirs_out),
                str(self._path), *arguments,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
                pass_fds=(theirs_in, theirs_out), start_new_session=True, env=clean_environment(),
            )  # fmt: skip
        except OSError as error:
            os.close(our_in)
            os.close(our_out)
            raise NoBrowser(f"Chromium at {self._path} could not be started: {error}.") from error
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        self._listener = asyncio.get_running_loop().create_task(self._listen(self._process.stderr), name="chromium-stderr")
        self._connection = CdpConnection(PipeTransport(our_in, our_out), "Chromium")
        try:
            async with within(START_TIMEOUT):
                version = await self._connection.browser.send("Browser.getVersion")
        except TimeoutError:
            raise NoBrowser(f"Chromium at {self._path} did not answer within {START_TIMEOUT:.0f} s.") from None
        except LivepaneError:
            await asyncio.wait({self._listener}, timeout=QUIT_TIMEOUT)
            raise NoBrowser(f"Chromium at {self._path} ended at once. {self._last_words()}") from None
        log.info("Started %s from %s", version["product"], self._path)

    async def close(self) -> None:
        """End it, wait until it has gone, delete its profile. May be called at any time, and twice."""
        process, self._process = self._process, None
        try:
            if process is not None and self._connection is not None:
                await self._connection.close()  # the end of its input: it quits, and reaps its own children
                with suppress(TimeoutError):
                    async with within(QUIT_TIMEOUT):
                        await process.wait()
        finally:
            if process is not None:
                kill_group(process.pid)
                await process.wait()
                reap_group(process.pid)
            if self._listener is not None:
                await self._listener  # ends when the last of them has closed its error output
            profile, self._profile = self._profile, None
            if profile is not None:
                await asyncio.to_thread(profile.remove)

    async def _listen(self, errors: asyncio.StreamReader | None) -> None:
        """Keep its last complaints, and its pipe empty."""
        while errors is not None and (line := await errors.readline()):
            self._complaints.append(line.decode(errors="replace").strip())

    def _last_words(self) -> str:
        complaints = " ".join(line for line in self._complaints if "dbus" not in line)
        mend = "Its sandbox needs user namespaces: allow them for this user. " if "sandbox" in complaints else ""
        return f"{mend}It said: {complaints or 'nothing'}"
