"""A thin link as a process: a relay that lets so many bytes a second through to the viewer, first in, first out.

Prints the port that stands for the far end. The buffers on both sides are small and segments are of Ethernet size, so that what
waits, waits at the sender, as behind a real link. Nothing is held back on the way to the server.
"""

from __future__ import annotations

import argparse
import socket
import threading
import time

_GRAIN = 8192  # bytes that leave together; 8 ms at 1 MB/s
_BUFFER = 16384
_SEGMENT = 1448


def main() -> None:
    """Relay until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=int, required=True)
    parser.add_argument("--rate", type=float, default=1e6, help="bytes a second")
    options = parser.parse_args()
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    print(listening.getsockname()[1], flush=True)
    while True:
        viewer, _ = listening.accept()
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT)
        server.connect(("127.0.0.1", options.to))
        for one in (viewer, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_carry, args=(server, viewer, options.rate), daemon=True).start()
        threading.Thread(target=_carry, args=(viewer, server, None), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket, rate: float | None) -> None:
    free_at = 0.0
    try:
        while grain := source.recv(_GRAIN):
            if rate:
                free_at = max(time.monotonic(), free_at) + len(grain) / rate
                time.sleep(max(0.0, free_at - time.monotonic()))
            target.sendall(grain)
    except OSError:
        pass
    for one in (source, target):
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue


if __name__ == "__main__":
    main()
