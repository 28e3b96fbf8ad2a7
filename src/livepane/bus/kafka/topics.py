"""The three topics: what they have to be like, whether they are, and how they come to be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, NoError, TopicAlreadyExistsError, for_code

from livepane.bus.kafka.connect import Away, Refused, explain, options, quiet_client, started, why_not
from livepane.deadline import within
from livepane.domain.kafka import LARGEST, Cluster

log = logging.getLogger(__name__)

PARTITIONS = 12  # of the frames: enough for one broker; what is read is chosen by partition
REPLICAS = 1
KEPT_MINUTES = 15.0  # how far back pictures can be read
MEND = "run `livepane kafka init`"
_PATIENCE = 20.0  # seconds for a whole piece of work


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator asks for; None leaves a topic that is there as it is."""

    partitions: int | None = None  # of the frames
    replicas: int | None = None  # brokers that have a copy of each; only for topics that are made
    minutes: float | None = None  # that pictures are kept


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic as it has to be."""

    name: str
    partitions: int
    replicas: int
    config: Mapping[str, str]  # of one that is made
    musts: Mapping[str, str]  # the part of it that one which is there must have, too
    more_partitions: bool = False  # also where it is there


def wanted(cluster: Cluster, wish: Wish) -> tuple[Wanted, Wanted, Wanted]:
    """Frames, streams, control."""
    kept = int((wish.minutes or KEPT_MINUTES) * 60_000)
    keeping = {
        "retention.ms": str(kept),
        # Only closed segments are deleted: a small share of what is kept, so that the disk holds little more than that.
        "segment.ms": str(max(10_000, min(kept // 3, 300_000))),
    }
    # The broker's clock, which is one: those of browsers and agents may be hours apart, and pictures are found by time.
    stamped = {"message.timestamp.type": "LogAppendTime"}
    frames = {"cleanup.policy": "delete", "max.message.bytes": str(LARGEST), **stamped}
    streams = {"cleanup.policy": "compact", "max.message.bytes": str(1 << 20), **stamped}
    control = {"cleanup.policy": "delete", "max.message.bytes": str(1 << 20), **stamped}
    names, replicas = cluster.topics, wish.replicas or REPLICAS
    return (
        Wanted(
            names.frames,
            wish.partitions or PARTITIONS,
            replicas,
            {**frames, **keeping, "segment.bytes": str(64 << 20), "compression.type": "producer"},
            {**frames, **keeping} if wish.minutes else frames,
            more_partitions=wish.partitions is not None,
        ),
        # The newest segment is never compacted, so it is a short one.
        Wanted(names.streams, 1, replicas, {**streams, "segment.ms": "60000", "min.cleanable.dirty.ratio": "0.1"}, streams),
        Wanted(names.control, 1, replicas, {**control, "retention.ms": "3600000", "segment.ms": "600000"}, control),
    )


def too_small(name: str, bytes_taken: int) -> Refused:
    """What is said of a topic that does not take every picture."""
    return Refused(f"the Kafka topic {name!r} takes records of {bytes_taken:,} bytes at most, and {LARGEST:,} are needed: {MEND}")


def missing(names: Iterable[str]) -> Refused:
    """What is said of topics that are not there."""
    shown = " and ".join(repr(name) for name in sorted(names))
    several = shown.count("'") > 2
    return Refused(f"the Kafka {'topics' if several else 'topic'} {shown} {'are' if several else 'is'} missing: {MEND}")


class Admin:
    """Looks at topics, makes and mends them."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def partitions(self, names: Iterable[str]) -> dict[str, int]:
        """How many each topic has, of those that are there.

        Raises:
            Away: one is there and cannot be used yet.
        """
        asked = set(names)
        told = await self._client.describe_topics(None)  # of all: a broker may make topics that are asked for by name
        there = {}
        for one in told:
            error = for_code(one["error_code"])
            if one["topic"] in asked and error is not NoError:  # it is listed, so it is there: the broker has only just come back
                raise Away(f"the Kafka topic {one['topic']!r} is not ready yet: {error.__name__}")
            if one["topic"] in asked:
                there[one["topic"]] = len(one["partitions"])
        return there

    async def config(self, name: str) -> dict[str, str]:
        """Every setting of a topic, also those that the broker decides; nothing when we may not see them."""
        answers = await self._client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
        for answer in answers:
            for resource in answer.resources:
                if for_code(resource[0]) is not NoError:
                    log.debug("the settings of topic %s are not shown: %s", name, resource[1])
                    return {}
                return {entry[0]: entry[1] or "" for entry in resource[4]}
        return {}

    async def positions(self, group: str) -> dict[tuple[str, int], int]:
        """Where a group says that it is, by topic and partition."""
        told = await self._client.list_consumer_group_offsets(group)
        return {tuple(place): said.offset for place, said in told.items()}

    async def check(self, cluster: Cluster) -> dict[str, int]:
        """Partitions of our topics.

        Raises:
            Refused: one is missing, or takes too small records.
        """
        names = cluster.topics
        there = await self.partitions((names.frames, names.streams, names.control))
        if lacking := {names.frames, names.streams, names.control} - set(there):
            raise missing(lacking)
        largest = (await self.config(names.frames)).get("max.message.bytes", "")
        if largest.isdecimal() and int(largest) < LARGEST:
            raise too_small(names.frames, int(largest))
        return there

    async def mend(self, topic: Wanted) -> AsyncIterator[str]:
        """Make a topic, or what is wrong of it right; yields a sentence for each thing that was done.

        Raises:
            Refused: the broker does not let us.
        """
        there = (await self.partitions([topic.name])).get(topic.name)
        if there is None and await self._create(topic):
            await self._settled(topic.name)
            yield f"made, with {_partitions(topic.partitions)} and {', '.join(f'{k}={v}' for k, v in topic.config.items())}"
            return
        if topic.more_partitions and there is not None and there < topic.partitions:
            await self._client.create_partitions({topic.name: NewPartitions(topic.partitions)})
            yield f"{_partitions(topic.partitions)} instead of {there}"
        now = await self.config(topic.name)
        wrong = {name: value for name, value in topic.musts.items() if not _good(name, now.get(name), value)}
        if wrong:
            # Altering takes back what is not given again.
            resource = ConfigResource(ConfigResourceType.TOPIC, topic.name, {**await self._own(topic.name), **wrong})
            for answer in await self._client.alter_configs([resource]):
                for error, said, *_ in answer.resources:
                    _raise(error, topic.name, said)
            for name, value in wrong.items():
                yield f"{name}={value}" + (f" instead of {now[name]}" if name in now else "")

    async def denied(self, topic: Wanted, wish: Wish) -> list[str]:
        """What is asked for of a topic that is there and cannot be done by us: a sentence for each, with the tool that can."""
        copies = [len(one["replicas"]) for one in await self._places(topic.name)]
        said = []
        if topic.more_partitions and len(copies) > topic.partitions:
            said.append(
                f"has {_partitions(len(copies))}, and {topic.partitions} cannot be had: Kafka takes none away. To have it made "
                f"anew, without what it keeps: kafka-topics.sh --delete --topic {topic.name}, then this command again"
            )
        if wish.replicas is not None and set(copies) != {wish.replicas}:
            fewest = min(copies)
            said.append(
                f"has {fewest} cop{'y' if fewest == 1 else 'ies'} of each partition, and {wish.replicas} were asked for: what is "
                "there is given others by kafka-reassign-partitions.sh"
            )
        return said

    async def _places(self, name: str) -> list[dict[str, Any]]:
        """The partitions of a topic, as the broker tells of them."""
        return next(one["partitions"] for one in await self._client.describe_topics(None) if one["topic"] == name)

    async def _own(self, name: str) -> dict[str, str]:
        """What was set for this topic itself."""
        for answer in await self._client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)]):
            for resource in answer.resources:
                if for_code(resource[0]) is not NoError:
                    continue
                version = answer.API_VERSION
                # name, value, read only, is default (version 0) or source, where 1 is the topic itself
                return {one[0]: one[1] for one in resource[4] if (one[3] == 1 if version else not one[3]) and one[1] is not None}
        return {}

    async def _settled(self, name: str) -> None:
        """Wait until a topic is there for everybody who asks; a broker hears of a new one a moment later."""
        while True:
            with suppress(Away):
                if name in await self.partitions([name]):
                    return
            await asyncio.sleep(0.02)

    async def _create(self, topic: Wanted) -> bool:
        """Whether it was made; somebody else may have done so meanwhile."""
        new = NewTopic(topic.name, topic.partitions, topic.replicas, topic_configs=dict(topic.config))
        answer = await self._client.create_topics([new])
        for _, error, *said in answer.topic_errors:
            if for_code(error) is TopicAlreadyExistsError:
                return False
            _raise(error, topic.name, said[0] if said else None)
        return True


