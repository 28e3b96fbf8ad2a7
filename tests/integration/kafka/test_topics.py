"""The topics: made, mended, and refused when they cannot carry every picture; and who may come in at all."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from livepane.bus.kafka.bus import KafkaBus
from livepane.bus.kafka.connect import options
from livepane.bus.kafka.topics import Wish, administering, wanted
from livepane.domain.bus import Link, LinkState
from livepane.domain.kafka import Cluster, Topics
from tests.contract.bus.kafka_medium import LIMITS, made
from tests.contract.bus.medium import Heard
from tests.services.kafka import Broker


async def link_with(cluster: Cluster) -> Link:
    """How the link is as soon as that is known."""
    heard = Heard()
    async with KafkaBus(cluster, LIMITS).join("a", heard):
        await heard.until(lambda here: here.links)
        return heard.links[0]


async def mend(cluster: Cluster, wish: Wish) -> list[str]:
    async with administering(cluster) as admin:
        return [f"{topic.name}: {said}" for topic in wanted(cluster, wish) async for said in admin.mend(topic)]


async def settings(cluster: Cluster, topic: str) -> dict[str, str]:
    async with administering(cluster) as admin:
        return await admin.config(topic)


async def test_topics_are_made_once_and_a_wrong_one_is_mended_without_touching_what_its_operator_chose(kafka: Broker) -> None:
    cluster = replace(kafka.cluster, topics=Topics(f"t{token_hex(6)}."))
    frames = cluster.topics.frames
    client = AIOKafkaAdminClient(**options(cluster))
    await client.start()
    chosen = {"max.message.bytes": "1048588", "retention.ms": "7200000", "min.insync.replicas": "1"}
    await client.create_topics([NewTopic(frames, 2, 1, topic_configs=chosen)])
    await client.close()

    assert await link_with(cluster) == Link(
        LinkState.REFUSED,
        f"the Kafka topics {cluster.topics.control!r} and {cluster.topics.streams!r} are missing: run `livepane kafka init`",
    )
    done = await mend(cluster, Wish())
    assert len([said for said in done if said.startswith(frames)]) == 2, done
    there = await settings(cluster, frames)
    assert (there["max.message.bytes"], there["message.timestamp.type"]) == ("11000000", "LogAppendTime")
    assert (there["retention.ms"], there["cleanup.policy"]) == ("7200000", "delete")
    assert (await settings(cluster, cluster.topics.streams))["cleanup.policy"] == "compact"
    assert await mend(cluster, Wish()) == []
    assert await mend(cluster, Wish(partitions=4, minutes=5)) == [
        f"{frames}: 4 partitions instead of 2",
        f"{frames}: retention.ms=300000 instead of 7200000",
        f"{frames}: segment.ms=100000 instead of {there['segment.ms']}",
    ]
    assert (await link_with(cluster)).state is LinkState.UP
    async with administering(cluster) as admin:
        several, single, _ = wanted(cluster, wish := Wish(partitions=3, replicas=2))
        assert [said.partition(",")[0] for said in await admin.denied(several, wish)] == [
            "has 4 partitions",
            "has 1 copy of each partition",
        ]
        assert len(await admin.denied(single, wish)) == 1
        fulfilled, *_ = wanted(cluster, wish := Wish(partitions=4, replicas=1))
        assert await admin.denied(fulfilled, wish) == []


async def test_a_topic_that_takes_only_small_pictures_is_an_error_that_says_what_to_do(kafka: Broker) -> None:
    cluster = replace(kafka.cluster, topics=Topics(f"t{token_hex(6)}."))
    admin = AIOKafkaAdminClient(**options(cluster))
    await admin.start()
    names = cluster.topics
    small = [
        NewTopic(name, 1, 1, topic_configs={"max.message.bytes": "1000000"})
        for name in (names.frames, names.streams, names.control)
    ]
    await admin.create_topics(small)
    await admin.close()
    link = await link_with(cluster)
    assert link.state is LinkState.REFUSED
    assert link.reason == (
        f"the Kafka topic {names.frames!r} takes records of 1,000,000 bytes at most, and 11,000,000 are needed: "
        "run `livepane kafka init`"
    )


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_a_user_comes_in_with_the_right_password_and_is_told_of_a_wrong_one(kafka: Broker, mechanism: str) -> None:
    async with made(replace(kafka.guarded_cluster, mechanism=mechanism)) as cluster:  # type: ignore[arg-type]
        assert (await link_with(cluster)).state is LinkState.UP
        link = await link_with(replace(cluster, password="wr0ng"))
        assert link.state is LinkState.REFUSED
        assert link.reason is not None
        assert "KAFKA_SASL_PASSWORD" in link.reason
        assert cluster.username is not None
        assert cluster.username in link.reason
        assert "wr0ng" not in link.reason


async def test_with_tls_the_broker_is_the_one_that_its_authority_says(kafka: Broker) -> None:
    async with made(kafka.secret_cluster) as cluster:
        assert (await link_with(cluster)).state is LinkState.UP
        link = await link_with(replace(cluster, cafile=None))
        assert link.state is LinkState.REFUSED
        assert link.reason is not None
        assert "KAFKA_SSL_CAFILE" in link.reason


async def test_a_wrong_way_in_is_told_by_its_name(kafka: Broker) -> None:
    no_user = await link_with(Cluster((kafka.guarded,)))
    assert no_user.reason is not None
    assert "KAFKA_SECURITY_PROTOCOL = PLAINTEXT" in no_user.reason
    no_tls = await link_with(Cluster((kafka.servers,), "SSL"))
    assert no_tls.reason is not None
    assert "KAFKA_SECURITY_PROTOCOL = SSL" in no_tls.reason
    asked = await link_with(replace(kafka.guarded_cluster, servers=(kafka.servers,)))
    assert asked.state is LinkState.REFUSED
    nobody = await link_with(Cluster(("127.0.0.1:1",)))
    assert nobody.state is LinkState.DOWN
    assert nobody.reason is not None
    assert nobody.reason.startswith("Kafka at 127.0.0.1:1 cannot be reached")
