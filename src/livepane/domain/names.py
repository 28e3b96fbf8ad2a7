"""Names that people give: of streams, layouts, tokens, browsers. One rule for all of them: a name can be read, as what it is."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 128  # characters of a stream's name
# Line and paragraph separators, what turns text around, and what has no width. Joiners stay: Persian and emojis need them.
_UNREADABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and symbols in name, spaces to the eye
_SEEN = frozenset("LNPS")  # the kinds of characters that draw something by themselves: letters, numbers, punctuation, symbols
_SLASH = re.compile(r"[/\\]")


def why_not(name: str, longest: int = LONGEST, *, slashes: bool = False) -> str | None:
    """What is wrong with a name, as the end of a sentence that begins with it; None: nothing is.

    Args:
        name: as it was given.
        longest: characters that it may have.
        slashes: whether it may have them; not where it becomes part of an address.
    """
    if len(name) > longest:
        return f"has {len(name):,} characters, and at most {longest} are possible"
    if (found := _UNREADABLE.search(name)) is not None:
        return f"has U+{ord(found[0]):04X} in it, a character that cannot be seen or turns text around; leave it out"
    if not slashes and (found := _SLASH.search(name)) is not None:
        return f"has a {found[0]} in it; write a - instead"
    if not any(unicodedata.category(char)[0] in _SEEN and char not in _BLANK for char in name):
        return "has no character that can be seen; give it at least one letter or digit"
    return None


def checked(name: str, longest: int = LONGEST, *, slashes: bool = False) -> str:
    """The name as it was given.

    Raises:
        ValueError: names it, what is wrong and the mend.
    """
    if (why := why_not(name, longest, slashes=slashes)) is not None:
        raise ValueError(f"the name {name[:60]!r} {why}")
    return name
