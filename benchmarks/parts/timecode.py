"""A time painted into a picture as black and white blocks, and read back from it.

One row of 40 blocks, 16 px high, at the top of the page, as wide as the page: 32 bits of time in units of
0.1 ms since the Unix epoch (wraps after 119 hours), 8 bits of check sum. A block is wider than a JPEG's 16 px unit, so it
survives any quality; blocks are found by their share of the width, so pages and desktops of any width will do.
"""

from __future__ import annotations

import numpy
import simplejpeg
from numpy.typing import NDArray

BITS = 40
HEIGHT = 16
_WRAP = 2**32

# paint(context, width): draws the moment of the call. read(image data, width): ms since the epoch, or null.
JAVASCRIPT = """
const timecode = {
  now: () => performance.timeOrigin + performance.now(),
  paint(context, width) {
    const value = Math.floor(this.now() * 10) % 4294967296;
    const bytes = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
    bytes.push(bytes.reduce((sum, byte) => (sum * 31 + byte) & 255, 7));
    const block = width / 40;
    for (let bit = 0; bit < 40; bit++) {
      context.fillStyle = (bytes[bit >> 3] >> (7 - (bit & 7))) & 1 ? "#fff" : "#000";
      context.fillRect(Math.round(bit * block), 0, Math.ceil(block), 16);
    }
  },
  read(pixels, width) {
    const bytes = [0, 0, 0, 0, 0];
    for (let bit = 0; bit < 40; bit++) {
      const x = Math.floor((bit + 0.5) * width / 40);
      if (pixels[x * 4 + 1] > 127) bytes[bit >> 3] |= 128 >> (bit & 7);
    }
    const check = bytes.slice(0, 4).reduce((sum, byte) => (sum * 31 + byte) & 255, 7);
    if (check !== bytes[4]) return null;
    const value = ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0;
    const now = Math.floor(this.now() * 10);
    return (now - (((now - value) % 4294967296) + 4294967296) % 4294967296) / 10;
  },
};
"""


def blocks(now_ms: float) -> list[bool]:
    """Which of the blocks are white at `now_ms`."""
    value = (int(now_ms * 10) % _WRAP).to_bytes(4, "big")
    bits = numpy.unpackbits(numpy.frombuffer(value + bytes([_check(value)]), numpy.uint8))
    return [bool(bit) for bit in bits]


def read_jpeg(jpeg: bytes, now_ms: float) -> float | None:
    """The painted time in ms since the Unix epoch, for a picture seen at `now_ms`; None when there is none to read."""
    return read(simplejpeg.decode_jpeg(jpeg, "GRAY")[:, :, 0], now_ms)


def read(grey: NDArray[numpy.uint8], now_ms: float) -> float | None:
    """The same for a picture of grey rows."""
    width = grey.shape[1]
    row = grey[HEIGHT // 2]
    middles = ((numpy.arange(BITS) + 0.5) * width / BITS).astype(int)
    bits = (row[middles] > 127).astype(numpy.uint8)
    code = numpy.packbits(bits).tobytes()
    value, check = code[:4], code[4]
    if check != _check(value):
        return None
    now = int(now_ms * 10)
    return (now - (now - int.from_bytes(value, "big")) % _WRAP) / 10


def _check(value: bytes) -> int:
    total = 7
    for byte in value:
        total = (total * 31 + byte) & 255
    return total
