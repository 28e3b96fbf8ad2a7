"""Measurements that others on the machine have disturbed are taken again, as long as patience lasts."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.parts import cpu

T = TypeVar("T")

MARK = "LIVEPANE_BENCH"  # in the environment of everything that we start
LIMIT = 0.2  # cores that others may use during a measurement
_TICK = os.sysconf("SC_CLK_TCK")
_patience = float(os.environ.get("LIVEPANE_BENCH_PATIENCE", "60"))  # seconds in all that we wait and repeat
_worst = 0.0


def undisturbed(measure: Callable[[], T]) -> T:
    """What `measure()` returns, measured while others used less than LIMIT cores; the calmest try when patience runs out."""
    global _patience, _worst
    best: tuple[float, T] | None = None
    while best is None or (best[0] > LIMIT and _patience > 0):
        started = time.monotonic()
        _wait_for_calm()
        began, others = time.monotonic(), _others()
        result = measure()
        noise = (_others() - others) / (time.monotonic() - began)
        if best is not None:
            _patience -= time.monotonic() - started
        if best is None or noise < best[0]:
            best = (noise, result)
    _worst = max(_worst, best[0])
    return best[1]


def once(measure: Callable[[], T]) -> T:
    """What `measure()` returns, however noisy it was meanwhile: for what takes too long to repeat."""
    global _worst
    began, others = time.monotonic(), _others()
    result = measure()
    _worst = max(_worst, (_others() - others) / (time.monotonic() - began))
    return result


def take_worst() -> float:
    """Cores that others used during the most disturbed measurement that was kept since this was asked last."""
    global _worst
    taken, _worst = _worst, 0.0
    return taken


def _wait_for_calm() -> None:
    global _patience
    while _patience > 0:
        before = _others()
        time.sleep(0.5)
        if (_others() - before) / 0.5 < LIMIT:
            return
        _patience -= 0.5


def _others() -> float:
    """CPU seconds so far of everything on the machine that is not ours."""
    user, nice, system, _, _, irq, soft, steal = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9])
    ours = cpu.of_trees({os.getpid()} | cpu.marked(MARK, str(os.getpid())))
    return (user + nice + system + irq + soft + steal) / _TICK - ours
