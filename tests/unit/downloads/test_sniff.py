"""What a file is, by its content: every type that is kept, cut off in the middle, pretending, and made to do harm."""

from __future__ import annotations

import io
import random
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from livepane.downloads.sniff import ENOUGH, BadFile, media_type, sniff, what_else
from tests.galleries.hostile import HTML, SVG, bomb


def pillow(form: str, width: int = 60, height: int = 44, **options: object) -> bytes:
    """A picture of noise."""
    out = io.BytesIO()
    noise = random.Random(4).randbytes(width * height * 3)
    Image.frombytes("RGB", (width, height), noise).save(out, form, **options)
    return out.getvalue()


def box(kind: bytes, *content: bytes) -> bytes:
    """A box of ISO 14496-12."""
    data = b"".join(content)
    return struct.pack(">I", 8 + len(data)) + kind + data


def movie(brand: bytes, width: int = 640, height: int = 360) -> bytes:
    """A film without a single picture, but with an index."""
    track = box(b"trak", box(b"tkhd", bytes(76), struct.pack(">II", width << 16, height << 16)))
    sound = box(b"trak", box(b"tkhd", bytes(84)))
    head = box(b"ftyp", brand, bytes(4), b"isom")
    return head + box(b"moov", box(b"mvhd", bytes(100)), sound, track) + box(b"mdat", bytes(5000))


def element(name: int, *content: bytes) -> bytes:
    """An element of EBML."""
    data = b"".join(content)
    return name.to_bytes((name.bit_length() + 7) // 8) + (len(data) | 1 << 28).to_bytes(4) + data


def webm(*, video: bool = True) -> bytes:
    """A film, or a sound, without its content."""
    size = element(0xE0, element(0xB0, b"\x02\x80"), element(0xBA, b"\x01\x68")) if video else element(0xE1, b"")
    tracks = element(0x1654AE6B, element(0xAE, element(0xD7, b"\1"), size))
    return element(0x1A45DFA3, element(0x4282, b"webm")) + element(0x18538067, element(0xEC, bytes(50)), tracks, bytes(900))


GOOD: dict[str, tuple[bytes, str, int | None, int | None]] = {
    "jpeg": (pillow("JPEG", quality=95), "image/jpeg", 60, 44),
    "progressive jpeg": (pillow("JPEG", progressive=True), "image/jpeg", 60, 44),
    "jpeg with a film behind it": (pillow("JPEG") + movie(b"mp42") * 30, "image/jpeg", 60, 44),
    "jpeg with a preview in it": (pillow("JPEG", exif=b"Exif\0\0" + pillow("JPEG", 16, 16)), "image/jpeg", 60, 44),
    "png": (pillow("PNG"), "image/png", 60, 44),
    "gif": (pillow("GIF"), "image/gif", 60, 44),
    "webp": (pillow("WEBP"), "image/webp", 60, 44),
    "lossless webp": (pillow("WEBP", lossless=True), "image/webp", 60, 44),
    "webp with a profile": (pillow("WEBP", icc_profile=b"x" * 40), "image/webp", 60, 44),
    "avif": (pillow("AVIF"), "image/avif", 60, 44),
    "bmp": (pillow("BMP"), "image/bmp", 60, 44),
    "tiff": (pillow("TIFF"), "image/tiff", 60, 44),
    "icon": (pillow("ICO", 32, 32), "image/x-icon", 32, 32),
    "svg": (SVG, "image/svg+xml", 40, 30),
    "svg with a box": (b'<?xml version="1.0"?><!-- x --><svg viewBox="0 0 24 12.4"/>', "image/svg+xml", 24, 12),
    "mp4": (movie(b"mp42"), "video/mp4", 640, 360),
    "mp4 without a picture": (movie(b"mp42", 0, 0), "audio/mp4", None, None),
    "mov": (movie(b"qt  "), "video/quicktime", 640, 360),
    "m4a": (movie(b"M4A ", 0, 0), "audio/mp4", None, None),
    "webm": (webm(), "video/webm", 640, 360),
    "webm without a picture": (webm(video=False), "audio/webm", None, None),
    "mp3": (b"\xff\xfb\x90\x64" + bytes(1000), "audio/mpeg", None, None),
    "mp3 with a tag": (b"ID3\4" + bytes(1000), "audio/mpeg", None, None),
    "wav": (b"RIFF" + struct.pack("<I", 108) + b"WAVEfmt " + bytes(100), "audio/wav", None, None),
    "flac": (b"fLaC" + bytes(100), "audio/flac", None, None),
    "ogg": (b"OggS" + bytes(24) + b"\1vorbis", "audio/ogg", None, None),
}
CUT = [name for name in GOOD if name.split()[0] not in ("mp3", "flac", "ogg", "icon") and "behind" not in name]
NONE = {
    b"": "empty",
    HTML: "an HTML page",
    b"\n<!-- hello -->\n<html lang=en>": "an HTML page",
    b'{"error": "sign in"}': "a JSON document",
    b"<?xml version='1.0'?><Error>denied</Error>": "an XML document",
    b"#EXTM3U\n#EXT-X-VERSION:3": "a playlist (HLS) and no video",
    b"%PDF-1.7": "a PDF document",
    b"PK\3\4 and more": "a ZIP archive",
    b"Forbidden": "text",
    b"MZ\x90\0\3\0\0\0": "of no type that is known here",
    b"RIFF\0\0\0\0CDDA": "of no type that is known here",
}


def sniffed(tmp_path: Path, content: bytes) -> tuple[str, int | None, int | None]:
    path = tmp_path / "x"
    path.write_bytes(content)
    found = sniff(path)
    return found.media_type, found.width, found.height


@pytest.mark.parametrize("name", GOOD)
def test_every_type_that_is_kept_is_known_with_its_size(tmp_path: Path, name: str) -> None:
    content, *facts = GOOD[name]
    assert sniffed(tmp_path, content) == tuple(facts)
    assert (media_type(content[:ENOUGH]) or "").partition("/")[0] in ("image", "video", "audio")


@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_one_that_ends_in_the_middle_is_not_kept(tmp_path: Path, name: str, share: float) -> None:
    content = GOOD[name][0]
    with pytest.raises(BadFile):
        sniffed(tmp_path, content[: int(share * len(content))])


@pytest.mark.parametrize("content", NONE)
def test_what_is_no_picture_video_or_sound_is_called_by_its_name(tmp_path: Path, content: bytes) -> None:
    assert what_else(content) == NONE[content]
    with pytest.raises(BadFile, match="and no picture, video or sound"):
        sniffed(tmp_path, content)


def test_a_picture_that_claims_more_pixels_than_anybody_opens_is_not_kept(tmp_path: Path) -> None:
    assert len(bomb()) < 1000
    with pytest.raises(BadFile, match="100,000 x 100,000 px"):
        sniffed(tmp_path, bomb())
    assert sniffed(tmp_path, bomb(20_000, 20_000)) == ("image/png", 20_000, 20_000)


@given(st.sampled_from([content[:200] for content, *_ in GOOD.values()]), st.binary(max_size=300), st.integers(0, 200))
def test_whatever_the_bytes_the_answer_is_a_type_or_one_error(start: bytes, rest: bytes, cut: int) -> None:
    path = Path(f"/dev/shm/sniff-{id(start)}") if Path("/dev/shm").is_dir() else Path(f"/tmp/sniff-{id(start)}")
    path.write_bytes(start[:cut] + rest)
    try:
        assert "/" in sniff(path).media_type
    except BadFile:
        pass
    finally:
        path.unlink()
