"""What the viewer of a pane is told of its costs: how the counters have moved since it was told last."""

from __future__ import annotations

import time

from livepane.hub.stream import Stream
from livepane.hub.subscription import Subscription
from livepane.transports.window import Window
from livepane.wire.stats import Row

_MS = 1e-6  # of a nanosecond


class Meter:
    """Reads a subscription, its stream and its window; `read` once per round of stats."""

    __slots__ = ("_before", "_pictures", "_stream", "_window")

    def __init__(self, stream: Stream, pictures: Subscription, window: Window) -> None:
        self._stream, self._pictures, self._window = stream, pictures, window
        self.restart()

    def _now(self, now: float) -> tuple[float, int, int, int, int, int, int, int]:
        pictures, window = self._pictures, self._window
        encodes, encode_ns = pictures.encoding
        return (
            now, self._stream.pictures, encodes, encode_ns, pictures.held, pictures.held_ns, window.acked, window.acked_ns
        )  # fmt: skip

    def restart(self) -> None:
        """What was before is of no interest: it was another rendition."""
        self._before = self._now(time.monotonic())

    def read(self, number: int, now: float) -> Row:
        """What is told of pane `number` at `now` (seconds, monotonic)."""
        was, self._before = self._before, self._now(now)
        at, given, encodes, encode_ns, held, held_ns, acked, acked_ns = self._before
        pictures, seconds = self._pictures, at - was[0]
        return (
            number,
            pictures.sent,
            pictures.dropped,
            pictures.bytes,
            (given - was[1]) / seconds if seconds > 0 else None,
            (encode_ns - was[3]) * _MS / (encodes - was[2]) if encodes > was[2] else None,
            (held_ns - was[5]) * _MS / (held - was[4]) if held > was[4] else None,
            (acked_ns - was[7]) * _MS / (acked - was[6]) if acked > was[6] else None,
        )
