"""A plain producer as a process: pushes stamped JPEGs over `WS /ws/producer` at a steady rate until killed.

Says `ready` after the first few pictures: by then the server knows the stream.
"""

from __future__ import annotations

import argparse
import itertools
import select
import socket
import time

from benchmarks.parts.pictures import Reel
from benchmarks.parts.websocket import BINARY, PING, PONG, Reader, connect, masked

_FIRST = 3


def main() -> None:
    """Push until killed or hung up on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--fps", type=float, required=True)
    parser.add_argument("--name", default="bench")
    options = parser.parse_args()
    reel = Reel()
    reader = Reader()
    sock = connect(options.port, f"/ws/producer?name={options.name}")
    due = time.monotonic()
    for number in itertools.count():
        if number == _FIRST:
            print("ready", flush=True)
        _answer_pings(sock, reader, due)
        due = max(due + 1 / options.fps, time.monotonic() - 1)
        sock.sendall(masked(BINARY, reel.next()))


def _answer_pings(sock: socket.socket, reader: Reader, until: float) -> None:
    """A server takes a peer that does not answer for gone."""
    while select.select([sock], [], [], max(0.0, until - time.monotonic()))[0]:
        data = sock.recv(4096)
        if not data:
            raise SystemExit("the server hung up")
        for message in reader.feed(memoryview(data)):
            if message.opcode == PING:
                sock.sendall(masked(PONG, message.head))


if __name__ == "__main__":
    main()
