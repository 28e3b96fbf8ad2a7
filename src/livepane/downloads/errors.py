"""What goes wrong with kept files. The sentence names the place and the mend; whoever calls says it in words of its own floor.

DownloadsError
├── NotWritable   the folder cannot be made or written to
├── NoRoom        the disk, or somebody's share of it, is full
├── Busy          somebody else fetches the same item into the same folder now
└── NoPicture     there is no picture to be made of a file
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DownloadsError(Exception):
    """Base of all."""

    code = "disk"

    @property
    def message(self) -> str:
        """The sentence for the person who has to mend it."""
        return str(self)


class NotWritable(DownloadsError):
    """The folder cannot be made or written to."""


class NoRoom(DownloadsError):
    """The disk, or somebody's share of it, is full."""


class Busy(DownloadsError):
    """Somebody else fetches the same item into the same folder now."""


class NoPicture(DownloadsError):
    """There is no picture to be made of a file: it is none, it is broken, or too large to be opened safely."""

    code = "bad_file"


@contextmanager
def said(folder: Path) -> Iterator[None]:
    """Say what the operating system refuses in such words.

    Raises:
        NoRoom, NotWritable
    """
    try:
        yield
    except OSError as error:
        raise disk_error(folder, error) from error


def is_full(error: OSError) -> bool:
    """Whether there was no room for it."""
    return error.errno in _FULL


def disk_error(folder: Path, error: OSError) -> DownloadsError:
    """An error of the operating system in such words."""
    why = error.strerror or str(error)
    if is_full(error):
        return NoRoom(f"there is no room left for {str(folder)!r} ({why}): free some, or choose another folder")
    return NotWritable(f"{str(folder)!r} cannot be written to ({why}): give yourself the right to, or choose another folder")
