"""Every connection of the server: so many in all and so many of one address, and who has to make room when there are more.

Whoever opens connections and says nothing must not keep others out: beyond a limit the one that has waited longest without
a request is dropped for the new one. Only when all are busy is the new one refused.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable

log = logging.getLogger(__name__)

TELL_EVERY = 60.0  # seconds between two lines about the same thing: a flood of connections must not become one of lines


class Seat:
    """The place of one connection. It begins idle."""

    __slots__ = ("_crowd", "address", "transport")

    def __init__(self, crowd: Crowd, address: str, transport: asyncio.Transport) -> None:
        self._crowd, self.address, self.transport = crowd, address, transport

    def busy(self) -> None:
        """A request is being answered, or it has become a WebSocket: it makes room for nobody."""
        self._crowd._waiting(self, False)

    def idle(self) -> None:
        """It waits for its next request."""
        self._crowd._waiting(self, True)

    def leave(self) -> None:
        """It is gone. May be said twice."""
        self._crowd._left(self)


class Crowd:
    """All connections. `exempt` says which addresses are not counted by themselves: those of trusted proxies."""

    def __init__(self, limit: int, limit_per_address: int, exempt: Callable[[str], bool] = lambda _: False) -> None:
        self._limit, self._limit_per_address, self._exempt = limit, limit_per_address, exempt
        self._seats: set[Seat] = set()
        self._of: Counter[str] = Counter()
        # Dictionaries keep the order: the first has waited longest.
        self._idle: dict[Seat, None] = {}
        self._idle_of: defaultdict[str, dict[Seat, None]] = defaultdict(dict)
        self._told: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def enter(self, address: str, transport: asyncio.Transport) -> Seat | None:
        """A place for a new connection; None when all are taken by busy ones."""
        if self._of[address] >= self._limit_per_address and not self._exempt(address):
            self._tell("LIVEPANE_MAX_CONNECTIONS_PER_ADDRESS", self._limit_per_address, f" of {address}")
            if not self._make_room(self._idle_of[address]):
                self._forget(address)
                return None
        if len(self._seats) >= self._limit:
            self._tell("LIVEPANE_MAX_CONNECTIONS", self._limit, "")
            if not self._make_room(self._idle):
                self._forget(address)
                return None
        seat = Seat(self, address, transport)
        self._seats.add(seat)
        self._of[address] += 1
        self._waiting(seat, True)
        return seat

    def _make_room(self, idle: dict[Seat, None]) -> bool:
        oldest = next(iter(idle), None)
        if oldest is None:
            return False
        self._left(oldest)
        oldest.transport.abort()
        return True

    def _waiting(self, seat: Seat, waits: bool) -> None:
        self._idle.pop(seat, None)
        of_address = self._idle_of[seat.address]
        of_address.pop(seat, None)
        if waits and seat in self._seats:
            self._idle[seat] = of_address[seat] = None
        self._forget(seat.address)

    def _left(self, seat: Seat) -> None:
        if seat in self._seats:
            self._seats.remove(seat)
            self._of[seat.address] -= 1
        self._waiting(seat, False)

    def _forget(self, address: str) -> None:
        if not self._idle_of[address]:
            del self._idle_of[address]
        if not self._of[address]:
            del self._of[address]

    def _tell(self, setting: str, limit: int, whose: str) -> None:
        now = time.monotonic()
        if now - self._told.get(setting, -TELL_EVERY) >= TELL_EVERY:
            self._told[setting] = now
            log.warning("%d connections%s are open (%s); those that wait longest make room for new ones", limit, whose, setting)
