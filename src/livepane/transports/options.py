"""What a viewer may ask for in a URL or a command, read once and said clearly when it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from livepane.domain.demand import FPS_RANGE, QUALITY_RANGE, SIDE_RANGE, RenditionSpec
from livepane.domain.errors import BadRequest
from livepane.domain.frame import Encoding

FORMATS = ("jpeg", "png", "webp")
_JSON_FPS = (1, 30)


@dataclass(frozen=True, slots=True)
class FrameOptions:
    """Options of the JSON frames socket: fps 1-30, quality 10-100, format; without size parameters nothing is scaled.

    Quality is 80, or what a source that encodes by itself has, until somebody asks for another.
    """

    fps: float = 10
    quality: int | None = None
    format: str = "jpeg"
    width: int | None = None
    height: int | None = None

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> FrameOptions:
        """Read them from the URL.

        Raises:
            BadRequest: names the value and the range.
        """
        return cls().updated({name: query[name] for name in ("fps", "quality", "format", "width", "height") if name in query})

    def updated(self, changes: Any) -> FrameOptions:
        """These options with some of them changed; nothing is changed when one is wrong.

        Raises:
            BadRequest: names the value and the range.
        """
        if not isinstance(changes, dict):
            raise BadRequest(f"options = {changes!r} must be an object with any of fps, quality, format, width, height")
        values: dict[str, Any] = {}
        for name, value in changes.items():
            match name:
                case "fps":
                    values[name] = number(name, value, *_JSON_FPS)
                case "quality":
                    values[name] = whole(name, value, *QUALITY_RANGE)
                case "width" | "height":
                    values[name] = None if value is None else whole(name, value, *SIDE_RANGE)
                case "format":
                    values[name] = image_format(value)
                case _:
                    raise BadRequest(f"option {name!r} is unknown; options are fps, quality, format, width, height")
        return replace(self, **values)

    def spec(self) -> RenditionSpec:
        """The rendition that serves them."""
        return RenditionSpec(Encoding(self.format), self.quality, self.width, self.height)


def spec_of_query(query: Mapping[str, str], encoding: Encoding = Encoding.JPEG) -> RenditionSpec:
    """Quality and size from a URL; what is absent stays as the source has it.

    Raises:
        BadRequest: names the value and the range.
    """
    return RenditionSpec(
        encoding,
        whole("quality", query["quality"], *QUALITY_RANGE) if "quality" in query else None,
        whole("width", query["width"], *SIDE_RANGE) if "width" in query else None,
        whole("height", query["height"], *SIDE_RANGE) if "height" in query else None,
    )


def fps_of_query(query: Mapping[str, str], default: float) -> float:
    """The rate from a URL.

    Raises:
        BadRequest: names the value and the range.
    """
    return number("fps", query["fps"], *FPS_RANGE) if "fps" in query else default


def number(name: str, value: Any, low: float, high: float) -> float:
    """A number within bounds."""
    try:
        result = float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError, OverflowError):  # the last: a whole number of 400 digits
        result = None
    if result is None or not low <= result <= high:
        raise BadRequest(f"{name} = {_shown(value)} must be a number from {low:g} to {high:g}")
    return result


def whole(name: str, value: Any, low: int, high: int) -> int:
    """A whole number within bounds."""
    result = number(name, value, low, high)
    if result != int(result):
        raise BadRequest(f"{name} = {_shown(value)} must be a whole number from {low} to {high}")
    return int(result)


def image_format(value: Any) -> str:
    """The name of an image format; `jpg` is understood."""
    name = "jpeg" if value == "jpg" else value
    if name not in FORMATS:
        raise BadRequest(f"format = {_shown(value)} is unknown; formats are {', '.join(FORMATS)}")
    return str(name)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
