"""How large a picture or video is, and whether its file goes on to its end: read from headers, never decoded.

Each reader takes a file whose first bytes were recognised. What it cannot read it says with None, and never by guessing.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

HEAD = 2**16  # bytes at either end that are looked at first
_STEP = 2**20
_MOST_STEPS = 20_000  # boxes, segments or elements that a file may make us walk
_NOT_SOF = frozenset({0xC4, 0xC8, 0xCC})
_LENGTH = re.compile(rb"^\s*([0-9.]{1,12})\s*(?:px)?\s*$")


@dataclass(frozen=True, slots=True)
class Shape:
    """What the headers of a file say."""

    width: int | None = None  # px
    height: int | None = None
    whole: bool = True  # whether the file goes on to its end
    video: bool = False  # whether something in it is seen moving


def read_at(file: BinaryIO, place: int, count: int) -> bytes:
    """So many bytes from there, fewer at the end."""
    file.seek(place)
    return file.read(count)


def holds(file: BinaryIO, size: int, needle: bytes, start: int) -> bool:
    """Whether the bytes occur at or behind `start`: at the end most likely."""
    tail = max(start, size - HEAD)
    if needle in read_at(file, tail, HEAD):
        return True
    return any(needle in read_at(file, place, _STEP + len(needle) - 1) for place in range(start, tail, _STEP))


def jpeg(file: BinaryIO, size: int) -> Shape:
    """Marker by marker to the first scan; behind it the end of the picture occurs in no pixel (ITU-T T.81 §B)."""
    place, width, height = 2, None, None
    for _ in range(_MOST_STEPS):
        head = read_at(file, place, 9)
        if len(head) < 4 or head[0] != 0xFF:
            break
        kind = head[1]
        if kind in (0xFF, 0x01) or 0xD0 <= kind <= 0xD8:
            place += 1 if kind == 0xFF else 2
            continue
        if 0xC0 <= kind <= 0xCF and kind not in _NOT_SOF and len(head) == 9:
            height, width = struct.unpack(">HH", head[5:9])
        place += 2 + struct.unpack(">H", head[2:4])[0]
        if kind == 0xDA:
            return Shape(width, height, holds(file, size, b"\xff\xd9", place))
    return Shape(width, height, whole=False)


def png(file: BinaryIO, size: int) -> Shape:
    """IHDR comes first, IEND last."""
    head = read_at(file, 0, 24)
    if len(head) < 24 or head[12:16] != b"IHDR":
        return Shape(whole=False)
    width, height = struct.unpack(">II", head[16:24])
    return Shape(width, height, holds(file, size, b"IEND\xaeB`\x82", 33))


def gif(file: BinaryIO, size: int) -> Shape:
    """The last block ends with a zero, and the file with a semicolon; some have a little behind it."""
    head = read_at(file, 0, 10)
    width, height = struct.unpack("<HH", head[6:10]) if len(head) == 10 else (None, None)
    return Shape(width, height, b"\x00;" in read_at(file, max(0, size - 1024), 1024))


def webp(file: BinaryIO, size: int) -> Shape:
    """RFC 9649."""
    head = read_at(file, 0, 30)
    whole = len(head) == 30 and struct.unpack("<I", head[4:8])[0] + 8 <= size
    if not whole:
        return Shape(whole=False)
    match head[12:16]:
        case b"VP8X":
            return Shape(int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1)
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return Shape((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8 ":
            width, height = struct.unpack("<HH", head[26:30])
            return Shape(width & 0x3FFF, height & 0x3FFF)
        case _:
            return Shape()


def bmp(file: BinaryIO, size: int) -> Shape:
    """The header says how long the file is, or 0."""
    head = read_at(file, 0, 26)
    if len(head) < 26:
        return Shape(whole=False)
    whole = struct.unpack("<I", head[2:6])[0] <= size
    if head[14] == 12:
        width, height = struct.unpack("<HH", head[18:22])
    else:
        width, height = struct.unpack("<ii", head[18:26])
    return Shape(abs(width), abs(height), whole)


def tiff(file: BinaryIO, size: int) -> Shape:
    """The first directory, and the strips or tiles that it names (TIFF 6.0 §2)."""
    order = "<" if read_at(file, 0, 2) == b"II" else ">"
    found: dict[int, tuple[int, ...]] = {}
    try:
        place = struct.unpack(f"{order}I", read_at(file, 4, 4))[0]
        count = struct.unpack(f"{order}H", read_at(file, place, 2))[0]
        for at in range(place + 2, place + 2 + 12 * count, 12):
            tag, kind, many = struct.unpack(f"{order}HHI", read_at(file, at, 8))
            if tag in (256, 257, 273, 279, 324, 325) and kind in (3, 4) and 0 < many < _STEP:
                width = 2 * kind - 4  # bytes of one number
                start = at + 8 if width * many <= 4 else struct.unpack(f"{order}I", read_at(file, at + 8, 4))[0]
                found[tag] = struct.unpack(f"{order}{many}{'H' if kind == 3 else 'I'}", read_at(file, start, width * many))
    except struct.error:
        return Shape(whole=False)
    places, lengths = found.get(273) or found.get(324) or (), found.get(279) or found.get(325) or ()
    whole = all(at + length <= size for at, length in zip(places, lengths, strict=False))
    return Shape(found.get(256, (None,))[0], found.get(257, (None,))[0], whole)


def icon(file: BinaryIO, size: int) -> Shape:
    """The largest of its pictures."""
    head = read_at(file, 0, 6 + 16 * 64)
    sizes = [(head[at] or 256, head[at + 1] or 256) for at in range(6, min(len(head) - 15, 6 + 16 * head[4]), 16)]
    width, height = max(sizes, default=(None, None))
    return Shape(width, height, bool(sizes))


def svg(file: BinaryIO, size: int) -> Shape:
    """What its outermost element says: px, or the box that it draws in."""
    head = read_at(file, 0, HEAD)
    found = re.search(rb"<svg\b([^>]*)>", head, re.IGNORECASE)
    if found is None:
        return Shape(whole=False)
    whole = found[1].endswith(b"/") or b"</svg>" in read_at(file, max(0, size - HEAD), HEAD).lower()
    named = {name: value for name, _, value in re.findall(rb"\s(width|height|viewBox)\s*=\s*([\"'])(.*?)\2", found[1])}
    sides = [_px(named.get(name, b"")) for name in (b"width", b"height")]
    box = re.split(rb"[\s,]+", named.get(b"viewBox", b"").strip())
    if None in sides and len(box) == 4:
        sides = [_px(side) for side in box[2:]]
    return Shape(sides[0], sides[1], whole)


def _px(text: bytes) -> int | None:
    found = _LENGTH.match(text)
    try:
        return round(float(found[1])) or None if found else None
    except ValueError:
        return None


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, and where its content begins and ends, of each box (ISO/IEC 14496-12 §4.2). One may claim to end behind `end`."""
    for _ in range(_MOST_STEPS):
        head = read_at(file, start, 16)
        if len(head) < 8 or start >= end or not head[4:8].isascii():
            return
        length, skip = struct.unpack(">I", head[:4])[0], 8
        if length == 1 and len(head) == 16:
            length, skip = struct.unpack(">Q", head[8:])[0], 16
        elif length == 0:
            length = end - start
        if length < skip:
            return
        yield head[4:8], start + skip, start + length
        start += length


