"""From what a source captured to what goes over the line."""

from __future__ import annotations

import asyncio

from livepane.domain.demand import Demand, RenditionSpec
from livepane.domain.frame import Encoding, Picture

DEFAULT_QUALITY = 80


class Renderer:
    """Encodes raw pictures as the demand wants them, and leaves out those that look like the last one."""

    def __init__(self) -> None:
        self._last: tuple[Picture, RenditionSpec] | None = None

    def forget(self) -> None:
        """The next picture counts as new whatever it looks like."""
        self._last = None

    async def new(self, picture: Picture, demand: Demand) -> Picture | None:
        """The picture to send; None when it is equal to the last one. An encoded picture passes as it is."""
        spec = RenditionSpec(Encoding.JPEG, demand.quality or DEFAULT_QUALITY, demand.width, demand.height)
        if picture.encoding is Encoding.RAW:
            rendered = await asyncio.to_thread(self._render, picture, spec)
        else:
            rendered = None if self._equal(picture, spec) else picture
        if rendered is not None:
            self._last = (picture, spec)
        return rendered

    def _render(self, picture: Picture, spec: RenditionSpec) -> Picture | None:
        from livepane.media.image import render  # numpy and the codecs: a script whose browser encodes needs neither

        return None if self._equal(picture, spec) else render(picture, spec)

    def _equal(self, picture: Picture, spec: RenditionSpec) -> bool:
        if self._last is None:
            return False
        last, last_spec = self._last
        if picture.encoding is Encoding.RAW and spec != last_spec:
            return False
        return (picture.width, picture.height) == (last.width, last.height) and picture.data == last.data
