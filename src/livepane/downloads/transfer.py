"""An unfinished file: what of it is there, what to ask for to go on with it, and whether it came whole.

Beside it lies a note (JSON) of the address and the version that it is part of. Whatever a process that dies leaves behind, a
file is gone on with only where its note says of which version it is, and the server says that it still has that version.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from livepane.downloads.record import Facts
from livepane.downloads.sniff import BadFile, sniff

_RANGE = re.compile(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)")
_STEP = 2**20
_PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_BINARY = getattr(os, "O_BINARY", 0)


class Unfit(Exception):
    """The answer does not go on where the file ends. What was there is gone: the next question is for all of it."""


class Cut(Exception):
    """The answer ended too early; the file can be gone on with."""


@dataclass(frozen=True, slots=True)
class Note:
    """What lies beside an unfinished file."""

    url: str
    etag: str | None = None  # a strong one: the same bytes
    modified: str | None = None  # Last-Modified
    length: int | None = None  # of the whole file

    @property
    def validator(self) -> str | None:
        """What If-Range takes (RFC 9110 §13.1.5)."""
        return self.etag or self.modified


class Part:
    """One unfinished file, of which nobody else writes. All of it blocks. `close` it."""

    def __init__(self, path: Path, *, mode: int = 0o600) -> None:
        """`path`: its side-car has the suffix .json. `mode`: the file's rights when it is made."""
        self.path = path
        self._side, self._mode = path.with_suffix(".json"), mode
        self._note: Note | None = None
        self._file: int | None = None
        self._hash = hashlib.sha256()
        self._unpacking: zlib._Decompress | None = None
        self.received = 0  # bytes of the file

    @property
    def total(self) -> int | None:
        """Bytes of the whole file, when somebody said so."""
        return self._note.length if self._note else None

    def resume(self, url: str) -> dict[str, str]:
        """Headers that ask for the rest of what is there; none: there is nothing to go on with. Raises OSError."""
        if self._note is None:
            self._note = self._read_note()
        note = self._note
        if note is None or note.url != url or note.validator is None:
            self.close()  # it stays until something better comes
            self._note, self.received = None, 0
            return {}
        self._open()
        if not self.received or (note.length is not None and self.received > note.length):
            self._begin(None)
            return {}
        return {"range": f"bytes={self.received}-", "if-range": note.validator}

    @property
    def whole(self) -> bool:
        """All of it is there, and nothing need be asked: after `resume`, or at the end of an answer."""
        return self._note is not None and self._note.length is not None and self.received == self._note.length

    def begin(self, url: str, status: int, headers: Mapping[str, str]) -> None:
        """The head of an answer of status 200, 206 or 416 (lower-case names).

        Args:
            url: that was asked for, before redirects.

        Raises:
            Unfit, OSError
        """
        etag = headers.get("etag", "")
        etag = etag if etag.startswith('"') else ""
        if status == 206:
            first, length = _content_range(headers.get("content-range", ""))
            note = self._note
            if first != self.received or note is None or not _goes_on(note, etag, headers.get("last-modified", "")):
                self._misfit()
            assert note is not None  # noqa: S101  else it was a misfit
            if length is not None and note.length is not None and length != note.length:
                self._misfit()
            if note.length is None and length is not None:
                self._write_note(Note(note.url, note.etag, note.modified, length))
        elif status == 416:
            length = _content_range(headers.get("content-range", ""))[1]
            if self._note is None or length is None or length != self.received or self._note.length not in (None, length):
                self._misfit()
            elif self._note.length is None:
                self._write_note(Note(self._note.url, self._note.etag, self._note.modified, length))
        else:
            packed = headers.get("content-encoding", "").strip().lower()
            promised = headers.get("content-length", "")
            length = int(promised) if promised.isascii() and promised.isdigit() and len(promised) < 19 else None
            if packed in ("", "identity"):
                self._begin(Note(url, etag or None, headers.get("last-modified") or None, length))
            else:
                self._begin(Note(url))  # packed though nobody asked for it: a range would be of something else
                if packed not in _PACKED:
                    raise BadFile(f"what came is packed as {packed[:40]!r}, which nobody asked for")
                self._unpacking = zlib.decompressobj(_PACKED[packed])

    def write(self, pieces: Iterable[bytes]) -> None:
        """What comes next. Raises OSError; BadFile: it is not packed as its header says."""
        file = self._open()
        try:
            for piece in pieces:
                for data in (piece,) if self._unpacking is None else self._unpacked(piece):
                    left = memoryview(data)
                    while left:
                        left = left[os.write(file, left) :]
                    self._hash.update(data)
                    self.received += len(data)
        except BaseException:
            self.close()  # what is there and what was counted may differ: look again
            raise

    def finish(self) -> Facts:
        """What has come, now that the answer has ended.

        Raises:
            Cut, BadFile, OSError
        """
        note = self._note or Note("")
        if (note.length is not None and self.received < note.length) or (self._unpacking is not None and not self._unpacking.eof):
            raise Cut
        if note.length is not None and self.received > note.length:
            raise BadFile(f"what came has {self.received:,} bytes, and {note.length:,} were promised")
        self._open()
        found = sniff(self.path)
        return Facts(self.received, self._hash.hexdigest(), found.media_type, found.width, found.height, note.etag)

    def drop(self) -> None:
        """Away with it: it is of no use. Raises OSError."""
        self.close()
        self._note = None
        for path in (self._side, self.path):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave it as it is."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> int:
        """The file, open at its end, with its hash."""
        if self._file is None:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | _BINARY | getattr(os, "O_CLOEXEC", 0), self._mode)
            self._hash, self.received = hashlib.sha256(), 0
            while data := os.read(self._file, _STEP):
                self._hash.update(data)
                self.received += len(data)
        return self._file

    def _begin(self, note: Note | None) -> None:
        """With nothing. In this order: a note never lies beside what is not its own."""
        self.close()
        self._unpacking = None
        self._side.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)
        self._note = None
        self.received = 0
        if note is not None:
            self._open()
            self._write_note(note)

    def _misfit(self) -> None:
        self._begin(None)
        raise Unfit

    def _read_note(self) -> Note | None:
        try:
            note = Note(**json.loads(self._side.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        texts = (note.url, note.etag or "", note.modified or "")
        good = all(isinstance(one, str) for one in texts) and isinstance(note.length or 0, int)
        return note if good else None

    def _write_note(self, note: Note) -> None:
        """In one piece; half of one, of a process that died just then, is none."""
        file = os.open(self._side, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, self._mode)
        try:
            os.write(file, json.dumps(asdict(note)).encode())
        finally:
            os.close(file)
        self._note = note

    def _unpacked(self, piece: bytes) -> Iterable[bytes]:
        """Bit by bit: a small answer cannot become a large one in memory."""
        unpacking = self._unpacking
        assert unpacking is not None  # noqa: S101
        while piece and not unpacking.eof:
            try:
                data = unpacking.decompress(piece, _STEP)
            except zlib.error as error:
                raise BadFile(f"what came is not packed as it says: {error}") from None
            piece = unpacking.unconsumed_tail
            yield data


def _goes_on(note: Note, etag: str, modified: str) -> bool:
    """Whether a part is of the version that was noted: some servers do not look at If-Range. `etag`: a strong one, or nothing.

    A part has to carry the ETag that the whole would; of Last-Modified that is not asked (RFC 9110 §15.3.7).
    """
    if note.etag is not None:
        return etag == note.etag
    return not modified or modified == note.modified


def _content_range(text: str) -> tuple[int | None, int | None]:
    """The first byte, and how many there are of the whole (RFC 9110 §14.4)."""
    found = _RANGE.fullmatch(text.strip().lower())
    if found is None:
        return None, None
    with suppress(ValueError):
        return (int(found[1]) if found[1] else None), (None if found[3] == "*" else int(found[3]))
    return None, None
