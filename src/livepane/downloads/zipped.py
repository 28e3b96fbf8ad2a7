"""Many files as one ZIP, written while it is sent: nothing is compressed, and never more than a few pieces are in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from livepane.downloads.names import same_name

PIECE = 256 * 2**10  # bytes
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a ZIP can name


@dataclass(frozen=True, slots=True)
class Packed:
    """A file that is to go in."""

    path: Path
    name: str  # in the ZIP, with / for folders
    at: int  # ms since the Unix epoch


def zipped(files: Iterable[Packed]) -> Iterator[bytes]:
    """The bytes of the ZIP, piece by piece; blocks. A file that is no more is left out; two of one name get different ones."""
    out = _Out()
    taken: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        for one in files:
            try:
                file = one.path.open("rb")
            except OSError:
                continue
            with file:
                entry = zipfile.ZipInfo(_unlike(one.name, taken), _moment(one.at))
                entry.file_size = one.path.stat().st_size
                entry.external_attr = 0o644 << 16
                with archive.open(entry, "w") as into:
                    while piece := file.read(PIECE):
                        into.write(piece)
                        yield from out.taken()
            yield from out.taken()
    yield from out.taken()


def _unlike(name: str, taken: set[str]) -> str:
    stem, dot, extension = name.rpartition(".")
    number, unlike = 1, name
    while same_name(unlike) in taken:
        number += 1
        unlike = f"{stem} ({number}){dot}{extension}" if dot and stem else f"{name} ({number})"
    taken.add(same_name(unlike))
    return unlike


def _moment(at: int) -> tuple[int, int, int, int, int, int]:
    moment = datetime.fromtimestamp(at / 1000, UTC).timetuple()[:6]
    return max(moment, _EARLIEST)


class _Out(io.RawIOBase):
    """What `zipfile` writes into: a stream that cannot be rewound, so it never tries to."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: object) -> int:
        """Keep it until it is taken."""
        piece = bytes(memoryview(data))  # type: ignore[arg-type]  # whatever zipfile hands over is a buffer
        self._pieces.append(piece)
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        """What was written since the last time."""
        pieces, self._pieces = self._pieces, []
        if pieces:
            yield b"".join(pieces)
