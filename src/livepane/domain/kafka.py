"""Where a Kafka cluster is, who we are there, and the names of our topics; half a wish is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Literal

from livepane.domain.address import is_loopback

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]

GROUP = "webpage-consumer"  # other people's tools look for it under this name
LARGEST = 11_000_000  # bytes of a record: 10 MiB of picture and what stands around it
_SERVER = re.compile(r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})")
_PREFIX = re.compile(r"[A-Za-z0-9._-]{0,100}")


@dataclass(frozen=True, slots=True)
class Topics:
    """The names of what we read and write."""

    prefix: str = ""  # lets several installations share a cluster

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise ValueError(
                f"LIVEPANE_KAFKA_TOPIC_PREFIX = {self.prefix!r}: letters, digits, . _ and - are allowed, 100 at most"
            )

    @property
    def frames(self) -> str:
        """Pictures, by stream."""
        return f"{self.prefix}webpage_frames"

    @property
    def streams(self) -> str:
        """Presence: the last word on every stream (compacted)."""
        return f"{self.prefix}webpage_streams"

    @property
    def control(self) -> str:
        """Who wants which stream."""
        return f"{self.prefix}webpage_control"


@dataclass(frozen=True, slots=True)
class Cluster:
    """How to reach one Kafka cluster."""

    servers: tuple[str, ...]  # host:port of some of its brokers
    protocol: Protocol = "PLAINTEXT"
    mechanism: Mechanism | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    cafile: PurePath | None = None
    certfile: PurePath | None = None
    keyfile: PurePath | None = None
    topics: Topics = Topics()

    @property
    def signs_in(self) -> bool:
        """Whether it asks who we are by name and password."""
        return self.protocol.startswith("SASL_")

    @property
    def encrypted(self) -> bool:
        """Whether the connection is TLS."""
        return self.protocol.endswith("SSL")

    @property
    def shown(self) -> str:
        """The addresses, for a sentence."""
        return ", ".join(self.servers)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was set of it, each named as in the environment without `LIVEPANE_`. None and empty: not set."""

    bootstrap_servers: tuple[str, ...] = ()
    security_protocol: Protocol | None = None
    sasl_mechanism: Mechanism | None = None
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ssl_cafile: PurePath | None = None
    ssl_certfile: PurePath | None = None
    ssl_keyfile: PurePath | None = None
    topic_prefix: str = ""

    def cluster(self) -> Cluster | None:
        """The cluster; None when no broker is named and nothing else is.

        Raises:
            ValueError: what was set does not fit together; names the settings and the mend.
        """
        topics = Topics(self.topic_prefix)
        if not self.bootstrap_servers:
            lonely = [name for name, value in self._about_access() if value is not None]
            if lonely:
                verb = "are" if len(lonely) > 1 else "is"
                raise ValueError(
                    f"{_and(lonely)} {verb} set, and KAFKA_BOOTSTRAP_SERVERS is not: name a broker, or leave them out"
                )
            return None
        for server in self.bootstrap_servers:
            _check_server(server)
        username, password = self._who()
        protocol = self.security_protocol or self._guess(username)
        cluster = Cluster(
            self.bootstrap_servers,
            protocol,
            (self.sasl_mechanism or "PLAIN") if username else self.sasl_mechanism,
            username,
            password,
            self.ssl_cafile,
            self.ssl_certfile,
            self.ssl_keyfile,
            topics,
        )
        _check(cluster, self.security_protocol)
        return cluster

    def _about_access(self) -> list[tuple[str, object]]:
        return [
            ("KAFKA_SECURITY_PROTOCOL", self.security_protocol),
            ("KAFKA_SASL_MECHANISM", self.sasl_mechanism),
            ("KAFKA_SASL_USERNAME", self.sasl_username or None),
            ("KAFKA_SASL_PASSWORD", self.sasl_password or None),
            ("KAFKA_SSL_CAFILE", self.ssl_cafile),
            ("KAFKA_SSL_CERTFILE", self.ssl_certfile),
            ("KAFKA_SSL_KEYFILE", self.ssl_keyfile),
        ]

    def _who(self) -> tuple[str | None, str | None]:
        """Name and password, both or neither."""
        username, password = self.sasl_username or None, self.sasl_password or None
        if username and not password:
            raise ValueError(
                "KAFKA_SASL_USERNAME (KAFKA_USERNAME) is set without KAFKA_SASL_PASSWORD (KAFKA_PASSWORD) or "
                "KAFKA_SASL_PASSWORD_FILE: set both, or neither"
            )
        if password and not username:
            raise ValueError("a password for Kafka is set without KAFKA_SASL_USERNAME (KAFKA_USERNAME): set both, or neither")
        return username, password

    def _guess(self, username: str | None) -> Protocol:
        """What goes without saying: a password travels in the clear only within this machine."""
        near = all(is_loopback(server.rpartition(":")[0].strip("[]")) for server in self.bootstrap_servers)
        tls = self.ssl_cafile is not None or self.ssl_certfile is not None
        if username:
            return "SASL_PLAINTEXT" if near and not tls else "SASL_SSL"
        return "SSL" if tls else "PLAINTEXT"


def _check(cluster: Cluster, chosen: Protocol | None) -> None:
    """See that everything that was set has a use, and nothing is missing that another needs."""
    if cluster.signs_in and not cluster.username:
        raise ValueError(
            f"KAFKA_SECURITY_PROTOCOL = {cluster.protocol} needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD "
            "(or KAFKA_SASL_PASSWORD_FILE)"
        )
    if cluster.mechanism and not cluster.username:
        raise ValueError("KAFKA_SASL_MECHANISM is set without KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD")
    if cluster.username and not cluster.signs_in:
        raise ValueError(
            f"KAFKA_SASL_USERNAME is set, and KAFKA_SECURITY_PROTOCOL = {chosen} asks for no name: "
            f"make it {'SASL_SSL' if cluster.encrypted else 'SASL_SSL or SASL_PLAINTEXT'}, or leave the name out"
        )
    if (cluster.certfile is None) != (cluster.keyfile is None):
        there, missing = ("CERTFILE", "KEYFILE") if cluster.certfile is not None else ("KEYFILE", "CERTFILE")
        raise ValueError(f"KAFKA_SSL_{there} is set without KAFKA_SSL_{missing}: a certificate of ours needs both")
    files = {"KAFKA_SSL_CAFILE": cluster.cafile, "KAFKA_SSL_CERTFILE": cluster.certfile, "KAFKA_SSL_KEYFILE": cluster.keyfile}
    for name, path in files.items():
        if path is None:
            continue
        if not cluster.encrypted:
            raise ValueError(
                f"{name} is set, and KAFKA_SECURITY_PROTOCOL = {cluster.protocol} is not encrypted: "
                f"make it {'SASL_SSL' if cluster.signs_in else 'SSL'}, or leave the file out"
            )


def _check_server(server: str) -> None:
    found = _SERVER.fullmatch(server)
    if found is None or not 0 < int(found["port"]) < 65_536:
        raise ValueError(f"KAFKA_BOOTSTRAP_SERVERS: {server!r} is no broker; write host:port, several with commas between them")


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
