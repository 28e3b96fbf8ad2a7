"""The floor of fan-out: one thread, epoll, one ready-made message, `send` per viewer and nothing else.

Takes WebSocket viewers, sends each the newest picture `--fps` times a second, skips a viewer whose last picture is not out
yet. With `--acknowledged` a viewer is sent a picture only after it has answered the last one. Prints its port.
"""

from __future__ import annotations

import argparse
import select
import socket
import time

from benchmarks.parts.pictures import Reel
from benchmarks.parts.websocket import BINARY, accept, header


def main() -> None:
    """Send until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fps", type=float, required=True)
    parser.add_argument("--acknowledged", action="store_true")
    options = parser.parse_args()
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    print(listening.getsockname()[1], flush=True)
    epoll = select.epoll()
    epoll.register(listening, select.EPOLLIN)
    viewers: dict[int, socket.socket] = {}
    unsent: dict[int, memoryview] = {}
    awaited: set[int] = set()
    reel = Reel()
    due = time.monotonic()
    while True:
        for descriptor, event in epoll.poll(max(0.0, due - time.monotonic())):
            if descriptor == listening.fileno():
                viewer, _ = listening.accept()
                accept(viewer)
                viewer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                viewer.setblocking(False)
                viewers[viewer.fileno()] = viewer
                epoll.register(viewer, select.EPOLLIN)
                continue
            if event & select.EPOLLOUT:
                _send(viewers[descriptor], unsent.pop(descriptor), unsent, epoll, resumed=True)
            if event & ~select.EPOLLOUT:
                try:
                    said = viewers[descriptor].recv(65536)
                except OSError:
                    said = b""
                awaited.discard(descriptor)
                if not said:
                    epoll.unregister(descriptor)
                    viewers.pop(descriptor).close()
                    unsent.pop(descriptor, None)
        if time.monotonic() >= due:
            due += 1 / options.fps
            jpeg = reel.next()
            message = memoryview(header(BINARY, len(jpeg)) + jpeg)
            for descriptor, viewer in viewers.items():
                if descriptor not in unsent and descriptor not in awaited:
                    if options.acknowledged:
                        awaited.add(descriptor)
                    _send(viewer, message, unsent, epoll)


def _send(
    viewer: socket.socket, message: memoryview, unsent: dict[int, memoryview], epoll: select.epoll, resumed: bool = False
) -> None:
    try:
        rest = message[viewer.send(message) :]
    except BlockingIOError:
        rest = message
    except OSError:
        return
    if rest:
        unsent[viewer.fileno()] = rest
    if rest or resumed:
        epoll.modify(viewer, select.EPOLLIN | select.EPOLLOUT if rest else select.EPOLLIN)


if __name__ == "__main__":
    main()
