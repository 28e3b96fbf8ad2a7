"""Refuses to nest without end: a parser needs quadratic time for a hundred thousand elements inside each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DEEPEST = 512  # as browsers do
SUSPICIOUS = 20_000  # tags; below that no nesting is deep enough to matter
TAG = re.compile(rb"<(/?)([a-z][a-z0-9-]{0,40})(?=[\s/>])")
NOT_NESTING = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option path script style".split()
)
_FLAT = {
    length: [int.from_bytes(word, "little") for word in NOT_NESTING if len(word) == length]
    for length in sorted({len(word) for word in NOT_NESTING})
}


def may_be_deep(low: bytes, at: npt.NDArray[np.intp]) -> bool:
    """Whether the tags of a page in lower case can nest deeper than DEEPEST. `at` is where each of them begins.

    None of them is looked at in Python: a page of megabytes has a hundred thousand.
    """
    import numpy as np  # only large pages need it

    at = at[at < len(low) - 10]  # the name of a tag nearer to the end cannot be read as a number
    if at.size < SUSPICIOUS:
        return False
    closing = np.frombuffer(low, dtype=np.uint8)[at + 1] == ord("/")
    # The eight characters after every position as one number; of these, the first eight of each name.
    name = np.ndarray((len(low) - 8,), dtype="<u8", buffer=low, strides=(1,))[at + 1 + closing]
    letter = name & np.uint64(0xFF)
    nests = (letter >= ord("a")) & (letter <= ord("z"))
    for length, words in _FLAT.items():
        end = (name >> np.uint64(8 * length)) & np.uint64(0xFF)
        whole = np.flatnonzero((end == ord(">")) | (end == ord("/")) | (end <= ord(" ")))
        named = name[whole] & np.uint64(256**length - 1)
        for word in words:
            nests[whole[named == np.uint64(word)]] = False
    depth = np.cumsum(np.where(closing, -1, 1) * nests, dtype=np.int32)
    if depth.min() < 0:  # a closing tag without an opening one does not go below the ground
        depth -= np.minimum.accumulate(np.minimum(depth, 0))
    return bool(depth.max() > DEEPEST)


def flatten(page: bytes, low: bytes) -> bytes:
    """The same document; opening tags deeper than DEEPEST are left out. `low` is the page in lower case."""
    depth, deepest = 0, 0
    cuts: list[int] = []
    for match in TAG.finditer(low):
        if match[2] in NOT_NESTING:
            continue
        if match[1]:
            depth = max(0, depth - 1)
            continue
        depth += 1
        deepest = max(deepest, depth)
        if depth > DEEPEST:
            cuts.append(match.start())
    if deepest <= DEEPEST:
        return page
    kept, position = [], 0
    for start in cuts:
        kept.append(page[position:start])
        end = page.find(b">", start)
        position = end + 1 if end >= 0 else len(page)
    kept.append(page[position:])
    return b"".join(kept)
