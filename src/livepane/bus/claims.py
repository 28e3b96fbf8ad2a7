"""Which nodes say that they have a stream of which name, and whom to believe."""

from __future__ import annotations

import logging

from livepane.bus.peers import Peers
from livepane.domain.bus import StreamRecord
from livepane.domain.stream import State

log = logging.getLogger(__name__)

_STREAMS = 20_000  # of other nodes that are remembered


class Claims:
    """The last word of every other node on every stream of its."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers
        self._said: dict[str, dict[str, StreamRecord]] = {}  # by stream, by node

    def __contains__(self, name: str) -> bool:
        return name in self._said

    def take(self, node: str, name: str, record: StreamRecord | None) -> bool:
        """A node has said something of its stream; None: it is over. Whether that is anything new."""
        if record is None:
            claims = self._said.get(name)
            if claims is None or claims.pop(node, None) is None:
                return False
            if not claims:
                del self._said[name]
            return True
        if name not in self._said and len(self._said) >= _STREAMS:
            log.warning("more than %d streams in the cluster: %s of node %s is left out", _STREAMS, name, node)
            return False
        self._said.setdefault(name, {})[node] = record
        return True

    def of(self, node: str) -> list[str]:
        """The streams that a node has."""
        return [name for name, claims in self._said.items() if node in claims]

    def best(self, name: str, shown: str | None) -> StreamRecord | None:
        """Whose stream is to be shown; of equals the one of the node `shown`, which is."""

        def worth(record: StreamRecord) -> tuple[bool, bool, bool, bool]:
            there = self._is_there(record)
            return there, there and record.plugged, shown == record.node, record.state is not State.GONE

        return max(self._alive(name), key=worth, default=None)

    def there(self, name: str) -> list[StreamRecord]:
        """Those of nodes that are heard, and that have not ended."""
        return [record for record in self._alive(name) if self._is_there(record)]

    def feeder(self, name: str, *, heard: bool = False) -> StreamRecord | None:
        """Who shows it by a source or a connection of its own, the one of the longest standing; single requests go to any node.
        `heard`: only who has said a word since the link came up."""
        fed = [record for record in self.there(name) if record.plugged and not record.requested]
        if heard:
            fed = [record for record in fed if (peer := self._peers.find(record.node)) is not None and not peer.doubtful]
        return min(fed, key=lambda one: (one.fed_since, one.node), default=None)

    def latest(self, name: str) -> int:
        """When the last producer of this name was seated, as far as is known, by whichever clock."""
        return max((record.fed_since for record in self._said.get(name, {}).values()), default=0)

    def _alive(self, name: str) -> list[StreamRecord]:
        return [one for one in self._said.get(name, {}).values() if self._peers.lives(one.node, one.life)]

    def _is_there(self, record: StreamRecord) -> bool:
        peer = self._peers.find(record.node)
        return peer is not None and not peer.silent and record.state is not State.GONE
