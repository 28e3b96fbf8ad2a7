"""Presence and demand as records: small JSON under a key of who says it of what. The newest of a key is all there is to know."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from livepane.bus.kafka.frames_wire import UnknownVersion
from livepane.domain.bus import Closing, Lease, NodeRecord, StreamRecord

VERSION = 1
Record = NodeRecord | StreamRecord | Lease | Closing
_KINDS: dict[str, TypeAdapter[Any]] = {
    "node": TypeAdapter(NodeRecord),
    "stream": TypeAdapter(StreamRecord),
    "lease": TypeAdapter(Lease),
    "close": TypeAdapter(Closing),
}


@dataclass(frozen=True, slots=True)
class Key:
    """`node/NODE`, or `stream`, `lease` or `close` before `/NODE/STREAM`; neither a node nor a stream has a slash in its name."""

    kind: str
    node: str
    stream: str = ""

    def __str__(self) -> str:
        return f"{self.kind}/{self.node}/{self.stream}" if self.stream else f"{self.kind}/{self.node}"

    @classmethod
    def read(cls, key: bytes | None) -> Key:
        """Read one.

        Raises:
            ValueError: it is none of ours.
        """
        kind, _, rest = (key or b"").decode().partition("/")
        node, _, stream = rest.partition("/")
        if not node or kind not in _KINDS or (kind == "node") != (not stream):
            raise ValueError(f"the key {key!r} is none of ours")
        return cls(kind, node, stream)


def key_of(record: Record) -> Key:
    """What a record is filed under."""
    match record:
        case NodeRecord():
            return Key("node", record.node)
        case StreamRecord():
            return Key("stream", record.node, record.stream)
        case Lease():
            return Key("lease", record.node, record.stream)
        case Closing():
            return Key("close", record.node, record.stream)


def encode(record: Record) -> bytes:
    """The value of a record: JSON with its version."""
    said = _KINDS[key_of(record).kind].dump_python(record, mode="json")
    return json.dumps({"v": VERSION, **said}, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def decode(key: Key, value: bytes) -> Record:
    """A record by its key and its value. Fields that we do not know are left out: a newer node may have written it.

    Raises:
        UnknownVersion: a newer node wrote it, in a way that an older one must not read.
        ValueError: it is not what its key says.
    """
    try:
        said = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the value is no JSON: {error}") from None
    if not isinstance(said, dict):
        raise ValueError("the value is no JSON object")
    if said.get("v") != VERSION:
        raise UnknownVersion(str(said.get("v"))[:20])
    try:
        record: Record = _KINDS[key.kind].validate_python(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if key_of(record) != key:
        raise ValueError(f"it says that it is {key_of(record)}")
    return record
