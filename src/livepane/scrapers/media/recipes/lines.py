"""On which line of a TOML or JSON file each value begins: the parsers do not say, and people want to know."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

Place = tuple[str | int, ...]

_SKIPPED = re.compile(r"(?:\s|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}\n#]*")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)


def of_toml(text: str) -> Mapping[Place, int]:
    """Lines, from 1, of every key and item of a file that `tomllib` could read."""
    return _Reader(text).toml()


def of_json(text: str) -> Mapping[Place, int]:
    """The same of a file that `json` could read."""
    return _Reader(text).json()


def nearest(places: Mapping[Place, int], place: Place) -> int | None:
    """The line of a place, or of what it would be in."""
    for end in range(len(place), 0, -1):
        if place[:end] in places:
            return places[place[:end]]
    return None


class _Reader:
    """Walks through a text that is known to be good."""

    def __init__(self, text: str) -> None:
        self._text, self._here = text, 0
        self._found: dict[Place, int] = {}
        self._counts: dict[Place, int] = {}  # of arrays of tables so far

    def toml(self) -> Mapping[Place, int]:
        """The whole file."""
        table: Place = ()
        while self._skip():
            if self._at("[["):
                self._here += 2
                name = self._within(self._key(), last=False)
                number = self._counts.get(name, 0)
                self._counts[name] = number + 1
                table = (*name, number)
                self._note(name)
                self._note(table)
                self._here = self._text.index("]]", self._here) + 2
            elif self._at("["):
                self._here += 1
                table = self._within(self._key(), last=True)
                self._note(table)
                self._here = self._text.index("]", self._here) + 1
            else:
                self._pair(table, "=")
        return self._found

    def json(self) -> Mapping[Place, int]:
        """The whole file."""
        self._skip()
        self._value(())
        return self._found

    def _within(self, name: Place, *, last: bool) -> Place:
        """A name of a table, with the number of the newest item of each array that it goes through."""
        place: Place = ()
        for step, part in enumerate(name):
            place = (*place, part)
            if place in self._counts and (last or step < len(name) - 1):
                place = (*place, self._counts[place] - 1)
        return place

    def _pair(self, table: Place, sign: str) -> None:
        line = self._line()
        place = table
        for part in self._key():
            place = (*place, part)
            self._found.setdefault(place, line)
        self._here = self._text.index(sign, self._here) + 1
        self._skip()
        self._value(place)

    def _key(self) -> Place:
        """A key, with dots between its parts or without."""
        parts: list[str] = []
        while True:
            self._blank()
            if (found := _STRING.match(self._text, self._here)) is not None:
                parts.append(_unquoted(found.group()))
            elif (found := _BARE_KEY.match(self._text, self._here)) is not None:
                parts.append(found.group())
            else:
                return tuple(parts)
            self._here = found.end()
            self._blank()
            if not self._at("."):
                return tuple(parts)
            self._here += 1

    def _value(self, place: Place) -> None:
        if self._at("{"):
            self._several(lambda _: self._pair(place, "=" if self._equals() else ":"), "}")
        elif self._at("["):
            self._several(lambda number: self._item((*place, number)), "]")
        elif (found := _STRING.match(self._text, self._here)) is not None or (
            found := _BARE_VALUE.match(self._text, self._here)
        ) is not None:
            self._here = found.end()

    def _item(self, place: Place) -> None:
        self._note(place)
        self._value(place)

    def _several(self, read: Callable[[int], None], end: str) -> None:
        self._here += 1
        number = 0
        while self._skip() and not self._at(end):
            read(number)
            number += 1
            self._skip()
            if self._at(","):
                self._here += 1
        self._here += 1

    def _equals(self) -> bool:
        """Whether the key here is followed by = and not by a colon."""
        before = self._here
        self._key()
        is_toml = self._at("=")
        self._here = before
        return is_toml

    def _note(self, place: Place) -> None:
        self._found.setdefault(place, self._line())

    def _line(self) -> int:
        return self._text.count("\n", 0, self._here) + 1

    def _at(self, what: str) -> bool:
        return self._text.startswith(what, self._here)

    def _blank(self) -> None:
        found = _BLANK.match(self._text, self._here)
        self._here = found.end() if found else self._here

    def _skip(self) -> bool:
        """Go on to what is no space and no comment; False at the end."""
        found = _SKIPPED.match(self._text, self._here)
        self._here = found.end() if found else self._here
        return self._here < len(self._text)


def _unquoted(quoted: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:  # 'so', or with an escape that only TOML has
        return quoted[1:-1]
