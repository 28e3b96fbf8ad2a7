"""What a stream is called in the whole cluster, and what a node is called."""

from __future__ import annotations

import re
import secrets
import socket
from pathlib import Path

from livepane.discovery import write_private
from livepane.domain.bus import NODE_NAME
from livepane.domain.stream import Kind, StreamId

# Every machine has a desktop:0. Elsewhere it is desktop:0@node; ids of other kinds are random, or mean the same everywhere.
BOUND = (Kind.DESKTOP, Kind.MONITOR, Kind.WINDOW)
NODE_FILE = "node"
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # without 0 o 1 l: people read names to each other
_KEPT_OF_HOST = 40  # characters


def cluster_name(stream_id: StreamId, node: str) -> str:
    """The id that all nodes know a stream of `node` by."""
    return f"{stream_id}@{node}" if stream_id.kind in BOUND else str(stream_id)


def home_of(stream_id: StreamId) -> str | None:
    """The node that an id names; None: it names none."""
    if stream_id.kind not in BOUND:
        return None
    _, at, node = stream_id.name.partition("@")
    return node if at else None


def local_name(name: str, node: str) -> str:
    """What `node` itself calls a stream that the cluster knows as `name`."""
    kind = name.partition(":")[0]
    return name.removesuffix(f"@{node}") if kind in BOUND else name


def node_name(given: str | None, folder: Path) -> str:
    """The name of this node: the given one, else the one that the data folder keeps, else a new one, which it keeps then.

    Raises:
        Unavailable: the folder cannot be written.
    """
    if given is not None:
        return given
    try:
        kept = (folder / NODE_FILE).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        kept = ""
    if NODE_NAME.fullmatch(kept):
        return kept
    host = re.sub(r"[^A-Za-z0-9-]+", "-", socket.gethostname().partition(".")[0])[:_KEPT_OF_HOST].strip("-") or "node"
    name = f"{host}-{''.join(secrets.choice(_LETTERS) for _ in range(4))}"
    write_private(folder / NODE_FILE, name + "\n")
    return name
