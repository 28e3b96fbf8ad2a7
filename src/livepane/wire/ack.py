"""An acknowledgement as 20 bytes: what our own viewers send for every picture instead of JSON.

offset  size  field     meaning (big-endian)
0       1     version   1
1       1     kind      1
2       2     0
4       4     channel   unsigned, as in the picture's header
8       4     epoch
12      4     seq
16      4     age       float: ms from capture to paint as the viewer measured it; NaN when it did not
"""

from __future__ import annotations

import math
import struct

from livepane.domain.errors import BadRequest
from livepane.wire.messages import Ack

ACK = struct.Struct("!BBHIIIf")


def encode(ack: Ack) -> bytes:
    """Build the message."""
    return ACK.pack(1, 1, 0, ack.channel, ack.epoch, ack.seq, math.nan if ack.age is None else ack.age)


def decode(message: bytes) -> tuple[int, int, int, float]:
    """Read one as (channel, epoch, seq, age in ms or NaN).

    Raises:
        BadRequest: whatever the bytes are, when they are not an acknowledgement.
    """
    if len(message) != ACK.size or message[:2] != b"\x01\x01":
        raise BadRequest(
            f"a viewer's binary message is an acknowledgement: {ACK.size} bytes that start with 01 01; got {len(message)} bytes"
        )
    _, _, _, channel, epoch, seq, age = ACK.unpack(message)
    return channel, epoch, seq, age
