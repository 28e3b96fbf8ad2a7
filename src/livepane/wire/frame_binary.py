"""A picture as one binary message: a 32-byte header, then the encoded image.

    offset  size  field         meaning (big-endian, unsigned)
    0       1     version       1
    1       1     encoding      1 JPEG, 2 PNG, 3 WebP
    2       2     flags         bit 0: can be decoded without an earlier frame
    4       4     channel       names the rendition on viewer sockets; 0 on producer sockets
    8       4     epoch
    12      4     seq
    16      8     captured_at   microseconds since the Unix epoch, in the server's clock
    24      4     width         px of the image
    28      4     height
    32            image bytes

The header names no viewer, so that one message serves all who watch the same rendition.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from livepane.domain.errors import BadPicture
from livepane.domain.frame import Encoding, Frame, Picture

VERSION = 1
HEADER = struct.Struct("!BBHIIIQII")
FLAG_KEY = 1
_CODES = {Encoding.JPEG: 1, Encoding.PNG: 2, Encoding.WEBP: 3}
_ENCODINGS = {code: encoding for encoding, code in _CODES.items()}


@dataclass(frozen=True, slots=True)
class BinaryFrame:
    """What one binary message says."""

    channel: int
    frame: Frame


def encode(frame: Frame, channel: int = 0) -> bytes:
    """Build the message. The picture must be encoded (not RAW)."""
    picture = frame.picture
    header = HEADER.pack(
        VERSION,
        _CODES[picture.encoding],
        FLAG_KEY if frame.is_key else 0,
        channel,
        frame.epoch,
        frame.seq,
        picture.captured_at // 1000,
        picture.width,
        picture.height,
    )
    return header + picture.data


def decode(message: bytes) -> BinaryFrame:
    """Read a message.

    Raises:
        BadPicture: whatever the bytes are, when they are not such a message. The image itself is not looked at.
    """
    if len(message) <= HEADER.size:
        raise BadPicture(
            f"a picture message is a {HEADER.size}-byte header and an image; this one has {len(message)} bytes in all"
        )
    version, code, flags, channel, epoch, seq, captured_us, width, height = HEADER.unpack_from(message)
    if version != VERSION:
        raise BadPicture(f"picture header version {version} is unknown; this server speaks version {VERSION}")
    encoding = _ENCODINGS.get(code)
    if encoding is None:
        raise BadPicture(f"picture encoding {code} is unknown; known: 1 JPEG, 2 PNG, 3 WebP")
    picture = Picture(captured_us * 1000, width, height, encoding, message[HEADER.size :])
    return BinaryFrame(channel, Frame(epoch, seq, picture, bool(flags & FLAG_KEY)))
