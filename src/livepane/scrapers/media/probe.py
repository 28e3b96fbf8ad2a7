"""Asks for the beginning of a picture: whether it is there, what it is, and how large. A guess counts when this has proven it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from livepane.downloads import formats
from livepane.downloads.sniff import media_type, what_else
from livepane.scrapers.contract import Astray, Fetch, ScrapeError, Streamed
from livepane.scrapers.files import check_file

HEAD = 2**17  # bytes: cameras and editors write a preview and profiles before the size
_FATAL = frozenset({"budget", "disk"})
_READERS: Mapping[str, Callable[[BinaryIO, int], formats.Shape]] = {
    "image/jpeg": formats.jpeg,
    "image/png": formats.png,
    "image/gif": formats.gif,
    "image/webp": formats.webp,
    "image/bmp": formats.bmp,
    "image/tiff": formats.tiff,
    "image/svg+xml": formats.svg,
    "image/avif": formats.iso,
    "image/heic": formats.iso,
    "image/heif": formats.iso,
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What is behind an address."""

    url: str
    media_type: str  # by content
    width: int | None = None  # px
    height: int | None = None
    mark: str = ""  # the same for the same bytes, as far as the server tells

    @property
    def area(self) -> int:
        """Square px; 0 when they are not known."""
        return (self.width or 0) * (self.height or 0)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nothing that could be kept is behind an address."""

    url: str
    code: str  # of a ScrapeError
    message: str
    passing: bool = False  # it may come when it is asked for again


class Prober:
    """Proves addresses, each once."""

    def __init__(self, http: Fetch) -> None:
        self._http = http
        self._known: dict[tuple[str, str], Proof | Failure] = {}
        self.asked = 0

    async def prove(self, url: str, referer: str) -> Proof | Failure:
        """What is there, or why nothing of it can be had.

        Raises:
            ScrapeError: `budget`: nothing more may be asked.
        """
        key = (url, referer)
        if key not in self._known:
            self.asked += 1
            status = 0
            try:
                async with self._http.stream(url, headers={"range": f"bytes=0-{HEAD - 1}", "referer": referer}) as answer:
                    status = answer.status
                    check_file(answer)
                    self._known[key] = await _read(url, answer)
            except ScrapeError as error:
                if ends(error):
                    raise
                self._known[key] = Failure(url, error.code, error.message, error.retry or status == 429)
        return self._known[key]

    def failing(self, url: str, referer: str) -> bool:
        """Whether it did not come when it was asked for, and may come yet."""
        known = self._known.get((url, referer))
        return isinstance(known, Failure) and known.passing


def ends(error: ScrapeError) -> bool:
    """Whether nothing more can be had after it, of any address."""
    return error.code in _FATAL and not isinstance(error, Astray)


async def _read(url: str, answer: Streamed) -> Proof | Failure:
    head = b""
    async for piece in answer.pieces:
        head += piece
        if len(head) >= HEAD:
            break
    kind = media_type(head)
    if kind is None:
        return Failure(url, "bad_file", f"what came is {what_else(head)}, and no picture, video or sound")
    total = _total(answer) or len(head)
    mark = f"{total} {answer.headers.get('etag', '')} {hash(head)}"
    reader = _READERS.get(kind)
    if reader is None:
        return Proof(url, kind, mark=mark)
    shape = reader(io.BytesIO(head), total if kind == "image/webp" else len(head))
    return Proof(url, kind, shape.width, shape.height, mark)


def _total(answer: Streamed) -> int | None:
    text = answer.headers.get("content-range", "").rpartition("/")[2]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else answer.length
