"""Names that every file system takes, out of whatever a page calls its files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

LONGEST = 180  # bytes of UTF-8, however it is composed: the least that a usual file system takes is 255, and versions add to it
LONGEST_EXTENSION = 10  # characters
UNTITLED = "untitled"

# The first is what a file gets, the others are right as well.
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/png": ("png", "apng"),
    "image/apng": ("png", "apng"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/avif": ("avif", "avifs"),
    "image/heic": ("heic", "heif"),
    "image/heif": ("heif", "heic"),
    "image/jxl": ("jxl",),
    "image/jp2": ("jp2", "jpx"),
    "image/bmp": ("bmp", "dib"),
    "image/tiff": ("tiff", "tif"),
    "image/x-icon": ("ico",),
    "image/vnd.microsoft.icon": ("ico",),
    "image/svg+xml": ("svg",),
    "video/mp4": ("mp4", "m4v"),
    "video/webm": ("webm",),
    "video/quicktime": ("mov", "qt"),
    "video/x-matroska": ("mkv",),
    "video/mpeg": ("mpg", "mpeg"),
    "video/mp2t": ("ts", "m2ts"),
    "video/x-msvideo": ("avi",),
    "video/x-flv": ("flv",),
    "video/3gpp": ("3gp",),
    "video/ogg": ("ogv", "ogg"),
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("m4a", "mp4"),
    "audio/aac": ("aac",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/opus": ("opus", "ogg"),
    "audio/flac": ("flac",),
    "audio/wav": ("wav",),
    "audio/x-wav": ("wav",),
    "audio/webm": ("weba", "webm"),
    "application/pdf": ("pdf",),
    "application/zip": ("zip",),
    "application/ogg": ("ogg",),
}
_OTHER = ("bin",)
_KNOWN = {extension for extensions in EXTENSIONS.values() for extension in extensions}
_PAGES = {"php", "asp", "aspx", "jsp", "cgi", "html", "htm", "xhtml", "shtml"}  # of addresses that answer with a picture
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # control, bidi and other invisible marks, lone surrogates, no characters
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_SPACES = re.compile(r"\s+")


def safe_name(name: str | None, url: str, media_type: str, *, taken: Callable[[str], bool] = lambda _: False) -> str:
    """What a file is called: a name without a folder, that ends as its content demands.

    Args:
        name: what it is to be called; None: as its address says.
        url: where it came from.
        media_type: by content, such as image/jpeg.
        taken: whether a name is in use already, in the sense of `same_name`.
    """
    stem, extension = _split(clean(name if name is not None else of_url(url)), media_type)

    def numbered(number: int) -> str:
        return _whole(stem, f" ({number})" if number > 1 else "", extension)

    if not taken(numbered(1)):
        return numbered(1)
    low, high = 1, 2  # the ten-thousandth image.jpg of a page is not compared with all before it
    while taken(numbered(high)):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if taken(numbered(middle)) else (low, middle)
    return numbered(high)


def same_name(name: str) -> str:
    """What two names have in common when some file system takes them for one: whatever case, however composed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def safe_folder(*words: str | None) -> str:
    """One name for a folder out of words: `example.com-gallery`. It is of ASCII, so it fits into an address as it is."""
    said = "-".join(word for word in words if word)
    parts = [_NOT_PLAIN.sub("_", word).strip("._-") for word in words if word]
    plain = "-".join(part for part in parts if part)[: LONGEST // 2].rstrip("._-")
    if plain != said:  # two that are alike but for what is lost stay two
        plain = f"{plain or UNTITLED}-{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return _unreserved(plain or UNTITLED)


def extensions(media_type: str) -> tuple[str, ...]:
    """What a file of that type may end with, without the dot, the usual one first."""
    return EXTENSIONS.get(media_type, _OTHER)


def clean(text: str) -> str:
    """One line that is safe in any name: composed, without what is invisible or forbidden, neither hidden nor a switch."""
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", text))
    text = "".join(char for char in text if unicodedata.category(char) not in _DROPPED)
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", text))  # what was between two marks is gone
    return _FORBIDDEN.sub("_", text.lstrip(" .-~/\\")).rstrip(" .")


def of_url(url: str) -> str:
    """The last part of an address that says anything; not yet a safe name."""
    try:
        parts = urlsplit(url)
        path, host = parts.path, parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    last = next((part for part in reversed(path.split("/")) if clean(unquote(part))), "")
    return unquote(last) or (host or "")


def _split(name: str, media_type: str) -> tuple[str, str]:
    """The name without its extension, and the extension that is right, with its dot."""
    right = extensions(media_type)
    stem, dot, extension = name.rpartition(".")
    lower = extension.lower()
    if dot and lower in right:
        return stem, f".{lower}"
    if dot and (lower in _KNOWN or lower in _PAGES):
        return stem, f".{right[0]}"
    return name, f".{right[0]}"


def _whole(stem: str, number: str, extension: str) -> str:
    stem = _cut(stem, LONGEST - len(number) - len(extension)).rstrip(" .") or UNTITLED
    return _unreserved(stem + number + extension)


def _unreserved(name: str) -> str:
    """Windows takes these words for devices, whatever comes behind a dot."""
    return f"_{name}" if _RESERVED.fullmatch(name.partition(".")[0].rstrip(" ")) else name


def _cut(text: str, most: int) -> str:
    """As much of it as has at most so many bytes, composed and taken apart."""
    used = 0
    for place, char in enumerate(text):
        used += max(len(char.encode()), len(unicodedata.normalize("NFD", char).encode()))
        if used > most:
            return text[:place]
    return text
