"""Keeps a flood of the same trouble out of the log: one line, then one a minute that says how many more there were."""

from __future__ import annotations

import logging
import math
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

SPAN = 60.0  # seconds
TROUBLE = 5  # different warnings of one kind; each of them once
NEWS = 100  # lines of one kind below a warning in a span
KINDS = 500  # that are remembered
RESULTS = "livepane.results"  # a logger whose every line is promised to somebody: one a finished domain
_VARIES = re.compile(r"0x[0-9a-f]+|\d+")


@dataclass(slots=True)
class _Kind:
    """Lines of one logger with one template."""

    logger: str
    level: int
    first: str
    began: float  # the span
    lines: int = 0
    more: int = 0  # that were left out since then
    goes_on: bool = False  # it has been told before that there were more
    seen: set[int] = field(default_factory=set)  # hashes of what was said

    def is_new(self, said: str) -> bool:
        """Whether a line of this kind is to be written."""
        if self.goes_on:
            return False
        if self.level < logging.WARNING:
            return self.lines < NEWS
        return hash(said) not in self.seen and len(self.seen) < TROUBLE


class Calm(logging.Handler):
    """Stands before another handler. What it leaves out is counted, and told once a minute and when it is closed."""

    def __init__(self, behind: logging.Handler, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._behind, self._clock = behind, clock
        self._kinds: dict[tuple[str, int, str], _Kind] = {}
        self._due = math.inf  # when the first span is over
        self._timer: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a record on, or count it. Called by logging, with our lock held."""
        self.catch_up()
        if record.levelno < logging.INFO or record.name == RESULTS or self._is_new(record):
            self._behind.handle(record)

    def _is_new(self, record: logging.LogRecord) -> bool:
        try:
            said = record.getMessage()
        except Exception:  # wrong arguments: the handler behind says so
            return True
        # Some libraries put values into the template: numbers and what comes after the first line make no other kind.
        key = (record.name, record.levelno, _VARIES.sub("#", str(record.msg).partition("\n")[0][:120]))
        kind = self._kinds.get(key)
        if kind is None:
            if len(self._kinds) >= KINDS:
                self._tell(self._kinds.pop(next(iter(self._kinds))))
            first = said.partition("\n")[0][:200]
            kind = self._kinds[key] = _Kind(record.name, record.levelno, first, self._clock())
            self._due = min(self._due, kind.began + SPAN)
        new = kind.is_new(said)
        kind.lines += 1
        if new:
            kind.seen.add(hash(said))
        else:
            kind.more += 1
            self._wake_later()
        return new

    def catch_up(self) -> None:
        """Tell what was left out in spans that are over, and forget what has calmed down."""
        now = self._clock()
        if now < self._due:
            return
        for key, kind in list(self._kinds.items()):
            if now - kind.began < SPAN:
                continue
            self._tell(kind)
            if kind.more:
                kind.began, kind.more, kind.goes_on = now, 0, True
            else:
                del self._kinds[key]
        self._due = min((kind.began + SPAN for kind in self._kinds.values()), default=math.inf)

    def close(self) -> None:
        """Tell what is left."""
        self.acquire()
        try:
            for kind in self._kinds.values():
                self._tell(kind)
            self._kinds.clear()
            if self._timer is not None:
                self._timer.cancel()
        finally:
            self.release()
        super().close()

    def _tell(self, kind: _Kind) -> None:
        if kind.more:
            arguments = (kind.more, self._clock() - kind.began, kind.first)
            text = "… %d more of these in the last %.0f s: %s"
            self._behind.handle(logging.LogRecord(kind.logger, kind.level, "", 0, text, arguments, None))

    def _wake_later(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(SPAN + 0.1, self._wake)
            self._timer.name, self._timer.daemon = "log", True
            self._timer.start()

    def _wake(self) -> None:
        self.acquire()
        try:
            self._timer = None
            self.catch_up()
            if any(kind.more for kind in self._kinds.values()):
                self._wake_later()
        finally:
            self.release()
