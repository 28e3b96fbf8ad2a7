"""Whether a file that has come is new, better than what is there, or neither."""

from __future__ import annotations

from livepane.downloads.record import Candidate, Facts, MediaKind, Outcome, Record
from livepane.downloads.similar import SAME_PICTURE

FULLER = 1.02  # times the bytes of a picture with as many pixels, to be a better one

_SVG = "image/svg+xml"
_RANKS = {MediaKind.OTHER: 0, MediaKind.IMAGE: 1, MediaKind.AUDIO: 2, MediaKind.VIDEO: 3}


def comparable(one: str, other: str) -> bool:
    """Whether files of these media types can be looked at side by side."""
    return all(MediaKind.of(kind) is MediaKind.IMAGE and kind != _SVG for kind in (one, other))


def judged(before: Record | None, candidate: Candidate, facts: Facts, figure: float | None) -> Outcome | None:
    """NEW or UPGRADED; None: what is there stays. `figure`: how similar it is to the best that is there, if anybody can say."""
    best = before.best if before else None
    if before is None or best is None:
        return Outcome.NEW
    if any(one.sha256 == facts.sha256 for one in before.versions):
        return None
    rank, best_rank = (_RANKS[MediaKind.of(one)] for one in (facts.media_type, best.media_type))
    if rank != best_rank:
        return Outcome.UPGRADED if rank > best_rank else None
    if figure is not None and figure < SAME_PICTURE:
        return Outcome.NEW if candidate.url == best.url else None
    if _SVG in (facts.media_type, best.media_type) and facts.media_type != best.media_type:
        return None  # lines against points: neither is more
    pixels, best_pixels = ((one.width or 0) * (one.height or 0) for one in (facts, best))
    if pixels != best_pixels:
        return Outcome.UPGRADED if pixels > best_pixels else None
    return Outcome.UPGRADED if facts.bytes > best.bytes * FULLER else None
