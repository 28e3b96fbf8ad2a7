"""Plain text out of what strangers call text: tags gone, entities undone, white space folded."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!\[CDATA\[|\]\]>|<\?[^<>]*>|<![a-zA-Z][^<>]*>")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_HALVES = range(0xD800, 0xE000)  # of characters: alone they are none, and cannot be written as UTF-8
INVISIBLE = dict.fromkeys(
    [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *_HALVES]
)
BLOCK_END = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/ul|/ol)\b[^<>]*>", re.IGNORECASE)
MAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b")
PHONE = re.compile(r"(?<![\w.,$€£])(?:\+|00)\d{1,3}[\s./()-]{0,2}(?:\d[\s./()-]{0,2}){6,12}\d(?!\w)")
LONGEST = 400_000  # characters of one text that are looked at: no posting is longer


class AnyCase:
    """A pattern in lower case that finds letters of either case. Several times as quick as one that is told to ignore it."""

    def __init__(self, pattern: str) -> None:
        self._low, self._ignoring = re.compile(pattern), re.compile(pattern, re.IGNORECASE)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match. Its places are those of the text; its words may be in lower case."""
        low = text.lower()
        return self._low.finditer(low) if len(low) == len(text) else self._ignoring.finditer(text)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match, see `finditer`."""
        return next(self.finditer(text), None)


def unescape(value: str) -> str:
    """Entities undone, also those that were escaped twice or three times."""
    for _ in range(3):
        if not ENTITY.search(value):
            break
        value = html.unescape(value)
    return value


def _without(value: str, opening: str, closing: str) -> str:
    """Everything from `opening` to `closing` left out, in one pass."""
    lower = value.lower()
    kept, position = [], 0
    while (start := lower.find(opening, position)) >= 0:
        kept.append(value[position:start])
        end = lower.find(closing, start + len(opening))
        if end < 0:
            return "".join(kept)
        position = end + len(closing)
    kept.append(value[position:])
    return " ".join(kept)


def clean(value: Any) -> str:
    """One line of plain text; the empty string for what is no text."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        return ""
    if "&" in value:
        value = unescape(value)
    value = value[:LONGEST]
    if "<" in value:
        for opening, closing in (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>")):
            if opening in value:
                value = _without(value, opening, closing)
        value = TAG.sub(" ", BLOCK_END.sub("\n", value))
    return " ".join((value if value.isprintable() else value.translate(INVISIBLE)).split())


def shorten(value: str, length: int) -> str:
    """At most `length` characters, cut at a word."""
    if len(value) <= length:
        return value
    cut = value[: length - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > length // 2 else cut).rstrip(" ,;:–-") + "…"


def without_people(value: str) -> str:
    """A text without mail addresses and telephone numbers: they belong to persons."""
    if "@" in value:
        value = MAIL.sub("", value)
    if "+" in value or "00" in value:
        value = PHONE.sub("", value)
    return " ".join(value.split())


def joined(parts: Iterable[Any], separator: str = ", ") -> str:
    """The non-empty parts, each once, in order."""
    seen: dict[str, str] = {}
    for part in parts:
        text = clean(part).strip(" ,;")
        if text:
            seen.setdefault(text.casefold(), text)
    return separator.join(seen.values())


def first(*values: Any) -> str:
    """The first of them that says something."""
    for value in values:
        if text := clean(value):
            return text
    return ""
