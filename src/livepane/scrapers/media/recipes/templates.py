"""Texts with places to fill, such as `{user}`, and the two ways of filling them: as they are, and into an address."""

from __future__ import annotations

import difflib
import string
import unicodedata
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from livepane.scrapers.contract import ScrapeError

OF_A_USER = ("user",)
OF_A_CARD = ("user", "number", "title", "id", "file")
LONGEST_USER = 200  # characters
_FORMAT = string.Formatter()


def places(template: str) -> list[str]:
    """The places in a text, in order.

    Raises:
        ValueError: its braces are not in pairs, or one holds more than a name.
    """
    try:
        parts = list(_FORMAT.parse(template))
    except ValueError as error:
        raise ValueError(f"{error}; write {{user}} for a place, and two braces for a brace") from None
    found = []
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            written = name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
            raise ValueError(f"{{{written}}} is no place to fill; a place is a single word, such as {{user}}")
        found.append(name)
    return found


def check(template: str, known: tuple[str, ...]) -> str:
    """See that a text has no other places than the known ones.

    Raises:
        ValueError: names the place and the known ones.
    """
    for name in places(template):
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            meant = f"did you mean {{{near[0]}}}?" if near else f"there are {', '.join(f'{{{one}}}' for one in known)}"
            raise ValueError(f"{{{name}}} is not known here; {meant}")
    return template


def check_address(template: str) -> str:
    """See that it is a web address, with `{user}` only behind its host.

    Raises:
        ValueError: says what is wrong with it.
    """
    check(template, OF_A_USER)
    if any(ord(char) < 33 for char in template):
        raise ValueError("there is a space or a control character in it")
    parts = urlsplit(template)
    if parts.scheme.lower() not in ("http", "https"):
        raise ValueError("only http:// and https:// are opened")
    if not parts.hostname or "{" in parts.netloc or "@" in parts.netloc:
        raise ValueError("its host is missing, is to be filled, or carries a name or password")
    return template


def filled(template: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; nothing in a value has a meaning."""
    return "".join(
        literal + (values.get(name, "") if name is not None else "") for literal, name, _, _ in _FORMAT.parse(template)
    )


def address(template: str, user: str) -> str:
    """The address with the user name in it, as one segment whatever is in the name."""
    return filled(template, {"user": quote(user, safe="")})


def user_name(given: str) -> str:
    """A user name as it was given, without spaces around it. Any characters that can be typed are good.

    Raises:
        ScrapeError: `bad_target`: it is empty, too long, or cannot be typed.
    """
    name = given.strip()
    shown = repr(name[:60])
    if not name or name in (".", ".."):
        raise ScrapeError("bad_target", f"the user name {shown} is none; give one as the site shows it")
    if len(name) > LONGEST_USER:
        raise ScrapeError("bad_target", f"the user name {shown}… has {len(name):,} characters; {LONGEST_USER} are allowed")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in name):
        raise ScrapeError("bad_target", f"the user name {shown} has control characters or halves of characters in it")
    return name
