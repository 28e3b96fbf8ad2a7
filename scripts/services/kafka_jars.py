"""The jars of Apache Kafka: fetched once by their Maven coordinates, each known by its checksum."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from scripts.house.step import CACHE, ROOT, Failed, Step
from scripts.services.program import NotStarted

VERSION = "4.3.1"
COORDINATES = (("org.apache.kafka", "kafka_2.13", VERSION), ("org.slf4j", "slf4j-simple", "1.7.36"))
FETCHER = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
FOLDER = CACHE / "kafka" / VERSION
LOCK = ROOT / "requirements" / "kafka.lock"  # a checksum and a file a line


def jars() -> list[Path]:
    """What Java needs on its class path.

    Raises:
        NotStarted: they have not been fetched.
    """
    if (home := os.environ.get("KAFKA_HOME")) is not None:  # an Apache Kafka that somebody has unpacked
        found = sorted((Path(home) / "libs").glob("*.jar"))
        if not found:
            raise NotStarted(
                f"KAFKA_HOME = {home!r} has no libs/*.jar: name the folder of an unpacked Apache Kafka, or leave it out"
            )
        return found
    if not complete():
        raise NotStarted("Apache Kafka has not been fetched; `make kafka` does that, or name an unpacked one by KAFKA_HOME")
    return [FOLDER / name for name in locked()]


def locked() -> dict[str, str]:
    """The checksum (SHA-256) of each file."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines if line and not line.startswith("#"))}


def complete() -> bool:
    """Whether all of them are there; their content was checked when they came."""
    return all((FOLDER / name).is_file() for name in locked())


def fetch(one: Step) -> None:
    """See that they are there.

    Raises:
        Failed: they could not be fetched, or are not what they were.
    """
    if os.environ.get("KAFKA_HOME") is not None or complete():
        return
    download(one, arriving := FOLDER.with_name(f"{VERSION}.arriving"))
    for name, digest in locked().items():
        path = arriving / name
        if not path.is_file():
            raise Failed(f"{name} did not come with Apache Kafka {VERSION}")
        if (found := digest_of(path)) != digest:
            raise Failed(f"{name} is not the file that it was: its SHA-256 is {found}, and requirements/kafka.lock has {digest}")
    shutil.rmtree(FOLDER, ignore_errors=True)
    arriving.rename(FOLDER)


def download(one: Step, folder: Path) -> None:
    """Have Maven fetch them, with whatever they depend on, into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    wanted = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency>"
        for group, name, version in COORDINATES
    )
    pom = folder / "pom.xml"
    pom.write_text(
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>livepane</groupId>'
        f"<artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging><dependencies>{wanted}</dependencies></project>"
    )
    one.run("mvn", "-q", "-B", "-f", pom, FETCHER, "-DincludeScope=runtime", f"-DoutputDirectory={folder}")


def write_lock(folder: Path) -> None:
    """Keep the checksums of what is in a folder."""
    lines = [f"{digest_of(path)}  {path.name}" for path in sorted(folder.glob("*.jar"))]
    LOCK.write_text(f"# Apache Kafka {VERSION}: made by `python -m scripts.kafka --lock`\n" + "\n".join(lines) + "\n")


def digest_of(path: Path) -> str:
    """Its SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
