"""Who is inside: every answer and socket that runs on a credential, ended when the credential is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from types import TracebackType

from livepane.domain.access import Grant
from livepane.domain.errors import Unauthorised

_LONGEST = 86400.0  # seconds that one timer waits; it is set anew when it is over


class Ended(Unauthorised):
    """The credential of an answer that was under way is not good any more."""


class Stay:
    """One answer or socket under way, as an `async with` block: told to leave, it is cancelled and raises why.

    `unmoved` is called `patience` seconds after that if the block has not been left: a peer that reads nothing can hold
    up whoever wants to say goodbye to it.
    """

    def __init__(self, inside: Inside, grant: Grant, unmoved: Callable[[], None], patience: float) -> None:
        self._inside, self.grant, self._unmoved, self._patience = inside, grant, unmoved, patience
        self._task: asyncio.Task[object] | None = None
        self._asked_before = 0
        self._why: Unauthorised | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.may_end = True  # whether it may be ended in the middle: not while it changes something

    async def __aenter__(self) -> Stay:
        self._task = asyncio.current_task()
        why = self._inside.verdict(self.grant.id)  # it may have ended while the door waited
        if why is not None:
            raise Ended(why.message)
        self._inside._enter(self)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._inside._leave(self)
        if self._timer is not None:
            self._timer.cancel()
        if self._why is None or self._task is None:
            return
        others = self._task.uncancel() > self._asked_before  # somebody else wants the task to end as well
        if kind is asyncio.CancelledError and not others:
            raise Ended(self._why.message) from None

    def settle(self) -> None:
        """What it was asked to change is known in full: from now on it comes to its end."""
        self.may_end = False

    def end(self, why: Unauthorised) -> None:
        """Ask it to leave; returns at once."""
        if self._why is not None or self._task is None or not self.may_end:
            return
        self._why = why
        self._asked_before = self._task.cancelling()
        self._timer = asyncio.get_running_loop().call_later(self._patience, self._unmoved)
        self._task.cancel()


class Inside:
    """The stays of every credential. Belongs to one event loop."""

    def __init__(self, verdict: Callable[[str], Unauthorised | None]) -> None:
        """`verdict` says why a credential is not good any more; None: it is."""
        self.verdict = verdict
        self._stays: dict[str, set[Stay]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def stay(self, grant: Grant, unmoved: Callable[[], None], patience: float = 0.5) -> Stay:
        """A block in which an answer of this credential runs."""
        return Stay(self, grant, unmoved, patience)

    def count(self, token_id: str) -> int:
        """How many answers and sockets of a credential are under way."""
        return len(self._stays.get(token_id, ()))

    def look(self) -> None:
        """End the stays of every credential that is not good any more."""
        for token_id in list(self._stays):
            why = self.verdict(token_id)
            if why is not None:
                self.end(token_id, why)

    def end(self, token_id: str, why: Unauthorised) -> None:
        """End every stay of one credential."""
        for stay in list(self._stays.get(token_id, ())):
            stay.end(why)

    def _enter(self, stay: Stay) -> None:
        token_id = stay.grant.id
        self._stays.setdefault(token_id, set()).add(stay)
        if stay.grant.expires_at is not None and token_id not in self._timers:
            self._set_timer(token_id, stay.grant.expires_at)

    def _leave(self, stay: Stay) -> None:
        token_id = stay.grant.id
        stays = self._stays[token_id]
        stays.discard(stay)
        if not stays:
            del self._stays[token_id]
            if (timer := self._timers.pop(token_id, None)) is not None:
                timer.cancel()

    def _set_timer(self, token_id: str, expires_at: float) -> None:
        def over() -> None:
            self._timers.pop(token_id, None)
            self.look()
            if self._stays.get(token_id) and self.verdict(token_id) is None:  # the clock was set back, or it was far away
                self._set_timer(token_id, expires_at)

        wait = min(max(expires_at - time.time(), 0.0) + 0.01, _LONGEST)
        self._timers[token_id] = asyncio.get_running_loop().call_later(wait, over)
