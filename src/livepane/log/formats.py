"""A log line for a person, or as one line of JSON for a machine. Both are scrubbed, tracebacks and all."""

from __future__ import annotations

import json
import logging
import math
import re
from datetime import UTC, datetime
from typing import Any

from livepane.log.scrub import GONE, is_secret, scrub

# Line breaks, what moves a terminal's cursor or colours it, and marks that turn text around.
_BREAKING = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# What every record has; the rest are fields that somebody gave it with `extra=`.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class Text(logging.Formatter):
    """`12:04:31 WARNING livepane.hub.capture: page:k3f9: …`"""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name that logging calls
        """The line itself: a path or a title with a line break in it must not pass for a line of its own."""
        return _BREAKING.sub(_escaped, scrub(super().formatMessage(record)))

    def format(self, record: logging.LogRecord) -> str:
        """One line, and a traceback below it where there is one."""
        return scrub(super().format(record))


class Json(logging.Formatter):
    """`{"time": "…", "level": "warning", "logger": "…", "message": "…"}`, with `exception` and further fields where there are."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever is in it."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrub(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = scrub(self.formatException(record.exc_info))
        elif record.exc_text:
            line["exception"] = scrub(record.exc_text)
        for name, value in vars(record).items():
            if name not in _USUAL and name not in line:
                line[name] = GONE if is_secret(name) else _plain(value)
        return json.dumps(line, ensure_ascii=False)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _plain(value: object) -> str | float | bool | None:
    if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return scrub(str(value))
