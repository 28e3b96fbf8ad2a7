"""Real JPEGs of exactly 100 000 bytes, no two alike, each with the moment it was made in a comment at its start."""

from __future__ import annotations

import base64
import time

import numpy
import simplejpeg

SIZE = 100_000
WIDTH, HEIGHT = 1280, 720
_MAGIC = b"made-at:"
_STAMP = 4 + len(_MAGIC) + 8  # marker, length, magic, time in ns


def base_pictures(count: int = 8) -> list[bytes]:
    """Different JPEGs a little under SIZE bytes: soft shapes with grain, the best quality that fits."""
    return [_fit(numpy.random.default_rng(seed)) for seed in range(count)]


def stamped(jpeg: bytes, made_at: int) -> bytes:
    """The same picture with `made_at` (ns) in a comment right after the start marker, filled up to SIZE bytes."""
    room = SIZE - len(jpeg) - 4
    payload = (_MAGIC + made_at.to_bytes(8, "big")).ljust(room, b".")
    return jpeg[:2] + b"\xff\xfe" + (len(payload) + 2).to_bytes(2, "big") + payload + jpeg[2:]


def made_at(start: bytes) -> int | None:
    """The time in the comment, from the first bytes of a JPEG; None when there is none."""
    if start[6 : 6 + len(_MAGIC)] != _MAGIC:
        return None
    return int.from_bytes(start[6 + len(_MAGIC) : 2 + 4 + len(_MAGIC) + 8], "big")


def made_at_in_text(start: bytes) -> int | None:
    """The same from the first bytes of a JSON message that carries the JPEG as a data URL."""
    _, found, encoded = start.partition(b"base64,")
    return made_at(base64.b64decode(encoded[:32])) if found and len(encoded) >= 32 else None


class Reel:
    """An endless row of fresh pictures."""

    def __init__(self) -> None:
        self._bases = base_pictures()
        self._count = 0

    def next(self) -> bytes:
        """A picture made now."""
        self._count += 1
        return stamped(self._bases[self._count % len(self._bases)], time.time_ns())


def _fit(random: numpy.random.Generator) -> bytes:
    coarse = random.integers(0, 255, (HEIGHT // 40, WIDTH // 40, 3)).repeat(40, 0).repeat(40, 1)
    grain = random.normal(0, 12, (HEIGHT, WIDTH, 1))
    pixels = numpy.ascontiguousarray(numpy.clip(coarse + grain, 0, 255).astype(numpy.uint8))
    low, high, best = 5, 95, b""
    while low <= high:
        quality = (low + high) // 2
        jpeg: bytes = simplejpeg.encode_jpeg(pixels, quality, "RGB", "420")
        if len(jpeg) <= SIZE - _STAMP - 2:
            low, best = quality + 1, jpeg
        else:
            high = quality - 1
    assert SIZE - len(best) < 60_000, "one comment must be able to fill the rest"
    return best