def _good(name: str, now: str | None, value: str) -> bool:
    """Whether a setting is as it has to be; a topic may take larger records than ours."""
    if name == "max.message.bytes" and now is not None and now.isdecimal():
        return int(now) >= int(value)
    return now == value


def _partitions(count: int) -> str:
    return f"{count} partition{'' if count == 1 else 's'}"


def _raise(error: int, name: str, said: str | None) -> None:
    kind = for_code(error)
    if kind is not NoError:
        raise Refused(
            f"Kafka does not let us make the topic {name!r} as it has to be: {said or kind.description or kind.__name__}"
        )


@asynccontextmanager
async def administering(cluster: Cluster) -> AsyncIterator[Admin]:
    """Speak with a cluster about its topics.

    Raises:
        Away, Refused: it is not there, or does not let us.
    """
    quiet_client()
    client = AIOKafkaAdminClient(**options(cluster))
    try:
        async with within(_PATIENCE):
            await started(cluster, client)
            yield Admin(client)
    except TimeoutError:
        raise Away(f"Kafka at {cluster.shown} has not done it within {_PATIENCE:g} s") from None
    except (KafkaError, OSError) as error:
        reason = explain(cluster, cluster.shown, error)
        raise (reason if isinstance(reason, Refused) else await why_not(cluster)) from error
    finally:
        await client.close()
