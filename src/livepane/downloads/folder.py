"""Folders and files as such: made with the rights of what is around them, and read to know what is in them."""

from __future__ import annotations

import hashlib
from pathlib import Path


def made(folder: Path) -> bool:
    """Make it with the folders above it; whether it is its owner's alone, as everything that is made in such a folder is."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    private = not folder.stat().st_mode & 0o077
    for one in reversed(missing):
        one.mkdir(0o700 if private else 0o777, exist_ok=True)
    return private


def sha256(path: Path) -> str:
    """Of a file's content, hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
