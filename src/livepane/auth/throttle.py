"""How often one address may show a wrong token at the sign-in."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from livepane.domain.address import block_of
from livepane.domain.errors import TooManyTries

MOST = 10_000  # addresses that are remembered


class Throttle:
    """Failures in the last minute and the last hour, per address (per /64 of IPv6: one machine has all of those)."""

    def __init__(self, per_minute: int, per_hour: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = ((60.0, per_minute), (3600.0, per_hour))
        self._clock = clock
        self.refused = 0  # wrong tokens in all, and tries that came too soon after them
        self.held_off = 0
        self._failures: dict[str, deque[float]] = {}  # the address that failed last is the last

    def check(self, address: str) -> None:
        """See that it may try once more.

        Raises:
            TooManyTries: not yet; says when.
        """
        failures, now = self._failures.get(block_of(address), ()), self._clock()
        wait = 0.0
        for span, most in self._limits:
            if len(failures) >= most and (since := failures[-most] + span - now) > 0:
                wait = max(wait, since)
        if wait:
            self.held_off += 1
            raise TooManyTries(math.ceil(wait))

    def failed(self, address: str) -> None:
        """A wrong token was shown."""
        self.refused += 1
        place = block_of(address)
        most = max(most for _, most in self._limits)
        failures = self._failures.pop(place, None) or deque(maxlen=most)
        failures.append(self._clock())
        self._failures[place] = failures
        if len(self._failures) > MOST:
            del self._failures[next(iter(self._failures))]
