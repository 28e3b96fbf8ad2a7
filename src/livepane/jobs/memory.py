"""Gives memory back to the system: what documents took while they were read, the C library would keep for later."""

from __future__ import annotations

import asyncio
import ctypes
import sys
from collections.abc import Callable

EVERY = 20.0  # seconds between two looks at whether jobs have ended


def give_back() -> bool:
    """Give back what nobody uses, some milliseconds' work without the interpreter's lock; False where the C library cannot."""
    if not sys.platform.startswith("linux"):
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has no need of it
    if trim is None:
        return False
    trim(ctypes.c_size_t(0))
    return True


async def keep_small(ended: Callable[[], int]) -> None:
    """Do it for ever, a while after jobs have ended; `ended` says how many did so far."""
    seen = ended()
    while True:
        await asyncio.sleep(EVERY)
        if (now := ended()) != seen:
            seen = now
            await asyncio.to_thread(give_back)
