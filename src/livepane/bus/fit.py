"""What other nodes say, made to fit: a node of another version, or a record that somebody else wrote, breaks nothing here."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from livepane.domain.demand import FPS_RANGE, QUALITY_RANGE, SIDE_RANGE, Demand
from livepane.domain.stream import Action, Box, Spot
from livepane.wire.publish import EVERY_RANGE

log = logging.getLogger(__name__)

_LONGEST = 500  # characters of a label or selector
_LAST = 8_640_000_000_000 * 10**9  # ns: the last moment of a JavaScript Date


@contextmanager
def whatever_it_is(what: str, stream: str) -> Iterator[None]:
    """One record that breaks something does not break the link with all others."""
    try:
        yield
    except Exception:
        log.exception("a %s for %s could not be used", what, stream)


def fit_demand(demand: Demand) -> Demand:
    """Within what viewers may ask for."""
    fps = demand.fps if math.isfinite(demand.fps) else FPS_RANGE[0]
    return replace(
        demand,
        fps=min(max(fps, FPS_RANGE[0]), FPS_RANGE[1]),
        quality=_within(demand.quality, QUALITY_RANGE),
        width=_within(demand.width, SIDE_RANGE),
        height=_within(demand.height, SIDE_RANGE),
    )


def fit_action(action: Action, at: int) -> Action:
    """With lengths that viewers take, at another time."""
    selector = None if action.selector is None else action.selector[:_LONGEST]
    box = action.box if action.box is not None and _is_box(action.box) else None
    return Action(action.label[:_LONGEST], fit_moment(at), selector, box)


def fit_moment(at: int) -> int:
    """A time that every clock can show, ns since the Unix epoch."""
    return min(max(at, 0), _LAST)


def fit_spot(spot: Spot | None) -> Spot | None:
    """None, where it is none that could be drawn."""
    if spot is None or not _is_box(spot.box) or not (0 < spot.width < math.inf and 0 < spot.height < math.inf):
        return None
    selector = None if spot.selector is None else spot.selector[:_LONGEST]
    return replace(spot, label=spot.label[:_LONGEST], selector=selector)


def fit_seconds(every: float | None) -> float | None:
    """A time between two pictures."""
    return min(every, EVERY_RANGE[1]) if every is not None and 0 < every < math.inf else None


def _within(value: int | None, bounds: tuple[int, int]) -> int | None:
    return None if value is None else min(max(value, bounds[0]), bounds[1])


def _is_box(box: Box) -> bool:
    return all(math.isfinite(one) for one in (box.x, box.y, box.width, box.height))