def iso(file: BinaryIO, size: int) -> Shape:
    """MP4, MOV, AVIF, HEIC: sizes of tracks and pictures. Without its index (`moov`, `meta`) no player opens it."""
    sizes: list[tuple[int, int]] = []
    indexed, ends, video = False, 0, False
    for kind, start, end in boxes(file, 0, size):
        ends = end
        if kind == b"moov":
            indexed = True
            tracks = [_track(file, a, b) for name, a, b in boxes(file, start, min(end, size)) if name == b"trak"]
            seen = [one for one in tracks if one[0] and one[1]]
            sizes, video = sizes + seen, video or bool(seen)
        elif kind == b"meta":
            indexed = True
            sizes += _pictures(file, start + 4, min(end, size))
    width, height = max(sizes, key=lambda one: one[0] * one[1], default=(None, None))
    return Shape(width, height, indexed and ends <= size, video)


def _track(file: BinaryIO, start: int, end: int) -> tuple[int, int]:
    for kind, _, finish in boxes(file, start, end):
        if kind == b"tkhd":
            sides = read_at(file, finish - 8, 8)
            return (sides[0] << 8 | sides[1], sides[4] << 8 | sides[5]) if len(sides) == 8 else (0, 0)
    return 0, 0


def _pictures(file: BinaryIO, start: int, end: int) -> list[tuple[int, int]]:
    found = []
    for kind, inner, finish in boxes(file, start, end):
        if kind in (b"iprp", b"ipco"):
            found += _pictures(file, inner, finish)
        elif kind == b"ispe" and len(sides := read_at(file, inner + 4, 8)) == 8:
            found.append(struct.unpack(">II", sides))
    return found


def matroska(file: BinaryIO, size: int) -> Shape:
    """The tracks of the first segment (RFC 9559)."""
    for name, start, end in _elements(file, 0, size):
        if name != 0x18538067:  # Segment
            continue
        for inner, first, last in _elements(file, start, min(end, size)):
            if inner == 0x1654AE6B:  # Tracks
                sizes = [side for one, a, b in _elements(file, first, last) if one == 0xAE for side in _video(file, a, b)]
                width, height = max(sizes, default=(None, None))
                return Shape(width, height, end <= size, bool(sizes))
        return Shape(whole=False)
    return Shape(whole=False)


def _video(file: BinaryIO, start: int, end: int) -> list[tuple[int, int]]:
    found = []
    for name, first, last in _elements(file, start, end):
        if name == 0xE0:  # Video
            sides = {one: int.from_bytes(read_at(file, a, min(8, b - a))) for one, a, b in _elements(file, first, last)}
            found.append((sides.get(0xB0, 0), sides.get(0xBA, 0)))
    return found


def _elements(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Id, and where its content begins and ends; one of unknown size goes on to `end`."""
    for _ in range(_MOST_STEPS):
        head = read_at(file, start, 12)
        if start >= end or len(head) < 2 or not head[0]:
            return
        name = 9 - head[0].bit_length()
        if len(head) <= name or not head[name]:
            return
        width = 9 - head[name].bit_length()
        raw = head[name : name + width]
        if len(raw) < width:
            return
        length = int.from_bytes(raw) & ((1 << 7 * width) - 1)
        first = start + name + width
        last = end if length == (1 << 7 * width) - 1 else first + length
        yield int.from_bytes(head[:name]), first, last
        start = last
