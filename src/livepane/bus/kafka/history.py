"""Pictures of the last minutes, read back by time: as far as the topic keeps them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from livepane.bus.kafka.connect import FOR_CONSUMERS, Away, options, quiet_client, started, stopped, why_not
from livepane.bus.kafka.frames_wire import UnknownVersion, read_foreign, read_note, read_stream
from livepane.bus.kafka.partition import partition_of
from livepane.bus.kafka.topics import administering
from livepane.domain.bus import Parcel
from livepane.domain.errors import LivepaneError
from livepane.domain.kafka import Cluster
from livepane.media.image import Limits

log = logging.getLogger(__name__)
_LOOK_MS = 1000  # that one look for records takes at the most
_SILENCES = 10  # looks without a record that is known to be there


async def pictures_between(
    cluster: Cluster, stream: str, since: float, until: float, limits: Limits
) -> AsyncIterator[tuple[float, Parcel]]:
    """The pictures of one stream, the oldest first, each with when it was written.

    Args:
        cluster: where they are.
        stream: the id that the whole cluster knows it by.
        since: seconds since the Unix epoch, in the broker's clock; earlier than what is kept is no error.
        until: the same, and no later than now: what is written while this reads is left out.
        limits: what a picture may be; a record that cannot be read is left out.

    Raises:
        Away, Refused: the cluster is not there, or does not let us.
    """
    quiet_client()
    async with administering(cluster) as admin:
        count = (await admin.check(cluster))[cluster.topics.frames]
    place = TopicPartition(cluster.topics.frames, partition_of(stream, count))
    client: Any = AIOKafkaConsumer(**options(cluster), **FOR_CONSUMERS)
    try:
        await started(cluster, client)
        client.assign([place])
        end = (await client.end_offsets([place]))[place]
        found = (await client.offsets_for_times({place: int(since * 1000)}))[place]
        if found is None:
            return
        client.seek(place, found.offset)
        at, number, silent = found.offset, 0, 0
        while at < end:
            for record in (await client.getmany(place, timeout_ms=_LOOK_MS)).get(place, ()):
                if record.timestamp > until * 1000 or record.offset >= end:
                    return
                number += 1
                parcel = _read(record, stream, limits, number)
                if parcel is not None:
                    yield record.timestamp / 1000, parcel
            before, at = at, await client.position(place)  # past what is never handed out, such as the end of a transaction
            silent = silent + 1 if at == before else 0
            if silent == _SILENCES:
                raise Away(f"Kafka at {cluster.shown} has given nothing for {_SILENCES * _LOOK_MS / 1000:g} s")
    except KafkaError as error:
        raise await why_not(cluster) from error
    finally:
        await stopped(client)


def _read(record: Any, stream: str, limits: Limits, number: int) -> Parcel | None:
    """The picture of a record, when it is one of this stream and can be read."""
    try:
        if read_stream(record.key) != stream:
            return None
        note = read_note(record.headers)
        if note is None:
            return read_foreign(stream, record.value, limits, number)
        return note.parcel(stream, record.value, limits)
    except (ValueError, UnknownVersion, LivepaneError) as error:
        log.debug("the record at offset %d cannot be read: %s", record.offset, error)
        return None
