"""The seam under a CDP connection: something that carries messages to a browser and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

OnMessage = Callable[[dict[str, Any]], None]
OnClosed = Callable[[str], None]


class Transport(Protocol):
    """Carries whole messages, in order."""

    def start(self, on_message: OnMessage, on_closed: OnClosed) -> None:
        """Begin to deliver messages; `on_closed(reason)` is called once, at the end."""

    def send(self, message: Mapping[str, Any]) -> None:
        """Take a message and return at once. Silent once closed."""

    async def close(self) -> None:
        """End it from our side."""
