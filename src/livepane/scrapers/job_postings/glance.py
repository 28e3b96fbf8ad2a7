"""What a page cannot contain: its bytes are read once, and after that any word can be asked for without reading them again."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from livepane.scrapers.job_postings.nesting import may_be_deep

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LARGE = 64 * 1024  # bytes; in a smaller page a word is looked for at once
GRAM = 4  # bytes that are one number
SHORTEST = 2 * GRAM - 1  # characters: a word of so many holds a whole gram, wherever it begins
SIZE_LOG2 = 20  # of the table of grams that occur
CHUNK = 1 << 14  # grams that are looked at in one go: they stay in the cache of a core
SPREAD = 0x9E3779B1  # a multiplier that makes neighbours strangers
PSEUDO = re.compile(r"(?<!\\):{1,2}[\w-]+(?:\([^()]*\))?")  # :has(…), :nth-child(2): their words need not stand in a page
COMMA = re.compile(r",\s*(?![^(]*\))")
WORD = re.compile(rf"[\w-]{{{SHORTEST},}}")
ATTRIBUTE = re.compile(r"\[[^\]]*\]")
TAG = re.compile(rf"(?:^|(?<=[\s>+~]))[a-z][\w-]{{{GRAM - 1},}}")
IMPLIED = {"html", "head", "body", "tbody", "colgroup"}  # elements that are there without a tag


class Glance:
    """Which words a page may hold. Never says no to a word that is there; letters count alike in upper and lower case."""

    def __init__(self, page: bytes) -> None:
        self.page = low = page.lower()
        self.deep = False  # whether its elements may nest deeper than a parser can bear
        self._words = self._tags = b""
        if len(low) >= LARGE:
            import numpy as np  # only large pages need it

            self._words = _table(np.frombuffer(low, dtype="<u4", count=len(low) // GRAM))
            after = np.ndarray((len(low) - GRAM,), dtype="<u4", buffer=low, offset=1, strides=(1,))
            at = np.flatnonzero(np.frombuffer(low, dtype=np.uint8, count=after.size) == ord("<"))
            self._tags = _table(after[at])
            self.deep = may_be_deep(low, at)

    def may_hold(self, word: str) -> bool:
        """Whether a word may be there: sure in a small page, very likely in a large one; a short word may always."""
        if not self._words:
            return word.lower().encode() in self.page
        seen = self._words
        return any(all(seen[place] for place in places) for places in _places(word))

    def may_open(self, tag: str) -> bool:
        """Whether elements of a name may be there; always in a small page."""
        return not self._tags or tag in IMPLIED or bool(self._tags[_place(tag.encode()[:GRAM])])

    def parts(self, selector: str) -> str:
        """The alternatives of a CSS selector that can find something, "" for none of them."""
        alternatives = _alternatives(selector)
        left = [part for part, word, tags in alternatives if (not word or self.may_hold(word)) and all(map(self.may_open, tags))]
        return selector if len(left) == len(alternatives) else ", ".join(left)


def _table(grams: npt.NDArray[np.uint32]) -> bytes:
    """A byte for each gram that can be: 1 where it, or a stranger that falls on the same place, occurs."""
    import numpy as np

    seen = np.zeros(1 << SIZE_LOG2, dtype=np.uint8)
    for start in range(0, grams.size, CHUNK):
        places = grams[start : start + CHUNK] * np.uint32(SPREAD)
        places >>= np.uint32(32 - SIZE_LOG2)
        seen[places] = 1
    return seen.tobytes()


@lru_cache(maxsize=4096)
def _place(gram: bytes) -> int:
    return (int.from_bytes(gram, "little") * SPREAD & 0xFFFFFFFF) >> (32 - SIZE_LOG2)


@lru_cache(maxsize=4096)
def _places(word: str) -> tuple[tuple[int, ...], ...]:
    """For each way in which a word can lie across grams: where the table must say that they occur."""
    low = word.lower().encode()
    if len(low) < SHORTEST:
        return ((),)
    return tuple(tuple(_place(low[at : at + GRAM]) for at in range(first, len(low) - GRAM + 1, GRAM)) for first in range(GRAM))


@lru_cache(maxsize=1024)
def _alternatives(selector: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Each alternative with the longest word, and the elements, without which it finds nothing."""
    found = []
    for part in COMMA.split(selector):
        plain = PSEUDO.sub(" ", part)
        tags = tuple(TAG.findall(ATTRIBUTE.sub("", plain)))
        found.append((part, max(WORD.findall(plain), key=len, default=""), tags))
    return tuple(found)
