"""What a JPEG says of itself, read from its header without decoding it."""

from __future__ import annotations

from livepane.domain.errors import BadPicture

_SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0-SOF15; the three are other tables
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})  # TEM, RST0-7, SOI: no length follows


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels (ITU-T T.81, B.2.2).

    Raises:
        BadPicture: when the bytes are not a JPEG, or end before its size.
    """
    if data[:2] != b"\xff\xd8":
        raise BadPicture("Not a JPEG: it does not start with FF D8.")
    at, end = 2, len(data)
    while at + 4 <= end:
        if data[at] != 0xFF:
            raise BadPicture(f"Not a JPEG: no marker at byte {at}.")
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
        elif marker in _BARE_MARKERS:
            at += 2
        elif marker in _SIZE_MARKERS:
            if at + 9 > end:
                break
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    raise BadPicture(f"A truncated JPEG: {end} bytes, and no size among them.")
