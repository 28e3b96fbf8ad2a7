"""Who holds a lease: a process that can be recognised, so that the jobs of one that was killed need not wait for their lease."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path


def new_owner() -> str:
    """`where:pid:start:random` of a runner in this process. `where`: this boot of this machine and this container."""
    pid = os.getpid()
    return f"{_where()}:{pid}:{_started(pid)}:{secrets.token_hex(4)}"


def is_dead(owner: str) -> bool:
    """Whether it can be seen from here that the process has ended; one elsewhere is left to its lease."""
    where, _, rest = owner.partition(":")
    pid, _, rest = rest.partition(":")
    started = rest.partition(":")[0]
    if where != _where() or not pid.isdigit():
        return False
    return _started(int(pid)) != started


def _where() -> str:
    told = [socket.gethostname()]
    with suppress(OSError):
        told.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii"))
        told.append(str(Path("/proc/self/ns/pid").readlink()))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


def _started(pid: int) -> str:
    """When it was started, in ticks since the boot; `gone` when it has ended, `?` where the system does not tell."""
    proc = Path("/proc")
    if not (proc / "self" / "stat").exists():
        return "?"
    try:
        fields = (proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return "gone"
    return "gone" if fields[0] in "ZX" else fields[19]  # state; field 22 of proc(5)
