"""Which partition a key belongs to: our own rule, because every client library has another one."""

from __future__ import annotations

import zlib


def partition_of(key: str, partitions: int) -> int:
    """The partition of a key among so many: crc32 of its UTF-8, modulo. Java's murmur2 would come to another one."""
    return zlib.crc32(key.encode()) % partitions
