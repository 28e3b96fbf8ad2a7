"""Pictures and films of our own making: the same picture in any size, so that what was kept can be told by its bytes."""

from __future__ import annotations

import io
import struct
import zlib
from functools import lru_cache

import numpy as np
from PIL import Image

FORMS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}


@lru_cache(maxsize=1024)
def picture(name: str, width: int, height: int, form: str = "jpg", *, square: bool = False) -> bytes:
    """Waves that are those of the name; `square`: its middle alone, as thumbnails are cut."""
    seed = zlib.crc32(name.encode())
    margin = abs(width - height) / max(width, height) / 4 if square else 0.0
    x = np.linspace(margin, 1 - margin, width, dtype=np.float32)[None, :]
    y = np.linspace(margin, 1 - margin, height, dtype=np.float32)[:, None]
    layers = []
    for channel in range(3):
        across, down, phase = ((seed >> (8 * channel + shift)) % 7 + 1 for shift in (0, 3, 5))
        along, up = across * 2 * x + phase + channel, down * 3 * y
        # sin(along + up), without a sine for every pixel
        layers.append((np.sin(along) * np.cos(up) + np.cos(along) * np.sin(up)) * 110 + 128)
    pixels = np.stack(layers, axis=-1).clip(0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, FORMS[form], **({"quality": 82} if form in {"jpg", "webp"} else {}))
    return out.getvalue()


def film(name: str, width: int, height: int) -> bytes:
    """An MP4 whose index says that it has one track of that size; no player would show much of it."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content) + 8) + kind + content

    track = box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16))
    index = box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", track))
    return box(b"ftyp", b"isom\0\0\2\0isommp42") + index + box(b"mdat", f"{name} {width}x{height} ".encode() * 200)
