"""The bus over Apache Kafka. Nothing here is loaded, and no client has to be installed, until a broker is named."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from livepane.domain.errors import Unavailable
from livepane.domain.kafka import Cluster

if TYPE_CHECKING:
    from livepane.bus.kafka.bus import KafkaBus
    from livepane.media.image import Limits

EXTRA = "pip install 'livepane[kafka]'"


def check_installed() -> None:
    """See that the client is there.

    Raises:
        Unavailable: it is not; names what to install.
    """
    if importlib.util.find_spec("aiokafka") is None:
        raise Unavailable(f"Kafka needs the package aiokafka, which is not installed: {EXTRA}")


def open_bus(cluster: Cluster, limits: Limits, *, everything: bool = False) -> KafkaBus:
    """One node's end of a bus over this cluster; connects when it is joined.

    Args:
        cluster: where it is.
        limits: bytes and pixels of a picture that is read from it.
        everything: read the pictures of all streams, watched here or not.

    Raises:
        Unavailable: its client is not installed.
    """
    check_installed()
    from livepane.bus.kafka.bus import KafkaBus

    return KafkaBus(cluster, limits, everything=everything)
