"""The attribute `srcset`, read as the HTML standard reads it, and the same list in CSS (`image-set`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

SPACE = " \t\n\f\r"
_INTEGER = re.compile(r"\d{1,9}$")
_FLOAT = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$")
_SET = re.compile(r"""(?:url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]*))\s*\)|"([^"]*)"|'([^']*)')([^,]*)""")
_URL = re.compile(r"""url\(\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^"')\s]*))\s*\)""")
_RESOLUTION = re.compile(r"(\d+(?:\.\d+)?)(?:x|dppx)\b")


@dataclass(frozen=True, slots=True)
class Source:
    """One picture of the list: with its width in px, or its density; without either it is of density 1."""

    url: str
    width: int | None = None
    density: float | None = None
    height: int | None = None


def parse(text: str) -> list[Source]:
    """All pictures of a `srcset`; those whose descriptors are wrong are left out.

    https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute: an address ends at a space, and may hold commas
    that do not end it; commas at its end do.
    """
    found: list[Source] = []
    at, end = 0, len(text)
    while True:
        while at < end and text[at] in SPACE + ",":
            at += 1
        if at >= end:
            return found
        start = at
        while at < end and text[at] not in SPACE:
            at += 1
        url = text[start:at]
        if url.endswith(","):
            descriptors: list[str] = []
            url = url.rstrip(",")
        else:
            descriptors, at = _descriptors(text, at)
        source = _source(url, descriptors)
        if source is not None:
            found.append(source)


def _descriptors(text: str, at: int) -> tuple[list[str], int]:
    """What follows an address, up to a comma that is in no parentheses."""
    found, depth, start = [""], 0, at
    for at in range(start, len(text)):
        char = text[at]
        if depth:
            depth -= char == ")"
            found[-1] += char
        elif char == ",":
            return [one for one in found if one], at + 1
        elif char in SPACE:
            found.append("")
        else:
            depth += char == "("
            found[-1] += char
    return [one for one in found if one], len(text)


def _source(url: str, descriptors: list[str]) -> Source | None:
    width: int | None = None
    height: int | None = None
    density: float | None = None
    for one in descriptors:
        value, kind = one[:-1], one[-1]
        if kind == "w" and _INTEGER.match(value) and int(value) and width is None and density is None:
            width = int(value)
        elif kind == "h" and _INTEGER.match(value) and int(value) and height is None and density is None:
            height = int(value)
        elif kind == "x" and _FLOAT.match(value) and float(value) >= 0 and density is None and width is None and height is None:
            density = float(value)
        else:
            return None
    if height is not None and width is None:
        return None
    return Source(url, width, density, height) if url else None


def of_css(value: str) -> list[Source]:
    """The pictures of a computed `background-image`: of `url(…)` and `image-set(…)`; gradients are none."""
    found: list[Source] = []
    for part in re.split(r"(?=(?:-webkit-)?image-set\()", value):
        if "image-set(" in part:
            for match in _SET.finditer(part):
                url = next((group for group in match.groups()[:5] if group), "")
                density = _RESOLUTION.search(match[6])
                if url and not re.fullmatch(r"(?:image|video)/[\w.+-]+", url):
                    found.append(Source(url, None, float(density[1]) if density else None))
        else:
            found += [Source(re.sub(r"\\(.)", r"\1", m[1] or m[2] or m[3])) for m in _URL.finditer(part) if m[1] or m[2] or m[3]]
    return found
