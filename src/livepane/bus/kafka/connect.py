"""How the client is set up, and what is said to a person when the cluster is not there or does not let us in."""

from __future__ import annotations

import asyncio
import logging
import ssl
from typing import Any

from aiokafka.conn import create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnsupportedSaslMechanismError,
)
from aiokafka.helpers import create_ssl_context
from aiokafka.protocol.metadata import MetadataRequest

from livepane.deadline import within
from livepane.domain.kafka import LARGEST, Cluster

ANSWER = 5.0  # seconds that a broker has to answer somebody who comes
# After this the client gives a request up, and its connection with it. Longer than a process may be stopped for without harm;
# whether the broker is there at all is looked at every second (frames.py).
REQUEST_MS = 15_000
CLIENT = "livepane"

FOR_PRODUCERS = {
    "acks": 1,  # 0 would hide errors; all would wait for replicas of a picture that is old by then
    "enable_idempotence": False,  # numbers make a picture that comes twice harmless; it would force acks=all
    "linger_ms": 0,
    "compression_type": None,  # a JPEG does not shrink
    "max_request_size": LARGEST,
    "max_batch_size": 1 << 20,  # several pictures of one partition go together
}
FOR_CONSUMERS = {
    "enable_auto_commit": False,
    "auto_offset_reset": "latest",
    "max_partition_fetch_bytes": LARGEST,
    "fetch_max_bytes": 4 << 20,  # of one answer, or one record: what is read at the most before we notice that we are behind
    "fetch_min_bytes": 1,
    # A broker answers as soon as there is something. This is how long a partition that is wanted again waits for the request
    # that is under way without it.
    "fetch_max_wait_ms": 100,
}


class Away(Exception):
    """The cluster is not there; it may come back by itself. The message is for a person."""


class Refused(Exception):
    """The cluster is there, and somebody has to mend something first. The message is for a person."""


def quiet_client() -> None:
    """Its own lines say less than ours, and more often."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


def options(cluster: Cluster) -> dict[str, Any]:
    """What every client of this cluster is given.

    Raises:
        Refused: a certificate or key cannot be used.
    """
    chosen: dict[str, Any] = {
        "bootstrap_servers": list(cluster.servers),
        "client_id": CLIENT,
        "security_protocol": cluster.protocol,
        "request_timeout_ms": REQUEST_MS,
        "ssl_context": _tls(cluster),
    }
    if cluster.signs_in:
        chosen |= {
            "sasl_mechanism": cluster.mechanism,
            "sasl_plain_username": cluster.username,
            "sasl_plain_password": cluster.password,
        }
    return chosen


def _tls(cluster: Cluster) -> ssl.SSLContext | None:
    if not cluster.encrypted:
        return None
    try:
        made: ssl.SSLContext = create_ssl_context(
            cafile=_text(cluster.cafile), certfile=_text(cluster.certfile), keyfile=_text(cluster.keyfile)
        )
    except (OSError, ssl.SSLError) as error:
        raise Refused(
            f"the certificates for Kafka cannot be used: {error}. Look at KAFKA_SSL_CAFILE, _CERTFILE and _KEYFILE"
        ) from None
    return made


def _text(path: object) -> str | None:
    return None if path is None else str(path)


async def why_not(cluster: Cluster) -> Away | Refused:
    """Why no broker could be spoken to. The client keeps that to itself, so each is asked once more."""
    said: list[Away | Refused] = []
    for server in cluster.servers:
        said.append(await _try(cluster, server))
        if isinstance(said[-1], Refused):
            return said[-1]
    return said[0] if len(said) == 1 else Away("; ".join(str(one) for one in said))


async def reachable(cluster: Cluster) -> None:
    """See that some broker takes a connection.

    Raises:
        Away: none does.
    """
    said = []
    for server in cluster.servers:
        host, _, port = server.rpartition(":")
        try:
            async with within(ANSWER):
                _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        except (OSError, TimeoutError) as error:
            said.append(str(explain(cluster, server, error)))
            continue
        writer.close()
        return
    raise Away("; ".join(said))


async def _try(cluster: Cluster, server: str) -> Away | Refused:
    host, _, port = server.rpartition(":")
    chosen = options(cluster)
    del chosen["bootstrap_servers"]
    try:
        async with within(ANSWER):
            connection = await create_conn(host.strip("[]"), int(port), **chosen)
    except Exception as error:
        return explain(cluster, server, error)
    try:
        async with within(ANSWER):
            await connection.send(MetadataRequest([]))  # where a user is asked for, nobody else gets an answer to this
    except Exception as error:
        return explain(cluster, server, error)
    finally:
        connection.close()
    return Away(f"Kafka at {server} answers again")


def explain(cluster: Cluster, server: str, error: BaseException) -> Away | Refused:
    """A sentence with the setting to look at, for what a client raised."""
    match error:
        case AuthenticationFailedError() | SaslAuthenticationFailed():
            return Refused(
                f"Kafka at {server} refuses the user {cluster.username!r}: KAFKA_SASL_USERNAME or KAFKA_SASL_PASSWORD is wrong "
                f"for {cluster.mechanism}"
            )
        case UnsupportedSaslMechanismError() | AuthenticationMethodNotSupported():
            return Refused(f"Kafka at {server} does not know KAFKA_SASL_MECHANISM = {cluster.mechanism}: {error}")
        case IllegalSaslStateError():
            return Refused(
                f"Kafka at {server} asks for no user there: leave KAFKA_SASL_USERNAME out, or use the port that it does ask on"
            )
        case TopicAuthorizationFailedError() | GroupAuthorizationFailedError():
            return Refused(f"Kafka at {server} does not let the user {cluster.username!r} use {error.args[0]!r}: mend its ACLs")
        case ssl.SSLCertVerificationError():
            return Refused(f"the certificate of Kafka at {server} is not trusted ({error.verify_message}): see KAFKA_SSL_CAFILE")
        case ssl.SSLError():
            return Refused(
                f"Kafka at {server} does not speak TLS as we do: {error.reason or error}. Look at KAFKA_SECURITY_PROTOCOL = "
                f"{cluster.protocol} and the port"
            )
        case KafkaError() | ConnectionResetError() | ConnectionAbortedError() | BrokenPipeError():
            return Away(
                f"Kafka at {server} has ended the connection; if that stays so, KAFKA_SECURITY_PROTOCOL = {cluster.protocol} is "
                "not what its port speaks"
            )
        case OSError():
            return Away(f"Kafka at {server} cannot be reached: {error.strerror or error}")
        case TimeoutError():
            return Away(f"Kafka at {server} has not answered within {ANSWER:g} s")
        case _:
            return Away(f"Kafka at {server} cannot be used: {error!r}")


async def started(cluster: Cluster, client: Any) -> None:
    """Start a client.

    Raises:
        Away, Refused: why it could not be.
    """
    try:
        async with within(ANSWER * 2):
            await client.start()
    except (KafkaError, OSError, TimeoutError) as error:
        # Of a wrong password, too, the client says nothing but that it is unable to bootstrap.
        reason = await why_not(cluster)
        raise reason from error


async def stopped(client: Any) -> None:
    """Stop a client, however it is; within seconds, also when the broker has gone."""
    line = getattr(client, "client", None)  # of a producer: else it waits for answers to what is under way
    try:
        async with within(ANSWER):
            if line is not None:
                await line.close()
            await client.stop()
    except Exception as error:  # whatever it was about to do, it does not do it any more
        logging.getLogger(__name__).debug("a client did not stop in good order: %r", error)
