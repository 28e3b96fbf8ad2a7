"""An Apache Kafka of our own: one node that is broker and controller, 127.0.0.1 only, with a port that asks for a user."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.services.kafka_jars import jars
from scripts.services.program import NotStarted, Program, demand_free, free_port, start_on_free_ports

USER, PASSWORD = "livepane", "a-pass-word"
OLDEST_JAVA = 17
PATIENCE = 180.0  # seconds: a Java on a machine that is busy otherwise has taken half a minute
CLUSTER = "bGl2ZXBhbmUta2Fma2EtMQ"  # any 16 bytes: nobody else is part of it
SCRAM = ("SCRAM-SHA-256", "SCRAM-SHA-512")
SMALL = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+UseStringDeduplication")
LARGE = ("-Xms512m", "-Xmx512m")
_ASKED = struct.pack(">ihhih", 10, 18, 0, 1, -1)  # 'which requests do you know?', number 1, of nobody


@dataclass(frozen=True, slots=True)
class Door:
    """Where the broker listens, and where it says that it does: what stands between decides who gets through."""

    inside: int
    outside: int


class Kafka:
    """One broker; `with Kafka(folder) as kafka: kafka.servers`. A restart keeps the ports and what was written.

    `ports`: of the open listener, the one that asks for a user, and the controller; free ones by default.
    `tls`: one more listener, which asks for a user over TLS; `authority` is the certificate to trust then.
    `doors`: listeners for proxies: a client that comes through a door is sent to the door's other side, for as long as it stays.
    `quick`: starts a second sooner and is slower later, as tests want it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        ports: tuple[int, int, int] | None = None,
        doors: int = 0,
        tls: bool = False,
        quick: bool = True,
        settings: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self.ports = ports or (0, 0, 0)
        self.doors: list[Door] = []
        self.secret = ""  # where it speaks TLS
        self.authority = folder / "authority.pem"
        self._tls = tls
        self._chosen, self._wanted_doors, self._quick, self._settings = ports is not None, doors, quick, tuple(settings)
        self._program = Program("Kafka", folder / "kafka.log")
        self._stack = ExitStack()

    def __enter__(self) -> Kafka:
        self.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            stack.enter_context(_alone_in(self.folder))
            if self._chosen:
                demand_free(self.ports)
                self._choose()
                self.start()
            else:
                start_on_free_ports(self._choose, self.start)
            stack.callback(self.stop)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def servers(self) -> str:
        """Where it asks for nothing."""
        return f"127.0.0.1:{self.ports[0]}"

    @property
    def guarded(self) -> str:
        """Where it asks for USER and PASSWORD: SASL_PLAINTEXT with PLAIN or SCRAM."""
        return f"127.0.0.1:{self.ports[1]}"

    @property
    def runs(self) -> bool:
        """It has not ended by itself."""
        return self._program.runs

    def last_words(self) -> str:
        """The end of its log."""
        return self._program.last_words()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._program.pid

    def start(self) -> None:
        """Start it (again) on its ports.

        Raises:
            NotStarted: there is no Java, a port is taken, or it does not come up.
        """
        properties = self.folder / "server.properties"
        properties.write_text("\n".join(self._properties()) + "\n")
        if self._tls and not self.authority.exists():
            self._certificate()
        if not (self.folder / "data" / "meta.properties").exists():
            self._format(properties)
        memory = SMALL if self._quick else LARGE
        self._program.start([java(), *memory, *self._common(), "kafka.Kafka", properties], self._answers, PATIENCE)

    def stop(self) -> None:
        """End it in good order; what was written stays."""
        self._program.stop()

    def kill(self) -> None:
        """SIGKILL: gone without a word."""
        self._program.kill()

    def _choose(self) -> None:
        if not self._chosen:
            self.ports = (free_port(), free_port(), free_port())
        self.secret = f"127.0.0.1:{free_port()}" if self._tls else ""
        self.doors = [Door(free_port(), free_port()) for _ in range(self._wanted_doors)]

    def _common(self) -> list[str]:
        return ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", os.pathsep.join(map(str, jars()))]

    def _certificate(self) -> None:
        """A certificate for 127.0.0.1 that has signed itself, and the key with it as Kafka wants to read them."""
        key = self.folder / "key.pem"
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        words += ["-subj", "/CN=livepane", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "3650"]
        words += ["-keyout", str(key), "-out", str(self.authority)]
        made = subprocess.run(words, capture_output=True, text=True, check=False)
        if made.returncode:
            raise NotStarted(f"its certificate could not be made: {made.stderr[-2000:]}")
        (self.folder / "tls.pem").write_text(key.read_text() + self.authority.read_text())

    def _format(self, properties: Path) -> None:
        """Make its storage; the users with SCRAM are part of that."""
        users = [word for one in SCRAM for word in ("--add-scram", f"{one}=[name={USER},password={PASSWORD}]")]
        words = [java(), "-XX:TieredStopAtLevel=1", *self._common(), "kafka.tools.StorageTool", "format"]
        words += ["-t", CLUSTER, "-c", str(properties), *users]
        made = subprocess.run(words, capture_output=True, text=True, check=False)
        if made.returncode:
            raise NotStarted(f"its storage could not be made: {(made.stderr or made.stdout)[-2000:]}")

    def _properties(self) -> list[str]:
        plain, guarded, controller = self.ports
        doors = list(enumerate(self.doors))
        users = [("guarded", "SASL_PLAINTEXT"), *([("secret", "SASL_SSL")] if self._tls else [])]
        secret = f",SECRET://{self.secret}" if self._tls else ""
        inside = "".join(f",DOOR{number}://127.0.0.1:{door.inside}" for number, door in doors)
        outside = "".join(f",DOOR{number}://127.0.0.1:{door.outside}" for number, door in doors)
        open_doors = "".join(f",DOOR{number}:PLAINTEXT" for number, _ in doors)
        return [
            "process.roles=broker,controller",
            "node.id=1",
            f"controller.quorum.voters=1@127.0.0.1:{controller}",
            f"listeners=PLAIN://127.0.0.1:{plain},GUARDED://127.0.0.1:{guarded},CONTROLLER://127.0.0.1:{controller}{secret}{inside}",
            f"advertised.listeners=PLAIN://127.0.0.1:{plain},GUARDED://127.0.0.1:{guarded}{secret}{outside}",
            "listener.security.protocol.map=PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT"
            + "".join(f",{name.upper()}:{protocol}" for name, protocol in users)
            + open_doors,
            "inter.broker.listener.name=PLAIN",
            "controller.listener.names=CONTROLLER",
            *(line for name, _ in users for line in _asking(name)),
            *([f"listener.name.secret.ssl.keystore.location={self.folder / 'tls.pem'}"] if self._tls else []),
            *(["listener.name.secret.ssl.keystore.type=PEM"] if self._tls else []),
            f"log.dirs={self.folder / 'data'}",
            "offsets.topic.replication.factor=1",
            "offsets.topic.num.partitions=1",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.num.partitions=1",
            "transaction.state.log.min.isr=1",
            "share.coordinator.state.topic.replication.factor=1",
            "share.coordinator.state.topic.min.isr=1",
            "group.initial.rebalance.delay.ms=0",
            "auto.create.topics.enable=false",
            "message.max.bytes=11000000",
            "replica.fetch.max.bytes=11000000",
            "log.retention.check.interval.ms=30000",
            "num.network.threads=2",
            "num.io.threads=2",
            "log.cleaner.dedupe.buffer.size=4194304",
            *self._settings,
        ]

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.ports[0]), timeout=5) as asked:
                asked.sendall(_ASKED)
                return len(asked.recv(8)) == 8
        except OSError:
            return False


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep a second one out of the folder: Kafka itself looks only after it has written to the log of the first."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotStarted(f"another Kafka runs in {folder}: use that one, or name another folder with --data-dir") from None
        yield


def _asking(listener: str) -> list[str]:
    """Settings of a listener that asks for USER, in each of the ways that we know."""
    jaas = "org.apache.kafka.common.security"
    plain = f'required username="{USER}" password="{PASSWORD}" user_{USER}="{PASSWORD}";'
    return [
        f"listener.name.{listener}.sasl.enabled.mechanisms=PLAIN,{','.join(SCRAM)}",
        f"listener.name.{listener}.plain.sasl.jaas.config={jaas}.plain.PlainLoginModule {plain}",
        *(f"listener.name.{listener}.{one.lower()}.sasl.jaas.config={jaas}.scram.ScramLoginModule required;" for one in SCRAM),
    ]


def java() -> str:
    """The Java to run it with.

    Raises:
        NotStarted: there is none that is new enough.
    """
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if found is None:
        raise NotStarted(
            f"JAVA_HOME = {home!r} has no bin/java: mend it, or unset it"
            if home
            else "Kafka needs a Java, and there is none; `make kafka` installs it, or set JAVA_HOME"
        )
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise NotStarted(f"Kafka needs Java {OLDEST_JAVA} or newer, and {found} is {version[1] if version else 'none'}")
    return found
