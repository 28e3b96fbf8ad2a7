"""What somebody wants painted over, as CSS selectors."""

from __future__ import annotations

from collections.abc import Iterable

from livepane.domain.errors import BadRequest

MOST_SELECTORS = 50
SELECTOR_LENGTH = 500  # characters


def selectors(wanted: object) -> tuple[str, ...]:
    """A text, or texts: checked, each one once. One text is one selector.

    Whether it is CSS only a page can say, and shows no picture if it is not.

    Raises:
        BadRequest: too many, too long, or none at all.
    """
    if not isinstance(wanted, Iterable):
        raise BadRequest(f"{wanted!r} is not a list of CSS selectors, such as ['#card'].")
    listed: list[str] = []
    for one in [wanted] if isinstance(wanted, str) else wanted:
        if not isinstance(one, str) or not one.strip():
            raise BadRequest(f"{one!r} is not a CSS selector, such as '#card'.")
        if len(one) > SELECTOR_LENGTH:
            raise BadRequest(f"a selector has {len(one)} characters; at most {SELECTOR_LENGTH} are taken: {one[:40]!r} ...")
        listed.append(one.strip())
    found = tuple(dict.fromkeys(listed))
    if len(found) > MOST_SELECTORS:
        raise BadRequest(
            f"{len(found)} selectors; at most {MOST_SELECTORS} are taken. One selector may list many: '#card, #name'."
        )
    return found
