"""`livepane kafka init`: the topics that a cluster needs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from livepane.bus.kafka import check_installed
from livepane.domain.errors import Unavailable

if TYPE_CHECKING:
    from livepane.bus.kafka.topics import Wish
    from livepane.domain.kafka import Cluster

app = typer.Typer(
    help="The Apache Kafka between machines.",
    no_args_is_help=True,
    epilog="Example: KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092 livepane kafka init",
)

_INIT = """
Example: KAFKA_BOOTSTRAP_SERVERS=kafka.example.org:9092 livepane kafka init --replicas 3

Safe to repeat: what is as it has to be is left alone, and so are partitions and retention of topics that are there, unless they
are named here. What is asked for and cannot be done is said, with the tool of Kafka that can, and the exit code is 1. Pictures
can be read back as far as they are kept; kept ones take disk: 20 streams of 5 × 100 KB a second are 9 GB in 15 minutes.
"""


@app.command(epilog=_INIT)
def init(
    partitions: Annotated[int | None, typer.Option(min=1, max=1000, help="Of the pictures.", show_default="12")] = None,
    replicas: Annotated[int | None, typer.Option(min=1, max=9, help="Copies of a topic that is made.", show_default="1")] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0.5, max=1_000_000, help="That pictures are kept.", show_default="15")
    ] = None,
) -> None:
    """Make the three topics, or mend what is wrong of them, and say what was done."""
    from livepane.commands.kafka_access import cluster_of_settings, ending

    with ending("kafka init"):
        check_installed()
        cluster = cluster_of_settings()
        from livepane.bus.kafka.topics import Wish

        if not asyncio.run(_init(cluster, Wish(partitions, replicas, minutes))):
            raise typer.Exit(1)


async def _init(cluster: Cluster, wish: Wish) -> bool:
    """Whether everything is as it was asked for."""
    from livepane.bus.kafka.connect import Away, Refused
    from livepane.bus.kafka.topics import administering, wanted

    fulfilled = True
    try:
        async with administering(cluster) as admin:
            for topic in wanted(cluster, wish):
                done = [said async for said in admin.mend(topic)]
                denied = await admin.denied(topic, wish)
                for said in done:
                    typer.echo(f"{topic.name}: {said}")
                for said in denied:
                    typer.echo(f"{topic.name}: {said}", err=True)
                if not done and not denied:
                    typer.echo(f"{topic.name}: is as it has to be")
                fulfilled = fulfilled and not denied
    except (Away, Refused) as error:
        raise Unavailable(str(error)) from None
    return fulfilled
