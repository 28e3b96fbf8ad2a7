"""Which partitions of the frames are read, from where, and when what was missed is passed over: decided without a socket."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

LATE = 1.0  # seconds that records may be behind until what is left of them is passed over
FOLLOWED = 60.0  # seconds that a partition is read after somebody who is no node wrote to it
LINGER = 5.0  # seconds that a partition is read after nobody wants its streams any more
GLANCE_EVERY = 5.0  # seconds: how often the end of a partition is looked at that nobody reads
GLANCE = 3  # newest records of it that are looked at
STUCK_TICKS = 4  # ticks without progress, although there is more, after which the client is taken to have failed
_GAPS = 256  # records by which the clocks are judged


class Lateness:
    """How late records come, by the broker's clock: the fastest of late is taken to have come at once."""

    def __init__(self) -> None:
        self._gaps: deque[float] = deque(maxlen=_GAPS)

    def of(self, written_at: float, now: float) -> float:
        """Seconds. `written_at` in the broker's clock, `now` in ours: they may be hours apart."""
        gap = now - written_at
        self._gaps.append(gap)
        return gap - min(self._gaps)


@dataclass(slots=True)
class Reading:
    """One partition. Offsets are those of the next record; moments are seconds of a monotonic clock."""

    at: int  # what we read next
    end: int  # what is written next
    wanted: set[str] = field(default_factory=set)  # streams that somebody here watches
    until: float = 0.0  # it is read until then although nobody watches
    glance_to: int | None = None  # it is read up to there, to see who writes
    looked: int = 0  # everything before has been read, or passed over
    looked_at: float = float("-inf")
    stuck: int = 0  # ticks
    reading: bool = False

    @property
    def behind(self) -> int:
        """Records that are to be read; none where nobody reads."""
        return max(0, self.end - self.at) if self.reading else 0


@dataclass(frozen=True, slots=True)
class Change:
    """What the client has to do with a partition."""

    partition: int
    read: bool  # else it rests
    seek: int | None = None


class Live:
    """All partitions of a topic."""

    def __init__(self, ends: Mapping[int, int], begins: Mapping[int, int], *, everything: bool = False) -> None:
        """Both by partition: where it ends and begins. `everything`: all of them are read always."""
        self._begins, self._everything = dict(begins), everything
        self.readings = {number: Reading(at=end, end=end, looked=begins.get(number, 0)) for number, end in ends.items()}

    @property
    def behind(self) -> int:
        """Records that are to be read."""
        return sum(one.behind for one in self.readings.values())

    def begin(self) -> list[Change]:
        """What is read from the start."""
        return [self._read(partition, one.end) for partition, one in self.readings.items()] if self._everything else []

    def want(self, stream: str, partition: int) -> list[Change]:
        """Somebody here watches a stream."""
        one = self.readings[partition]
        one.wanted.add(stream)
        return [] if one.reading else [self._read(partition, one.end)]  # of a second ago: what came since is read at once

    def unwant(self, stream: str, partition: int, now: float) -> None:
        """Nobody does any more; somebody may come back soon."""
        one = self.readings[partition]
        if stream in one.wanted:
            one.wanted.discard(stream)
            one.until = max(one.until, now + LINGER)

    def foreign(self, partition: int, now: float) -> None:
        """Somebody who is no node writes there: nobody announces such streams, so they are found by reading."""
        self.readings[partition].until = now + FOLLOWED

    def took(self, partition: int, at: int, end: int | None) -> None:
        """Records up to `at` were read; the partition had so many then."""
        one = self.readings[partition]
        one.at, one.looked, one.stuck = at, max(one.looked, at), 0
        one.end = max(one.end, at, end or 0)

    def lagging(self) -> list[int]:
        """Partitions that are read, and not to their end."""
        return [number for number, one in self.readings.items() if one.behind]

    def stands(self, partition: int, at: int) -> None:
        """The client reads on at `at`: what is between is nothing that is handed out, such as the end of a transaction."""
        if at > self.readings[partition].at:
            self.took(partition, at, None)

    def skip(self, partition: int) -> tuple[int, Change]:
        """Pass over what is left: how many records that is."""
        one = self.readings[partition]
        left = max(0, one.end - one.at)
        return left, self._read(partition, one.end)

    def places(self) -> dict[int, int]:
        """What is read next, by partition."""
        return {number: one.at for number, one in self.readings.items()}

    def tick(self, ends: Mapping[int, int], before: Mapping[int, int], now: float) -> list[Change]:
        """Once a second: what has to change. `ends`: where the partitions end; `before`: our places when that was asked.

        Raises:
            Stuck: nothing comes although there is something.
        """
        changes = []
        for partition, one in self.readings.items():
            end = ends.get(partition, one.end)
            if end < before.get(partition, 0):
                raise Stuck(f"partition {partition} ends at {end}, and it was read up to {before[partition]}: it was made anew")
            one.end = max(end, one.at)
            if one.reading:
                one.stuck = one.stuck + 1 if one.behind else 0
                if one.stuck > STUCK_TICKS:
                    raise Stuck(
                        f"nothing was read of partition {partition} for {one.stuck} s, and it has {one.behind} records more"
                    )
                if not self._needed(one, now):
                    one.reading, one.glance_to, one.looked = False, None, one.at
                    changes.append(Change(partition, read=False))
            elif end > one.looked and now - one.looked_at >= GLANCE_EVERY:
                one.looked_at, one.glance_to = now, end
                changes.append(self._read(partition, max(one.looked, end - GLANCE, self._begins.get(partition, 0))))
        return changes

    def glanced(self, partition: int, now: float) -> list[Change]:
        """After records were read: a partition that was only looked at rests again."""
        one = self.readings[partition]
        if one.reading and not self._needed(one, now):
            one.reading, one.glance_to = False, None
            return [Change(partition, read=False)]
        return []

    def committed(self) -> dict[int, int]:
        """What a tool for operators is to believe: where nobody reads, nothing is behind."""
        return {number: one.at if one.reading else one.end for number, one in self.readings.items()}

    def _needed(self, one: Reading, now: float) -> bool:
        glancing = one.glance_to is not None and one.at < one.glance_to
        return self._everything or bool(one.wanted) or now < one.until or glancing

    def _read(self, partition: int, seek: int) -> Change:
        one = self.readings[partition]
        one.reading, one.at, one.stuck = True, seek, 0
        return Change(partition, read=True, seek=seek)


class Stuck(Exception):
    """The client has stopped reading and does not know it."""
