"""What one job may still spend on the way out, and what it has spent: its time, bytes, requests and connections."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from livepane.domain.host import AllowList
from livepane.egress import errors
from livepane.scrapers.contract import ScrapeError

_MOST_FAILURES = 200


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one job; None is no limit."""

    seconds: float | None = 120.0  # from its first request, without the time that it waits for its turn
    bytes: int | None = 50_000_000  # over the line, in both directions
    requests: int | None = 500  # of its HTTP client and its pages; and as many connections
    redirects: int = 10  # of one request
    popups: int = 3  # for whoever drives the page
    body: int = 15_000_000  # bytes of one answer, unpacked


UNLIMITED = Budget(seconds=None, bytes=None, requests=None)


class Account:
    """One user of the proxy: its credentials, its counters, and an end for all of its connections at once."""

    def __init__(self, name: str, budget: Budget, *, also: AllowList | None = None, patience: float | None = 60.0) -> None:
        """`also`: private targets that this one may reach; `patience`: seconds after which a silent connection is closed."""
        self.name = name
        self.budget = budget
        self.also = also
        self.patience = patience
        self.username = name
        self.password = secrets.token_urlsafe(24)
        self.requests = 0
        self.connections = 0
        self.received = 0  # bytes
        self.sent = 0
        self.spent: ScrapeError | None = None  # set once: why nothing more is fetched
        self._ends: set[Callable[[], object]] = set()
        self._failures: OrderedDict[tuple[str, int], ScrapeError] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None
        self._waiting = 0
        self._left = budget.seconds
        self._began = 0.0

    @property
    def bytes(self) -> int:
        """Over the line, in both directions."""
        return self.received + self.sent

    def begin(self) -> None:
        """Start the clock, when it has not started."""
        if self._left is not None and self._timer is None and not self._waiting and self.spent is None:
            loop = asyncio.get_running_loop()
            self._began = loop.time()
            self._timer = loop.call_later(self._left, self._time_is_up)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Stop the clock: what the job waits for is our own manners, or a place for its page."""
        self._waiting += 1
        if self._waiting == 1:
            self._pause()
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self.begin()

    def check(self) -> None:
        """Go on?

        Raises:
            ScrapeError: the budget is spent, or the job is over.
        """
        if self.spent is not None:
            raise self.spent

    def request(self) -> None:
        """Count a request before it is made.

        Raises:
            ScrapeError: one too many.
        """
        self.check()
        self.begin()
        if self.budget.requests is not None and self.requests >= self.budget.requests:
            self.spend(errors.over_budget(f"The job made {self.requests} requests; it may make no more."))
        self.check()
        self.requests += 1

    def connect(self, end: Callable[[], object]) -> None:
        """Count a connection of the proxy; `end` is called when it has to be closed.

        Raises:
            ScrapeError: one too many.
        """
        self.check()
        self.begin()
        if self.budget.requests is not None and self.connections >= self.budget.requests:
            self.spend(errors.over_budget(f"The job opened {self.connections} connections; it may open no more."))
        self.check()
        self.connections += 1
        self._ends.add(end)

    def disconnect(self, end: Callable[[], object]) -> None:
        """The connection has gone."""
        self._ends.discard(end)

    def count(self, *, received: int = 0, sent: int = 0) -> None:
        """Count bytes that were passed on. Spends the budget when they are too many."""
        self.received += received
        self.sent += sent
        if self.budget.bytes is not None and self.bytes > self.budget.bytes:
            self.spend(errors.over_budget(f"The job moved more than {self.budget.bytes / 1e6:g} MB; it may move no more."))

    def spend(self, why: ScrapeError) -> None:
        """Nothing more is fetched; what is open is closed."""
        if self.spent is None:
            self.spent = why
            self._pause()
            for end in tuple(self._ends):
                end()

    def failed(self, host: str, port: int, error: ScrapeError) -> None:
        """Remember why a connection did not come about: a browser is only told that it did not."""
        self._failures.pop((host, port), None)
        self._failures[host, port] = error
        if len(self._failures) > _MOST_FAILURES:
            self._failures.popitem(last=False)

    def worked(self, host: str, port: int) -> None:
        """A connection came about: forget what failed before."""
        self._failures.pop((host, port), None)

    def why(self, host: str, port: int) -> ScrapeError | None:
        """Why the last connection with this host and port did not come about; None when none failed."""
        return self.spent or self._failures.get((host, port))

    def _pause(self) -> None:
        if self._timer is not None and self._left is not None:
            self._left = max(0.0, self._left - (asyncio.get_running_loop().time() - self._began))
            self._timer.cancel()
            self._timer = None

    def _time_is_up(self) -> None:
        self._timer = None
        self._left = 0.0
        self.spend(errors.over_budget(f"The job took longer than {self.budget.seconds:g} s."))
