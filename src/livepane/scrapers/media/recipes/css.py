"""Whether a text is a CSS selector, found out without a browser: so that a recipe can be checked where it is written."""

from __future__ import annotations

import difflib
import re

LONGEST = 500  # characters

_ESCAPE = r"\\(?:[0-9a-fA-F]{1,6}\s?|[^\n0-9a-fA-F])"
_IDENT = re.compile(rf"(?:--|-?(?:[^\W\d]|[^\x00-\x7f]|{_ESCAPE}))(?:[\w-]|[^\x00-\x7f]|{_ESCAPE})*")
_HASH = re.compile(rf"(?:[\w-]|[^\x00-\x7f]|{_ESCAPE})+")
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_SPACE = re.compile(r"[ \t\r\n\f]*")
_NTH = re.compile(r"\s*(even|odd|[+-]?\d*n(\s*[+-]\s*\d+)?|[+-]?\d+)\s*", re.IGNORECASE)
_OPERATOR = re.compile(r"[~|^$*]?=")

_LISTS = frozenset({"is", "not", "where", "has"})  # take selectors
_COUNTING = frozenset({"nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type"})
_WORDS = frozenset({"lang", "dir"})
_PLAIN = frozenset(
    [
        "any-link",
        "checked",
        "default",
        "defined",
        "disabled",
        "empty",
        "enabled",
        "first-child",
        "first-of-type",
        "focus",
        "focus-visible",
        "focus-within",
        "fullscreen",
        "hover",
        "in-range",
        "indeterminate",
        "invalid",
        "last-child",
        "last-of-type",
        "link",
        "only-child",
        "only-of-type",
        "open",
        "optional",
        "out-of-range",
        "placeholder-shown",
        "read-only",
        "read-write",
        "required",
        "root",
        "scope",
        "target",
        "valid",
        "visited",
        "active",
        "autofill",
        "modal",
        "popover-open",
    ]
)
_OTHERS = frozenset({"has-text", "text", "text-is", "text-matches", "visible", "nth-match", "contains", "eq", "light"})
_LANGUAGES = {
    "//": "XPath",
    "..": "XPath",
    "xpath=": "XPath",
    "text=": "a selector of Playwright",
    "role=": "a selector of Playwright",
}


def check(selector: str) -> None:
    """See that it is one.

    Raises:
        ValueError: says what is wrong with it, and where.
    """
    for start, language in _LANGUAGES.items():
        if selector.lstrip().startswith(start):
            raise ValueError(f"it is {language}, and no CSS; write one like 'article.card a[download]'")
    if len(selector) > LONGEST:
        raise ValueError(f"it has {len(selector)} characters; {LONGEST} are allowed")
    reader = _Reader(selector)
    try:
        reader.several()
    except ValueError:
        if selector[reader.here - 2 : reader.here + 2].strip().startswith(">>"):
            raise ValueError("'>>' is no CSS; write 'a b' for b anywhere in a, or 'a > b' for b directly in a") from None
        raise
    if reader.here < len(selector):
        raise reader.wrong(f"{selector[reader.here]!r} does not belong")


class _Reader:
    """One selector, read from the left."""

    def __init__(self, text: str) -> None:
        self.text, self.here = text, 0

    def wrong(self, what: str) -> ValueError:
        """What is wrong at this place."""
        return ValueError(f"it is no CSS selector: {what} at character {self.here + 1}")

    def several(self, *, relative: bool = False) -> None:
        """Selectors with commas between them."""
        self._complex(relative=relative)
        while self._next(","):
            self._complex(relative=relative)

    def _complex(self, *, relative: bool) -> None:
        self._space()
        if relative and self._peek() in (">", "+", "~"):
            self.here += 1
            self._space()
        self._compound()
        while True:
            spaced = self._space()
            if self._peek() in (">", "+", "~") and self._peek():
                self.here += 1
                self._space()
            elif not spaced or self._peek() in ("", ",", ")"):
                return
            self._compound()

    def _compound(self) -> None:
        began = self.here
        if self._next("*") or self._take(_IDENT):
            pass
        while self._simple():
            pass
        if self.here == began:
            raise self.wrong(f"a name is missing before {self._peek()!r}" if self._peek() else "a name is missing")

    def _simple(self) -> bool:
        if self._next("#"):
            self._need(_HASH, "the id after '#' is missing")
        elif self._next("."):
            self._need(_IDENT, "the class after '.' is missing or begins with a digit")
        elif self._next("["):
            self._attribute()
        elif self._next(":"):
            self._pseudo()
        else:
            return False
        return True

    def _attribute(self) -> None:
        self._space()
        self._need(_IDENT, "the attribute after '[' is missing")
        self._space()
        if self._take(_OPERATOR):
            self._space()
            if not (self._take(_STRING) or self._take(_IDENT)):
                raise self.wrong("the value of the attribute is missing, or needs quotes")
            if self._space() and self._peek().lower() in ("i", "s") and self._peek():
                self.here += 1
                self._space()
        if not self._next("]"):
            raise self.wrong("']' is missing")

    def _pseudo(self) -> None:
        if self._peek() == ":":
            raise self.wrong("'::' is a part of an element and selects none")
        name = self._need(_IDENT, "the name after ':' is missing").lower()
        if name in _PLAIN:
            return
        if name not in _LISTS | _COUNTING | _WORDS:
            if name in _OTHERS:
                raise self.wrong(f"':{name}' belongs to another language than CSS")
            near = difflib.get_close_matches(name, sorted(_PLAIN | _LISTS | _COUNTING), 1, 0.75)
            raise self.wrong(f"':{name}' is unknown{f'; did you mean :{near[0]}?' if near else ''}")
        if not self._next("("):
            raise self.wrong(f"':{name}' needs something in parentheses")
        if name in _LISTS:
            self.several(relative=name == "has")
        elif name in _COUNTING:
            self._need(_NTH, f"':{name}' needs a number, odd, even, or one like 2n+1")
            if self.text.startswith("of ", self.here):
                self.here += 3
                self.several()
        else:
            self._space()
            if not (self._take(_IDENT) or self._take(_STRING)):
                raise self.wrong(f"':{name}' needs a word")
        self._space()
        if not self._next(")"):
            raise self.wrong("')' is missing")

    # --- characters ---------------------------------------------------------------------------------

    def _peek(self) -> str:
        return self.text[self.here : self.here + 1]

    def _next(self, char: str) -> bool:
        if self._peek() != char:
            return False
        self.here += 1
        return True

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.here)
        if found is None:
            return ""
        self.here = found.end()
        return found.group()

    def _need(self, pattern: re.Pattern[str], otherwise: str) -> str:
        return self._take(pattern) or self._fail(otherwise)

    def _fail(self, what: str) -> str:
        raise self.wrong(what)

    def _space(self) -> bool:
        return bool(self._take(_SPACE))
