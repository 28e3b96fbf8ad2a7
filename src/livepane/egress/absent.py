"""Modules that are not installed, and are asked for again and again."""

from __future__ import annotations

import sys
from importlib.util import find_spec


def remember_absent(name: str) -> None:
    """Where there is no such module, let `import` know it: else it looks through all of `sys.path` each time.

    httpcore asks for `sniffio` several times for each request; that took as long as all the rest of a request.
    """
    if name not in sys.modules and find_spec(name) is None:
        sys.modules[name] = None  # type: ignore[assignment] # as documented for `import`: it raises ModuleNotFoundError at once
