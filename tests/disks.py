"""A tiny disk that can be filled to the last byte, for data folders."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = 12  # MiB
_SUDO = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]


class Disk:
    """A folder on a file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave not a single byte."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (2**16, 2**12, 1):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        """Let there be room again."""
        self._ballast.unlink()


@contextmanager
def tiny_disk(folder: Path) -> Iterator[Disk]:
    """A tmpfs of SIZE at a new folder; it takes root, or sudo without a password."""
    folder.mkdir(mode=0o700)
    options = f"size={SIZE}m,mode=700,uid={os.getuid()},gid={os.getgid()}"
    subprocess.run([*_SUDO, "mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    try:
        yield Disk(folder)
    finally:
        subprocess.run([*_SUDO, "umount", "--lazy", str(folder)], check=True)
