"""How often a host, or a vendor with many hosts, is asked: a burst, then a steady rate, and few requests at a time."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from livepane.egress.options import Politeness

_MOST_LIMITERS = 2_000


@dataclass(frozen=True, slots=True)
class Vendor:
    """A board vendor whose hosts share one limit, whichever customer's board is read."""

    name: str
    hosts: tuple[str, ...]  # these and what lies below them
    requests_per_second: float  # over all of its hosts; as many at the same time


# What these vendors bear from one reader, as the makers of readers report; Workable answers 429 above it. Workday needs no
# row: each tenant has a host of its own.
VENDORS = (
    Vendor("Greenhouse", ("greenhouse.io",), 5),
    Vendor("Ashby", ("ashbyhq.com",), 5),
    Vendor("Lever", ("lever.co",), 2),
    Vendor("Workable", ("workable.com",), 2),
)


def vendor_of(host: str) -> Vendor | None:
    """The vendor that runs the host, when it has a limit of its own."""
    for vendor in VENDORS:
        if any(host == one or host.endswith(f".{one}") for one in vendor.hosts):
            return vendor
    return None


class Limiter:
    """One rate (GCRA: a bucket that fills steadily) and a number of places."""

    def __init__(self, rate: float, burst: int, places: int) -> None:
        self._interval = 1 / rate  # s
        self._burst = burst
        self._places = places
        self._busy = 0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._next = 0.0  # when the bucket will be full, monotonic

    @property
    def idle(self) -> bool:
        """Nobody is or waits in it, and its burst is whole."""
        return not self._busy and not self._queue and self._next <= time.monotonic()

    def change(self, rate: float, burst: int, places: int) -> None:
        """Other limits from now on."""
        self._interval, self._burst, self._places = 1 / rate, burst, places
        self._admit()

    def hold(self, seconds: float) -> None:
        """Nobody's turn comes before so long from now."""
        self._next = max(self._next, time.monotonic() + seconds + (self._burst - 1) * self._interval)

    def book(self, now: float) -> float:
        """Take the next turn: seconds from `now` (monotonic) until it comes; 0 within the burst."""
        self._next = max(now, self._next) + self._interval
        return max(0.0, self._next - now - self._burst * self._interval)

    async def enter(self) -> None:
        """Wait for a place, then for the rate. `leave` afterwards."""
        if self._busy >= self._places or self._queue:
            place = asyncio.get_running_loop().create_future()
            self._queue.append(place)
            try:
                await place
            except BaseException:
                if place.done() and not place.cancelled():
                    self.leave()  # it was given to us as we went
                else:
                    with suppress(ValueError):
                        self._queue.remove(place)
                raise
        else:
            self._busy += 1
        if (wait := self.book(time.monotonic())) > 0:
            try:
                await asyncio.sleep(wait)
            except BaseException:
                self.leave()
                raise

    def leave(self) -> None:
        """Give the place back."""
        self._busy -= 1
        self._admit()

    def _admit(self) -> None:
        while self._queue and self._busy < self._places:
            place = self._queue.popleft()
            if not place.done():
                self._busy += 1
                place.set_result(None)


class Rates:
    """The limiters of a server, by host and port, or by vendor. Files have turns of their own, in `files`."""

    def __init__(self, politeness: Politeness, files: Rates | None = None) -> None:
        self.files = files
        self._politeness = politeness
        self._limiters: dict[str, Limiter] = {}
        self._delays: dict[str, float] = {}  # s between two requests, as a robots.txt asks for

    @property
    def politeness(self) -> Politeness:
        """As it is now."""
        return self._politeness

    def change(self, politeness: Politeness) -> None:
        """Other limits for every host, from now on."""
        self._politeness = politeness
        for key, limiter in self._limiters.items():
            limiter.change(*self._limits(key))

    def slow(self, host: str, port: int, delay: float) -> None:
        """Mind the Crawl-delay of a host, in seconds."""
        key = _key(host, port)
        self._delays[key] = min(delay, self._politeness.longest_crawl_delay)
        self.limiter(host, port).change(*self._limits(key))
        if self.files is not None:
            self.files.slow(host, port, delay)

    def hold(self, host: str, port: int, seconds: float) -> None:
        """The host asked for a pause, from pages and files."""
        self.limiter(host, port).hold(seconds)
        if self.files is not None:
            self.files.hold(host, port, seconds)

    @asynccontextmanager
    async def turn(self, host: str, port: int) -> AsyncIterator[None]:
        """Wait until the host may be asked; the place is ours inside the block."""
        limiter = self.limiter(host, port)
        await limiter.enter()
        try:
            yield
        finally:
            limiter.leave()

    def limiter(self, host: str, port: int) -> Limiter:
        """The one that counts for a host and port."""
        key = _key(host, port)
        if (found := self._limiters.get(key)) is None:
            if len(self._limiters) >= _MOST_LIMITERS:
                for idle in [one for one, limiter in self._limiters.items() if limiter.idle]:
                    del self._limiters[idle]
                    self._delays.pop(idle, None)
            found = self._limiters[key] = Limiter(*self._limits(key))
        return found

    def _limits(self, key: str) -> tuple[float, int, int]:
        for vendor in VENDORS:
            if key == vendor.name:
                most = int(vendor.requests_per_second)
                return vendor.requests_per_second, most, most
        polite = self._politeness
        if (delay := self._delays.get(key, 0.0)) > 1 / polite.requests_per_second:
            return 1 / delay, 1, 1
        return polite.requests_per_second, polite.burst, polite.per_host


def _key(host: str, port: int) -> str:
    vendor = vendor_of(host)
    return vendor.name if vendor is not None else f"{host}:{port}"
