"""One immutable picture, before and after a stream has numbered it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Encoding(StrEnum):
    """How the bytes of a picture are to be read."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    RAW = "raw"  # BGRA rows, top down, no padding: width * height * 4 bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """What a source hands over: pixels and when they were taken."""

    captured_at: int  # ns since the Unix epoch, in this machine's clock
    width: int  # px of the picture itself, not of the page that it shows
    height: int
    encoding: Encoding
    data: bytes
    quality: int | None = None  # the encoder setting, where the encoding has one and we know it

    def shows_the_same_as(self, other: Picture) -> bool:
        """Whether both are the same bytes, whenever they were taken."""
        sizes = (self.encoding, self.width, self.height) == (other.encoding, other.width, other.height)
        return sizes and self.data == other.data


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture that a stream has numbered.

    A viewer paints a frame only if its (epoch, seq) is greater than what it painted last.
    """

    epoch: int  # one life of the source; a restarted source gets a greater one
    seq: int  # counts up within an epoch; a gap means pictures were dropped before us
    picture: Picture
    is_key: bool = True  # can be decoded without an earlier frame
    order: tuple[int, int] = field(init=False, repr=False, compare=False)  # decides which of two frames is newer

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", (self.epoch, self.seq))
