"""Many producers in one light process: each sends ready pictures over `WS /ws/producer` while somebody wants them.

Started with the port of a server. Says `ready` once all are welcomed; `pictures` on standard input answers how many were sent.
"""

from __future__ import annotations

import argparse
import json
import selectors
import sys
import time

import numpy
import simplejpeg

from benchmarks.parts.dialects import OWN_HEADER
from benchmarks.parts.websocket import BINARY, PING, PONG, TEXT, Message, Reader, connect, masked

WIDTH, HEIGHT = 640, 360
WINDOW = 2  # pictures that may be unacknowledged
QUALITY = 75
_EPOCH_START = 1_577_836_800  # seconds: epochs count from 2020


def name_of(number: int) -> str:
    """What producer `number` is called; its stream is `producer:` and this."""
    return f"wall-{number:02}"


class Producer:
    """One socket that speaks our producer protocol."""

    def __init__(self, port: int, number: int) -> None:
        self.reader = Reader(keep=True)
        self.sock = connect(port, "/ws/producer", "livepane.producer.v1")
        self.sent = 0
        self.fps = 0.0  # what is wanted; 0: nobody looks
        self.due = 0.0
        self.welcomed = False
        self._under_way = 0
        self._epoch = int(time.time()) - _EPOCH_START
        hello = {"type": "hello", "kind": "producer", "name": name_of(number), "title": f"Producer {number + 1}"}
        self._write(TEXT, json.dumps(hello).encode())
        self.sock.setblocking(False)

    def take(self) -> None:
        """Read what the server says."""
        data = self.sock.recv(65536)
        if not data:
            raise SystemExit("the server hung up")
        for message in self.reader.feed(memoryview(data)):
            self._obey(message)

    def send(self, jpeg: bytes) -> None:
        """Send a picture made now, unless the server has not taken the last ones."""
        if self._under_way >= WINDOW:
            return
        self.sent += 1
        self._under_way += 1
        header = OWN_HEADER.pack(1, 1, 1, 0, self._epoch, self.sent, time.time_ns() // 1000, WIDTH, HEIGHT)
        self._write(BINARY, header + jpeg)

    def _obey(self, message: Message) -> None:
        if message.opcode == PING:
            self._write(PONG, message.head)
        if message.opcode != TEXT or message.body is None:
            return
        said = json.loads(message.body)
        match said["type"]:
            case "welcome":
                self.welcomed = True
            case "ack":
                self._under_way = max(0, self._under_way - 1)
            case "demand":
                self.fps = said["demand"]["fps"] if said["demand"] else 0.0
                self._under_way = 0

    def _write(self, opcode: int, payload: bytes) -> None:
        self.sock.setblocking(True)
        self.sock.sendall(masked(opcode, payload))
        self.sock.setblocking(False)


def reel(count: int) -> list[bytes]:
    """Different pictures of some 20 KB: flat areas with hard edges, as screens have them, and a little grain."""
    pictures = []
    for seed in range(count):
        random = numpy.random.default_rng(seed)
        rows = random.integers(0, 255, (HEIGHT // 20, WIDTH // 40, 3)).repeat(20, 0).repeat(40, 1)
        pixels = numpy.clip(rows + random.normal(0, 5, (HEIGHT, WIDTH, 1)), 0, 255).astype(numpy.uint8)
        pictures.append(bytes(simplejpeg.encode_jpeg(numpy.ascontiguousarray(pixels), QUALITY, "RGB", "420")))
    return pictures


def main() -> None:
    """Feed until our standard input is closed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--fps", type=float, required=True, help="at the most; less when less is wanted")
    options = parser.parse_args()
    pictures = reel(16)
    producers = [Producer(options.port, number) for number in range(options.count)]
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin, selectors.EVENT_READ)
    for number, one in enumerate(producers):
        selector.register(one.sock, selectors.EVENT_READ, one)
        one.due = time.monotonic() + number / options.count / options.fps  # real sources do not beat in time
    is_ready = False
    while True:
        pause = max(0.0, min(one.due for one in producers) - time.monotonic())
        for key, _ in selector.select(pause):
            if isinstance(key.data, Producer):
                key.data.take()
            elif not (line := sys.stdin.readline()):
                return
            elif line.strip() == "pictures":
                print(sum(one.sent for one in producers), flush=True)
        if not is_ready and all(one.welcomed for one in producers):
            is_ready = True
            print("ready", flush=True)
        now = time.monotonic()
        for number, one in enumerate(producers):
            if one.due <= now:
                one.due = max(one.due + 1 / options.fps, now)
                if one.fps:
                    one.send(pictures[(one.sent + number) % len(pictures)])


if __name__ == "__main__":
    main()
