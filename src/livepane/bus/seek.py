"""A stream that somebody names and that is not here: it may be on its way to us, or another node may have to open it."""

from __future__ import annotations

import asyncio
import time

from livepane.bus.names import home_of, local_name
from livepane.bus.peers import Peers
from livepane.bus.remote import Remote
from livepane.deadline import within
from livepane.domain.bus import Bus, LinkState
from livepane.domain.errors import NotFound
from livepane.domain.stream import Kind, StreamId
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream

PATIENCE = 1.0  # s that a stream which somebody names may be on its way to us
_LOOK_EVERY = 0.02  # s


class Seek:
    """Looks for one. `caught_up` is set when everything from before has been delivered."""

    def __init__(self, hub: Hub, bus: Bus, node: str, peers: Peers, remote: Remote, caught_up: asyncio.Event) -> None:
        self._hub, self._bus, self._node, self._peers, self._remote = hub, bus, node, peers, remote
        self._caught_up = caught_up

    async def find(self, stream_id: StreamId) -> Stream | None:
        """A stream that somebody names and that our hub does not have, or has no more.

        Raises:
            NotFound: it belongs to a node that is not there.
        """
        home, name = home_of(stream_id), str(stream_id)
        if home == self._node:
            return await self._hub.open(local_name(name, self._node))
        if home is not None:
            return self._remote.place(stream_id, await self._there(home, name))
        if self._hub.find(name) is not None or stream_id.kind in (Kind.DESKTOP, Kind.MONITOR, Kind.WINDOW, Kind.JOB):
            return None
        if self._caught_up.is_set() and not self._peers.all():
            return None
        with self._hub.changes() as changes:
            try:
                async with within(PATIENCE):
                    while (found := self._hub.find(name)) is None:
                        await changes.take()
                    return found
            except TimeoutError:
                return None

    async def _there(self, home: str, name: str) -> str:
        """A node by its name, which may not have been heard yet."""
        until = time.monotonic() + PATIENCE
        while self._peers.find(home) is None:
            if time.monotonic() > until or (self._caught_up.is_set() and self._bus.now.state is LinkState.UP):
                known = ", ".join(sorted(peer.name for peer in self._peers.all())) or "none"
                raise NotFound(f"{name!r} belongs to a node {home!r}, which is not there; other nodes: {known}")
            await asyncio.sleep(_LOOK_EVERY)
        return home
