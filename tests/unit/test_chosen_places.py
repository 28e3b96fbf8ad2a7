"""`make kafka` and `make cluster` on a port, or in a folder, that somebody else has."""

from __future__ import annotations

import fcntl
import socket
from pathlib import Path

import pytest

from scripts.cluster.parts import Cluster
from scripts.services.kafka import Kafka
from scripts.services.program import NotStarted


def test_a_port_that_somebody_has_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        for place in (Kafka(tmp_path / "kafka", ports=(port, port, port)), Cluster(tmp_path / "cluster", front=port)):
            with pytest.raises(NotStarted, match=f"port {port} .*in use.*--port"), place:
                pass
    assert not (tmp_path / "cluster").exists()


def test_a_second_kafka_leaves_the_folder_of_the_first_alone(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        with pytest.raises(NotStarted, match="another Kafka runs in"), Kafka(tmp_path):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]
