"""Who gets how much when there is not enough: weighted max-min fairness. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """What one stream could use, and how much it matters."""

    wants: float  # pictures a second
    weight: float  # of two that are short, the one with twice the weight gets twice as much


def share(claims: Sequence[Claim], limit: float) -> list[float]:
    """Pictures a second for each claim: all that it wants while there is enough, otherwise by weight.

    Never more than it wants, never more than `limit` together, and nothing is left over while somebody wants more. The
    water rises evenly, by weight, and who is full leaves the rest to the others (Bertsekas and Gallager, Data Networks, 6.5.2).
    """
    shares = [0.0] * len(claims)
    left = max(0.0, limit)
    # Those who are full first come first.
    order = sorted(range(len(claims)), key=lambda at: claims[at].wants / claims[at].weight)
    weight = sum(claim.weight for claim in claims)
    for at in order:
        claim = claims[at]
        shares[at] = min(claim.wants, left * claim.weight / weight if weight > 0 else left)
        left = max(0.0, left - shares[at])
        weight -= claim.weight
    return shares


def weight_of(width: int, height: int, viewers: int) -> float:
    """How much a stream matters: with the side length at which it is shown, and a little with how many look.

    1 for one viewer of 640 x 360. A wall tile of 320 x 180 has half of that, a full screen three times as much.
    """
    size = math.sqrt(max(1, width) * max(1, height) / (640 * 360))
    return min(4.0, max(0.25, size)) * min(2.0, 1.0 + 0.1 * max(0, viewers - 1))
