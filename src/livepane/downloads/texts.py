"""Texts as a manifest holds them: what is written is what will be read back."""

from __future__ import annotations

from livepane.downloads.record import Missed

LONGEST_TEXT = 4000  # characters of a title, an error


def text(given: str) -> str:
    """Without lone surrogates."""
    return given.encode("utf-8", "replace").decode()


def optional(given: str | None) -> str | None:
    """A title, when there is one."""
    return None if given is None else text(given)[:LONGEST_TEXT]


def noted(missed: Missed | None) -> Missed | None:
    """A better file that could not be had."""
    return None if missed is None else Missed(text(missed.url), missed.code, text(missed.message)[:LONGEST_TEXT])
