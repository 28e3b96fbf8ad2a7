"""Asks the X server to say when something was drawn, so that an unchanged picture costs nothing."""

from __future__ import annotations

import xcffib
import xcffib.damage
import xcffib.xfixes

from livepane.sources.x11.display import Display
from livepane.sources.x11.images import Area


class Damage:
    """Knows whether a window, or the windows inside it, were drawn on since the last clear()."""

    def __init__(self, display: Display, window: int) -> None:
        """The display must have the extension: see watch_damage."""
        self._extension = display.connection(xcffib.damage.key)
        self._extension.QueryVersion(1, 1).reply()
        self._id: int = display.connection.generate_id()
        # BoundingBox: an event only when the damaged box grows. However wild the drawing, there are few between two grabs.
        self._extension.CreateChecked(self._id, window, xcffib.damage.ReportLevel.BoundingBox).check()

    def hit(self, event: xcffib.Event, area: Area | None = None) -> bool:
        """Whether the event says that something (in the area) was drawn."""
        if not isinstance(event, xcffib.damage.NotifyEvent) or event.damage != self._id:
            return False
        box = event.area
        return area is None or area.overlaps(box.x, box.y, box.width, box.height)

    def clear(self) -> None:
        """Start anew. To be called before a grab: what is drawn during the grab is then reported again."""
        self._extension.Subtract(self._id, 0, 0)

    def close(self) -> None:
        """Stop watching."""
        self._extension.Destroy(self._id)


def watch_damage(display: Display, window: int) -> Damage | None:
    """Watch a window; None when the server cannot say, and pictures have to be compared."""
    if not display.has(xcffib.damage.key) or not display.has(xcffib.xfixes.key):
        return None
    return Damage(display, window)
