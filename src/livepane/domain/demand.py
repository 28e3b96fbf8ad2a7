"""What viewers ask of a stream, alone and together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from livepane.domain.frame import Encoding

FPS_RANGE = (0.1, 60.0)
QUALITY_RANGE = (10, 100)
SIDE_RANGE = (16, 8192)


@dataclass(frozen=True, slots=True)
class RenditionSpec:
    """A stream in one encoding, quality and size. Equal specs share one encode."""

    encoding: Encoding | None = Encoding.JPEG  # None: as the source has it (JPEG where it has raw pixels)
    quality: int | None = None  # 10-100; None: whatever the source has, else DEFAULT_QUALITY
    width: int | None = None  # the picture is scaled down to fit into width x height, never up
    height: int | None = None
    outlined: bool = False  # the element that is worked on is drawn into the picture


@dataclass(frozen=True, slots=True)
class Demand:
    """What the viewers of one stream together ask its source for. No demand: no capture."""

    fps: float  # pictures a second at the most
    quality: int | None = None  # the best that anybody asked for; None: the source's default
    width: int | None = None  # the largest box that anybody asked for; None: the source's own size
    height: int | None = None
    highlight: bool = False  # somebody wants to see which element is worked on

    def exceeds(self, other: Demand | None) -> bool:
        """Whether this asks for a larger or better picture than `other` did."""
        if other is None:
            return True
        return any(
            theirs is not None and (ours is None or ours > theirs)
            for ours, theirs in ((self.width, other.width), (self.height, other.height), (self.quality, other.quality))
        )


def merge(wishes: Iterable[tuple[float, RenditionSpec]], *, highlight: bool = False) -> Demand | None:
    """The least demand that serves every (fps, spec); None when there is no wish. `highlight`: somebody wants that, too."""
    wishes = list(wishes)
    if not wishes:
        return None
    specs = [spec for _, spec in wishes]

    def largest(values: list[int | None]) -> int | None:
        known = [value for value in values if value is not None]
        return max(known) if len(known) == len(values) else None

    qualities = [spec.quality for spec in specs if spec.quality is not None]
    return Demand(
        fps=max(fps for fps, _ in wishes),
        quality=max(qualities) if qualities else None,
        width=largest([spec.width for spec in specs]),
        height=largest([spec.height for spec in specs]),
        highlight=highlight,
    )
