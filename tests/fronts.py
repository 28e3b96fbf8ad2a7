"""Real proxies in front of a real server, set up with what the documentation tells an operator to write."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.certificates import NAME, Certificate
from tests.patience import PATIENCE
from tests.serving import Server

PAGE = Path(__file__).parents[1] / "docs" / "howto" / "put-it-behind-nginx-or-caddy.md"


@dataclass(frozen=True)
class Front:
    """A proxy that listens with TLS, as panes.test."""

    port: int
    root: str
    folder: Path

    @property
    def host(self) -> str:
        """What clients call it."""
        return f"{NAME}:{self.port}"

    @property
    def origin(self) -> str:
        """The origin of its pages."""
        return f"https://{self.host}"

    def logged(self) -> str:
        """Everything that it wrote to any log."""
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))


def blocks(language: str) -> list[str]:
    """The code blocks of the page, in their order."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def settings_of_page(root: str) -> tuple[list[str], dict[str, str | None]]:
    """Options and variables of the page, for our name."""
    text = next(block for block in blocks("sh") if ("--root-path" in block) == bool(root))
    variables = dict(re.findall(r"export (\w+)=(\S+)", text))
    options = re.findall(r"livepane serve(.*)", text)[0].split()
    return options, {name: value.replace("panes.example.org", NAME) for name, value in variables.items()}


@contextmanager
def nginx(server: Server, folder: Path, own: Certificate, root: str, *, strips: bool = False) -> Iterator[Front]:
    """nginx with the page's blocks."""
    whole, below = blocks("nginx")
    if root:
        first = whole[whole.index("    location / {") : whole.index("        proxy_http_version")]
        whole = whole.replace(first, below.replace("proxy_pass http://127.0.0.1:8000;", _target("/" if strips else "")))
    port = free_port()
    config = (
        whole.replace("panes.example.org", NAME)
        .replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
        .replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
        .replace("/etc/ssl/panes.crt", str(own.cert))
        .replace("/etc/ssl/panes.key", str(own.key))
        .replace("/var/log/nginx/livepane.log", str(folder / "access.log"))
    )
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""  # the folder of a test is its owner's alone
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\nhttp {{\n{places}{config}}}\n"
    )
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    with _running([program or "nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], folder, port):
        yield Front(port, root, folder)


@contextmanager
def caddy(server: Server, folder: Path, own: Certificate, root: str, *, strips: bool = False) -> Iterator[Front]:
    """Caddy with the page's blocks; the certificate is given to it, because nobody would sign one for a test."""
    plain, logging, below = blocks("caddyfile")
    port = free_port()
    chosen = below.replace("handle /panes", "handle_path /panes" if strips else "handle /panes") if root else logging
    assert "reverse_proxy" in plain
    config = (
        chosen.replace("panes.example.org {", f"https://{NAME}:{port} {{\n\ttls {own.cert} {own.key}", 1)
        .replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
        .replace("log {", f"log {{\n\t\toutput file {folder}/access.log", 1)
    )
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}}\n{config}")
    with _running(["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")], folder, port):
        yield Front(port, root, folder)


FRONTS = {"nginx": nginx, "caddy": caddy}


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _target(path: str) -> str:
    return f"proxy_pass http://127.0.0.1:8000{path};"


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "said.log").open("wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environment)
    try:
        until = time.monotonic() + PATIENCE
        while True:
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"{command[0]} did not start:\n{(folder / 'said.log').read_text()}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)
