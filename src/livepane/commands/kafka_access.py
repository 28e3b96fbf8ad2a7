"""What the commands have in common that speak with Kafka themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from livepane.domain.errors import BadRequest, LivepaneError
from livepane.domain.kafka import Cluster
from livepane.settings import Settings


def read_settings() -> Settings:
    """The settings of this machine.

    Raises:
        BadRequest: one is wrong.
    """
    from pydantic import ValidationError

    from livepane.wire.wrong import explain

    try:
        return Settings()
    except ValidationError as error:
        raise BadRequest(f"a setting is wrong: {explain(error)}") from None


def cluster_of_settings(settings: Settings | None = None) -> Cluster:
    """The Kafka of the settings.

    Raises:
        BadRequest: there is none.
    """
    cluster = (settings or read_settings()).kafka
    if cluster is None:
        raise BadRequest("no Kafka is named: set KAFKA_BOOTSTRAP_SERVERS to its brokers, such as 127.0.0.1:9092")
    return cluster


@contextmanager
def ending(command: str) -> Iterator[None]:
    """What goes wrong inside ends the command with a sentence: exit code 2 for a wrong value, 1 for what is away."""
    try:
        yield
    except LivepaneError as error:
        typer.echo(f"livepane {command}: {error.message}", err=True)
        raise typer.Exit(2 if isinstance(error, BadRequest) else 1) from None
