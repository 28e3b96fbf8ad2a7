"""The headers of a request, each found at once: the door looks for ten of them before anything else happens."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope


class Asked(Headers):
    """Starlette's, which go through all of a request's headers for each, and through an exception for each that is not there."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope=scope)
        self._first: dict[bytes, bytes] = dict(reversed(self._list))  # of several with one name the first counts

    def get(self, key: str, default: Any = None) -> Any:
        """The first header of this name, which is written in any case."""
        found = self._first.get(key.lower().encode("latin-1"))
        return default if found is None else found.decode("latin-1")

    def __contains__(self, key: object) -> bool:
        """Whether there is a header of this name."""
        return isinstance(key, str) and key.lower().encode("latin-1") in self._first
