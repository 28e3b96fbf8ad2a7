"""One-use tickets: what a script puts into the address of a socket, where it can send no header."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable

from livepane.auth.texts import digest_of
from livepane.domain.access import Grant
from livepane.domain.errors import TooMany, Unauthorised

SECONDS = 30
MOST = 10_000  # that wait to be used
MOST_OF_ONE = 1000  # the same, of one credential: whoever holds a share link leaves room for others


class Tickets:
    """Those that were given and not used yet. In memory: thirty seconds outlive no restart."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[str, tuple[Grant, float]] = {}  # by digest; the oldest first
        self._of: Counter[str] = Counter()  # how many of each credential

    def give(self, grant: Grant) -> str:
        """A new ticket for what `grant` allows.

        Raises:
            TooMany: too many wait to be used.
        """
        now = self._clock()
        while self._waiting:
            oldest = next(iter(self._waiting))
            if self._waiting[oldest][1] > now:
                break
            self._remove(oldest)
        if len(self._waiting) >= MOST:
            raise TooMany(f"{MOST:,} tickets wait to be used; ask again in {SECONDS} s")
        if self._of[grant.id] >= MOST_OF_ONE:
            raise TooMany(f"{MOST_OF_ONE:,} tickets of this token wait to be used; ask again in {SECONDS} s")
        ticket = secrets.token_urlsafe(32)
        self._waiting[digest_of(ticket)] = (grant, now + SECONDS)
        self._of[grant.id] += 1
        return ticket

    def take(self, ticket: str) -> Grant:
        """What it allows; it is spent by this.

        Raises:
            Unauthorised: it has been used, is too old or was never given.
        """
        grant, until = self._remove(digest_of(ticket))
        if grant is None or until <= self._clock():
            raise Unauthorised(
                f"this ticket is not good (any more): it works once, within {SECONDS} s; ask for a new one at POST /api/tickets"
            )
        return grant

    def forget(self) -> None:
        """No ticket that was given so far is good any more."""
        self._waiting.clear()
        self._of.clear()

    def _remove(self, digest: str) -> tuple[Grant | None, float]:
        grant, until = self._waiting.pop(digest, (None, 0.0))
        if grant is not None:
            self._of[grant.id] -= 1
            if not self._of[grant.id]:
                del self._of[grant.id]
        return grant, until
