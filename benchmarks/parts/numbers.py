"""Percentiles, medians and how numbers are written in a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

__all__ = ["figure", "median", "percentile", "ratio"]


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile, `share` between 0 and 1; nan when there is nothing to rank."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def ratio(value: float, base: float) -> float:
    """`value` in units of `base`; nan when there is no base."""
    return value / base if base else math.nan


def figure(value: float | int | str | None) -> str:
    """Three significant digits, thousands with a thin space, a dash for 'not measured'."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    if abs(value) >= 100:
        return f"{value:.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}"
