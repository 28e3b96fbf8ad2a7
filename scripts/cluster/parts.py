"""The processes of a cluster: each role of the program with its settings, and nginx as deploy/ has it."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

from scripts.house.tree import ROOT
from scripts.services.kafka import PASSWORD, USER, Kafka
from scripts.services.postgres import Postgres
from scripts.services.program import NotStarted, Program, demand_free, free_port
from scripts.services.redis import Redis

NGINX = ROOT / "deploy" / "nginx"
LIVEPANE = (sys.executable, "-m", "livepane.cli")


class Role:
    """One process of the program: a gateway, a worker, an agent. It can be killed and started again."""

    def __init__(self, name: str, words: Sequence[str], env: Mapping[str, str], folder: Path, up: Callable[[Role], bool]) -> None:
        self.name, self.folder = name, folder
        self.env = {**env, "LIVEPANE_NODE": name, "LIVEPANE_DATA_DIR": str(folder / name)}
        self.log = folder / f"{name}.log"
        self._words, self._up = [*LIVEPANE, *words], up
        self._program = Program(name, self.log)

    @property
    def pid(self) -> int:
        """Its process id, and that of the group that it began."""
        return self._program.pid

    def start(self) -> None:
        """Start it (again), and return when it is up.

        Raises:
            NotStarted: it has ended, or is not up in time; the message has the end of its log.
        """
        self._program.start(self._words, lambda: self._up(self), env=self.env, cwd=self.folder)

    def stop(self) -> None:
        """End it in good order: a worker hands its jobs back."""
        self._program.stop(40)

    def kill(self) -> None:
        """As if its machine were gone: it and all that it has started, without a word."""
        os.killpg(self.pid, signal.SIGKILL)
        self._program.kill()


class Cluster:
    """All of it; `with Cluster(folder) as cluster: cluster.url`. What it leaves behind is in the folder: logs, data."""

    def __init__(
        self, folder: Path, *, front: int = 0, plugins: Sequence[Path] = (), gateway: Sequence[str] = (), **env: str
    ) -> None:
        """`front`: port of nginx, which also takes the next two; `gateway`: more options of gateway 1; `env`: of all roles."""
        self.folder = folder
        self.token = secrets.token_urlsafe(32)
        self.fronts = tuple(front + one if front else free_port() for one in range(3))  # balanced, gateway 1, gateway 2
        self._plugins, self._options, self._env = plugins, gateway, env
        self._stack = ExitStack()

    def __enter__(self) -> Cluster:
        demand_free(self.fronts)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)  # Postgres passes through: where we are root it is nobody
        with ExitStack() as stack:
            self.kafka, self.redis = Kafka(self.folder / "kafka"), Redis(self.folder / "redis")
            self.postgres = Postgres(self.folder / "postgres")
            services: list[AbstractContextManager[object]] = [self.kafka, self.redis, self.postgres]
            _side_by_side([partial(stack.enter_context, one) for one in services])
            self.env = self._environment()
            self._init_topics()
            self.ports = (free_port(), free_port())
            self.gateways = [self._gateway(number, port) for number, port in enumerate(self.ports, 1)]
            self.workers = [Role(f"worker-{number}", ["worker"], self.env, self.folder, _says(r" ready\.$")) for number in (1, 2)]
            display = stack.enter_context(screen())
            # The agent knows one gateway, as it would from another machine; every gateway shows it.
            token = {"DISPLAY": display, "LIVEPANE_TOKEN": self.token}
            words = ["share", "--server", f"http://127.0.0.1:{self.ports[0]}", "--name", "agent"]
            self.agent = Role("agent", words, {**self.env, **token}, self.folder, _says(r"^(back: )?connected"))
            roles = [*self.gateways, *self.workers, self.agent]
            stack.callback(_side_by_side, [role.stop for role in roles])
            _side_by_side([role.start for role in roles])
            stack.enter_context(nginx(self.folder, self.fronts, self.ports))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def url(self) -> str:
        """Where people go: nginx, which chooses a gateway for each caller."""
        return f"http://127.0.0.1:{self.fronts[0]}"

    def through(self, gateway: int) -> str:
        """Through nginx to one gateway, 1 or 2."""
        return f"http://127.0.0.1:{self.fronts[gateway]}"

    def _environment(self) -> dict[str, str]:
        token = self.folder / "admin-token"
        token.write_text(f"{self.token}\n")
        token.chmod(0o600)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIVEPANE_", "KAFKA_", "CELERY_"))}
        kept.pop("DISPLAY", None)
        return {
            **kept,
            "PYTHONPATH": str(ROOT / "src"),
            "LIVEPANE_ADMIN_TOKEN_FILE": str(token),
            "LIVEPANE_TRUSTED_PROXIES": "127.0.0.1",
            "LIVEPANE_ALLOWED_HOSTS": "127.0.0.1,localhost",
            "LIVEPANE_DOWNLOADS_DIR": str(self.folder / "downloads"),
            "LIVEPANE_PLUGINS": ",".join(map(str, self._plugins)),
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka.guarded,
            "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
            "KAFKA_SASL_USERNAME": USER,
            "KAFKA_SASL_PASSWORD": PASSWORD,
            "DATABASE_URL": self.postgres.url,
            "JOBS_ENGINE": "celery",
            "CELERY_BROKER_URL": self.redis.url,
            **self._env,
        }

    def _init_topics(self) -> None:
        words = [*LIVEPANE, "kafka", "init"]
        done = subprocess.run(words, env=self.env, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotStarted(f"`livepane kafka init` ended with exit code {done.returncode}: {done.stdout}{done.stderr}")

    def _gateway(self, number: int, port: int) -> Role:
        more = self._options if number == 1 else ()
        words = ["serve", "--host", "127.0.0.1", "--port", str(port), *more]
        return Role(f"gateway-{number}", words, self.env, self.folder, lambda _: _ready(port))


def _side_by_side(work: Sequence[Callable[[], object]]) -> None:
    """All at once; when one fails, that is raised once the others are done."""
    with ThreadPoolExecutor(len(work)) as threads:
        waiting = [threads.submit(one) for one in work]
    for one in waiting:
        one.result()


def _ready(port: int) -> bool:
    """Whether a gateway serves."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _says(words: str) -> Callable[[Role], bool]:
    """Up when its log has a line with this pattern; a role that is started again says it again."""
    said: dict[Path, int] = {}

    def up(role: Role) -> bool:
        count = len(re.findall(words, role.log.read_text(errors="replace"), re.MULTILINE))
        if count <= said.get(role.log, 0):
            return False
        said[role.log] = count
        return True

    return up


