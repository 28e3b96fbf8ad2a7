"""Bodies unpacked bit by bit, so that a small answer cannot become a large one in memory. Pure: bytes in, bytes out."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zlib import _Decompress

ACCEPTED = "gzip, deflate"
_STEP = 256 * 2**10


class BadBody(ValueError):
    """A body that is not packed as its header says."""


class TooLong(ValueError):
    """It is longer, unpacked, than it may be."""


class Unpacking:
    """Takes the pieces of a body as they come; `body` is what they are, unpacked."""

    def __init__(self, encoding: str, limit: int, *, cut: bool = False) -> None:
        """`limit`: bytes, unpacked; beyond them it is cut off, or an error."""
        self.body = bytearray()
        self.full = False  # cut off: more need not be fed
        self._limit, self._cut = limit, cut
        self._packed = encoding.strip().lower()
        self._inflating: _Decompress | None = None
        if self._packed not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise BadBody(f"it is packed as {encoding!r}, which nobody asked for")

    def feed(self, piece: bytes) -> None:
        """The next piece.

        Raises:
            BadBody: it cannot be unpacked.
            TooLong: beyond the limit.
        """
        if self._packed in ("", "identity"):
            self._add(piece)
            return
        if self._inflating is None:
            self._inflating = zlib.decompressobj(_window(self._packed, piece))
        while piece and not self.full:
            if self._inflating.eof:  # gzip may have several parts; zeros or rubbish behind the last are not ours
                if self._packed == "deflate" or not piece.startswith(b"\x1f\x8b"):
                    return
                self._inflating = zlib.decompressobj(31)
            try:
                self._add(self._inflating.decompress(piece, _STEP))
            except zlib.error as error:
                raise BadBody(f"it says that it is packed as {self._packed}, and is not: {error}") from None
            piece = self._inflating.unused_data if self._inflating.eof else self._inflating.unconsumed_tail

    def end(self) -> bytes:
        """All of it; as with browsers, what came of a body that ends in the middle counts.

        Raises:
            BadBody: it ends before anything came.
        """
        if self._inflating is not None and not self.full:
            try:
                self._add(self._inflating.decompress(b"", _STEP))
            except zlib.error:
                raise BadBody("it ends in the middle") from None
            if not self._inflating.eof and not self.body:
                raise BadBody("it ends in the middle")
        return bytes(self.body)

    def _add(self, data: bytes) -> None:
        if len(self.body) + len(data) > self._limit:
            if not self._cut:
                raise TooLong
            data = data[: self._limit - len(self.body)]
            self.full = True
        self.body += data


def _window(packed: str, piece: bytes) -> int:
    if packed != "deflate":
        return 31  # gzip
    return 15 if len(piece) >= 2 and piece[0] & 0x0F == 8 and int.from_bytes(piece[:2], "big") % 31 == 0 else -15
