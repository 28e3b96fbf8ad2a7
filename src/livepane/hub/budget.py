"""What all captures together may cost. Once a second it measures, and when that is too much it slows every stream fairly."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from livepane import cpu
from livepane.domain.demand import Demand
from livepane.hub.governor import Governor
from livepane.hub.hub import Hub, Limit
from livepane.hub.sharing import Claim, share, weight_of
from livepane.hub.stream import Stream

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds
IDLE_EVERY = 10  # rounds, while nothing is captured
MEMORY = 3.0  # seconds that the rate of a stream is averaged over, and at least as long as three of its pictures take
HUNGRY = 0.75  # of what it may: a stream that gives so much would probably give more
AMPLE = 1.5  # times what it gives now is what any other could use: it may start to move at any moment
LEAST = 1.0  # picture a second that every stream could use
FLOOR = 0.5  # pictures a second of a stream that the CPU limit leaves on average
SLACK = 0.95  # sources keep to a rate within 5 %
KEEP = 0.85  # a stream keeps its rate when that is at least so much of a new one: no change for nothing


@dataclass(frozen=True, slots=True)
class State:
    """What viewers are told."""

    slowed: int = 0
    limit: Limit | None = None
    allowed: float | None = None  # the setting that was reached


class _Rate:
    """Pictures a second of one stream, averaged."""

    __slots__ = ("_captures", "value")

    def __init__(self, stream: Stream, wanted: float) -> None:
        self._captures = stream.captures
        self.value = wanted  # until it has shown what it gives

    def measure(self, stream: Stream, cap: float, seconds: float) -> float:
        """Count what came in the last `seconds`; returns that, a second."""
        new = (stream.captures - self._captures) / seconds
        self._captures = stream.captures
        part = min(1.0, seconds / max(MEMORY, 3 / cap))
        self.value += (new - self.value) * part
        return new


class Budget:
    """Use as an async context manager around the life of the hub's streams. `cpu_limit`: share of the machine (0-1; 1: no
    limit), `fps`: pictures a second (None: no limit)."""

    def __init__(self, hub: Hub, *, cpu_limit: float, fps: float | None) -> None:
        self.used = 0.0  # share of the machine, server and browsers, in the last second
        self.browser_seconds = 0.0  # CPU of everything that this process started, Chromium above all
        self.state = State()
        self._hub, self._fps = hub, fps
        self._governor = Governor(cpu_limit)
        self._rates: dict[Stream, _Rate] = {}
        self._browsers = cpu.Descendants()
        self._cores = cpu.cores()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.get_running_loop().create_task(self._run(), name="capture budget")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    @property
    def allowed(self) -> float | None:
        """Pictures a second that all captures together may take now; None: as many as anybody wants."""
        limits = [] if self._fps is None else [self._fps * SLACK]
        if self._governor.allowed is not None:
            limits.append(self._governor.allowed)
        return min(limits, default=None)

    async def _run(self) -> None:
        at, before, rounds = time.monotonic(), cpu.own() + self._browsers.seconds(), 0
        while True:
            await asyncio.sleep(EVERY)
            rounds += 1
            idle = not self._rates and not any(_wish(stream) for stream in self._hub.all())
            if idle and rounds % IDLE_EVERY:
                continue
            try:
                self.browser_seconds = await asyncio.to_thread(self._browsers.seconds)
                now, spent = time.monotonic(), cpu.own() + self.browser_seconds
                seconds, self.used = now - at, (spent - before) / (now - at) / self._cores
                at, before = now, spent
                self.step(seconds)
            except Exception:  # the server does not end for its accounts
                log.exception("the capture budget could not be kept")

    def step(self, seconds: float) -> None:
        """Measure what was captured in the last `seconds`, and say what every stream may take from now on."""
        streams = {stream: wish.fps for stream in self._hub.all() if (wish := _wish(stream)) is not None}
        for gone in self._rates.keys() - streams.keys():
            del self._rates[gone]
            _limit(gone, None, slowed=False)
        claims, hungry, together = [], [], 0.0
        for stream, wanted in streams.items():
            rate = self._rates.setdefault(stream, _Rate(stream, wanted))
            may = min(wanted, stream.capture.cap or wanted)
            together += rate.measure(stream, may, seconds)
            hungry.append(rate.value >= HUNGRY * may)
            wants = wanted if hungry[-1] else min(wanted, max(LEAST, AMPLE * rate.value))
            claims.append(Claim(wants, weight_of(*_size(stream), stream.viewers)))
        self._governor.step(self.used, together, sum(claim.wants for claim in claims), FLOOR * len(streams))
        self._apply(streams, claims, hungry)

    def _apply(self, streams: dict[Stream, float], claims: list[Claim], hungry: list[bool]) -> None:
        allowed, slowed = self.allowed, 0
        shares = [claim.wants for claim in claims] if allowed is None else share(claims, allowed)
        spare = 0.0 if allowed is None else max(0.0, allowed - sum(shares))  # for whoever starts to move before the next round
        for (stream, wanted), fair, is_hungry in zip(streams.items(), shares, hungry, strict=True):
            cap = None if allowed is None or fair + spare >= wanted else fair + spare
            if cap is not None and stream.capture.cap is not None and KEEP * cap <= stream.capture.cap <= cap:
                cap = stream.capture.cap
            held = cap is not None and is_hungry
            slowed += held
            _limit(stream, cap, slowed=held)
        self._tell(slowed)

    def _tell(self, slowed: int) -> None:
        before, governor = self.state, self._governor
        if not slowed:
            self.state = State()
        elif governor.allowed is not None and governor.allowed == self.allowed:
            self.state = State(slowed, "cpu", governor.limit)
        else:
            self.state = State(slowed, "fps", self._fps)
        if self.state == before:
            return
        self._hub.tell_budget(self.state.limit, self.state.allowed)
        if self.state.limit == before.limit:
            return
        if self.state.limit is None:
            log.info("captures are within their budget again")
        else:
            limit = f"LIVEPANE_CAPTURE_{self.state.limit.upper()}={self.state.allowed:g}"
            log.warning("captures reach their budget (%s): %d streams are slowed, small ones first", limit, slowed)


def _wish(stream: Stream) -> Demand | None:
    """What is asked of this machine: another node captures within a budget of its own."""
    return stream.capture.wish if stream.node is None else None


def _limit(stream: Stream, cap: float | None, *, slowed: bool) -> None:
    stream.capture.limit(cap)
    stream.slow(cap if slowed else None)


def _size(stream: Stream) -> tuple[int, int]:
    """px at which it is shown at the most."""
    newest, wish = stream.newest_or_none(), stream.capture.wish
    width, height = (newest.picture.width, newest.picture.height) if newest else (1280, 720)
    if wish is not None:
        width, height = min(width, wish.width or width), min(height, wish.height or height)
    return width, height