@contextmanager
def screen() -> Iterator[str]:
    """The display to share: this machine's, or an Xvfb on which something moves; its name."""
    if shown := os.environ.get("DISPLAY"):
        yield shown
        return
    program = shutil.which("Xvfb")
    if program is None:
        raise NotStarted("the agent shares a screen: set DISPLAY, or install Xvfb (Debian: apt-get install xvfb)")
    read_end, write_end = os.pipe()
    words = [program, "-displayfd", str(write_end), "-screen", "0", "640x360x24", "-nolisten", "tcp", "-noreset"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(words, pass_fds=[write_end], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        os.close(write_end)
        with os.fdopen(read_end, "rb") as numbers:
            display = f":{numbers.readline().strip().decode()}"  # written when it is ready
        painting = [sys.executable, "-m", "scripts.cluster.painter"]
        env = {**os.environ, "DISPLAY": display}
        painter = subprocess.Popen(painting, cwd=ROOT, env=env, stdin=quiet, start_new_session=True)  # Ctrl-C is not for it
        try:
            yield display
        finally:
            painter.terminate()
            painter.wait()
    finally:
        server.terminate()
        server.wait()


@contextmanager
def nginx(folder: Path, fronts: Sequence[int], gateways: Sequence[int]) -> Iterator[None]:
    """nginx with deploy/nginx/nginx.conf, and two more ports that lead to one gateway each."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise NotStarted("nginx is not installed (Debian: apt-get install nginx-light)")
    own = folder / "nginx"
    own.mkdir(exist_ok=True)
    shutil.copy(NGINX / "proxy.conf", own)
    config = (NGINX / "nginx.conf").read_text(encoding="utf-8")
    for number, port in enumerate(gateways, 1):
        config = config.replace(f"gateway-{number}:8000", f"127.0.0.1:{port}")
    places = "".join(f"    {kind}_temp_path {own}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    alone = "".join(
        f"    server {{ listen 127.0.0.1:{front}; location / {{ proxy_pass http://127.0.0.1:{port}; include proxy.conf; }} }}\n"
        for front, port in zip(fronts[1:], gateways, strict=True)
    )
    config = re.sub(r"^http \{$", f"http {{\n{places}{alone}", config, flags=re.MULTILINE)
    config = config.replace("listen 8000;", f"listen 127.0.0.1:{fronts[0]};")
    config = config.replace("/run/nginx.pid", str(own / "pid")).replace("/dev/stderr", str(own / "error.log"))
    user = "user root;\n" if os.geteuid() == 0 else ""  # the folder is its owner's alone
    (own / "nginx.conf").write_text(f"daemon off;\n{user}{config}", encoding="utf-8")
    one = Program("nginx", own / "said.log", signal.SIGQUIT)
    try:
        one.start([program, "-p", own, "-c", own / "nginx.conf"], lambda: all(map(_listens, fronts)))
        yield
    finally:
        one.stop(5)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
