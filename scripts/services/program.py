"""A server program that runs: started on a free port, waited for until it answers, ended without a trace."""

from __future__ import annotations

import argparse
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PATIENCE = 60.0  # seconds until a program has to answer; the machine may be busy
TRIES = 5  # ports: somebody else may take one between our looking and the program's


class NotStarted(Exception):
    """A program is not there, or has not come up; the message says what it said last."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def demand_free(ports: Sequence[int]) -> None:
    """Look before a program is started on ports that somebody chose: who has one answers in its place.

    Raises:
        NotStarted: one of them is taken; names it.
    """
    for port in ports:
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(("127.0.0.1", port))
            except OSError as error:
                why = f"port {port} of 127.0.0.1 cannot be used ({error.strerror})"
                raise NotStarted(f'{why}: choose another, such as ARGS="--port 9500"') from None


def port_before(last: int) -> Callable[[str], int]:
    """How a command line reads a port when so many after it are taken as well."""

    def port(text: str) -> int:
        number = int(text)
        if not 0 < number <= 65535 - last:
            raise argparse.ArgumentTypeError(f"{number} is no port from 1 to {65535 - last}")
        return number

    return port


def start_on_free_ports(choose: Callable[[], None], start: Callable[[], None]) -> None:
    """Start something on ports that were free a moment ago; on others where somebody was quicker.

    Raises:
        NotStarted: it does not come up on any.
    """
    for left in reversed(range(TRIES)):
        choose()
        try:
            start()
        except NotStarted:
            if not left:
                raise
        else:
            return


class Program:
    """One process with its log. `ending` is the signal on which it leaves in good order."""

    def __init__(self, name: str, log: Path, ending: signal.Signals = signal.SIGTERM) -> None:
        self.name, self.log = name, log
        self._ending = ending
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, words: Sequence[str | Path], answers: Callable[[], bool], patience: float = PATIENCE, **options: Any) -> None:
        """Start it, and return when it answers. `options` are those of `subprocess.Popen`.

        Raises:
            NotStarted: it has ended, or does not answer in time.
        """
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(word) for word in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **options
            )
        until = time.monotonic() + patience
        while not answers():
            if self._process.poll() is not None:
                raise NotStarted(f"{self.name} has ended with exit code {self._process.returncode}: {self.last_words()}")
            if time.monotonic() > until:
                self.kill()
                raise NotStarted(f"{self.name} has not answered within {patience:g} s: {self.last_words()}")
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        """Its process id."""
        if self._process is None:
            raise NotStarted(f"{self.name} has not been started")
        return self._process.pid

    @property
    def runs(self) -> bool:
        """It has been started, and has not ended."""
        return self._process is not None and self._process.poll() is None

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-2000:]

    def stop(self, patience: float = 20.0) -> None:
        """End it in good order; after that long without one. Nothing happens when it has ended."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(self._ending)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL: gone without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
