"""What is to be sent: of each key one that is under way and the newest that waits. A broker that is away costs no memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")
Send = Callable[[str, Item], Awaitable[bool]]


class Outbox(Generic[Item]):
    """Belongs to one event loop. Of one key nothing overtakes what was given before."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: dict[str, Item] = {}
        self._under_way: dict[str, tuple[Item, asyncio.Task[None]]] = {}
        self._send: Send[Item] | None = None
        self._next: asyncio.Handle | None = None
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def waiting(self) -> int:
        """How many are to be sent."""
        return len(self._waiting.keys() | self._under_way.keys())

    def put(self, key: str, item: Item) -> bool:
        """Send it as soon as that can be; whether it took the place of one that was never sent."""
        self._empty.clear()
        if self._send is not None and key not in self._under_way and key not in self._waiting:
            self._start(key, item, self._send)
            return False
        replaced = key in self._waiting
        if replaced:
            del self._waiting[key]
        self._waiting[key] = item
        return replaced

    def drop(self, key: str) -> None:
        """Nothing that waits under this key is wanted any more."""
        self._waiting.pop(key, None)
        self._tell_empty()

    def open(self, send: Send[Item]) -> None:
        """There is a way out. `send` returns True when the item is there, or never can be, and False when it is to wait again."""
        self._send = send
        for key in [key for key in self._waiting if key not in self._under_way]:
            self._start(key, self._waiting.pop(key), send)

    async def close(self) -> None:
        """There is none any more. What was under way waits again, unless something newer does."""
        self._send = None
        pending = dict(self._under_way)
        for _, task in pending.values():
            task.cancel()
        if pending:
            await asyncio.wait([task for _, task in pending.values()])
        for key, (item, _) in pending.items():
            if self._under_way.pop(key, None) is not None:  # its task had not even begun
                self._waiting.setdefault(key, item)

    async def emptied(self) -> None:
        """Wait until everything has been sent."""
        await self._empty.wait()

    def _start(self, key: str, item: Item, send: Send[Item]) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(key, item, send), name=f"{self._name} {key}")
        self._under_way[key] = (item, task)

    async def _deliver(self, key: str, item: Item, send: Send[Item]) -> None:
        done = False
        try:
            done = await send(key, item)
        finally:
            self._under_way.pop(key, None)
            if not done:
                self._waiting.setdefault(key, item)
            elif self._send is not None and self._waiting and self._next is None:
                self._next = asyncio.get_running_loop().call_soon(self._go_on)
            self._tell_empty()

    def _go_on(self) -> None:
        """What waits and can go, in the order in which it was given: several may have been sent at once."""
        self._next = None
        if self._send is not None:
            self.open(self._send)

    def _tell_empty(self) -> None:
        if not self._waiting and not self._under_way:
            self._empty.set()
