"""The parent's side of a process full of raw viewers."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.parts.numbers import percentile
from benchmarks.parts.processes import Child, Failed


@dataclass(frozen=True, slots=True)
class Watching:
    """Some viewers that are alike."""

    group: str
    count: int
    port: int
    path: str
    dialect: str  # a name that dialects.named knows
    stream: str = ""
    fps: float = 30
    quality: int | None = None
    decode: bool = False  # one of them keeps its pictures, and the painted time is read from them
    via: int | None = None  # the port of a thin link to `port`


@dataclass(frozen=True, slots=True)
class Seen:
    """What one group has seen during a measurement."""

    viewers: int
    pictures: int
    bytes: int  # of the pictures
    other_bytes: int  # of everything else
    ages: list[float]  # ms

    @property
    def bytes_a_picture(self) -> float:
        """On the wire, WebSocket header included."""
        return self.bytes / self.pictures if self.pictures else float("nan")

    def age(self, share: float) -> float:
        """A percentile of the ages, in ms."""
        return percentile(self.ages, share)


class Crowd:
    """`with Crowd([...]) as crowd:` is there when everybody has seen a first picture."""

    def __init__(self, groups: list[Watching], wait: bool = True) -> None:
        self._groups = groups
        self._wait = wait
        self._child = Child("benchmarks.parts.viewers")

    def __enter__(self) -> Crowd:
        try:
            self._child.ask(json.dumps([asdict(group) for group in self._groups]))
            if self._wait:
                self._until_all_see()
        except BaseException:
            self._child.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._child.__exit__()

    @property
    def pid(self) -> int:
        """The id of the viewers' process."""
        return self._child.pid

    def mark(self) -> None:
        """Start counting."""
        self._child.ask("mark")

    def stop(self) -> None:
        """End counting."""
        self._child.ask("stop")

    def receipts(self, group: str) -> dict[str, float]:
        """When each picture first came to a group (ms since the epoch), by the picture's key in hex."""
        found: dict[str, float] = json.loads(self._child.ask("receipts"))[group]
        return found

    def closings(self, group: str) -> list[tuple[float, int]]:
        """When (ms since the epoch) and with which code (0: none) each connection of a group ended, of those that have."""
        found: list[list[float]] = json.loads(self._child.ask("closings"))[group]
        return [(at, int(code)) for at, code in found]

    def report(self) -> dict[str, Seen]:
        """What each group saw between `mark` and `stop`."""
        answer: dict[str, dict[str, Any]] = json.loads(self._child.ask("report"))
        return {name: Seen(**{key: value for key, value in one.items() if key != "said"}) for name, one in answer.items()}

    def _until_all_see(self, timeout: float = 30) -> None:
        deadline = time.monotonic() + timeout
        while True:
            answer = json.loads(self._child.ask("ready"))
            if answer["seeing"] == answer["viewers"]:
                return
            if time.monotonic() > deadline:
                raise Failed(f"{answer['seeing']} of {answer['viewers']} viewers see pictures; servers said {answer['said']}")
            time.sleep(0.1)
