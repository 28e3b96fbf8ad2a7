"""A part of a picture that is to be painted over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patch:
    """Each side as a share of the picture's own: 0 is left or top, 1 right or bottom."""

    left: float
    top: float
    right: float
    bottom: float
