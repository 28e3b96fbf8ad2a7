"""CPU time of this process and of everything that it started, and how much of the machine is ours to use."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_LOOK_EVERY = 2  # samples: to find new descendants means to read all of /proc (112 processes: 3 ms), their times are 0.3 ms


def cores() -> float:
    """CPUs that this process may use: those it is bound to, less what its container withholds."""
    count = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    with suppress(OSError, ValueError):
        quota, period = _QUOTA.read_text().split()
        count = min(count, int(quota) / int(period))
    return max(count, 0.01)


def own() -> float:
    """CPU seconds of this process alone."""
    times = os.times()
    return times.user + times.system


class Spent:
    """CPU seconds of all threads that do one kind of work, as a count that only grows."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._guard = threading.Lock()

    def since(self, before: float) -> float:
        """Add what this thread has used since `before` (`time.thread_time`); returns its time now."""
        now = time.thread_time()
        with self._guard:
            self.seconds += now - before
        return now


SCREENS = Spent()  # threads that look at displays, of this process


class Descendants:
    """CPU seconds of all that a process started, as a count that only grows. Where there is no /proc it stays 0."""

    def __init__(self, pid: int | None = None) -> None:
        self._pid = pid or os.getpid()
        self._seen: dict[int, float] = {}
        self._total = 0.0
        self._samples = 0

    def seconds(self) -> float:
        """Up to now. Reads files: for a thread, and for one at a time."""
        if self._samples % _LOOK_EVERY == 0:
            for pid in self._find() - self._seen.keys():
                self._seen[pid] = 0.0
        self._samples += 1
        for pid, before in list(self._seen.items()):
            fields = _stat(pid)
            if fields is None:
                del self._seen[pid]
            else:
                now = (int(fields[11]) + int(fields[12])) / _TICKS
                self._total += max(0.0, now - before)
                self._seen[pid] = now
        return self._total

    def _find(self) -> set[int]:
        children: dict[int, list[int]] = {}
        with suppress(OSError):
            for entry in _PROC.iterdir():
                if entry.name.isdigit() and (fields := _stat(int(entry.name))) is not None:
                    children.setdefault(int(fields[1]), []).append(int(entry.name))
        found: set[int] = set()
        waiting = [self._pid]
        while waiting:
            new = children.get(waiting.pop(), [])
            found.update(new)
            waiting += new
        return found


def _stat(pid: int) -> list[str] | None:
    """What /proc says of a process, from its state on; None when it has ended."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()  # its name may have spaces and brackets; what follows has none
