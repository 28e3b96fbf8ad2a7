"""How many pictures a second the CPU has room for: less when it is too busy, more when it is not. Pure: told once a second."""

from __future__ import annotations

AIM, ROOM = 0.92, 0.85  # of the limit: where a reduction aims at, and below what there is room for more
PATIENCE = 3  # seconds in a row that it has to be too busy, or to have room: one slow page load is neither
STEP = 1.1  # how fast it recovers: small enough that a step from ROOM does not pass the limit (0.85 x 1.1 < 1)


class Governor:
    """`limit` is a share of the machine (0-1). Between ROOM and the limit nothing changes: so it does not oscillate."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.allowed: float | None = None  # pictures a second; None: as many as anybody wants
        self._busy: list[float] = []
        self._roomy = 0

    def step(self, used: float, rate: float, wanted: float, floor: float) -> float | None:
        """Decide for the next second.

        Args:
            used: share of the machine that was used in the last second.
            rate: pictures that were captured in it.
            wanted: pictures a second that all streams together could use.
            floor: pictures a second that are left in any case.
        """
        self._busy = [*self._busy, used] if used > self.limit else []
        self._roomy = self._roomy + 1 if used < ROOM * self.limit else 0
        if len(self._busy) >= PATIENCE and rate > 0:
            # By the calmest of these seconds: pictures are only a part of what is used, so one step may fall short of the
            # aim, and the next one follows when this one has had its effect.
            now = rate if self.allowed is None else min(self.allowed, rate)
            self.allowed = max(floor, now * AIM * self.limit / min(self._busy))
            self._busy = []
        elif self.allowed is not None and self._roomy >= PATIENCE:
            self.allowed *= STEP
            if self.allowed >= wanted:
                self.allowed = None
        return self.allowed
