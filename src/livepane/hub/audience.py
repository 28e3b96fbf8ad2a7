"""Everyone who watches a stream, and what they want together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from livepane.domain.demand import Demand, merge
from livepane.domain.stream import StreamId
from livepane.hub.holds import Holds
from livepane.hub.subscription import Subscription

log = logging.getLogger(__name__)


class Audience:
    """Viewers of one stream, and those who poll single pictures of it."""

    def __init__(self, stream_id: StreamId, on_lapse: Callable[[], object], may_highlight: Callable[[], bool]) -> None:
        """`on_lapse`: called when a poller has not come back. `may_highlight`: whether anybody may be shown what is worked on."""
        self.viewers: set[Subscription] = set()
        self.holds = Holds(on_lapse)
        self.followed: Demand | None = None  # what they wanted when it was last asked
        self.asked_at = 0.0  # monotonic: when a larger or better picture than before was last asked for
        self._stream, self._may_highlight = stream_id, may_highlight

    @property
    def busy(self) -> bool:
        """Whether anybody wants pictures."""
        return bool(self.viewers or self.holds.wishes)

    def demand(self) -> Demand | None:
        """What all of them together ask for now."""
        highlight = self._may_highlight() and any(viewer.highlight for viewer in self.viewers)
        return merge([(viewer.fps, viewer.spec) for viewer in self.viewers] + self.holds.wishes, highlight=highlight)

    def follow(self) -> Demand | None:
        """The same, for somebody who gives it to them from now on."""
        now = self.demand()
        if now is not None and now.exceeds(self.followed):
            self.asked_at = time.monotonic()
        self.followed = now
        return now

    def notify(self) -> None:
        """There is a picture, or an end."""
        for viewer in tuple(self.viewers):
            try:
                viewer.notify()
            except Exception:  # it sends in this very call: its trouble must reach neither the source nor the others
                log.exception("%s: a viewer could not take a picture", self._stream)

    def pointed(self) -> None:
        """What is worked on is elsewhere now."""
        for viewer in tuple(self.viewers):
            viewer.pointed()
