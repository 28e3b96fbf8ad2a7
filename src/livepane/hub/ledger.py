"""What all streams have done so far, in plain numbers: written for every picture, read when somebody asks."""

from __future__ import annotations

# Ages are counted in powers of two of a millisecond: the place of one is its bit length, which costs next to nothing.
PLACES = 64


class Ages:
    """How old pictures were, as a histogram: `counts[n]` were younger than 2**n ms, and not younger than 2**(n-1)."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * PLACES
        self.total = 0  # ns, of all of them together

    def add(self, age: int) -> None:
        """One more, of so many ns. A clock that was set back makes none of less than nothing."""
        if age > 0:
            self.counts[(age // 1_000_000).bit_length()] += 1
            self.total += age
        else:
            self.counts[0] += 1


class Ledger:
    """Counters of one hub. Those of a viewer who is still there are with its subscription."""

    __slots__ = (
        "acknowledged",
        "bad",
        "bytes_out",
        "encode_cpu_ns",
        "encode_ns",
        "encodes",
        "frames_in",
        "frames_out",
        "held",
        "over_rate",
        "same",
        "too_slow",
    )

    def __init__(self) -> None:
        self.frames_in = 0  # pictures that sources gave and that showed something new
        self.same = 0  # pictures that only confirmed the one before
        self.over_rate = 0  # pushed faster than a producer may
        self.bad = 0  # could not be decoded
        self.frames_out = 0  # handed to sockets and responses, of viewers that have left
        self.too_slow = 0  # came while a viewer was busy, of viewers that have left
        self.bytes_out = 0  # of pictures, of viewers that have left
        self.encodes = 0
        self.encode_ns = 0
        self.encode_cpu_ns = 0  # the same without waiting for a CPU
        self.held = Ages()  # from capture to the socket
        self.acknowledged = Ages()  # from capture to the viewer's acknowledgement
