"""The process that the tests fork: it has loaded everything that `livepane` needs, and becomes it when it is asked to.

python -m tests.forking.parent SOCKET        says "ready", and stays until its standard input ends

Importing what a server consists of is nine tenths of its start. A fork has it all, and is a process of its own in everything
else: what it is, is decided after the fork, by its arguments, its environment, its folder and its files.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typer.main

import livepane.cli
from livepane.jobs import plugins
from livepane.store import db

LOADED = (
    # What is imported late, here or by those whom we depend on, by `livepane serve` and the commands.
    "aiosqlite",
    "alembic.command",
    "alembic.config",
    "anyio._backends._asyncio",
    "celery.apps.worker",
    "celery.concurrency.prefork",
    "encodings.idna",
    "livepane.api.app",
    "livepane.auth.inside",
    "livepane.commands.serving",
    "livepane.jobs.alone",
    "livepane.jobs.celery_carrier",
    "livepane.jobs.celery_child",
    "livepane.producing.client",
    "livepane.sources.desktop",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvloop",
)


@dataclass(frozen=True)
class Wish:
    """What a fork is to become; `files` are its standard input, output and error."""

    arguments: list[str]
    env: dict[str, str]
    cwd: str
    files: tuple[int, int, int]


class Parent:
    """Forks at every connection, tells the process id and then the exit code, and kills those whose owner has hung up."""

    def __init__(self, door: socket.socket) -> None:
        self._door = door
        self._owners: dict[int, socket.socket] = {}  # by process id
        self._waker, self._woken = socket.socketpair()
        self._watched = selectors.DefaultSelector()

    def attend(self) -> Wish | None:
        """Returns in a fork, with what it is to become; in this process when there is nobody left to fork for."""
        for one in (self._door, self._waker, self._woken):
            one.setblocking(False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests; they end their servers
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker.fileno())
        for what, number in (("nobody is left", 0), ("a visitor", self._door.fileno()), ("one has ended", self._woken.fileno())):
            self._watched.register(number, selectors.EVENT_READ, what)
        while True:
            for key, _ in self._watched.select():
                if key.data == "nobody is left":
                    if os.read(0, 1024) == b"":
                        self._kill(*self._owners)
                        return None
                elif key.data == "a visitor":
                    wish = self._fork()
                    if wish is not None:
                        return wish
                elif key.data == "one has ended":
                    self._woken.recv(1024)
                    self._reap()
                else:
                    self._hung_up(key.data)

    def _fork(self) -> Wish | None:
        owner, _ = self._door.accept()
        wish = _read(owner)
        process = os.fork()
        if process == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._watched.close()
            for one in (self._door, self._waker, self._woken, owner, *self._owners.values()):
                one.close()
            return wish
        for number in wish.files:
            os.close(number)
        self._owners[process] = owner
        self._watched.register(owner, selectors.EVENT_READ, process)
        _tell(owner, process=process)
        return None

    def _reap(self) -> None:
        for process in list(self._owners):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                owner = self._owners.pop(process)
                self._watched.unregister(owner)
                _tell(owner, code=os.waitstatus_to_exitcode(status))
                owner.close()

    def _hung_up(self, process: int) -> None:
        """Nobody could end it any more."""
        if process in self._owners and self._owners[process].recv(1024) == b"":
            self._watched.unregister(self._owners[process])
            self._kill(process)
            os.waitpid(process, 0)
            self._owners.pop(process).close()

    @staticmethod
    def _kill(*processes: int) -> None:
        for process in processes:
            os.kill(process, signal.SIGKILL)


def _read(owner: socket.socket) -> Wish:
    """The length in four bytes, which bring the files along, and then what is wished for."""
    owner.setblocking(True)
    head, files, _, _ = socket.recv_fds(owner, 4, 3)
    text = b""
    while len(text) < int.from_bytes(head, "big"):
        text += owner.recv(1 << 20)
    first, second, third = files
    return Wish(**json.loads(text), files=(first, second, third))


def _tell(owner: socket.socket, **facts: Any) -> None:
    with suppress(OSError):  # it has hung up, and is heard of soon
        owner.sendall(json.dumps(facts).encode() + b"\n")


def become(wish: Wish) -> None:
    """From here on this is the process that was wished for."""
    for number, ours in zip(wish.files, (0, 1, 2), strict=True):
        os.dup2(number, ours)
        os.close(number)
    os.environ.clear()
    os.environ.update(wish.env)
    time.tzset()
    os.chdir(wish.cwd)
    sys.argv = [livepane.cli.__file__, *wish.arguments]
    livepane.cli.app(prog_name="python -m livepane.cli")


def warm_up() -> None:
    """Do once what every fork would do again: read the command line's definition, make an empty database."""
    typer.main.get_command = cache(typer.main.get_command)
    typer.main.get_command(livepane.cli.app)
    with tempfile.TemporaryDirectory() as folder:
        db.prepare(Path(folder))


def main() -> None:
    """Load, listen, fork."""
    for module in LOADED:
        importlib.import_module(module)
    plugins.load()
    warm_up()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        door.listen(16)
        gc.collect()
        gc.freeze()
        os.write(1, b"ready\n")
        wish = Parent(door).attend()
    if wish is not None:
        become(wish)


if __name__ == "__main__":
    main()
