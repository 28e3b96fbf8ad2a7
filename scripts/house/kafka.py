"""Apache Kafka, for the tests and for `make kafka`: a Java, and the jars."""

from __future__ import annotations

import os
import shutil

from scripts.house import debian
from scripts.house.step import Failed, step
from scripts.services import kafka_jars

PROGRAMS = {"java": "default-jre-headless", "mvn": "maven"}


def prepare() -> None:
    """Fetch what is not there yet."""
    with step("kafka") as one:
        wanted = packages()
        if wanted and not debian.has_apt():
            raise Failed(
                f"Kafka needs {' and '.join(wanted)}; install them with this system's package manager, "
                "or name an unpacked Apache Kafka by KAFKA_HOME"
            )
        debian.install(one, wanted)
        kafka_jars.fetch(one)
        one.note = one.note or "all there"


def packages() -> list[str]:
    """What is missing; Maven only as long as the jars are."""
    there = os.environ.get("KAFKA_HOME") is not None or kafka_jars.complete()
    needed = {name: package for name, package in PROGRAMS.items() if name != "mvn" or not there}
    if os.environ.get("JAVA_HOME") is not None:
        needed.pop("java")
    return [package for name, package in needed.items() if shutil.which(name) is None]
