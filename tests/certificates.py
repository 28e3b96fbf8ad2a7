"""Certificates for the tests, made by openssl."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from livepane.discovery import trusting

NAME = "panes.test"
_CONFIG = """
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
default_md = sha256
rand_serial = yes
policy = any
x509_extensions = server
[any]
commonName = supplied
[server]
subjectAltName = DNS:{name}
"""


@dataclass(frozen=True)
class Certificate:
    """Files of one certificate that signed itself."""

    cert: Path
    key: Path

    @property
    def options(self) -> list[str]:
        """For `livepane serve`."""
        return ["--tls-cert", str(self.cert), "--tls-key", str(self.key)]

    @property
    def trust(self) -> ssl.SSLContext:
        """For clients: exactly this one."""
        return trusting(self.cert.read_text())


def certificate(folder: Path, name: str = NAME, *, begins_in: float = -1, ends_in: float = 90) -> Certificate:
    """Make one whose time begins and ends so many days from now."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    begin, end = ((now + timedelta(days=days)).strftime("%Y%m%d%H%M%SZ") for days in (begins_in, ends_in))
    (folder / "config").write_text(_CONFIG.format(name=name))
    (folder / "index.txt").write_text("")
    _openssl(folder, "ecparam -name prime256v1 -genkey -noout -out key.pem")
    _openssl(folder, f"req -new -key key.pem -subj /CN={name} -out request -config config -batch")
    files = "-config config -keyfile key.pem -in request -out cert.pem"
    _openssl(folder, f"ca -batch -selfsign -notext {files} -startdate {begin} -enddate {end}")
    return Certificate(folder / "cert.pem", folder / "key.pem")


def _openssl(folder: Path, words: str) -> None:
    done = subprocess.run(["openssl", *words.split()], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A good one for panes.test."""
    return certificate(tmp_path_factory.mktemp("certificate"))
