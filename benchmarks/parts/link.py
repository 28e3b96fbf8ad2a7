"""The parent's side of a thin link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.parts.processes import Child

RATE = 1_000_000  # bytes a second


@contextmanager
def thin_link(port: int, rate: int = RATE) -> Iterator[int]:
    """A port that leads to 127.0.0.1:`port` over a link of `rate` bytes a second."""
    with Child("benchmarks.parts.thin_link", "--to", str(port), "--rate", str(rate)) as relay:
        yield int(relay.read())
