"""Log lines of the server: one line each, never with a query string in it, and never a flood."""

from __future__ import annotations

import logging
import sys
from typing import Literal

from livepane.log.calm import Calm
from livepane.log.formats import Json, Text
from livepane.log.lines import LINES


class _NoTraceback(logging.Filter):
    """A peer's bad UTF-8 is its own business: a line, not a traceback that it can flood the log with."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.getMessage().startswith("Invalid UTF-8"):
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def configure(level: str, form: Literal["text", "json"] = "text") -> None:
    """Log to standard error from `level` up, for people (`text`) or one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if form == "json" else Text())
    root = logging.getLogger()
    root.handlers[:] = [Calm(handler), Calm(LINES)]
    root.setLevel(level.upper())
    # uvicorn writes request lines with their query strings, tokens and all: we write our own, in the door.
    logging.getLogger("uvicorn.access").disabled = True
    uvicorn = logging.getLogger("uvicorn.error")
    uvicorn.setLevel(max(logging.WARNING, root.level))
    uvicorn.addFilter(_NoTraceback())
    # One line for every request of a client library is noise below debug.
    for name in ("httpx", "websockets", "asyncio"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
