"""One at a time, among the threads and the processes that write into a folder. A lock dies with its process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, *, mode: int = 0o600) -> Iterator[None]:
    """Wait for the lock of that file, which is made, and hold it. Where files cannot be locked, the last one wins."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)
    try:
        _take(lock, wait=True)
        yield
    finally:
        os.close(lock)


@contextmanager
def locked_at_once(path: Path, *, mode: int = 0o600) -> Iterator[bool]:
    """The same without waiting: False when somebody else has it. The file is gone afterwards."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)
    try:
        mine = _take(lock, wait=False) and _is_still(lock, path)  # whoever had it before may just have removed it
        try:
            yield mine
        finally:
            if mine:
                path.unlink(missing_ok=True)
    finally:
        os.close(lock)


def _is_still(lock: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(lock), path.stat())
    except FileNotFoundError:
        return False


def _take(lock: int, *, wait: bool) -> bool:
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
