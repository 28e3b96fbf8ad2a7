"""Short codes by which somebody lets a browser in: shown on the dashboard, typed into the extension, good once."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from livepane.auth.texts import digest_of, same
from livepane.auth.throttle import Throttle
from livepane.domain.access import Grant
from livepane.domain.errors import NotFound, TooMany, Unauthorised

SECONDS = 600.0
REMEMBERED = 3600.0  # seconds that one is told of after its time
MOST = 100  # that wait, or are remembered
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that looks like another one: 30 of them, 8 at random are 39 bits
_LENGTH = 8
_OTHER = re.compile(r"[\s\u2010-\u2015_-]+")  # what people and their phones write between the halves


class PairingState(StrEnum):
    """What became of a code."""

    WAITING = "waiting"
    PAIRED = "paired"
    EXPIRED = "expired"


@dataclass(slots=True)
class Pairing:
    """One code, from the moment that it is shown. It is kept as a digest."""

    id: str
    digest: str
    until: float  # monotonic seconds
    parent: Grant | None  # whoever made it: the token that comes of it dies with that
    name: str | None = None  # of the browser that has used it
    used: bool = False  # somebody has it: a name follows when the token is made

    def state(self, now: float) -> PairingState:
        """How it stands."""
        if self.name is not None:
            return PairingState.PAIRED
        return PairingState.WAITING if now < self.until else PairingState.EXPIRED


class Pairings:
    """Those of the last hour. In memory: ten minutes outlive no restart. Belongs to one event loop."""

    def __init__(self, throttle: Throttle, clock: Callable[[], float] = time.monotonic) -> None:
        """`throttle`: how many wrong codes one address may try."""
        self.throttle, self._clock = throttle, clock
        self._all: dict[str, Pairing] = {}  # by id; the oldest first

    def make(self, parent: Grant | None) -> tuple[str, Pairing]:
        """A new code, as it is shown: `ABCD-EFGH`.

        Raises:
            TooMany: too many wait to be used.
        """
        now = self._clock()
        for one in list(self._all.values()):
            if now >= one.until + REMEMBERED or (len(self._all) >= MOST and one.state(now) is not PairingState.WAITING):
                del self._all[one.id]
        if len(self._all) >= MOST:
            raise TooMany(f"{MOST} codes wait to be used; use one of them, or ask again in {SECONDS / 60:.0f} min")
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        pairing = Pairing(secrets.token_hex(8), digest_of(code), now + SECONDS, parent)
        self._all[pairing.id] = pairing
        return f"{code[:4]}-{code[4:]}", pairing

    def find(self, pairing_id: str) -> tuple[Pairing, PairingState]:
        """One of them, and how it stands.

        Raises:
            NotFound: there is none, or none any more.
        """
        found = self._all.get(pairing_id)
        if found is None:
            raise NotFound(f"there is no pairing {pairing_id[:80]!r} (any more); POST /api/pairings makes one")
        return found, found.state(self._clock())

    def take(self, code: str, address: str) -> Pairing:
        """The pairing of a code that somebody typed, in any spelling; nobody else can take it from now on.

        Raises:
            TooManyTries: this address has tried too many wrong ones.
            Unauthorised: there is no such code, or it was used, or it is too old.
        """
        self.throttle.check(address)
        digest, now = digest_of(_OTHER.sub("", code).upper()), self._clock()
        found = next((one for one in self._all.values() if same(one.digest, digest)), None)
        if found is None or found.used or found.state(now) is not PairingState.WAITING:
            self.throttle.failed(address)
            raise Unauthorised(
                f"this code is not good (any more): it works once, within {SECONDS / 60:.0f} min; "
                "the dashboard shows a new one at Add a pane, Chrome tab"
            )
        found.used = True
        return found

    def give_back(self, pairing: Pairing) -> None:
        """It came to nothing: the code can be used again."""
        pairing.used = False
