"""What a source tells beside its pictures: what it is, what happens there, and where."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque

from livepane.domain.stream import Action, Spot

ACTIONS_KEPT = 200


class Told(ABC):
    """The part of a stream that is words. `_changed` is called when some of it is new, `_pointed` when the spot is."""

    def __init__(self, title: str, url: str | None) -> None:
        self.title, self.url, self.masked = title, url, False
        self.actions: deque[Action] = deque(maxlen=ACTIONS_KEPT)
        self.action_count = 0
        self.spot: Spot | None = None  # where the newest action works, as far as it is known and asked for

    def describe(self, *, title: str | None = None, url: str | None = None, masked: bool | None = None) -> None:
        """Say what is shown; None leaves a field as it is."""
        before = (self.title, self.url, self.masked)
        self.title = self.title if title is None else title[:500]
        self.url = self.url if url is None else url[:8192]
        self.masked = self.masked if masked is None else masked
        if (self.title, self.url, self.masked) != before:
            self._changed()

    def action(self, action: Action) -> None:
        """A named moment."""
        self.actions.append(action)
        self.action_count += 1
        if self.spot is not None and not self._is_of_now(self.spot):
            self.point(None)
        self._changed()

    def point(self, spot: Spot | None) -> None:
        """Where the element of the newest action is now. One of an action that is over, or that nobody asked for, is ignored."""
        if spot is not None and not (self.may_point and self._is_of_now(spot)):
            return
        if spot != self.spot:
            self.spot = spot
            self._pointed()

    def _is_of_now(self, spot: Spot) -> bool:
        newest = self.actions[-1] if self.actions else None
        return newest is not None and (newest.label, newest.selector) == (spot.label, spot.selector)

    @property
    @abstractmethod
    def may_point(self) -> bool:
        """Whether somebody wants to see which element is worked on."""

    @abstractmethod
    def _changed(self) -> None: ...

    @abstractmethod
    def _pointed(self) -> None: ...
