"""What a file is, by its content: names and headers lie. Nothing is decoded, whatever it claims to be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from livepane.downloads import formats
from livepane.downloads.errors import DownloadsError
from livepane.downloads.formats import Shape

MOST_PIXELS = 400_000_000  # of a picture: 20,000 x 20,000 px; what claims more is made to fill somebody's memory
ENOUGH = 4096  # bytes with which `media_type` says what it would say with more
_SVG = "image/svg+xml"

_BEFORE_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s+|<\?xml[^>]*\?>|<!--.*?-->|<!doctype\s+svg[^>\[]*(?:\[.*?\])?\s*>)*", re.DOTALL | re.IGNORECASE
)
_MARKUP = re.compile(
    rb"<(!doctype\s+html|html|head|body|title|script|style|div|span|p|h1|a|br|table|meta|center)\b", re.IGNORECASE
)
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"\xff\x0a", "image/jxl"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"FLV\1", "video/x-flv"),
    (b"\0\0\1\xba", "video/mpeg"),
    (b"\0\0\1\xb3", "video/mpeg"),
)
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"PK\3\4", "a ZIP archive"),
    (b"\x1f\x8b", "packed by gzip"),
    (b"#EXTM3U", "a playlist (HLS) and no video"),
    (b"{", "a JSON document"),
    (b"[", "a JSON document"),
)
_BRANDS = {
    b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"heix": "image/heic", b"hevc": "image/heic",
    b"mif1": "image/heif", b"msf1": "image/heif", b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4",
}  # fmt: skip
_READERS: dict[str, Callable[[BinaryIO, int], Shape]] = {
    "image/jpeg": formats.jpeg, "image/png": formats.png, "image/gif": formats.gif, "image/webp": formats.webp,
    "image/bmp": formats.bmp, "image/tiff": formats.tiff, "image/x-icon": formats.icon, _SVG: formats.svg,
    "image/avif": formats.iso, "image/heic": formats.iso, "image/heif": formats.iso, "video/mp4": formats.iso,
    "video/quicktime": formats.iso, "video/3gpp": formats.iso, "audio/mp4": formats.iso, "video/webm": formats.matroska,
    "video/x-matroska": formats.matroska,
}  # fmt: skip


class BadFile(DownloadsError):
    """No picture, video or sound; one that is cut off; or one that is made to do harm."""

    code = "bad_file"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is."""

    media_type: str
    width: int | None  # px
    height: int | None


def sniff(path: Path) -> Sniffed:
    """What a file is. Blocks.

    Raises:
        BadFile: says why it is not kept.
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(ENOUGH)
        kind = media_type(head)
        if kind is None:
            raise BadFile(f"what came is {what_else(head)}, and no picture, video or sound")
        reader = _READERS.get(kind)
        shape = reader(file, size) if reader is not None else _riff(head, size)
    if not shape.whole:
        raise BadFile(f"what came is {kind} and ends in the middle, after {size:,} bytes")
    width, height = shape.width or None, shape.height or None
    if reader is formats.matroska and not shape.video:
        kind = "audio/webm" if kind == "video/webm" else kind
    elif kind in ("video/mp4", "video/3gpp") and not shape.video:
        kind = "audio/mp4"
    if kind.startswith("image/") and kind != _SVG and (width or 0) * (height or 0) > MOST_PIXELS:
        raise BadFile(
            f"what came claims to be a picture of {width:,} x {height:,} px in {size:,} bytes; "
            f"{MOST_PIXELS / 1e6:,.0f} million px are opened at the most"
        )
    return Sniffed(kind, width, height)


def media_type(head: bytes) -> str | None:
    """What a file is that begins so (ENOUGH bytes of it); None: no picture, video or sound."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[4:8] == b"ftyp":
        return _brand(head)
    if head[4:8] in (b"moov", b"mdat", b"wide") and head[0] < 0x7F:
        return "video/quicktime"
    if head.startswith(b"RIFF"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12])
    if head.startswith(b"BM") and head[6:10] == bytes(4) and head[14:15] in (b"\x0c", b"\x28", b"\x40", b"\x6c", b"\x7c"):
        return "image/bmp"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head.startswith(b"OggS"):
        return "video/ogg" if b"theora" in head[:64] else "audio/ogg"
    if head[:1] == b"\xff" and len(head) > 3 and head[1] & 0xE0 == 0xE0:
        return _mpeg_audio(head)
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return "video/mp2t"
    if _past_preamble(head)[:4].lower() == b"<svg":
        return _SVG
    return None


def what_else(head: bytes) -> str:
    """What a file that begins so is instead, for people: `an HTML page`."""
    if not head:
        return "empty"
    for start, what in _OTHERS:
        if head.lstrip().startswith(start):
            return what
    rest = _past_preamble(head)
    if _MARKUP.match(rest) or _MARKUP.match(head.lstrip()):
        return "an HTML page"
    if rest.startswith(b"<"):
        return "an XML document"
    text = head[:512]
    if not any(byte < 9 or 13 < byte < 32 for byte in text):
        return "text"
    return "of no type that is known here"


def _past_preamble(head: bytes) -> bytes:
    found = _BEFORE_MARKUP.match(head)
    return head[found.end() :] if found else head


def _brand(head: bytes) -> str:
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(len(head), int.from_bytes(head[:4])), 4))]
    if brands[0] in (b"mif1", b"msf1"):
        return next((_BRANDS[one] for one in brands if _BRANDS.get(one) in ("image/avif", "image/heic")), "image/heif")
    if brands[0].startswith((b"3gp", b"3g2")):
        return "video/3gpp"
    return _BRANDS.get(brands[0], "video/mp4")


def _mpeg_audio(head: bytes) -> str | None:
    layer = head[1] >> 1 & 3
    if layer == 0:
        return "audio/aac" if head[1] & 0xF6 == 0xF0 else None
    return "audio/mpeg" if head[2] >> 4 != 15 and head[2] >> 2 & 3 != 3 and head[1] >> 3 & 3 != 1 else None


def _riff(head: bytes, size: int) -> Shape:
    """WAV and AVI say how long they are; a live recording says 0 or as much as the field holds. Others say nothing."""
    if not head.startswith(b"RIFF"):
        return Shape()
    length = int.from_bytes(head[4:8], "little")
    whole = length + 8 <= size or length in (0, 0xFFFFFFFF)
    if head[8:12] == b"AVI " and head[24:28] == b"avih" and len(head) >= 72:
        return Shape(int.from_bytes(head[64:68], "little"), int.from_bytes(head[68:72], "little"), whole)
    return Shape(whole=whole)
