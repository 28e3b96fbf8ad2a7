"""Many raw viewers in one light process: epoll, no decoding while it counts.

Started by `crowd.Crowd`. Reads its specification as the first line, then commands: `mark` starts a measurement,
`stop` ends it and answers the counts, `report` answers the ages, `receipts` when each picture came, `closings` when and how
each connection ended.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from collections.abc import Hashable
from typing import Any

from benchmarks.parts import dialects, timecode
from benchmarks.parts.websocket import CLOSE, PING, PONG, Message, Reader, connect, masked


class Viewer:
    """One connection and what it has seen since the mark."""

    def __init__(self, spec: dict[str, Any], dialect: dialects.Dialect, keep: bool) -> None:
        self.group: str = spec["group"]
        self.dialect = dialect
        self.keep = keep
        self.reader = Reader(keep)
        self.sock = connect(spec["port"], spec["path"], dialect.subprotocol, spec.get("via"))
        if greeting := dialect.greeting():
            self.sock.sendall(greeting)
        self.seen: list[tuple[Hashable, int, int | None]] = []  # key, received at, made at
        self.kept: list[tuple[Hashable, int, bytes]] = []
        self.bytes = 0
        self.other_bytes = 0  # of messages that are no picture
        self.pictures_ever = 0
        self.said = ""
        self.closing: tuple[float, int] | None = None  # ms since the epoch, close code; 0: no word was said

    def take(self, message: Message, counting: bool) -> None:
        """Count a picture and answer it."""
        now = time.time_ns()
        if message.opcode == PING:
            self.sock.sendall(masked(PONG, message.head[:125]))
            return
        if message.opcode == CLOSE:
            code = int.from_bytes(message.head[:2], "big")
            self.said = f"closed {code} {message.head[2:].decode(errors='replace')}"
            self.closing = self.closing or (now / 1e6, code)
            return
        key = self.dialect.picture(message)
        if key is None:
            self.other_bytes += message.size
            self.said = message.head[:300].decode(errors="replace") if b"error" in message.head else self.said
            return
        self.pictures_ever += 1
        if counting:
            self.bytes += message.size
            self.seen.append((key, now, self.dialect.made_at(message)))
            if message.body is not None:
                self.kept.append((key, now, message.body))
        if answer := self.dialect.answer(message):
            self.sock.sendall(answer)

    def clear(self) -> None:
        """Forget what was counted."""
        self.seen.clear()
        self.kept.clear()
        self.bytes = self.other_bytes = 0


class Loop:
    """All viewers and the commands of the parent, on one epoll."""

    def __init__(self, specs: list[dict[str, Any]]) -> None:
        self._epoll = select.epoll()
        self._viewers: dict[int, Viewer] = {}
        self._counting = False
        for spec in specs:
            dialect = dialects.named(spec["dialect"], spec.get("stream", ""), spec.get("fps", 30), spec.get("quality"))
            for number in range(spec["count"]):
                viewer = Viewer(spec, dialect, keep=bool(spec.get("decode")) and number == 0)
                viewer.sock.setblocking(True)
                self._viewers[viewer.sock.fileno()] = viewer
                self._epoll.register(viewer.sock.fileno(), select.EPOLLIN)
        self._epoll.register(sys.stdin.fileno(), select.EPOLLIN)

    def run(self) -> None:
        """Until the parent closes our standard input."""
        buffer = bytearray(1 << 20)
        view = memoryview(buffer)
        while True:
            for descriptor, _ in self._epoll.poll():
                viewer = self._viewers.get(descriptor)
                if viewer is None:
                    line = sys.stdin.readline()
                    if not line:
                        return
                    print(json.dumps(self._obey(line.strip())), flush=True)
                    continue
                try:
                    count = viewer.sock.recv_into(buffer, flags=socket.MSG_DONTWAIT)
                    for message in viewer.reader.feed(view[:count]):
                        viewer.take(message, self._counting)
                except BlockingIOError:
                    continue
                except OSError as error:
                    viewer.said, count = str(error), 0
                if not count:
                    self._epoll.unregister(descriptor)
                    viewer.said = viewer.said or "the server hung up"
                    viewer.closing = viewer.closing or (time.time_ns() / 1e6, 0)

    def _obey(self, command: str) -> dict[str, Any]:
        match command:
            case "ready":
                return {
                    "viewers": len(self._viewers),
                    "seeing": sum(viewer.pictures_ever > 0 for viewer in self._viewers.values()),
                    "said": sorted({viewer.said for viewer in self._viewers.values() if viewer.said}),
                }
            case "mark":
                for viewer in self._viewers.values():
                    viewer.clear()
                self._counting = True
                return {}
            case "stop":
                self._counting = False
                return {group: self._counts(group) for group in self._groups()}
            case "receipts":
                return {group: self._receipts(group) for group in self._groups()}
            case "closings":
                return {group: self._closings(group) for group in self._groups()}
            case "report":
                return {group: {**self._counts(group), "ages": self._ages(group)} for group in self._groups()}
        return {"error": command}

    def _groups(self) -> set[str]:
        return {viewer.group for viewer in self._viewers.values()}

    def _counts(self, group: str) -> dict[str, Any]:
        viewers = [viewer for viewer in self._viewers.values() if viewer.group == group]
        return {
            "viewers": len(viewers),
            "pictures": sum(len(viewer.seen) for viewer in viewers),
            "bytes": sum(viewer.bytes for viewer in viewers),
            "other_bytes": sum(viewer.other_bytes for viewer in viewers),
            "said": sorted({viewer.said for viewer in viewers if viewer.said}),
        }

    def _closings(self, group: str) -> list[tuple[float, int]]:
        return [viewer.closing for viewer in self._viewers.values() if viewer.group == group and viewer.closing]

    def _receipts(self, group: str) -> dict[str, float]:
        """When each picture first came (ms since the epoch), by its key."""
        first: dict[str, float] = {}
        for viewer in self._viewers.values():
            for key, received, _ in viewer.seen if viewer.group == group else ():
                name = key.hex() if isinstance(key, bytes) else str(key)
                first[name] = min(first.get(name, received / 1e6), received / 1e6)
        return first

    def _ages(self, group: str) -> list[float]:
        """In ms. Without a stamp, the painted time is read from the pictures that one viewer kept, and holds for all."""
        viewers = [viewer for viewer in self._viewers.values() if viewer.group == group]
        painted: dict[Hashable, float] = {}
        for viewer in viewers:
            for key, received, body in viewer.kept:
                at = timecode.read_jpeg(viewer.dialect.jpeg(body), received / 1e6)
                if at is not None:
                    painted[key] = at
        ages = []
        for viewer in viewers:
            for key, received, made_at in viewer.seen:
                if made_at is not None:
                    ages.append((received - made_at) / 1e6)
                elif key in painted:
                    ages.append(received / 1e6 - painted[key])
        return ages


def main() -> None:
    """Connect everybody, then obey."""
    loop = Loop(json.loads(sys.stdin.readline()))
    print(json.dumps({}), flush=True)
    loop.run()


if __name__ == "__main__":
    main()
