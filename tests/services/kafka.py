"""The Kafka of this run, as tests see it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from livepane.domain.kafka import Cluster
from scripts.services.kafka import PASSWORD, USER, Door, Kafka


@dataclass(frozen=True)
class Broker:
    """Where it is. Who stops it starts one of its own (scripts/services/kafka.py)."""

    servers: str
    guarded: str
    secret: str
    authority: Path
    doors: tuple[Door, ...]

    @classmethod
    def of(cls, kafka: Kafka) -> Broker:
        return cls(kafka.servers, kafka.guarded, kafka.secret, kafka.authority, tuple(kafka.doors))

    @classmethod
    def read(cls, text: str) -> Broker:
        """As a keeper prints it."""
        said = json.loads(text)
        doors = tuple(Door(*door) for door in said["doors"])
        return cls(said["servers"], said["guarded"], said["secret"], Path(said["authority"]), doors)

    def __str__(self) -> str:
        doors = [[door.inside, door.outside] for door in self.doors]
        where = {"servers": self.servers, "guarded": self.guarded, "secret": self.secret, "authority": str(self.authority)}
        return json.dumps({**where, "doors": doors})

    @property
    def cluster(self) -> Cluster:
        """Where it asks for nobody."""
        return Cluster((self.servers,))

    @property
    def guarded_cluster(self) -> Cluster:
        """Where it asks for a user."""
        return Cluster((self.guarded,), "SASL_PLAINTEXT", "SCRAM-SHA-512", USER, PASSWORD)

    @property
    def secret_cluster(self) -> Cluster:
        """The same over TLS."""
        return Cluster((self.secret,), "SASL_SSL", "SCRAM-SHA-256", USER, PASSWORD, self.authority)
