"""Server-sent events (`text/event-stream`): how they are written, and how they are read. Pure bytes."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass

CONTENT_TYPE = "text/event-stream"
PING = b": ping\n\n"  # a comment: clients pass over it, and everything in between sees that the line lives
LONGEST = 64 * 2**20  # characters of one event that a reader takes
_BREAK = re.compile(r"\r\n|\r|\n")  # what ends a line in this format, and nothing else does


@dataclass(frozen=True, slots=True)
class Event:
    """One event as a reader gets it."""

    data: str
    kind: str = "message"
    id: str = ""  # the last one that was told, also by an event before


def event(data: str, *, kind: str | None = None, id: int | str | None = None) -> bytes:
    """One event. Text of several lines becomes several `data:` lines, which a reader puts together again.

    Raises:
        ValueError: a kind or an id with a line break in it would be another field.
    """
    lines = []
    for name, value in (("id", None if id is None else str(id)), ("event", kind)):
        if value is not None:
            if _BREAK.search(value) or "\0" in value:
                raise ValueError(f"{name} = {value!r} has more than one line")
            lines.append(f"{name}: {value}")
    lines += [f"data: {line}" for line in _BREAK.split(data)]
    return ("\n".join(lines) + "\n\n").encode(errors="replace")  # half a character of somebody else becomes a ?


def json_event(data: object, *, kind: str | None = None, id: int | str | None = None) -> bytes:
    """One event whose data is one line of JSON.

    Raises:
        ValueError: it holds what is no JSON, such as NaN.
    """
    return event(json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")), kind=kind, id=id)


def comment(text: str) -> bytes:
    """What readers pass over."""
    return b"".join(f": {line}\n".encode() for line in _BREAK.split(text)) + b"\n"


class Decoder:
    """Reads a stream in whatever pieces it comes: `for event in decoder.feed(chunk)`. `last_id` is where to go on later."""

    def __init__(self) -> None:
        self.last_id = ""
        self._text = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._data: list[str] = []
        self._size = 0
        self._kind = ""
        self._first = True

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that are complete now.

        Raises:
            ValueError: one event is longer than `LONGEST`.
        """
        text = self._rest + self._text.decode(chunk)
        if self._first and text:
            text, self._first = text.removeprefix("\ufeff"), False
        # A \r at the end may be half of \r\n: it waits for the next piece.
        held = "\r" if text.endswith("\r") else ""
        *lines, rest = _BREAK.split(text.removesuffix(held) if held else text)
        self._rest = rest + held
        if len(self._rest) + self._size > LONGEST:
            raise ValueError(f"an event has more than {LONGEST:,} characters")
        return [event for line in lines if (event := self._line(line)) is not None]

    def _line(self, line: str) -> Event | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "data":
                self._size += len(value)
                if self._size > LONGEST:
                    raise ValueError(f"an event has more than {LONGEST:,} characters")
                self._data.append(value)
            case "event":
                self._kind = value
            case "id" if "\0" not in value:
                self.last_id = value
            case _:
                pass  # a comment, `retry`, or what a later version adds
        return None

    def _dispatch(self) -> Event | None:
        data, kind = self._data, self._kind
        self._data, self._kind, self._size = [], "", 0
        return Event("\n".join(data), kind or "message", self.last_id) if data else None
