"""What the replicas consist of: shapes of pages, and what is true of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Hung:
    """One picture in one size, as it was served."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Shape:
    """One page as sites make them, and what a downloader has to bring from it."""

    name: str
    about: str
    url: str
    best: Mapping[str, tuple[int, int]]  # every item: its largest size that can be had, px
    options: Mapping[str, Any] = field(default_factory=dict)
    warning: str = ""  # words of a warning that has to come
    any_of: int = 0  # so many of the items are enough: the page has no end
    error: str = ""  # the code, when it has to be one


@dataclass(frozen=True, slots=True)
class Score:
    """What came of one shape."""

    items: int  # that it has
    best: int  # that came at their true maximum
    smaller: tuple[str, ...]  # that came smaller: name and size
    lost: tuple[str, ...]
    false: tuple[str, ...]  # that are none of its items
    twice: int = 0  # items that came more than once
