"""Pictures for the tests: small, real, and each different from every other."""

from __future__ import annotations

import functools
import io
import struct
import time
import zlib

import numpy as np
import simplejpeg
from PIL import Image

from livepane.domain.frame import Encoding, Picture


@functools.lru_cache(maxsize=256)
def jpeg(number: int = 0, width: int = 64, height: int = 48, quality: int = 80) -> bytes:
    """A JPEG of coloured noise; the same number gives the same bytes."""
    pixels = np.random.default_rng(number).integers(0, 256, (height, width, 3), np.uint8)
    data: bytes = simplejpeg.encode_jpeg(pixels, quality=quality)
    return data


def image(kind: str, number: int = 0, width: int = 64, height: int = 48) -> bytes:
    """A picture in any encoding that Pillow writes: `png`, `webp`, `gif`, `bmp` …"""
    pixels = np.random.default_rng(number).integers(0, 256, (height, width, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


def picture(number: int = 0, width: int = 64, height: int = 48) -> Picture:
    """A JPEG as a source would hand it over."""
    return Picture(time.time_ns(), width, height, Encoding.JPEG, jpeg(number, width, height))


def raw(red: int, green: int, blue: int, width: int = 64, height: int = 48) -> Picture:
    """BGRA rows of one colour."""
    return Picture(time.time_ns(), width, height, Encoding.RAW, bytes([blue, green, red, 255]) * (width * height))


def claiming(width: int, height: int) -> bytes:
    """A well-formed JPEG whose header claims a size that it does not have."""
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack("!HH", height, width)
    return bytes(data)


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes of PNG that claim any size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def without_end(data: bytes) -> bytes:
    """The first half of a picture."""
    return data[: len(data) // 2]


def broken_inside(data: bytes) -> bytes:
    """A JPEG with the right header and the right end whose tables are nonsense, so that no decoder takes it."""
    at = data.index(b"\xff\xc4")  # the first Huffman table
    return data[: at + 5] + b"\xff" * 16 + data[at + 21 :]


def decoded(data: bytes) -> Image.Image:
    """A picture as pixels."""
    opened = Image.open(io.BytesIO(data))
    opened.load()
    return opened
