"""Messages over the two pipes of a Chromium that we launched (`--remote-debugging-pipe=cbor`)."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from livepane.browsers import cbor
from livepane.browsers.transport import OnClosed, OnMessage
from livepane.domain.errors import Unavailable

PIPE_BYTES = 1 << 20  # a 100 KB frame then arrives in one read; the kernel's default holds 64 KiB
F_SETPIPE_SZ = getattr(fcntl, "F_SETPIPE_SZ", None)  # Linux


class PipeTransport:
    """Owns both file descriptors. The end of the read pipe is the end of the browser."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._in = bytearray()
        self._out = bytearray()
        self._open = False
        os.set_blocking(read_fd, False)
        os.set_blocking(write_fd, False)
        if F_SETPIPE_SZ is not None:
            with suppress(OSError):  # over the user's limit for pipes: slower, not broken
                fcntl.fcntl(read_fd, F_SETPIPE_SZ, PIPE_BYTES)

    def start(self, on_message: OnMessage, on_closed: OnClosed) -> None:
        """Begin to listen on the running loop."""
        self._on_message = on_message
        self._on_closed = on_closed
        self._loop = asyncio.get_running_loop()
        self._open = True
        self._loop.add_reader(self._read_fd, self._readable)

    def send(self, message: Mapping[str, Any]) -> None:
        """Write a message, keeping what the pipe does not take yet. Silent once closed."""
        if not self._open:
            return
        self._out += cbor.dumps(message)
        self._write()

    async def close(self) -> None:
        """Close both ends; Chromium quits at the end of its input."""
        self._end("it was closed")

    def _readable(self) -> None:
        try:
            chunk = os.read(self._read_fd, PIPE_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(str(error))
            return
        if not chunk:
            self._end("its process ended")
            return
        self._in += chunk
        try:
            while self._open and (size := cbor.message_size(self._in)) is not None and len(self._in) >= size:
                with memoryview(self._in) as view, view[:size] as message:
                    value = cbor.loads(message)
                del self._in[:size]
                self._on_message(value)
        except Unavailable as error:
            self._end(error.message)

    def _write(self) -> None:
        try:
            written = os.write(self._write_fd, self._out)
            del self._out[:written]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            self._end(str(error))
            return
        if self._out:
            self._loop.add_writer(self._write_fd, self._write)
        else:
            self._loop.remove_writer(self._write_fd)

    def _end(self, reason: str) -> None:
        if not self._open:
            return
        self._open = False
        self._loop.remove_reader(self._read_fd)
        self._loop.remove_writer(self._write_fd)
        os.close(self._read_fd)
        os.close(self._write_fd)
        self._on_closed(reason)
