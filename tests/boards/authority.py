"""An authority of our own, and what it signs: one certificate for all hosts, and one that nobody trusts."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterable
from pathlib import Path

_CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
_LEAF = (
    "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
    "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nsubjectAltName={names}\n"
)


class Authority:
    """Keys and certificates in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ca_file = self._root("ca")
        self._root("stranger")

    def trusted(self, hosts: Iterable[str]) -> ssl.SSLContext:
        """For a server: a certificate for all these names."""
        return self._context("ca", "hosts", hosts)

    def broken(self, hosts: Iterable[str]) -> ssl.SSLContext:
        """For a server: the names are right, but nobody knows who signed."""
        return self._context("stranger", "broken", hosts)

    def _root(self, name: str) -> Path:
        (self.folder / f"{name}.ext").write_text(_CA)
        self._key(name)
        self._openssl(f"req -new -key {name}.key -subj /CN=boards-{name} -out {name}.csr")
        self._openssl(f"x509 -req -in {name}.csr -key {name}.key -days 30 -extfile {name}.ext -out {name}.pem")
        return self.folder / f"{name}.pem"

    def _context(self, root: str, name: str, hosts: Iterable[str]) -> ssl.SSLContext:
        names = ",".join(f"DNS:{host}" for host in hosts) or "DNS:nobody.invalid"
        (self.folder / f"{name}.ext").write_text(_LEAF.format(names=names))
        self._key(name)
        self._openssl(f"req -new -key {name}.key -subj /CN=boards -out {name}.csr")
        self._openssl(
            f"x509 -req -in {name}.csr -CA {root}.pem -CAkey {root}.key -CAcreateserial -days 30 -extfile {name}.ext -out {name}.pem"
        )
        chain = self.folder / f"{name}.chain"
        chain.write_text((self.folder / f"{name}.pem").read_text() + (self.folder / f"{root}.pem").read_text())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, self.folder / f"{name}.key")
        return context

    def _key(self, name: str) -> None:
        self._openssl(f"ecparam -name prime256v1 -genkey -noout -out {name}.key")

    def _openssl(self, words: str) -> None:
        done = subprocess.run(["openssl", *words.split()], cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"openssl {words} failed: {done.stderr}")
