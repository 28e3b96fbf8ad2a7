"""What jobs looked like at their steps: a picture for each action that somebody watched. In memory, the newest, up to a size."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from itertools import count

from livepane.domain.errors import NotFound
from livepane.domain.frame import Picture
from livepane.domain.stream import Action

MOST = 200  # of one job
MOST_BYTES = 64 * 2**20  # of all jobs together


@dataclass(frozen=True, slots=True)
class Moment:
    """An action, and how its page looked when the next one began."""

    id: str
    action: Action
    picture: Picture


class Moments:
    """Of all jobs. Old ones make room for new ones: those of the job that was watched least lately first."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[int, deque[Moment]] = OrderedDict()
        self._bytes = 0
        self._ids = count(1)

    def keep(self, job: int, action: Action, picture: Picture) -> None:
        """This is what a job's page looked like at the end of an action."""
        if len(picture.data) > self._most_bytes:
            return
        mine = self._kept.setdefault(job, deque())
        self._kept.move_to_end(job)
        mine.append(Moment(str(next(self._ids)), action, picture))
        self._bytes += len(picture.data)
        while len(mine) > self._most:
            self._drop(job)
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._kept)))

    def of(self, job: int) -> list[Moment]:
        """Those of a job, the oldest first; none: nobody watched, or it is too long ago."""
        return list(self._kept.get(job, ()))

    def get(self, job: int, moment: str) -> Moment:
        """One of them.

        Raises:
            NotFound: there is none of this name (any more).
        """
        for one in self._kept.get(job, ()):
            if one.id == moment:
                return one
        raise NotFound(f"job {job} has no moment {moment[:20]!r}; GET /api/jobs/{job}/moments lists those that are kept")

    def forget(self, job: int) -> None:
        """It was deleted."""
        self._bytes -= sum(len(one.picture.data) for one in self._kept.pop(job, ()))

    def _drop(self, job: int) -> None:
        mine = self._kept[job]
        self._bytes -= len(mine.popleft().picture.data)
        if not mine:
            del self._kept[job]
