"""The state that a page carries for its own scripts: JSON in script elements, assignments, `JSON.parse("…")`, streamed rows."""

from __future__ import annotations

import json
import re
from typing import Any

from livepane.scrapers.job_postings.document import Document

START = re.compile(r"(?:=|\(|:|\breturn\b)\s*(?=\{\s*\"|\{\s*\}|\[\s*[\[{])")
PARSE = re.compile(r"JSON\.parse\(\s*(['\"`])")
FLIGHT = re.compile(r"__next_f\.push\(\s*(?=\[)")
ROW = re.compile(r"^[0-9a-f]{1,4}:(?=[\[{])", re.MULTILINE)
BUDGET = 12_000_000  # characters that failed attempts may cost
ATTEMPTS = 400
DECODER = json.JSONDecoder(strict=False)
INTERESTING = re.compile(r"job|position|vacanc|opening|career|posting|offer|stelle|recruit|title", re.IGNORECASE)


def _string(text: str, start: int, quote: str) -> tuple[str, int]:
    """The value of a JavaScript string that starts after its quote, and where it ends."""
    position = start
    while True:
        end = text.find(quote, position)
        if end < 0:
            return "", len(text)
        back = end - 1
        while back >= start and text[back] == "\\":
            back -= 1
        if (end - 1 - back) % 2 == 0:
            break
        position = end + 1
    raw = text[start:end]
    raw = re.sub(r"\\x([0-9a-fA-F]{2})", r"\\u00\1", raw).replace("\\'", "'").replace("\\`", "`").replace("\\\n", "")
    if quote != '"':
        raw = re.sub(r'(?<!\\)((?:\\\\)*)"', r'\1\\"', raw)
    try:
        return str(json.loads(f'"{raw}"', strict=False)), end + 1
    except (ValueError, RecursionError):
        return "", end + 1


def values_in(text: str) -> list[Any]:
    """Every object and array of JSON in a script, the outermost ones."""
    stripped = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    if stripped[:1] in "{[":
        try:
            return [json.loads(stripped, strict=False)]
        except (ValueError, RecursionError):
            pass
    found: list[Any] = []
    spent, attempts, position = 0, 0, 0
    for match in PARSE.finditer(text):
        if match.start() < position:
            continue
        inner, position = _string(text, match.end(), match[1])
        if inner[:1] in {"{", "["}:
            try:
                found.append(json.loads(inner, strict=False))
            except (ValueError, RecursionError):
                continue
    position = 0
    while (start := START.search(text, position)) and spent < BUDGET and attempts < ATTEMPTS:
        attempts += 1
        try:
            value, position = DECODER.raw_decode(text, start.end())
            if value:
                found.append(value)
        except json.JSONDecodeError as error:
            spent += max(1, error.pos - start.end())
            position = start.end() + 1
        except RecursionError:
            break
    return found


def next_data(document: Document) -> Any:
    """What Next.js keeps for its page, None when there is none."""
    node = document.first("script#__NEXT_DATA__")
    if node is None:
        return None
    try:
        return json.loads(node.text() or "", strict=False)
    except (ValueError, RecursionError):
        return None


def _streamed(scripts: list[str]) -> list[Any]:
    """The rows that Next.js streams: `self.__next_f.push([1,"a:{…}\\n"])`."""
    parts: list[str] = []
    for text in scripts:
        for match in FLIGHT.finditer(text):
            try:
                value, _ = DECODER.raw_decode(text, match.end())
            except (ValueError, RecursionError):
                continue
            if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
                parts.append(value[1])
    joined = "".join(parts)
    found: list[Any] = []
    for match in ROW.finditer(joined):
        if len(found) > 2000:
            break
        try:
            found.append(DECODER.raw_decode(joined, match.end())[0])
        except (ValueError, RecursionError):
            continue
    return found


def states(document: Document) -> list[Any]:
    """Every value that the page carries and that may hold jobs; analytics and the like are left out."""
    found: list[Any] = []
    streamed: list[str] = []
    for kind, text in document.scripts:
        if "ld+json" in kind or len(text) < 40 or not INTERESTING.search(text):
            continue
        if "__next_f.push" in text:
            streamed.append(text)
            continue
        found += values_in(text)
    for node in document.all(
        "[data-page], [data-props], [data-react-props], [data-state], [data-jobs], [data-vue], [data-json], [data-initial-state], [data-component-props]"
    )[:50]:
        for name, value in node.attributes.items():
            if name.startswith("data-") and value and value.lstrip()[:1] in "{[" and len(value) > 40:
                try:
                    found.append(json.loads(value, strict=False))
                except (ValueError, RecursionError):
                    continue
    for node in document.all("[\\:jobs], [\\:positions], [\\:vacancies], [\\:initial-jobs]")[:20]:
        for name, value in node.attributes.items():
            if name.startswith(":") and value and value.lstrip()[:1] in "{[":
                try:
                    found.append(json.loads(value, strict=False))
                except (ValueError, RecursionError):
                    continue
    return [*found, *_streamed(streamed)]
